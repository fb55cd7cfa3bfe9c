# A role for each who does something, below the boundary. No action is a wildcard, and no resource but that of the one call
# to which AWS gives none.
locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition

  # Who may take a role: containers of this account's tasks, and the service of flow logs.
  assumed_by = {
    start-api    = "ecs-tasks.amazonaws.com"
    start-worker = "ecs-tasks.amazonaws.com"
    api          = "ecs-tasks.amazonaws.com"
    worker       = "ecs-tasks.amazonaws.com"
    network      = "vpc-flow-logs.amazonaws.com"
  }

  use_key = {
    Sid      = "Key"
    Effect   = "Allow"
    Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
    Resource = [aws_kms_key.this.arn]
  }

  results = [
    {
      Sid      = "Objects"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      Resource = ["${module.results.arn}/*"]
    },
    # Without it, S3 says of what is not there yet that it is forbidden.
    {
      Sid      = "WhetherThere"
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = [module.results.arn]
    },
    local.use_key,
  ]

  # What ECS itself does to start a task.
  start = {
    for part, secrets in {
      api    = concat(values(local.secret_arns), [var.api_keys_secret_arn, var.metrics_key_secret_arn])
      worker = values(local.secret_arns)
      } : part => concat(
      [
        {
          Sid      = "Logs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = [for group in distinct([part, part == "api" ? "metrics" : part]) : "${aws_cloudwatch_log_group.this[group].arn}:log-stream:*"]
        },
        {
          Sid      = "Images"
          Effect   = "Allow"
          Action   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
          Resource = var.repository_arns
        },
        # The token opens what the statement above names.
        {
          Sid      = "RegistryToken"
          Effect   = "Allow"
          Action   = ["ecr:GetAuthorizationToken"]
          Resource = ["*"]
        },
        {
          Sid      = "Secrets"
          Effect   = "Allow"
          Action   = ["secretsmanager:GetSecretValue"]
          Resource = secrets
        },
      ],
      length(var.secret_key_arns) == 0 ? [] : [{
        Sid      = "KeysOfSecrets"
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = var.secret_key_arns
      }],
    )
  }

  statements = {
    start-api    = local.start.api
    start-worker = local.start.worker

    # The collector beside it writes metrics as lines of their own log group.
    api = concat(local.results, [{
      Sid      = "Metrics"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = [aws_cloudwatch_log_group.this["metrics"].arn, "${aws_cloudwatch_log_group.this["metrics"].arn}:log-stream:*"]
    }])

    worker = concat(local.results, [
      {
        Sid      = "Home"
        Effect   = "Allow"
        Action   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
        Resource = [aws_efs_file_system.home.arn]
        Condition = {
          StringEquals = { "elasticfilesystem:AccessPointArn" = aws_efs_access_point.home.arn }
        }
      },
      # It protects its own task while a terraform runs; tasks are known by a number only once they run.
      {
        Sid      = "OwnTask"
        Effect   = "Allow"
        Action   = ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"]
        Resource = ["arn:${local.partition}:ecs:${var.region}:${local.account}:task/${aws_ecs_cluster.this.name}/*"]
      },
    ])

    network = [{
      Sid      = "Logs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = [aws_cloudwatch_log_group.this["network"].arn, "${aws_cloudwatch_log_group.this["network"].arn}:log-stream:*"]
    }]
  }
}

resource "aws_iam_role" "this" {
  for_each = local.assumed_by

  name                 = "${var.name}-${each.key}"
  permissions_boundary = var.permissions_boundary_arn
  tags                 = local.tags
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = each.value }
      # Nobody has a service of AWS act for them here.
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  for_each = local.statements

  name   = each.key
  role   = aws_iam_role.this[each.key].id
  policy = jsonencode({ Version = "2012-10-17", Statement = each.value })
}

resource "aws_iam_role_policy_attachment" "worker" {
  for_each = var.worker.policy_arns

  role       = aws_iam_role.this["worker"].name
  policy_arn = each.value
}
