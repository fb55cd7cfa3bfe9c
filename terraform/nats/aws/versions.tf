terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  # The comparator gives bucket, key and endpoint at init.
  backend "s3" {
    use_lockfile = true
  }

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
