variable "experiment_id" {
  description = "Id of the experiment."
  type        = string
}

variable "generators" {
  description = "How many load generators, how large, the image they run, and where they find Temporal and S3."
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

  validation {
    condition     = var.generators.number >= 1 && var.generators.number <= 64 && floor(var.generators.number) == var.generators.number
    error_message = "An experiment has 1 to 64 load generators."
  }

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.generators.image))
    error_message = "An image is named by its digest, …@sha256:…, so that every task runs the same."
  }

  validation {
    condition     = contains(["X86_64", "ARM64"], var.generators.architecture)
    error_message = "The architecture is X86_64 or ARM64."
  }

  validation {
    condition     = contains([1024, 2048, 4096, 8192, 16384], var.generators.cpu_units)
    error_message = "Fargate has tasks of 1024, 2048, 4096, 8192 or 16384 CPU units; with less than a processor, a generator measures itself."
  }

  validation {
    condition     = var.generators.memory_mebibytes >= 2 * var.generators.cpu_units && var.generators.memory_mebibytes <= 8 * var.generators.cpu_units && var.generators.memory_mebibytes % 1024 == 0
    error_message = "Fargate gives each processor 2 to 8 GiB, in whole GiB."
  }
}

variable "name" {
  description = "Name of everything, or the beginning of it, by the aws-ownership module."
  type        = string
}

variable "network" {
  description = "Where they run, as the aws-network module has it."
  type = object({
    assign_public_ip  = bool
    security_group_id = string
    subnet_ids        = list(string)
  })
}

variable "permissions" {
  description = "What the product needs of them, by the name of each statement."
  type        = map(object({ actions = list(string), resources = list(string) }))

  validation {
    condition     = alltrue(flatten([for one in values(var.permissions) : [for action in one.actions : !strcontains(action, "*")]]))
    error_message = "Each action is named."
  }

  validation {
    condition     = alltrue(flatten([for one in values(var.permissions) : [for resource in one.resources : startswith(resource, "arn:")]]))
    error_message = "Each resource is named."
  }
}

variable "region" {
  description = "Region of everything."
  type        = string
}

variable "secret_arns" {
  description = "Secrets Manager's secrets that a generator gets as environment variables, by the variables' names."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for arn in values(var.secret_arns) : can(regex("^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[^*]+$", arn))])
    error_message = "A secret is given by its ARN in Secrets Manager."
  }
}

variable "secret_key_arns" {
  description = "Keys that encrypt those secrets, where they are not the account's default one."
  type        = list(string)
  default     = []
}

variable "servers" {
  description = "Servers of the product that are tasks on the same image, how many and how large; none where it runs elsewhere."
  type = object({
    number             = number
    command            = list(string)
    cpu_units          = number
    environment        = map(string)
    memory_mebibytes   = number
    security_group_ids = list(string)
    storage_gibibytes  = number
  })
  nullable = false
  default = {
    number             = 0
    command            = []
    cpu_units          = 1024
    environment        = {}
    memory_mebibytes   = 2048
    security_group_ids = []
    storage_gibibytes  = 21
  }

  validation {
    condition     = var.servers.number >= 0 && var.servers.number <= 9 && floor(var.servers.number) == var.servers.number
    error_message = "There are 0 to 9 servers."
  }

  validation {
    condition     = contains([1024, 2048, 4096, 8192, 16384], var.servers.cpu_units)
    error_message = "Fargate has tasks of 1024, 2048, 4096, 8192 or 16384 CPU units; a server has a processor at least."
  }

  validation {
    condition     = var.servers.memory_mebibytes >= 2 * var.servers.cpu_units && var.servers.memory_mebibytes <= 8 * var.servers.cpu_units && var.servers.memory_mebibytes % 1024 == 0
    error_message = "Fargate gives each processor 2 to 8 GiB, in whole GiB."
  }

  validation {
    condition     = var.servers.storage_gibibytes >= 21 && var.servers.storage_gibibytes <= 200 && floor(var.servers.storage_gibibytes) == var.servers.storage_gibibytes
    error_message = "Fargate gives a task a disk of 21 to 200 whole GiB."
  }
}

variable "tags" {
  description = "Tags of everything, by the aws-ownership module."
  type        = map(string)
}
