output "number" {
  description = "How many load generators run."
  value       = length(aws_ecs_service.this)
}
