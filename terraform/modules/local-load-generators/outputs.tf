output "number" {
  description = "How many load generators there are."
  value       = length(module.processes.ids)
}
