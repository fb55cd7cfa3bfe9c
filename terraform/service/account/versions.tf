terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  # A person applies it once, with a state beside it that is then moved into the bucket: terraform init -migrate-state.
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
