# Who reaches what. Nothing is open to all but port 443 of the load balancer, to whom `allowed_cidr_blocks` says.
locals {
  # AWS's services, and Temporal: their addresses are not known by number.
  way_out = distinct([443, local.temporal_port])
}

resource "aws_security_group" "load_balancer" {
  name        = "${var.name}-load-balancer"
  description = "Load balancer of ${var.name}: who may ask, at port 443"
  vpc_id      = module.network.vpc_id
  tags        = merge(local.tags, { Name = "${var.name}-load-balancer" })

  ingress {
    description = "People and programs"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = var.allowed_cidr_blocks
  }
}

# By itself, since each group names the other.
resource "aws_vpc_security_group_egress_rule" "load_balancer" {
  security_group_id            = aws_security_group.load_balancer.id
  referenced_security_group_id = aws_security_group.api.id
  description                  = "APIs"
  ip_protocol                  = "tcp"
  from_port                    = 3000
  to_port                      = 3000
  tags                         = local.tags
}

resource "aws_security_group" "api" {
  name        = "${var.name}-api"
  description = "APIs of ${var.name}: the load balancer comes in"
  vpc_id      = module.network.vpc_id
  tags        = merge(local.tags, { Name = "${var.name}-api" })

  ingress {
    description     = "Load balancer"
    from_port       = 3000
    to_port         = 3000
    protocol        = "tcp"
    security_groups = [aws_security_group.load_balancer.id]
  }

  dynamic "egress" {
    for_each = local.way_out
    content {
      description = "AWS and Temporal"
      from_port   = egress.value
      to_port     = egress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

resource "aws_security_group" "worker" {
  name        = "${var.name}-worker"
  description = "Worker of ${var.name}: nothing comes in"
  vpc_id      = module.network.vpc_id
  tags        = merge(local.tags, { Name = "${var.name}-worker" })

  # Its home lies in the same network.
  dynamic "egress" {
    for_each = toset([for port in setunion(local.way_out, var.worker.egress_ports, [2049]) : tostring(port)])
    content {
      description = "AWS, Temporal, its home, and clusters that are measured"
      from_port   = tonumber(egress.value)
      to_port     = tonumber(egress.value)
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

resource "aws_security_group" "home" {
  name        = "${var.name}-home"
  description = "Home of ${var.name}: its worker comes in"
  vpc_id      = module.network.vpc_id
  tags        = merge(local.tags, { Name = "${var.name}-home" })

  ingress {
    description     = "Worker"
    from_port       = 2049
    to_port         = 2049
    protocol        = "tcp"
    security_groups = [aws_security_group.worker.id]
  }
}

# Of a network that was made for the service; one of the user's own is watched by the user.
resource "aws_flow_log" "this" {
  count = var.network == null ? 1 : 0

  vpc_id          = module.network.vpc_id
  traffic_type    = "REJECT"
  log_destination = aws_cloudwatch_log_group.this["network"].arn
  iam_role_arn    = aws_iam_role.this["network"].arn
  tags            = merge(local.tags, { Name = var.name })
}

resource "aws_lb" "this" {
  #checkov:skip=CKV2_AWS_28:Who has no key gets a 401 before anything of the request is read, and bodies end at 64 KiB; a WAF is the account's to add
  name                       = var.name
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.load_balancer.id]
  subnets                    = module.network.subnet_ids
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection
  # Event streams say something every second; a report of many runs takes its time.
  idle_timeout = 120
  tags         = local.tags

  access_logs {
    bucket  = module.logs.name
    prefix  = "load-balancer"
    enabled = true
  }
}

resource "aws_lb_target_group" "api" {
  name        = "${var.name}-api"
  port        = 3000
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = module.network.vpc_id
  # As long as an API gives to answers under way, and a little more.
  deregistration_delay = 15
  tags                 = local.tags

  health_check {
    path                = "/readyz"
    matcher             = "200"
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn
  tags              = local.tags

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
}
