variable "cluster" {
  description = "Name of the cluster in the file that COMPARATOR_CLUSTERS names; region and credentials stand there alone."
  type        = string
  nullable    = true
}

variable "launcher" {
  description = "The Node program that runs the project's TypeScript, the project's folder, and a token that is new for each apply."
  type        = object({ node = string, project_folder = string, launch_token = string })
}

variable "name" {
  description = "Name of the stream: that of the installation and the experiment, so that it can be found without a state."
  type        = string

  validation {
    condition     = can(regex("^cmp-[a-z0-9-]{1,245}$", var.name))
    error_message = "A stream of ours has a name that begins with cmp-, of lower-case letters, digits and hyphens."
  }
}

variable "settings" {
  description = "The stream's settings, named as in the technology's schema."
  type = object({
    mode                             = string
    shards                           = optional(number)
    retentionHours                   = number
    consumer                         = string
    maxRecordKibibytes               = optional(number)
    warmThroughputMebibytesPerSecond = optional(number)
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

  validation {
    condition     = contains(["polling", "enhanced-fan-out"], var.settings.consumer)
    error_message = "Consumers read by polling or enhanced-fan-out."
  }

  validation {
    condition     = var.settings.maxRecordKibibytes == null ? true : var.settings.maxRecordKibibytes >= 1024 && var.settings.maxRecordKibibytes <= 10240
    error_message = "A record has at most 1024 to 10240 KiB."
  }
}
