output "endpoint" {
  description = "What a driver needs to connect, by the technology's endpoint schema."
  value = {
    cluster    = var.settings.cluster
    streamName = module.account_stream.name
  }
}

output "generators" {
  description = "How many load generators are ready."
  value       = module.load_generators.number
}
