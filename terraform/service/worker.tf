# One worker, of one home: what experiments start on a machine is seen from there alone. The home lies in a file system, so
# that the next task goes on with it; a task protects itself from deployments and scale-in while a terraform or a load
# runs, and is replaced once that is over.
resource "aws_ecs_task_definition" "worker" {
  family                   = "${var.name}-worker"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.worker.cpu_units
  memory                   = var.worker.memory_mebibytes
  execution_role_arn       = aws_iam_role.this["start-worker"].arn
  task_role_arn            = aws_iam_role.this["worker"].arn
  tags                     = local.tags

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  container_definitions = jsonencode([merge(local.container, {
    name    = "worker"
    image   = var.images.worker
    command = local.commands.worker
    # The longest there is: within it the image lets a terraform end, or write its state.
    stopTimeout = 120
    healthCheck = { command = ["CMD", "node", "src/container/healthy.ts", "worker"], interval = 30, timeout = 10, retries = 3, startPeriod = 60 }
    mountPoints = [
      { sourceVolume = "tmp", containerPath = "/tmp", readOnly = false },
      { sourceVolume = "home", containerPath = "/var/lib/comparator", readOnly = false },
    ]
    environment = [for name, value in local.environment : { name = name, value = value }]
    secrets     = [for name, arn in local.secret_arns : { name = name, valueFrom = arn }]
    ulimits     = [{ name = "nofile", softLimit = 65536, hardLimit = 65536 }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this["worker"].name
        awslogs-region        = var.region
        awslogs-stream-prefix = "worker"
      }
    }
  })])

  volume {
    name = "tmp"
  }

  volume {
    name = "home"

    efs_volume_configuration {
      file_system_id     = aws_efs_file_system.home.id
      transit_encryption = "ENABLED"

      authorization_config {
        access_point_id = aws_efs_access_point.home.id
        iam             = "ENABLED"
      }
    }
  }
}

resource "aws_ecs_service" "worker" {
  name            = "worker"
  cluster         = aws_ecs_cluster.this.arn
  task_definition = aws_ecs_task_definition.worker.arn
  launch_type     = "FARGATE"
  propagate_tags  = "SERVICE"
  tags            = local.tags

  # Never two at a time: the old one ends, then the new one begins. Spot capacity would end it whatever it protects.
  desired_count                      = 1
  deployment_maximum_percent         = 100
  deployment_minimum_healthy_percent = 0
  # A protected task keeps a deployment open for as long as it works, and nobody need wait for that.
  wait_for_steady_state = false

  # What never starts is given up for what ran before.
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    # A network of our own has no NAT, which bills every byte; nothing comes in, by the security group
    assign_public_ip = module.network.assign_public_ip
    security_groups  = [aws_security_group.worker.id]
    subnets          = module.network.subnet_ids
  }

  # The roles may do what they must before a task starts, and until it has ended; its home is mounted at once.
  depends_on = [aws_iam_role_policy.this, aws_iam_role_policy_attachment.worker, aws_efs_mount_target.home]
}
