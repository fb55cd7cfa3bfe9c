output "endpoint" {
  description = "What a driver needs to connect, by the technology's endpoint schema."
  value = {
    bootstrapServers = local.bootstrap_servers
    topic            = module.topic.name
  }
}

output "generators" {
  description = "How many load generators are ready."
  value       = module.load_generators.number
}
