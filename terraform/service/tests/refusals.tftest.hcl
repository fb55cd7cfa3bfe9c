mock_provider "aws" {}

variables {
  alarm_topic_arns    = ["arn:aws:sns:eu-central-1:123456789012:operators"]
  allowed_account_ids = ["123456789012"]
  allowed_cidr_blocks = ["203.0.113.0/24"]
  api_keys_secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:keys-AbCdEf"
  certificate_arn     = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
  images = {
    api    = "example.com/api@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    worker = "example.com/worker@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
  network                  = { vpc_id = "vpc-0a1b2c3d", subnet_ids = ["subnet-0a1b2c3d", "subnet-0a1b2c3e"] }
  metrics_key_secret_arn   = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:metrics-AbCdEf"
  permissions_boundary_arn = "arn:aws:iam::123456789012:policy/comparator-boundary"
  region                   = "eu-central-1"
  repository_arns          = ["arn:aws:ecr:eu-central-1:123456789012:repository/comparator"]
  temporal = {
    address     = "temporal.example.com:7233"
    namespace   = "default"
    secret_arns = { TEMPORAL_API_KEY = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:temporal-AbCdEf" }
  }
  url = "https://comparator.example.com"
}

run "an_image_by_its_tag" {
  command         = plan
  expect_failures = [var.images]
  variables {
    images = { api = "example.com/api:latest", worker = "example.com/worker:latest" }
  }
}

run "an_open_temporal" {
  command         = plan
  expect_failures = [var.temporal]
  variables {
    temporal = { address = "temporal.example.com:7233", namespace = "default" }
  }
}

run "half_a_certificate" {
  command         = plan
  expect_failures = [var.temporal]
  variables {
    temporal = {
      address     = "temporal.example.com:7233"
      namespace   = "default"
      secret_arns = { TEMPORAL_TLS_CLIENT_CERT_DATA = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:cert-AbCdEf" }
    }
  }
}

run "plain_http" {
  command         = plan
  expect_failures = [var.url]
  variables {
    url = "http://comparator.example.com"
  }
}

run "nobody_to_hear_alarms" {
  command         = plan
  expect_failures = [var.alarm_topic_arns]
  variables {
    alarm_topic_arns = []
  }
}

run "roles_without_a_boundary" {
  command         = plan
  expect_failures = [var.permissions_boundary_arn]
  variables {
    permissions_boundary_arn = ""
  }
}

run "one_api" {
  command         = plan
  expect_failures = [var.api]
  variables {
    api = { number = 1 }
  }
}

run "a_network_in_one_zone" {
  command         = plan
  expect_failures = [var.network]
  variables {
    network = { vpc_id = "vpc-0a1b2c3d", subnet_ids = ["subnet-0a1b2c3d"] }
  }
}
