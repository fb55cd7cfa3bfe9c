mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
}

variables {
  allowed_account_ids = ["123456789012"]
  experiment_id       = "20261128-nats"
  expires_at          = "2026-11-28T12:00:00Z"
  generators = {
    number             = 1
    image              = "public.ecr.aws/example/comparator@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    temporal_address   = "temporal.example.com:7233"
    temporal_namespace = "default"
    results_bucket     = "results"
  }
  installation_id = "test01"
  region          = "eu-central-1"
  settings        = { replicas = 1, serverVcpus = 2, serverMemoryGibibytes = 8, storageGibibytes = 100, syncInterval = "2m" }
}

run "two_servers" {
  command         = plan
  expect_failures = [var.settings]
  variables {
    settings = { replicas = 2, serverVcpus = 2, serverMemoryGibibytes = 8, storageGibibytes = 100, syncInterval = "2m" }
  }
}

run "a_flush_by_the_day" {
  command         = plan
  expect_failures = [var.settings]
  variables {
    settings = { replicas = 1, serverVcpus = 2, serverMemoryGibibytes = 8, storageGibibytes = 100, syncInterval = "1d" }
  }
}

run "no_account" {
  command         = plan
  expect_failures = [var.allowed_account_ids]
  variables {
    allowed_account_ids = []
  }
}

run "a_zone_in_place_of_a_region" {
  command         = plan
  expect_failures = [var.region]
  variables {
    region = "eu-central-1a"
  }
}
