variable "cleanup_id" {
  description = "Output of the local-cleanup module that ends these processes."
  type        = string
}

variable "experiment_id" {
  description = "Id of the experiment."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{2,35}$", var.experiment_id))
    error_message = "An experiment's id has 3 to 36 lower-case letters, digits and hyphens."
  }
}

variable "generators" {
  description = "How many load generators, the program they run, and where they find Temporal and S3."
  type = object({
    number             = number
    entry              = string
    temporal_address   = string
    temporal_namespace = string
    results_bucket     = string
    region             = string
    aws_endpoint_url   = optional(string)
  })

  validation {
    condition     = var.generators.number >= 1 && var.generators.number <= 64 && floor(var.generators.number) == var.generators.number
    error_message = "An experiment has 1 to 64 load generators."
  }
}

variable "launcher" {
  description = "As in the local-processes module."
  type = object({
    node           = string
    project_folder = string
    run_folder     = string
    launch_token   = string
  })
}
