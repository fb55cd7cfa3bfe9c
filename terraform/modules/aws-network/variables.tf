variable "cidr_block" {
  description = "Addresses of a network of our own."
  type        = string
  default     = "10.117.0.0/20"

  validation {
    condition     = can(cidrnetmask(var.cidr_block)) && try(tonumber(split("/", var.cidr_block)[1]) <= 24, false)
    error_message = "The addresses are a block such as 10.117.0.0/20, of at least 256."
  }
}

variable "given" {
  description = "The user's own VPC and subnets; null to have a network made."
  type        = object({ vpc_id = string, subnet_ids = list(string) })
  default     = null

  validation {
    condition     = var.given == null ? true : can(regex("^vpc-[0-9a-f]+$", var.given.vpc_id))
    error_message = "A VPC is given by its id, vpc-…"
  }

  validation {
    condition     = var.given == null ? true : length(var.given.subnet_ids) > 0 && alltrue([for id in var.given.subnet_ids : can(regex("^subnet-[0-9a-f]+$", id))])
    error_message = "There is at least one subnet, each by its id, subnet-…"
  }
}

variable "name" {
  description = "Name of everything, or the beginning of it, by the aws-ownership module."
  type        = string
}

variable "product_ports" {
  description = "TCP ports on which load generators reach what is put to the test; none where it is not in the network."
  type        = set(number)
  default     = []

  validation {
    condition     = alltrue([for port in var.product_ports : port >= 1 && port <= 65535])
    error_message = "Ports are 1 to 65535."
  }
}

variable "region" {
  description = "Region of the network."
  type        = string
}

variable "tags" {
  description = "Tags of everything, by the aws-ownership module."
  type        = map(string)
}

variable "zones" {
  description = "In how many availability zones a network of our own lies."
  type        = number
  default     = 2

  validation {
    condition     = contains([1, 2, 3], var.zones)
    error_message = "A network lies in 1 to 3 zones."
  }
}
