# The most that any role of the service may ever do, whatever is attached to it.
resource "aws_iam_policy" "boundary" {
  name        = "${var.name}-boundary"
  description = "The most that roles of ${var.name} may do"
  tags        = local.tags
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid    = "Buckets"
          Effect = "Allow"
          Action = ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
          Resource = [
            "arn:${local.partition}:s3:::${var.name}-results-${local.account}-${var.region}",
            "arn:${local.partition}:s3:::${var.name}-results-${local.account}-${var.region}/*",
          ]
        },
        {
          Sid    = "OfTheService"
          Effect = "Allow"
          Action = [
            "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecs:GetTaskProtection", "ecs:UpdateTaskProtection",
            "elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "kms:Decrypt", "kms:GenerateDataKey",
            "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents", "secretsmanager:GetSecretValue",
          ]
          Resource = [
            "arn:${local.partition}:ecr:${local.here}:repository/${var.name}-*",
            "arn:${local.partition}:ecs:${local.here}:task/${var.name}/*",
            "arn:${local.partition}:elasticfilesystem:${local.here}:file-system/*",
            "arn:${local.partition}:kms:${local.here}:key/*",
            "arn:${local.partition}:logs:${local.here}:log-group:/${var.name}/*",
            "arn:${local.partition}:secretsmanager:${local.here}:secret:*",
          ]
        },
        # The token opens what a role's own statement names.
        { Sid = "RegistryToken", Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = ["*"] },
      ],
      length(var.experiment_actions) == 0 ? [] : [
        # Of what experiments make, only what is named and tagged as theirs is known beforehand.
        { Sid = "Experiments", Effect = "Allow", Action = var.experiment_actions, Resource = ["*"], Condition = { StringEquals = { "aws:RequestedRegion" = var.region } } },
      ],
    )
  })
}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
  tags           = local.tags
}

locals {
  # The workflow runs in an environment of the repository, whose rules say from which branch and past which reviewers.
  from_github = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = "repo:${var.github.repository}:environment:${var.github.environment}"
        }
      }
    }]
  })
}

resource "aws_iam_role" "image" {
  name                 = "${var.name}-image"
  assume_role_policy   = local.from_github
  max_session_duration = 3600
  tags                 = local.tags
}

resource "aws_iam_role_policy" "image" {
  name = "image"
  role = aws_iam_role.image.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "Push"
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:GetDownloadUrlForLayer",
          "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
        ]
        Resource = [for repository in aws_ecr_repository.this : repository.arn]
      },
      # The token opens what the statement above names.
      { Sid = "RegistryToken", Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = ["*"] },
    ]
  })
}

resource "aws_iam_role" "deploy" {
  name                 = "${var.name}-deploy"
  assume_role_policy   = local.from_github
  max_session_duration = 3600
  tags                 = local.tags
}

# Services by their whole names: Terraform reads and changes nearly all of what they offer, and what it makes is not known
# beforehand. That there is no way out of it is said below: roles are made and changed with the boundary only.
resource "aws_iam_role_policy_attachment" "deploy" {
  role       = aws_iam_role.deploy.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/PowerUserAccess"
}

resource "aws_iam_role_policy" "deploy" {
  name = "roles-below-the-boundary"
  role = aws_iam_role.deploy.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Make"
        Effect    = "Allow"
        Action    = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
        Resource  = local.roles_of_the_service
        Condition = { StringEquals = { "iam:PermissionsBoundary" = aws_iam_policy.boundary.arn } }
      },
      {
        Sid      = "Keep"
        Effect   = "Allow"
        Action   = ["iam:DeleteRole", "iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy"]
        Resource = local.roles_of_the_service
      },
      {
        Sid       = "HandOver"
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = local.roles_of_the_service
        Condition = { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com", "vpc-flow-logs.amazonaws.com"] } }
      },
    ]
  })
}

locals {
  # Not its own, nor that of the images.
  roles_of_the_service = [
    for part in ["api", "network", "start-api", "start-worker", "worker"] :
    "arn:${local.partition}:iam::${local.account}:role/${var.name}-${part}"
  ]
}
