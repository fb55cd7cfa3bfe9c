output "endpoint" {
  description = "What a driver needs to connect, by the technology's endpoint schema."
  value = {
    region      = var.region
    endpointUrl = var.quota_proxy_port == null ? var.aws_endpoint_url : "http://127.0.0.1:${var.quota_proxy_port}"
    streamName  = module.stream.name
    streamArn   = module.stream.arn
  }

  # Whoever is told the proxy's address may use it.
  depends_on = [module.quota_proxy]
}

output "generators" {
  description = "How many load generators are ready."
  value       = module.load_generators.number
}
