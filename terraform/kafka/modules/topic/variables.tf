variable "bootstrap_servers" {
  description = "Addresses of the brokers, each host:port."
  type        = list(string)
}

variable "broker_ids" {
  description = "Changes when the brokers were replaced, and with them every topic."
  type        = list(string)
}

variable "name" {
  description = "Name of the topic."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9._-]{1,249}$", var.name))
    error_message = "A topic's name has 1 to 249 letters, digits, dots, underscores and hyphens."
  }
}

variable "node" {
  description = "The Node program that runs the project's TypeScript."
  type        = string
}

variable "partitions" {
  description = "Number of partitions."
  type        = number

  validation {
    condition     = var.partitions >= 1 && floor(var.partitions) == var.partitions
    error_message = "A topic has a whole number of partitions, 1 or more."
  }
}

variable "project_folder" {
  description = "The project's folder, which holds the program that creates the topic."
  type        = string
}

variable "replication_factor" {
  description = "Copies of each partition; at most the number of brokers."
  type        = number

  validation {
    condition     = var.replication_factor >= 1 && var.replication_factor <= length(var.bootstrap_servers)
    error_message = "The replication factor is 1 to the number of brokers."
  }
}
