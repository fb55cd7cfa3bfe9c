terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  # Whoever deploys gives bucket, key and region at init; `account/` makes the bucket.
  backend "s3" {
    use_lockfile = true
    encrypt      = true
  }

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
