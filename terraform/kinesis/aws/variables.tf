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

variable "fan_out_consumers" {
  description = "How many consumers with enhanced fan-out; 0 for consumers that poll."
  type        = number
  default     = 0
}

variable "installation_id" {
  description = "Id of the comparator's installation."
  type        = string
}

variable "region" {
  description = "Region of everything."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region is written as eu-central-1 is."
  }
}

variable "settings" {
  description = "The experiment's settings, named as in the technology's schema; the stream module checks those it takes."
  type = object({
    mode           = string
    shards         = optional(number)
    retentionHours = number
  })
}
