output "ids" {
  description = "Known once every process is ready; by name."
  value       = { for name, process in terraform_data.process : name => process.id }
}
