output "endpoint" {
  description = "What a driver needs to connect: how many servers tell where they are, and the stream that whoever connects first makes."
  value = {
    serverTasks   = var.settings.replicas
    stream        = module.ownership.name
    subjectPrefix = module.ownership.name
  }
}

output "generators" {
  description = "How many load generators run."
  value       = module.load_generators.number
}
