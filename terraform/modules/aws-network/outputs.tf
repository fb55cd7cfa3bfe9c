output "assign_public_ip" {
  description = "Whether what runs here needs a public address to reach anything: in a network of our own, which has no NAT."
  value       = var.given == null
}

output "generators_security_group_id" {
  description = "Security group of the load generators."
  value       = aws_security_group.generators.id
}

output "product_security_group_id" {
  description = "Security group of what is put to the test; null where it is not in the network."
  value       = one(aws_security_group.product[*].id)
}

output "subnet_ids" {
  description = "Subnets of the experiment, each in a zone of its own."
  value       = local.subnets

  # Whoever is told of them may use them: the way out stands then.
  depends_on = [aws_default_route_table.this, aws_vpc_endpoint.s3]
}

output "vpc_id" {
  description = "VPC of the experiment."
  value       = local.vpc_id
}
