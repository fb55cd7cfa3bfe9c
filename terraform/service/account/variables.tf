variable "allowed_account_ids" {
  description = "The AWS account that this is for; the provider refuses all others."
  type        = list(string)

  validation {
    condition     = length(var.allowed_account_ids) > 0 && alltrue([for id in var.allowed_account_ids : can(regex("^[0-9]{12}$", id))])
    error_message = "There is at least one account, each by its 12 digits."
  }
}

variable "experiment_actions" {
  description = "What the worker may be allowed for experiments that make anything on AWS, action by action; what it is allowed says `worker.policy_arns` of the service."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for action in var.experiment_actions : can(regex("^[a-z0-9-]+:[A-Za-z]+$", action)) && !startswith(action, "iam:")])
    error_message = "Actions are named one by one, such as kinesis:CreateStream, and none of IAM is among them."
  }
}

variable "github" {
  description = "The repository whose workflows deploy, and the environment that they do it in."
  type        = object({ repository = string, environment = optional(string, "production") })

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github.repository))
    error_message = "A repository is written as owner/name."
  }
}

variable "name" {
  description = "Name of the service, as in the service's own settings."
  type        = string
  default     = "comparator"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "A name has 3 to 20 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "region" {
  description = "Region of everything."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region is written as eu-central-1 is."
  }
}
