variable "account_id" {
  description = "Account that the bucket lies in: services write logs for it alone. Needed with log_writers only."
  type        = string
  default     = null
}

variable "expiration_days" {
  description = "After how many days objects expire; null for never."
  type        = number
  default     = null
}

variable "force_destroy" {
  description = "Whether a destroy takes what is in the bucket along."
  type        = bool
  default     = false
}

variable "kms_key_arn" {
  description = "Key that objects are encrypted with; null for S3's own."
  type        = string
  default     = null
}

variable "log_writers" {
  description = "AWS services that write logs into it, such as logging.s3.amazonaws.com."
  type        = list(string)
  default     = []
}

variable "name" {
  description = "Name of the bucket."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "A bucket's name has 3 to 63 lower-case letters, digits and hyphens."
  }
}

variable "noncurrent_days" {
  description = "For how many days what was deleted or written over can be had back."
  type        = number
  default     = 30
}

variable "tags" {
  description = "Tags of the bucket."
  type        = map(string)
}
