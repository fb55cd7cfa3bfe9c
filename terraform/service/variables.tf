variable "alarm_topic_arns" {
  description = "SNS topics that alarms go to; somebody must be there to read them."
  type        = list(string)

  validation {
    condition     = length(var.alarm_topic_arns) > 0 && alltrue([for arn in var.alarm_topic_arns : can(regex("^arn:aws[a-z-]*:sns:", arn))])
    error_message = "There is at least one topic, each by its ARN, arn:aws:sns:…"
  }
}

variable "allowed_account_ids" {
  description = "The AWS accounts in which the service may be; the provider refuses all others."
  type        = list(string)

  validation {
    condition     = length(var.allowed_account_ids) > 0 && alltrue([for id in var.allowed_account_ids : can(regex("^[0-9]{12}$", id))])
    error_message = "There is at least one account, each by its 12 digits."
  }
}

variable "allowed_cidr_blocks" {
  description = "Addresses from which the service is reached, at port 443; who asks needs a key besides."
  type        = list(string)

  validation {
    condition     = length(var.allowed_cidr_blocks) > 0 && alltrue([for block in var.allowed_cidr_blocks : can(cidrnetmask(block))])
    error_message = "There is at least one block of addresses, such as 203.0.113.0/24; 0.0.0.0/0 is everybody."
  }
}

variable "api" {
  description = "How many APIs, and how large each."
  type = object({
    number           = optional(number, 2)
    cpu_units        = optional(number, 512)
    memory_mebibytes = optional(number, 1024)
  })
  default = {}

  validation {
    condition     = var.api.number >= 2 && var.api.number <= 20
    error_message = "There are 2 to 20 APIs: with one, a deployment would be seen."
  }
}

variable "api_keys_secret_arn" {
  description = "Secret of Secrets Manager whose value is that of COMPARATOR_API_KEYS."
  type        = string
}

variable "certificate_arn" {
  description = "Certificate of AWS Certificate Manager for the name that the service is reached by."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:acm:", var.certificate_arn))
    error_message = "A certificate is given by its ARN, arn:aws:acm:…"
  }
}

variable "clusters_secret_arn" {
  description = "Secret of Secrets Manager whose value is the file of clusters of yours (COMPARATOR_CLUSTERS); null for none."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Whether a destroy is refused while the load balancer stands, and leaves buckets that hold anything."
  type        = bool
  default     = true
}

variable "images" {
  description = "The images that the targets api and worker of the Dockerfile were built as."
  type        = object({ api = string, worker = string })

  validation {
    condition     = alltrue([for image in values(var.images) : can(regex("@sha256:[0-9a-f]{64}$", image))])
    error_message = "An image is named by its digest, …@sha256:…, so that every task runs the same."
  }
}

variable "metrics_key_secret_arn" {
  description = "Secret of Secrets Manager with one of the API's keys, by which the alarms read its metrics."
  type        = string
}

variable "name" {
  description = "Name of the service, or the beginning of it."
  type        = string
  default     = "comparator"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "A name has 3 to 20 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "network" {
  description = "A VPC and subnets of yours, in two or more zones; null to have a network made."
  type        = object({ vpc_id = string, subnet_ids = list(string) })
  default     = null

  validation {
    condition     = var.network == null ? true : length(var.network.subnet_ids) >= 2
    error_message = "A load balancer lies in two zones or more: give a subnet of each."
  }
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds every role of the service; `account/` makes one."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:policy/", var.permissions_boundary_arn))
    error_message = "A permissions boundary is given by its policy's ARN, arn:aws:iam::…:policy/…"
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

variable "repository_arns" {
  description = "ECR repositories of the images."
  type        = list(string)
}

variable "retention_days" {
  description = "For how many days closed experiments and comparisons are kept; null for ever."
  type        = number
  default     = null
}

variable "secret_key_arns" {
  description = "Keys of KMS, of one's own, that the secrets are encrypted with."
  type        = list(string)
  default     = []
}

variable "temporal" {
  description = "The Temporal server: Temporal Cloud, or one's own. Who is let in by what is in secrets, of Secrets Manager, by the variable's name: TEMPORAL_API_KEY, or TEMPORAL_TLS_CLIENT_CERT_DATA with TEMPORAL_TLS_CLIENT_KEY_DATA, and TEMPORAL_TLS_SERVER_CA_CERT_DATA."
  type = object({
    address     = string
    namespace   = string
    server_name = optional(string)
    ui_url      = optional(string)
    secret_arns = optional(map(string), {})
  })

  validation {
    condition     = can(regex("^[A-Za-z0-9.-]+:[0-9]+$", var.temporal.address))
    error_message = "The server is given by host and port, such as my-namespace.a1b2c.tmprl.cloud:7233."
  }

  validation {
    condition     = alltrue([for name in keys(var.temporal.secret_arns) : contains(["TEMPORAL_API_KEY", "TEMPORAL_TLS_CLIENT_CERT_DATA", "TEMPORAL_TLS_CLIENT_KEY_DATA", "TEMPORAL_TLS_SERVER_CA_CERT_DATA"], name)])
    error_message = "Secrets are TEMPORAL_API_KEY, TEMPORAL_TLS_CLIENT_CERT_DATA, TEMPORAL_TLS_CLIENT_KEY_DATA and TEMPORAL_TLS_SERVER_CA_CERT_DATA."
  }

  validation {
    condition     = contains(keys(var.temporal.secret_arns), "TEMPORAL_TLS_CLIENT_CERT_DATA") == contains(keys(var.temporal.secret_arns), "TEMPORAL_TLS_CLIENT_KEY_DATA")
    error_message = "A client certificate has both halves: TEMPORAL_TLS_CLIENT_CERT_DATA and TEMPORAL_TLS_CLIENT_KEY_DATA."
  }

  validation {
    condition     = length(var.temporal.secret_arns) > 0
    error_message = "A server that lets everybody in is not for production: give TEMPORAL_API_KEY, or a client certificate."
  }
}

variable "url" {
  description = "Where people reach the service, by the certificate's name."
  type        = string

  validation {
    condition     = can(regex("^https://[a-z0-9.-]+$", var.url))
    error_message = "The address is one such as https://comparator.example.com."
  }
}

variable "worker" {
  description = "How large the worker is, on which ports besides 443 and Temporal's it reaches anything (a cluster of yours, say), and what else it may do: managed policies, below the boundary."
  type = object({
    cpu_units        = optional(number, 2048)
    memory_mebibytes = optional(number, 8192)
    egress_ports     = optional(set(number), [])
    policy_arns      = optional(set(string), [])
  })
  default = {}
}
