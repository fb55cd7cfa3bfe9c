variable "allowed_account_ids" {
  description = "The AWS accounts in which experiments may make anything; the provider refuses all others."
  type        = list(string)

  validation {
    condition     = length(var.allowed_account_ids) > 0 && alltrue([for id in var.allowed_account_ids : can(regex("^[0-9]{12}$", id))])
    error_message = "There is at least one account, each by its 12 digits."
  }
}

variable "broker" {
  description = "Each broker's machine and disk."
  type = object({
    instance_type     = optional(string, "kafka.m7g.large")
    storage_gibibytes = optional(number, 100)
  })
  default = {}

  validation {
    condition     = can(regex("^kafka\\.(t3\\.small|m5\\.[0-9]*x?large|m7g\\.[0-9]*x?large)$", var.broker.instance_type))
    error_message = "A broker is a kafka.t3.small, a kafka.m5… or a kafka.m7g…, such as kafka.m7g.large."
  }

  validation {
    condition     = var.broker.storage_gibibytes >= 1 && var.broker.storage_gibibytes <= 16384 && floor(var.broker.storage_gibibytes) == var.broker.storage_gibibytes
    error_message = "A broker has 1 to 16384 whole GiB."
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

variable "kafka_version" {
  description = "Version of Kafka, as MSK names it."
  type        = string

  validation {
    condition     = can(regex("^[0-9]+\\.[0-9]+\\.([0-9]+|x)(\\.kraft)?$", var.kafka_version))
    error_message = "MSK names versions as 3.9.x or 3.9.x.kraft."
  }
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

variable "scram" {
  description = "A user of the cluster, for clients that do not speak IAM: a secret with username and password, and the key that encrypts it; null for IAM."
  type        = object({ secret_arn = string, key_arn = string })
  default     = null

  validation {
    condition     = var.scram == null ? true : can(regex("^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:AmazonMSK_[^*]+$", var.scram.secret_arn))
    error_message = "MSK takes a secret of Secrets Manager whose name begins with AmazonMSK_, by its ARN."
  }

  validation {
    condition     = var.scram == null ? true : can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[^*]+$", var.scram.key_arn))
    error_message = "The secret is encrypted with a key of the account's own, given by its ARN."
  }
}

variable "secret_arns" {
  description = "Secrets Manager's secrets that a load generator gets as environment variables, by the variables' names."
  type        = map(string)
  default     = {}
}

variable "settings" {
  description = "The experiment's settings, named as in the technology's schema."
  type = object({
    brokers           = number
    replicationFactor = number
    serverProperties  = optional(map(string), {})
  })

  validation {
    condition     = var.settings.brokers >= 2 && (var.settings.brokers % 2 == 0 || var.settings.brokers % 3 == 0)
    error_message = "MSK spreads brokers evenly over 2 or 3 zones: their number is a multiple of 2 or of 3."
  }

  validation {
    condition     = var.settings.replicationFactor >= 1 && var.settings.replicationFactor <= var.settings.brokers
    error_message = "There are 1 to as many replicas as brokers."
  }
}
