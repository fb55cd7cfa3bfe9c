variable "cluster" {
  description = "Name of the cluster in the file that COMPARATOR_CLUSTERS names; addresses and credentials stand there alone."
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
    replicas                   = number
    storage                    = string
    retention                  = string
    subjects                   = number
    deduplicationWindowSeconds = number
  })

  validation {
    condition     = contains([1, 3], var.settings.replicas)
    error_message = "A stream has 1 or 3 replicas, each on a server of its own."
  }

  validation {
    condition     = contains(["file", "memory"], var.settings.storage)
    error_message = "A stream is kept in a file or in memory."
  }

  validation {
    condition     = contains(["limits", "interest", "workqueue"], var.settings.retention)
    error_message = "The retention is limits, interest or workqueue."
  }

  validation {
    condition     = var.settings.subjects >= 1 && floor(var.settings.subjects) == var.settings.subjects
    error_message = "A stream has a whole number of subjects, 1 or more."
  }

  validation {
    condition     = var.settings.deduplicationWindowSeconds >= 0
    error_message = "The window in which messages are recognised is 0 s or longer."
  }
}
