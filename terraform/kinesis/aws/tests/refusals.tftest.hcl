mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b"] }
  }
}

variables {
  allowed_account_ids = ["123456789012"]
  experiment_id       = "20261128-kinesis"
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
  settings        = { mode = "provisioned", shards = 3, retentionHours = 48 }
}

run "no_account" {
  command         = plan
  expect_failures = [var.allowed_account_ids]
  variables {
    allowed_account_ids = []
  }
}

run "an_account_by_another_name" {
  command         = plan
  expect_failures = [var.allowed_account_ids]
  variables {
    allowed_account_ids = ["production"]
  }
}

run "no_region" {
  command         = plan
  expect_failures = [var.region]
  variables {
    region = "europe"
  }
}

run "an_experiment_with_a_path_for_an_id" {
  command         = plan
  expect_failures = [var.experiment_id]
  module {
    source = "../../modules/aws-ownership"
  }
  variables {
    experiment_id = "../other"
  }
}

run "an_installation_with_a_hyphen" {
  command         = plan
  expect_failures = [var.installation_id]
  module {
    source = "../../modules/aws-ownership"
  }
  variables {
    installation_id = "test-01"
  }
}

run "an_expiry_in_words" {
  command         = plan
  expect_failures = [var.expires_at]
  module {
    source = "../../modules/aws-ownership"
  }
  variables {
    expires_at = "tomorrow"
  }
}

run "an_expiry_without_utc" {
  command         = plan
  expect_failures = [var.expires_at]
  module {
    source = "../../modules/aws-ownership"
  }
  variables {
    expires_at = "2026-11-28T12:00:00+01:00"
  }
}

run "half_a_shard" {
  command         = plan
  expect_failures = [var.settings]
  module {
    source = "../modules/stream"
  }
  variables {
    settings = { mode = "provisioned", shards = 0.5, retentionHours = 24 }
  }
}

run "an_hour_of_retention" {
  command         = plan
  expect_failures = [var.settings]
  module {
    source = "../modules/stream"
  }
  variables {
    settings = { mode = "on-demand", retentionHours = 1 }
  }
}

run "too_many_consumers" {
  command         = plan
  expect_failures = [var.fan_out_consumers]
  module {
    source = "../modules/stream"
  }
  variables {
    fan_out_consumers = 21
  }
}
