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
  description = "Name of the topic: that of the installation and the experiment, so that it can be found without a state."
  type        = string

  validation {
    condition     = can(regex("^cmp-[a-z0-9-]{1,245}$", var.name))
    error_message = "A topic of ours has a name that begins with cmp-, of lower-case letters, digits and hyphens."
  }
}

variable "partitions" {
  description = "Number of partitions."
  type        = number

  validation {
    condition     = var.partitions >= 1 && floor(var.partitions) == var.partitions
    error_message = "A topic has a whole number of partitions, 1 or more."
  }
}

variable "replication_factor" {
  description = "Copies of each partition; at most the number of brokers."
  type        = number

  validation {
    condition     = var.replication_factor >= 1 && floor(var.replication_factor) == var.replication_factor
    error_message = "The replication factor is a whole number, 1 or more."
  }
}
