mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/comparator/mocked" }
  }
  mock_resource "aws_ecs_cluster" {
    defaults = { arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/mocked" }
  }
  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/mocked:1" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mocked" }
  }
}

variables {
  allowed_account_ids = ["123456789012"]
  experiment_id       = "20261128-nats"
  expires_at          = "2026-11-28T12:00:00Z"
  generators = {
    number             = 2
    image              = "public.ecr.aws/example/comparator@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    temporal_address   = "temporal.example.com:7233"
    temporal_namespace = "default"
    results_bucket     = "results"
  }
  installation_id = "test01"
  region          = "eu-central-1"
  secret_arns     = { TEMPORAL_API_KEY = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:temporal-AbCdEf" }
  settings        = { replicas = 3, serverVcpus = 2, serverMemoryGibibytes = 8, storageGibibytes = 100, syncInterval = "2m" }
}

run "three_servers" {
  assert {
    condition     = output.endpoint == { serverTasks = 3, stream = "cmp-test01-20261128-nats", subjectPrefix = "cmp-test01-20261128-nats" } && output.generators == 2
    error_message = "The endpoint says how many servers there are, and what the stream is called, and no server is a load generator."
  }
  assert {
    condition     = length(module.network.subnet_ids) == 3
    error_message = "Each server has a zone of its own."
  }
}

run "one_server" {
  variables {
    settings = { replicas = 1, serverVcpus = 1, serverMemoryGibibytes = 2, storageGibibytes = 21, syncInterval = "always" }
  }

  assert {
    condition     = output.endpoint.serverTasks == 1 && output.generators == 2 && length(module.network.subnet_ids) == 1
    error_message = "One server lies in one zone."
  }
}

run "in_subnets_that_are_given" {
  variables {
    network = { vpc_id = "vpc-0a1b2c3d", subnet_ids = ["subnet-0a", "subnet-0b"] }
  }

  assert {
    condition     = output.endpoint.serverTasks == 3
    error_message = "Three servers fit into two subnets."
  }
}
