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
  mock_resource "aws_msk_cluster" {
    defaults = {
      arn                          = "arn:aws:kafka:eu-central-1:123456789012:cluster/cmp-test01-20261128-kafka/uuid-1"
      bootstrap_brokers_sasl_iam   = "b-1.example.com:9098,b-2.example.com:9098"
      bootstrap_brokers_sasl_scram = "b-1.example.com:9096,b-2.example.com:9096"
    }
  }
  mock_resource "aws_msk_configuration" {
    defaults = { arn = "arn:aws:kafka:eu-central-1:123456789012:configuration/mocked/uuid-1" }
  }
}

variables {
  allowed_account_ids = ["123456789012"]
  experiment_id       = "20261128-kafka"
  expires_at          = "2026-11-28T12:00:00Z"
  generators = {
    number             = 2
    image              = "public.ecr.aws/example/comparator@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    temporal_address   = "temporal.example.com:7233"
    temporal_namespace = "default"
    results_bucket     = "results"
  }
  installation_id = "test01"
  kafka_version   = "3.9.x.kraft"
  region          = "eu-central-1"
  settings = {
    brokers           = 3
    replicationFactor = 3
    serverProperties  = { "min.insync.replicas" = "2", "auto.create.topics.enable" = "true" }
  }
}

run "three_brokers_by_iam" {
  assert {
    condition     = [aws_msk_cluster.this.cluster_name, aws_msk_configuration.this.name] == ["cmp-test01-20261128-kafka", "cmp-test01-20261128-kafka"]
    error_message = "Cluster and configuration are found by their name."
  }
  assert {
    condition     = aws_msk_cluster.this.tags == tomap({ "comparator:installation" = "test01", "comparator:experiment" = "20261128-kafka", "comparator:expires" = "2026-11-28T12:00:00Z" })
    error_message = "Installation, experiment and expiry are the cluster's tags."
  }
  assert {
    condition     = aws_msk_cluster.this.number_of_broker_nodes == 3 && length(aws_msk_cluster.this.broker_node_group_info[0].client_subnets) == 3
    error_message = "Three brokers lie in three zones."
  }
  assert {
    condition     = aws_msk_cluster.this.broker_node_group_info[0].instance_type == "kafka.m7g.large" && aws_msk_cluster.this.broker_node_group_info[0].storage_info[0].ebs_storage_info[0].volume_size == 100
    error_message = "Brokers have the machine and disk of the variables."
  }
  assert {
    condition     = sort(split("\n", aws_msk_configuration.this.server_properties)) == tolist(["auto.create.topics.enable=false", "min.insync.replicas=2"])
    error_message = "Brokers have the settings' properties, and make no topic by themselves."
  }
  assert {
    condition     = aws_msk_cluster.this.encryption_info[0].encryption_in_transit[0].client_broker == "TLS" && aws_msk_cluster.this.encryption_info[0].encryption_in_transit[0].in_cluster
    error_message = "Everything goes over TLS."
  }
  assert {
    condition     = !aws_msk_cluster.this.client_authentication[0].unauthenticated && aws_msk_cluster.this.client_authentication[0].sasl[0].iam && !aws_msk_cluster.this.client_authentication[0].sasl[0].scram
    error_message = "Clients authenticate by IAM, and in no other way."
  }
  assert {
    condition     = length(aws_msk_single_scram_secret_association.this) == 0
    error_message = "By IAM there is no password."
  }
  assert {
    condition     = output.endpoint.brokers == tolist(["b-1.example.com:9098", "b-2.example.com:9098"]) && output.endpoint.topic == "cmp-test01-20261128-kafka" && output.generators == 2
    error_message = "The endpoint is the cluster's for IAM."
  }
  assert {
    condition = [local.topic_arn, local.groups_arn] == [
      "arn:aws:kafka:eu-central-1:123456789012:topic/cmp-test01-20261128-kafka/uuid-1/cmp-test01-20261128-kafka",
      "arn:aws:kafka:eu-central-1:123456789012:group/cmp-test01-20261128-kafka/uuid-1/cmp-test01-20261128-kafka.*",
    ]
    error_message = "Load generators may use the experiment's topic and groups only."
  }
}

run "two_brokers_by_scram" {
  variables {
    scram = {
      secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:AmazonMSK_benchmark-AbCdEf"
      key_arn    = "arn:aws:kms:eu-central-1:123456789012:key/0a1b"
    }
    broker   = { instance_type = "kafka.m5.2xlarge", storage_gibibytes = 500 }
    settings = { brokers = 2, replicationFactor = 2 }
  }

  assert {
    condition     = length(aws_msk_cluster.this.broker_node_group_info[0].client_subnets) == 2
    error_message = "Two brokers lie in two zones."
  }
  assert {
    condition     = aws_msk_cluster.this.client_authentication[0].sasl[0].scram && !aws_msk_cluster.this.client_authentication[0].sasl[0].iam
    error_message = "Clients authenticate by SCRAM, and in no other way."
  }
  assert {
    condition     = aws_msk_single_scram_secret_association.this[0].secret_arn == var.scram.secret_arn
    error_message = "The user is the one of the secret."
  }
  assert {
    condition     = output.endpoint.brokers == tolist(["b-1.example.com:9096", "b-2.example.com:9096"])
    error_message = "The endpoint is the cluster's for SCRAM."
  }
}
