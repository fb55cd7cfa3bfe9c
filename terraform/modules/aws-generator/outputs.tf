output "log_group_name" {
  description = "Log group of the experiment."
  value       = aws_cloudwatch_log_group.this.name
}

output "number" {
  description = "How many load generators run."
  value       = length(local.generators)
}
