# The experiment's load generators: an ECS service each, since each has a Temporal task queue of its own. A producer and
# the consumer of its messages run in the same task, so that one clock times both ends. Servers of the product that run as
# tasks, too, are services of the same kind beside them, for each is one machine that nothing takes the place of.
locals {
  bucket_arn = "arn:${data.aws_partition.current.partition}:s3:::${var.generators.results_bucket}"
  folder     = "experiments/${var.experiment_id}"

  environment = {
    AWS_REGION                = var.region
    COMPARATOR_EXPERIMENT_ID  = var.experiment_id
    COMPARATOR_RESULTS_BUCKET = var.generators.results_bucket
  }

  generators = {
    for number in range(var.generators.number) : tostring(number) => {
      name              = "generator-${number}"
      container         = "generator"
      command           = tolist(null)
      cpu_units         = var.generators.cpu_units
      memory_mebibytes  = var.generators.memory_mebibytes
      storage_gibibytes = null
      role_arn          = aws_iam_role.generator.arn
      environment = merge(local.environment, {
        COMPARATOR_GENERATOR = tostring(number)
        TEMPORAL_ADDRESS     = var.generators.temporal_address
        TEMPORAL_NAMESPACE   = var.generators.temporal_namespace
      })
      secret_arns        = var.secret_arns
      security_group_ids = [var.network.security_group_id]
      subnet_ids         = var.network.subnet_ids
    }
  }

  # Each in the next subnet, and so in a zone of its own.
  servers = {
    for number in range(var.servers.number) : "server-${number + 1}" => {
      name              = "server-${number + 1}"
      container         = "server"
      command           = tolist(var.servers.command)
      cpu_units         = var.servers.cpu_units
      memory_mebibytes  = var.servers.memory_mebibytes
      storage_gibibytes = var.servers.storage_gibibytes
      role_arn          = one(aws_iam_role.server[*].arn)
      environment       = merge(local.environment, var.servers.environment, { COMPARATOR_SERVER = "server-${number + 1}" })
      secret_arns       = tomap({})
      # They fetch their image and find each other as load generators do.
      security_group_ids = concat(var.servers.security_group_ids, [var.network.security_group_id])
      subnet_ids         = [element(var.network.subnet_ids, number)]
    }
  }

  tasks = merge(local.generators, local.servers)
}

data "aws_partition" "current" {}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:Encrypted with the service's own key; there is no secret in it, and it goes with the experiment
  name = "/comparator/${var.name}"
  # It goes with the experiment, whose record keeps what was said; a year is for one that is left behind.
  retention_in_days = 365
  tags              = var.tags
}

resource "aws_ecs_cluster" "this" {
  name = var.name
  tags = var.tags

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "this" {
  for_each = local.tasks

  family                   = "${var.name}-${each.value.name}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu_units
  memory                   = each.value.memory_mebibytes
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = each.value.role_arn
  tags                     = var.tags

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.generators.architecture
  }

  container_definitions = jsonencode([merge(
    {
      name      = each.value.container
      image     = var.generators.image
      essential = true
      # It writes to /tmp alone.
      readonlyRootFilesystem = true
      mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]
      # What it has measured is uploaded before it ends.
      stopTimeout = 30
      environment = [for name, value in each.value.environment : { name = name, value = value }]
      # By reference: neither the state nor the task definition has their values.
      secrets = [for name, arn in each.value.secret_arns : { name = name, valueFrom = arn }]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.this.name
          awslogs-region        = var.region
          awslogs-stream-prefix = each.value.name
        }
      }
    },
    # That of the image else.
    { for key, value in { command = each.value.command } : key => value if value != null },
  )])

  # Of the task: it is there from its start until its end, and what it does not name is 20 GiB.
  dynamic "ephemeral_storage" {
    for_each = each.value.storage_gibibytes[*]
    content {
      size_in_gib = ephemeral_storage.value
    }
  }

  volume {
    name = "tmp"
  }
}

resource "aws_ecs_service" "this" {
  for_each = local.tasks

  name            = each.value.name
  cluster         = aws_ecs_cluster.this.arn
  task_definition = aws_ecs_task_definition.this[each.key].arn
  launch_type     = "FARGATE"
  desired_count   = 1
  # A second one would poll the same task queue.
  deployment_maximum_percent         = 100
  deployment_minimum_healthy_percent = 0
  # Its tasks end with it; else a destroy waits for somebody to end them.
  force_delete = true
  # Whoever begins the load waits until each polls its task queue, which says more than that its task runs.
  wait_for_steady_state = false
  propagate_tags        = "SERVICE"
  tags                  = var.tags

  network_configuration {
    #checkov:skip=CKV_AWS_333:A network of our own has no NAT, which would be measured too; nothing comes in, by its security group
    assign_public_ip = var.network.assign_public_ip
    security_groups  = each.value.security_group_ids
    subnets          = each.value.subnet_ids
  }

  # What never starts is given up, with the reason, instead of being tried for hours.
  deployment_circuit_breaker {
    enable   = true
    rollback = false
  }

  timeouts {
    create = "15m"
    delete = "15m"
  }

  # The roles may do what they must before a task starts, and until it has ended.
  depends_on = [aws_iam_role_policy.execution, aws_iam_role_policy.generator, aws_iam_role_policy.server]
}
