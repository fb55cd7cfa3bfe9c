# What must be in an account before the service can be deployed to it: a bucket for Terraform's state, repositories of the
# images, the boundary of all roles, and two roles for GitHub's workflows, who get in by GitHub's word for them (OIDC) and
# no key. Applied by a person who may do that; rarely.
provider "aws" {
  region              = var.region
  allowed_account_ids = var.allowed_account_ids
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  tags      = { "comparator:service" = var.name }
  here      = "${var.region}:${local.account}"
}

module "state" {
  source = "../../modules/aws-bucket"

  kms_key_arn     = aws_kms_key.this.arn
  name            = "${var.name}-terraform-${local.account}-${var.region}"
  noncurrent_days = 365
  tags            = local.tags
}

resource "aws_kms_key" "this" {
  description         = "State and images of ${var.name}"
  enable_key_rotation = true
  tags                = merge(local.tags, { Name = "${var.name}-deployment" })
  policy = jsonencode({
    Version = "2012-10-17"
    # A key's policy speaks of this key alone; without this, roles could not be given the use of it.
    Statement = [{
      Sid       = "ByRoles"
      Effect    = "Allow"
      Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_ecr_repository" "this" {
  for_each = toset(["api", "worker", "generator"])

  name                 = "${var.name}-${each.key}"
  image_tag_mutability = "IMMUTABLE"
  tags                 = local.tags

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.this.arn
  }

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  for_each = aws_ecr_repository.this

  repository = each.value.name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Of what was deployed, the last fifty"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 50 }
      action       = { type = "expire" }
    }]
  })
}
