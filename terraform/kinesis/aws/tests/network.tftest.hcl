mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
}

variables {
  name   = "cmp-test01-20261128-kinesis"
  region = "eu-central-1"
  tags   = { "comparator:experiment" = "20261128-kinesis" }
}

run "of_our_own" {
  module {
    source = "../../modules/aws-network"
  }

  assert {
    condition     = length(aws_vpc.this) == 1 && aws_vpc.this[0].tags["Name"] == "cmp-test01-20261128-kinesis"
    error_message = "There is one VPC, with the experiment's name."
  }
  assert {
    condition     = aws_subnet.this[*].availability_zone == ["eu-central-1a", "eu-central-1b"] && aws_subnet.this[*].cidr_block == ["10.117.0.0/24", "10.117.1.0/24"]
    error_message = "Each subnet lies in a zone of its own."
  }
  assert {
    condition = alltrue([
      for one in concat(aws_vpc.this, aws_subnet.this, aws_internet_gateway.this, aws_default_route_table.this, aws_default_security_group.closed, aws_vpc_endpoint.s3, [aws_security_group.generators]) :
      one.tags["comparator:experiment"] == "20261128-kinesis" && startswith(one.tags["Name"], "cmp-test01-20261128-kinesis")
    ])
    error_message = "Everything has the experiment's tags and a name that begins with its name."
  }
  assert {
    condition     = length(aws_security_group.generators.ingress) == 0
    error_message = "Nobody reaches a load generator."
  }
  assert {
    condition     = length(aws_default_security_group.closed[0].ingress) == 0 && length(aws_default_security_group.closed[0].egress) == 0
    error_message = "The VPC's own security group lets nobody."
  }
  assert {
    condition     = length(aws_security_group.product) == 0 && output.product_security_group_id == null
    error_message = "Without ports, the product is not in the network."
  }
  assert {
    condition     = aws_vpc_endpoint.s3[0].service_name == "com.amazonaws.eu-central-1.s3" && aws_vpc_endpoint.s3[0].vpc_endpoint_type == "Gateway"
    error_message = "S3 is reached by a gateway, which costs nothing."
  }
  assert {
    condition     = output.assign_public_ip
    error_message = "Without a NAT, the way out is a public address."
  }
}

run "with_a_product_in_it" {
  module {
    source = "../../modules/aws-network"
  }
  variables {
    product_ports = [9098]
    zones         = 3
  }

  assert {
    condition     = length(aws_subnet.this) == 3
    error_message = "There are as many subnets as zones."
  }
  assert {
    condition = alltrue([
      for rule in aws_security_group.product[0].ingress :
      alltrue([for open in [rule.cidr_blocks, rule.ipv6_cidr_blocks, rule.prefix_list_ids] : try(length(open), 0) == 0]) &&
      (rule.self == true || rule.security_groups == toset([aws_security_group.generators.id]))
    ])
    error_message = "Only load generators and its own servers reach the product."
  }
  assert {
    condition     = [for rule in aws_security_group.product[0].ingress : rule.from_port if rule.self != true] == [9098]
    error_message = "Load generators reach it on its ports."
  }
  assert {
    condition     = alltrue([for rule in aws_security_group.product[0].egress : rule.self == true && try(length(rule.cidr_blocks), 0) == 0])
    error_message = "The product reaches nobody else."
  }
}

run "given" {
  module {
    source = "../../modules/aws-network"
  }
  variables {
    given         = { vpc_id = "vpc-0a1b2c3d", subnet_ids = ["subnet-0a1b2c3d"] }
    product_ports = [9098]
  }

  assert {
    condition     = length(concat(aws_vpc.this, aws_subnet.this, aws_internet_gateway.this, aws_default_route_table.this, aws_default_security_group.closed, aws_vpc_endpoint.s3)) == 0
    error_message = "Nothing of the user's network is made or changed."
  }
  assert {
    condition     = aws_security_group.generators.vpc_id == "vpc-0a1b2c3d" && aws_security_group.product[0].vpc_id == "vpc-0a1b2c3d" && output.subnet_ids == tolist(["subnet-0a1b2c3d"])
    error_message = "Security groups of our own stand in the user's VPC."
  }
  assert {
    condition     = !output.assign_public_ip
    error_message = "The user's subnets have a way out of their own."
  }
}

run "a_vpc_by_its_name" {
  command         = plan
  expect_failures = [var.given]
  module {
    source = "../../modules/aws-network"
  }
  variables {
    given = { vpc_id = "main", subnet_ids = ["subnet-0a1b2c3d"] }
  }
}

run "no_subnet" {
  command         = plan
  expect_failures = [var.given]
  module {
    source = "../../modules/aws-network"
  }
  variables {
    given = { vpc_id = "vpc-0a1b2c3d", subnet_ids = [] }
  }
}

run "a_port_beyond_all" {
  command         = plan
  expect_failures = [var.product_ports]
  module {
    source = "../../modules/aws-network"
  }
  variables {
    product_ports = [70000]
  }
}

run "four_zones" {
  command         = plan
  expect_failures = [var.zones]
  module {
    source = "../../modules/aws-network"
  }
  variables {
    zones = 4
  }
}

run "sixteen_addresses" {
  command         = plan
  expect_failures = [var.cidr_block]
  module {
    source = "../../modules/aws-network"
  }
  variables {
    cidr_block = "10.0.0.0/28"
  }
}
