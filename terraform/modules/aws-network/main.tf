# A network of the experiment's own, or the user's subnets. Everything in it is made with its tags in one call, so that
# what a killed apply leaves is found by them; rules stand inside of what they belong to, for each would be one more thing
# to find.
locals {
  own     = var.given == null ? 1 : 0
  vpc_id  = var.given == null ? one(aws_vpc.this[*].id) : var.given.vpc_id
  subnets = var.given == null ? aws_subnet.this[*].id : var.given.subnet_ids
}

data "aws_availability_zones" "available" {
  count = local.own

  state = "available"

  # Local zones have neither Fargate nor MSK.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

resource "aws_vpc" "this" {
  #checkov:skip=CKV2_AWS_11:It lives for one experiment and carries its load alone, which flow logs would bill by the gigabyte
  count = local.own

  cidr_block           = var.cidr_block
  enable_dns_hostnames = true
  enable_dns_support   = true
  tags                 = merge(var.tags, { Name = var.name })
}

# The group that every VPC comes with lets all of its members talk: taken over, it lets nobody.
resource "aws_default_security_group" "closed" {
  count = local.own

  vpc_id = aws_vpc.this[0].id
  tags   = merge(var.tags, { Name = "${var.name}-closed" })
}

resource "aws_subnet" "this" {
  count = var.given == null ? var.zones : 0

  vpc_id            = aws_vpc.this[0].id
  availability_zone = data.aws_availability_zones.available[0].names[count.index]
  cidr_block        = cidrsubnet(var.cidr_block, 4, count.index)
  tags              = merge(var.tags, { Name = "${var.name}-${count.index}" })
}

# A NAT gateway would take minutes to make, bill every byte of the load, and be measured with the product.
resource "aws_internet_gateway" "this" {
  count = local.own

  vpc_id = aws_vpc.this[0].id
  tags   = merge(var.tags, { Name = var.name })
}

# The table that the VPC comes with goes with it, and its subnets use it without an association.
resource "aws_default_route_table" "this" {
  count = local.own

  default_route_table_id = aws_vpc.this[0].default_route_table_id
  tags                   = merge(var.tags, { Name = var.name })

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this[0].id
  }
}

# Results go to S3 without leaving AWS's network.
resource "aws_vpc_endpoint" "s3" {
  count = local.own

  vpc_id            = aws_vpc.this[0].id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_default_route_table.this[0].id]
  tags              = merge(var.tags, { Name = "${var.name}-s3" })
}

# Nobody reaches a load generator: it asks Temporal for work.
resource "aws_security_group" "generators" {
  #checkov:skip=CKV2_AWS_5:The root attaches it, in another module, where checkov does not look
  name        = "${var.name}-generators"
  description = "Load generators of ${var.name}: nothing comes in"
  vpc_id      = local.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-generators" })

  egress {
    #checkov:skip=CKV_AWS_382:The addresses of AWS services, of the image's registry and of Temporal are not known by number
    description = "Temporal, the product, S3, logs and the image"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# What is put to the test, where it lies in the network: only load generators and its own servers reach it.
resource "aws_security_group" "product" {
  #checkov:skip=CKV2_AWS_5:The root attaches it, in another module, where checkov does not look
  count = length(var.product_ports) > 0 ? 1 : 0

  name        = "${var.name}-product"
  description = "Servers of ${var.name}: from its load generators and each other only"
  vpc_id      = local.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-product" })

  dynamic "ingress" {
    for_each = var.product_ports
    content {
      description     = "Load generators, by port ${ingress.value}"
      from_port       = ingress.value
      to_port         = ingress.value
      protocol        = "tcp"
      security_groups = [aws_security_group.generators.id]
    }
  }

  ingress {
    description = "Each other"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    self        = true
  }

  egress {
    description = "Each other"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    self        = true
  }
}
