# Results, records and the Terraform state of every experiment.
module "results" {
  source = "../modules/aws-bucket"

  force_destroy = !var.deletion_protection
  kms_key_arn   = aws_kms_key.this.arn
  name          = "${var.name}-results-${data.aws_caller_identity.current.account_id}-${var.region}"
  tags          = local.tags
}

# Who asked what of the load balancer, and of the results. A load balancer writes with S3's own key only.
module "logs" {
  source = "../modules/aws-bucket"

  account_id      = data.aws_caller_identity.current.account_id
  expiration_days = 365
  force_destroy   = !var.deletion_protection
  log_writers     = ["logdelivery.elasticloadbalancing.amazonaws.com", "logging.s3.amazonaws.com"]
  name            = "${var.name}-logs-${data.aws_caller_identity.current.account_id}-${var.region}"
  tags            = local.tags
}

resource "aws_s3_bucket_logging" "results" {
  bucket        = module.results.name
  target_bucket = module.logs.name
  target_prefix = "results/"
}

# The worker's home: run folders and journals, which must outlive its task. No broker's data belong here.
resource "aws_efs_file_system" "home" {
  encrypted       = true
  kms_key_id      = aws_kms_key.this.arn
  throughput_mode = "elastic"
  tags            = merge(local.tags, { Name = "${var.name}-home" })
}

resource "aws_efs_backup_policy" "home" {
  file_system_id = aws_efs_file_system.home.id

  backup_policy {
    status = "ENABLED"
  }
}

resource "aws_efs_mount_target" "home" {
  count = var.network == null ? 2 : length(var.network.subnet_ids)

  file_system_id  = aws_efs_file_system.home.id
  subnet_id       = module.network.subnet_ids[count.index]
  security_groups = [aws_security_group.home.id]
}

# Everything below it is the user of the image's.
resource "aws_efs_access_point" "home" {
  file_system_id = aws_efs_file_system.home.id
  tags           = merge(local.tags, { Name = "${var.name}-home" })

  posix_user {
    uid = 1000
    gid = 1000
  }

  root_directory {
    path = "/home"

    creation_info {
      owner_uid   = 1000
      owner_gid   = 1000
      permissions = "0700"
    }
  }
}
