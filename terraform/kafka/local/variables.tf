variable "broker_ports" {
  description = "Free loopback ports of each broker: for clients, and for the controllers' quorum."
  type        = list(object({ client = number, controller = number }))

  validation {
    condition     = length(var.broker_ports) == var.settings.brokers
    error_message = "Each broker needs a pair of ports."
  }

  validation {
    condition     = alltrue(flatten([for ports in var.broker_ports : [for port in values(ports) : port >= 1024 && port <= 65535]]))
    error_message = "Ports are 1024 to 65535."
  }
}

variable "experiment_id" {
  description = "Id of the experiment."
  type        = string
}

variable "generators" {
  description = "How many load generators, and what they need, as the local-load-generators module takes it."
  type = object({
    number             = number
    entry              = string
    temporal_address   = string
    temporal_namespace = string
    results_bucket     = string
    region             = string
    aws_endpoint_url   = optional(string)
  })
}

variable "java" {
  description = "The Java program, the class path of the Kafka broker, and its logging configuration."
  type = object({
    program    = string
    class_path = string
    log_config = string
  })
}

variable "launcher" {
  description = "What starts processes, as the local-processes module takes it; the token is new for each apply."
  type = object({
    node           = string
    project_folder = string
    run_folder     = string
    launch_token   = string
  })
}

variable "settings" {
  description = "The experiment's settings, named as in the technology's schema."
  type = object({
    partitions        = number
    brokers           = number
    replicationFactor = number
    heapMegabytes     = number
    serverProperties  = map(string)
  })

  validation {
    condition     = var.settings.brokers >= 1 && var.settings.brokers <= 9
    error_message = "A local cluster has 1 to 9 brokers."
  }

  validation {
    condition     = var.settings.replicationFactor >= 1 && var.settings.replicationFactor <= var.settings.brokers
    error_message = "The replication factor is 1 to the number of brokers."
  }

  validation {
    condition     = var.settings.heapMegabytes >= 128
    error_message = "A broker needs a heap of 128 MiB or more."
  }

  # A line break or a backslash in a value could set another property.
  validation {
    condition     = alltrue([for value in values(var.settings.serverProperties) : can(regex("^[A-Za-z0-9_.,:;+-]*$", value))])
    error_message = "Values of server properties hold only letters, digits and the characters _.,:;+-"
  }
}
