# The comparator as a service: APIs behind a load balancer, the worker of its home, and where they keep what they know.
# Credentials come from the environment, never from variables.
provider "aws" {
  region              = var.region
  allowed_account_ids = var.allowed_account_ids
}

locals {
  tags = { "comparator:service" = var.name }

  temporal_port = tonumber(split(":", var.temporal.address)[1])

  # What API and worker both are told.
  environment = {
    for name, value in {
      AWS_REGION                 = var.region
      COMPARATOR_CLUSTERS        = var.clusters_secret_arn == null ? null : "/tmp/clusters.yaml"
      COMPARATOR_RESULTS_BUCKET  = module.results.name
      COMPARATOR_RETENTION_DAYS  = var.retention_days == null ? null : tostring(var.retention_days)
      COMPARATOR_TEMPORAL_UI_URL = var.temporal.ui_url
      COMPARATOR_URL             = var.url
      TEMPORAL_ADDRESS           = var.temporal.address
      TEMPORAL_NAMESPACE         = var.temporal.namespace
      TEMPORAL_TLS               = "true"
      TEMPORAL_TLS_SERVER_NAME   = var.temporal.server_name
    } : name => value if value != null
  }

  # By reference: neither the state nor a task definition has their values.
  secret_arns = merge(
    var.temporal.secret_arns,
    { for name, arn in { CLUSTERS = var.clusters_secret_arn } : name => arn if arn != null },
  )

  # Of the images, but for a file of clusters, which is written first and goes no further by its content.
  commands = {
    for part, command in {
      api    = ["node", "src/api/server.ts"]
      worker = ["node", "src/container/worker.ts", "110"]
      } : part => var.clusters_secret_arn == null ? command : [
      "sh", "-c", "umask 077 && printf '%s' \"$CLUSTERS\" > \"$COMPARATOR_CLUSTERS\" && exec env -u CLUSTERS ${join(" ", command)}",
    ]
  }

  # What every container has in common.
  container = {
    essential              = true
    readonlyRootFilesystem = true
    user                   = "1000:1000"
    # It reaps what terraform and brokers leave behind.
    linuxParameters = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

module "network" {
  source = "../modules/aws-network"

  given  = var.network
  name   = var.name
  region = var.region
  tags   = local.tags
}

resource "aws_ecs_cluster" "this" {
  name = var.name
  tags = local.tags

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

# One key for all that the service keeps; who may use it is said by the roles.
resource "aws_kms_key" "this" {
  description         = "What ${var.name} keeps: results, its home, logs"
  enable_key_rotation = true
  tags                = merge(local.tags, { Name = var.name })
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # A key's policy speaks of this key alone, whatever it calls it; without this, roles could not be given the use of it.
      {
        Sid       = "ByRoles"
        Effect    = "Allow"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Logs"
        Effect    = "Allow"
        Principal = { Service = "logs.${var.region}.amazonaws.com" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:DescribeKey"]
        Resource  = "*"
        Condition = {
          ArnLike = {
            "kms:EncryptionContext:aws:logs:arn" = "arn:${data.aws_partition.current.partition}:logs:${var.region}:${data.aws_caller_identity.current.account_id}:log-group:/${var.name}/*"
          }
        }
      },
    ]
  })
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(["api", "worker", "metrics", "network"])

  name              = "/${var.name}/${each.key}"
  kms_key_id        = aws_kms_key.this.arn
  retention_in_days = 365
  tags              = local.tags
}
