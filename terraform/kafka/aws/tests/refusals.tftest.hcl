mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
}

variables {
  allowed_account_ids = ["123456789012"]
  experiment_id       = "20261128-kafka"
  expires_at          = "2026-11-28T12:00:00Z"
  generators = {
    number             = 1
    image              = "public.ecr.aws/example/comparator@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    temporal_address   = "temporal.example.com:7233"
    temporal_namespace = "default"
    results_bucket     = "results"
  }
  installation_id = "test01"
  kafka_version   = "3.9.x.kraft"
  region          = "eu-central-1"
  settings        = { brokers = 3, replicationFactor = 3 }
}

run "one_broker" {
  command         = plan
  expect_failures = [var.settings]
  variables {
    settings = { brokers = 1, replicationFactor = 1 }
  }
}

run "more_replicas_than_brokers" {
  command         = plan
  expect_failures = [var.settings]
  variables {
    settings = { brokers = 2, replicationFactor = 3 }
  }
}

run "brokers_that_do_not_fit_the_given_subnets" {
  command         = plan
  expect_failures = [aws_msk_cluster.this]
  variables {
    network  = { vpc_id = "vpc-0a1b2c3d", subnet_ids = ["subnet-0a", "subnet-0b"] }
    settings = { brokers = 3, replicationFactor = 3 }
  }
}

run "a_secret_that_msk_does_not_take" {
  command         = plan
  expect_failures = [var.scram]
  variables {
    scram = {
      secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:benchmark-AbCdEf"
      key_arn    = "arn:aws:kms:eu-central-1:123456789012:key/0a1b"
    }
  }
}

run "a_key_by_its_alias" {
  command         = plan
  expect_failures = [var.scram]
  variables {
    scram = {
      secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:AmazonMSK_benchmark-AbCdEf"
      key_arn    = "alias/aws/secretsmanager"
    }
  }
}

run "a_machine_of_ec2" {
  command         = plan
  expect_failures = [var.broker]
  variables {
    broker = { instance_type = "m7g.large" }
  }
}

run "a_disk_too_large" {
  command         = plan
  expect_failures = [var.broker]
  variables {
    broker = { storage_gibibytes = 16385 }
  }
}

run "the_latest_version" {
  command         = plan
  expect_failures = [var.kafka_version]
  variables {
    kafka_version = "latest"
  }
}
