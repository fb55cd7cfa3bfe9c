variable "allowed_account_ids" {
  description = "The AWS accounts in which experiments may make anything; the provider refuses all others."
  type        = list(string)

  validation {
    condition     = length(var.allowed_account_ids) > 0 && alltrue([for id in var.allowed_account_ids : can(regex("^[0-9]{12}$", id))])
    error_message = "There is at least one account, each by its 12 digits."
  }
}

variable "experiment_id" {
  description = "Id of the experiment."
  type        = string
}

variable "expires_at" {
  description = "From when on whoever finds the resources may destroy them: RFC 3339, UTC."
  type        = string
}

variable "generators" {
  description = "How many load generators, and what they need, as the aws-generator module takes it."
  type = object({
    number             = number
    image              = string
    repository_arn     = optional(string)
    architecture       = optional(string, "X86_64")
    cpu_units          = optional(number, 2048)
    memory_mebibytes   = optional(number, 4096)
    temporal_address   = string
    temporal_namespace = string
    results_bucket     = string
  })
}

variable "installation_id" {
  description = "Id of the comparator's installation."
  type        = string
}

variable "network" {
  description = "The user's own VPC and subnets; null to have a network made."
  type        = object({ vpc_id = string, subnet_ids = list(string) })
  default     = null
}

variable "region" {
  description = "Region of everything."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region is written as eu-central-1 is."
  }
}

variable "secret_arns" {
  description = "Secrets Manager's secrets that a load generator gets as environment variables, by the variables' names."
  type        = map(string)
  default     = {}
}

variable "settings" {
  description = "The experiment's settings, named as in the technology's schema; those of the stream are its maker's."
  type = object({
    replicas              = number
    serverMemoryGibibytes = number
    serverVcpus           = number
    storageGibibytes      = number
    syncInterval          = string
  })

  validation {
    condition     = contains([1, 3], var.settings.replicas)
    error_message = "There are 1 or 3 servers, as many as copies of the stream."
  }

  validation {
    condition     = var.settings.syncInterval == "always" || can(regex("^[1-9][0-9]*(ms|s|m|h)$", var.settings.syncInterval))
    error_message = "The servers flush always, or after a duration such as 10s."
  }
}
