output "name" {
  description = "Name of the topic, known once every partition has a leader."
  value       = var.name
  depends_on  = [terraform_data.topic]
}
