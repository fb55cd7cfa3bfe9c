output "endpoint" {
  description = "What a driver needs to connect, by the technology's endpoint schema."
  value = {
    servers       = [for ports in local.servers : "127.0.0.1:${ports.client}"]
    stream        = module.stream.name
    subjectPrefix = module.stream.name
  }
}

output "generators" {
  description = "How many load generators are ready."
  value       = module.load_generators.number
}
