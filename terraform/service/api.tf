# APIs keep nothing: they ask Temporal and S3. A deployment starts new ones before it ends the old.
resource "aws_ecs_task_definition" "api" {
  family                   = "${var.name}-api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.api.cpu_units
  memory                   = var.api.memory_mebibytes
  execution_role_arn       = aws_iam_role.this["start-api"].arn
  task_role_arn            = aws_iam_role.this["api"].arn
  tags                     = local.tags

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  container_definitions = jsonencode([
    merge(local.container, {
      name         = "api"
      image        = var.images.api
      command      = local.commands.api
      portMappings = [{ containerPort = 3000, protocol = "tcp" }]
      # Answers under way are given five seconds.
      stopTimeout = 10
      healthCheck = { command = ["CMD", "node", "src/container/healthy.ts", "api"], interval = 15, timeout = 5, retries = 3, startPeriod = 30 }
      mountPoints = [
        { sourceVolume = "tmp", containerPath = "/tmp", readOnly = false },
        { sourceVolume = "lists", containerPath = "/var/lib/comparator", readOnly = false },
      ]
      environment = [for name, value in local.environment : { name = name, value = value }]
      secrets = [
        for name, arn in merge(local.secret_arns, { COMPARATOR_API_KEYS = var.api_keys_secret_arn }) :
        { name = name, valueFrom = arn }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.this["api"].name
          awslogs-region        = var.region
          awslogs-stream-prefix = "api"
        }
      }
    }),
    local.collector,
  ])

  volume {
    name = "tmp"
  }

  volume {
    name = "lists"
  }
}

resource "aws_ecs_service" "api" {
  name            = "api"
  cluster         = aws_ecs_cluster.this.arn
  task_definition = aws_ecs_task_definition.api.arn
  launch_type     = "FARGATE"
  desired_count   = var.api.number
  propagate_tags  = "SERVICE"
  tags            = local.tags

  # Before one ends, another answers.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 60
  wait_for_steady_state              = false

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.api.arn
    container_name   = "api"
    container_port   = 3000
  }

  network_configuration {
    # A network of our own has no NAT, which bills every byte; nothing but the load balancer comes in, by the security group
    assign_public_ip = module.network.assign_public_ip
    security_groups  = [aws_security_group.api.id]
    subnets          = module.network.subnet_ids
  }

  # The roles may do what they must before a task starts, and until it has ended; a target group has a listener first.
  depends_on = [aws_iam_role_policy.this, aws_lb_listener.https]
}
