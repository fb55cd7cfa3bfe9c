mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b"] }
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
  mock_resource "aws_kinesis_stream_consumer" {
    defaults = { arn = "arn:aws:kinesis:eu-central-1:123456789012:stream/mocked/consumer/mocked:1" }
  }
  mock_resource "aws_kinesis_stream" {
    defaults = { arn = "arn:aws:kinesis:eu-central-1:123456789012:stream/mocked" }
  }
}

variables {
  allowed_account_ids = ["123456789012"]
  encrypted           = true
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
  tags            = { "comparator:expires" = "2026-11-28T12:00:00Z" }
}

run "provisioned" {
  command = plan
  module {
    source = "../modules/stream"
  }

  assert {
    condition     = aws_kinesis_stream.this.name == "cmp-test01-20261128-kinesis"
    error_message = "A stream is found by its name alone."
  }
  assert {
    condition = aws_kinesis_stream.this.tags == tomap({
      "comparator:installation" = "test01"
      "comparator:experiment"   = "20261128-kinesis"
      "comparator:expires"      = "2026-11-28T12:00:00Z"
    })
    error_message = "Installation, experiment and expiry are its tags."
  }
  assert {
    condition     = aws_kinesis_stream.this.shard_count == 3 && aws_kinesis_stream.this.stream_mode_details[0].stream_mode == "PROVISIONED"
    error_message = "It has the shards of the settings."
  }
  assert {
    condition     = aws_kinesis_stream.this.retention_period == 48
    error_message = "It keeps records as long as the settings say."
  }
  assert {
    condition     = aws_kinesis_stream.this.encryption_type == "KMS" && aws_kinesis_stream.this.kms_key_id == "alias/aws/kinesis"
    error_message = "What it keeps is encrypted."
  }
  assert {
    condition     = length(aws_kinesis_stream_consumer.this) == 0
    error_message = "Consumers that poll are no resources."
  }
}

run "on_demand" {
  command = plan
  module {
    source = "../modules/stream"
  }
  variables {
    settings = { mode = "on-demand", retentionHours = 24 }
  }

  assert {
    condition     = aws_kinesis_stream.this.shard_count == null && aws_kinesis_stream.this.stream_mode_details[0].stream_mode == "ON_DEMAND"
    error_message = "On demand, the service chooses the shards."
  }
}

run "unencrypted_on_an_emulator" {
  command = plan
  module {
    source = "../modules/stream"
  }
  variables {
    encrypted = false
    tags      = {}
  }

  assert {
    condition     = aws_kinesis_stream.this.encryption_type == "NONE" && length(aws_kinesis_stream.this.tags) == 2
    error_message = "Without being asked for it, there is no encryption and no further tag."
  }
}

run "enhanced_fan_out" {
  command = plan
  module {
    source = "../modules/stream"
  }
  variables {
    fan_out_consumers = 2
  }

  assert {
    condition     = aws_kinesis_stream_consumer.this[*].name == ["cmp-test01-20261128-kinesis-0", "cmp-test01-20261128-kinesis-1"]
    error_message = "Each consumer is named after its stream."
  }
}

run "the_root_names_and_tags" {
  # Mocked, so nothing is made.
  variables {
    fan_out_consumers = 1
  }

  assert {
    condition     = output.endpoint.streamName == "cmp-test01-20261128-kinesis" && output.endpoint.region == "eu-central-1"
    error_message = "The endpoint is that of the experiment's stream."
  }
  assert {
    condition     = output.endpoint.endpointUrl == null && length(output.endpoint.consumerArns) == 1
    error_message = "It is AWS's own, with the ARN of each consumer."
  }
  assert {
    condition     = module.ownership.tags["comparator:expires"] == "2026-11-28T12:00:00Z"
    error_message = "Everything is tagged with its expiry."
  }
  assert {
    condition     = output.generators == 2
    error_message = "Load generators run beside it."
  }
}
