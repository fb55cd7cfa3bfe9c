output "name" {
  description = "Name of the experiment's resources, or the beginning of it."
  value       = local.name
}

output "tags" {
  description = "Tags of all of them."
  value       = local.tags
}
