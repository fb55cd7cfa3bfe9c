output "name" {
  description = "Name of the stream, known once it can be used."
  value       = var.name
  depends_on  = [terraform_data.stream]
}
