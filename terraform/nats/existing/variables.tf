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

variable "installation_id" {
  description = "Id of the installation whose stream it is."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]+$", var.installation_id))
    error_message = "An installation's id has lower-case letters and digits."
  }
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
  description = "The experiment's settings, named as in the technology's schema; the stream module checks those it takes."
  type = object({
    # null for a destroy whose experiment is known by the names of its things alone.
    cluster                    = optional(string)
    replicas                   = number
    storage                    = string
    retention                  = string
    subjects                   = number
    deduplicationWindowSeconds = number
  })
}
