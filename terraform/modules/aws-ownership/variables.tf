variable "experiment_id" {
  description = "Id of the experiment."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{2,35}$", var.experiment_id))
    error_message = "An experiment's id has 3 to 36 lower-case letters, digits and hyphens."
  }
}

variable "expires_at" {
  description = "From when on whoever finds the resources may destroy them, whatever became of the experiment: RFC 3339, UTC."
  type        = string

  validation {
    condition     = can(formatdate("YYYY", var.expires_at)) && endswith(var.expires_at, "Z")
    error_message = "The expiry is a time such as 2026-11-28T12:00:00Z."
  }
}

variable "installation_id" {
  description = "Id of the comparator's installation."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]{4,12}$", var.installation_id))
    error_message = "An installation's id has 4 to 12 lower-case letters and digits."
  }
}
