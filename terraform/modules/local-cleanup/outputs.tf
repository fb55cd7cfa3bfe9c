output "id" {
  description = "Known once the cleanup stands; what is to be cleaned up depends on it."
  value       = terraform_data.cleanup.id
}
