output "endpoint" {
  description = "What a driver needs to connect, by the technology's endpoint schema."
  value = {
    region       = var.region
    endpointUrl  = null
    streamName   = module.stream.name
    streamArn    = module.stream.arn
    consumerArns = module.stream.consumer_arns
  }
}

output "generators" {
  description = "How many load generators run."
  value       = module.load_generators.number
}
