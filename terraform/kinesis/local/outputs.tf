output "endpoint" {
  description = "What a driver needs to connect, by the technology's endpoint schema."
  value = {
    region      = var.region
    endpointUrl = var.aws_endpoint_url
    streamName  = module.stream.name
    streamArn   = module.stream.arn
  }
}

output "generators" {
  description = "How many load generators are ready."
  value       = module.load_generators.number
}
