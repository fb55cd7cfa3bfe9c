variable "encrypted" {
  description = "Whether the service encrypts what it keeps, with its own key."
  type        = bool
  default     = false
}

variable "experiment_id" {
  description = "Id of the experiment."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{2,35}$", var.experiment_id))
    error_message = "An experiment's id has 3 to 36 lower-case letters, digits and hyphens."
  }
}

variable "fan_out_consumers" {
  description = "How many consumers with enhanced fan-out."
  type        = number
  default     = 0

  validation {
    condition     = var.fan_out_consumers >= 0 && var.fan_out_consumers <= 20 && floor(var.fan_out_consumers) == var.fan_out_consumers
    error_message = "A stream has 0 to 20 consumers with enhanced fan-out."
  }
}

variable "installation_id" {
  description = "Id of the comparator's installation."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]{1,64}$", var.installation_id))
    error_message = "An installation's id has 1 to 64 lower-case letters, digits and hyphens."
  }
}

variable "settings" {
  description = "The experiment's settings, named as in the technology's schema."
  type = object({
    mode           = string
    shards         = optional(number)
    retentionHours = number
  })

  validation {
    condition     = contains(["provisioned", "on-demand"], var.settings.mode)
    error_message = "The mode is provisioned or on-demand."
  }

  validation {
    condition = (
      var.settings.mode == "on-demand" ||
      try(var.settings.shards >= 1 && floor(var.settings.shards) == var.settings.shards, false)
    )
    error_message = "A provisioned stream has a whole number of shards, 1 or more."
  }

  validation {
    condition     = var.settings.retentionHours >= 24 && var.settings.retentionHours <= 8760
    error_message = "Records are kept 24 to 8760 hours."
  }
}

variable "tags" {
  description = "Further tags."
  type        = map(string)
  default     = {}
}
