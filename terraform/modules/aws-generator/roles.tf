# No action is a wildcard, and no resource but that of the one call to which AWS gives none.
locals {
  tasks_may_assume = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })

  image_statements = var.generators.repository_arn == null ? [] : [
    {
      Sid      = "Image"
      Effect   = "Allow"
      Action   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      Resource = [var.generators.repository_arn]
    },
    # The token opens what the statement above names.
    {
      Sid      = "RegistryToken"
      Effect   = "Allow"
      Action   = ["ecr:GetAuthorizationToken"]
      Resource = ["*"]
    },
  ]

  secret_statements = length(var.secret_arns) == 0 ? [] : [{
    Sid      = "Secrets"
    Effect   = "Allow"
    Action   = ["secretsmanager:GetSecretValue"]
    Resource = values(var.secret_arns)
  }]

  key_statements = length(var.secret_key_arns) == 0 ? [] : [{
    Sid      = "Keys"
    Effect   = "Allow"
    Action   = ["kms:Decrypt"]
    Resource = var.secret_key_arns
  }]
}

# What ECS itself does to start a task.
resource "aws_iam_role" "execution" {
  name               = "${var.name}-start"
  assume_role_policy = local.tasks_may_assume
  tags               = var.tags
}

resource "aws_iam_role_policy" "execution" {
  name = "start"
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.this.arn}:log-stream:*"]
      }],
      local.image_statements,
      local.secret_statements,
      local.key_statements,
    )
  })
}

# What a load generator does: the product, and the experiment's own folder of results.
resource "aws_iam_role" "generator" {
  name               = "${var.name}-load"
  assume_role_policy = local.tasks_may_assume
  tags               = var.tags
}

resource "aws_iam_role_policy" "generator" {
  name = "load"
  role = aws_iam_role.generator.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "Results"
          Effect   = "Allow"
          Action   = ["s3:GetObject", "s3:PutObject"]
          Resource = ["${local.bucket_arn}/${local.folder}/*"]
        },
        # Without it, S3 says of what is not there yet that it is forbidden.
        {
          Sid       = "WhetherThere"
          Effect    = "Allow"
          Action    = ["s3:ListBucket"]
          Resource  = [local.bucket_arn]
          Condition = { StringLike = { "s3:prefix" = ["${local.folder}/*"] } }
        },
      ],
      [for name, one in var.permissions : {
        Sid      = name
        Effect   = "Allow"
        Action   = one.actions
        Resource = one.resources
      }],
    )
  })
}

# What a server does: it tells of itself in the experiment's folder of results, and finds the others there.
resource "aws_iam_role" "server" {
  count = var.servers.number > 0 ? 1 : 0

  name               = "${var.name}-serve"
  assume_role_policy = local.tasks_may_assume
  tags               = var.tags
}

resource "aws_iam_role_policy" "server" {
  count = var.servers.number > 0 ? 1 : 0

  name = "serve"
  role = aws_iam_role.server[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "TellOfItself"
        Effect   = "Allow"
        Action   = ["s3:PutObject"]
        Resource = ["${local.bucket_arn}/${local.folder}/tasks/servers/*"]
      },
      {
        Sid      = "Others"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = ["${local.bucket_arn}/${local.folder}/tasks/*"]
      },
      {
        Sid       = "WhichThereAre"
        Effect    = "Allow"
        Action    = ["s3:ListBucket"]
        Resource  = [local.bucket_arn]
        Condition = { StringLike = { "s3:prefix" = ["${local.folder}/tasks/*"] } }
      },
    ]
  })
}
