output "load_balancer" {
  description = "Where the service's name must lead: an alias, or a CNAME, of this one."
  value       = { dns_name = aws_lb.this.dns_name, zone_id = aws_lb.this.zone_id }
}

output "log_groups" {
  description = "Log groups, by what writes to them."
  value       = { for part, group in aws_cloudwatch_log_group.this : part => group.name }
}

output "results_bucket" {
  description = "Bucket of results, records and the Terraform state of every experiment."
  value       = module.results.name
}

output "worker_role_arn" {
  description = "Role of the worker: what clusters and buckets of yours let in."
  value       = aws_iam_role.this["worker"].arn
}
