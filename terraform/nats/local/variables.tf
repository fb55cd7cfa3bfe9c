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

variable "launcher" {
  description = "What starts processes, as the local-processes module takes it; the token is new for each apply."
  type = object({
    node           = string
    project_folder = string
    run_folder     = string
    launch_token   = string
  })
}

variable "server_ports" {
  description = "Free loopback ports of each server: for clients, and for the other servers."
  type        = list(object({ client = number, cluster = number }))

  validation {
    condition     = length(var.server_ports) == var.settings.replicas
    error_message = "Each replica needs a server with a pair of ports."
  }

  validation {
    condition     = alltrue(flatten([for ports in var.server_ports : [for port in values(ports) : port >= 1024 && port <= 65535]]))
    error_message = "Ports are 1024 to 65535."
  }
}

variable "server_program" {
  description = "The NATS server's program."
  type        = string
}

variable "settings" {
  description = "The experiment's settings, named as in the technology's schema; the stream module checks those it takes."
  type = object({
    replicas                   = number
    storage                    = string
    retention                  = string
    subjects                   = number
    deduplicationWindowSeconds = number
    syncInterval               = optional(string, "2m")
  })

  validation {
    condition     = var.settings.syncInterval == "always" || can(regex("^[1-9][0-9]*(ms|s|m|h)$", var.settings.syncInterval))
    error_message = "The servers flush always, or after a duration such as 10s."
  }
}
