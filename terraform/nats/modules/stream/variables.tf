variable "launcher" {
  description = "The Node program that runs the project's TypeScript, and the project's folder."
  type        = object({ node = string, project_folder = string })
}

variable "name" {
  description = "Name of the stream; its subjects are the name, a dot, and a number from 0."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,249}$", var.name))
    error_message = "A stream's name has 1 to 249 letters, digits, underscores and hyphens."
  }
}

variable "server_ids" {
  description = "Changes when the servers were replaced, and with them every stream."
  type        = list(string)
}

variable "servers" {
  description = "Addresses of the servers, each host:port."
  type        = list(string)
}

variable "settings" {
  description = "The stream's settings, named as in the technology's schema."
  type = object({
    replicas                   = number
    storage                    = string
    retention                  = string
    subjects                   = number
    deduplicationWindowSeconds = number
  })

  validation {
    condition     = contains([1, 3], var.settings.replicas) && var.settings.replicas <= length(var.servers)
    error_message = "A stream has 1 or 3 replicas, each on a server of its own."
  }

  validation {
    condition     = contains(["file", "memory"], var.settings.storage)
    error_message = "A stream is kept in a file or in memory."
  }

  validation {
    condition     = contains(["limits", "interest", "workqueue"], var.settings.retention)
    error_message = "Retention is limits, interest or workqueue."
  }

  validation {
    condition     = var.settings.subjects >= 1 && floor(var.settings.subjects) == var.settings.subjects
    error_message = "A stream has a whole number of subjects, 1 or more."
  }
}
