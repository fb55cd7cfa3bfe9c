variable "aws_endpoint_url" {
  description = "The AWS emulator; credentials come from the environment."
  type        = string

  validation {
    condition     = can(regex("^https?://", var.aws_endpoint_url))
    error_message = "The emulator's address begins with http:// or https://."
  }
}

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
  description = "Id of the comparator's installation."
  type        = string
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

variable "quota_proxy_port" {
  description = "Free loopback port of the proxy that enforces quotas; null for no proxy."
  type        = number
  default     = null

  validation {
    condition     = var.quota_proxy_port == null ? true : var.quota_proxy_port >= 1024 && var.quota_proxy_port <= 65535
    error_message = "Ports are 1024 to 65535."
  }
}

variable "region" {
  description = "Region of the stream."
  type        = string
}

variable "settings" {
  description = "The experiment's settings, named as in the technology's schema; the stream module checks those it takes."
  type = object({
    mode           = string
    shards         = optional(number)
    retentionHours = number
  })
}
