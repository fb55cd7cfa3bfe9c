output "endpoint" {
  description = "What a driver needs to connect: servers that speak TLS, the topic, and who it says it is."
  value = {
    brokers        = split(",", local.iam ? aws_msk_cluster.this.bootstrap_brokers_sasl_iam : aws_msk_cluster.this.bootstrap_brokers_sasl_scram)
    topic          = local.name
    authentication = local.iam ? "iam" : "scram"
  }
}

output "generators" {
  description = "How many load generators run."
  value       = module.load_generators.number
}
