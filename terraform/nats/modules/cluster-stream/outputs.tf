output "name" {
  description = "Name of the stream, known once it has a leader and every replica is up to date."
  value       = var.name
  depends_on  = [terraform_data.stream]
}
