mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mocked" }
  }
  mock_resource "aws_ecs_cluster" {
    defaults = { arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/mocked" }
  }
  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/mocked:1" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/comparator/mocked" }
  }
}

variables {
  experiment_id = "20261128-kinesis"
  generators = {
    number             = 2
    image              = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/comparator@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    repository_arn     = "arn:aws:ecr:eu-central-1:123456789012:repository/comparator"
    temporal_address   = "temporal.example.com:7233"
    temporal_namespace = "default"
    results_bucket     = "results"
  }
  name = "cmp-test01-20261128-kinesis"
  network = {
    assign_public_ip  = true
    security_group_id = "sg-0a1b2c3d"
    subnet_ids        = ["subnet-0a1b2c3d"]
  }
  permissions = {
    Stream = { actions = ["kinesis:PutRecords"], resources = ["arn:aws:kinesis:eu-central-1:123456789012:stream/mocked"] }
  }
  region      = "eu-central-1"
  secret_arns = { TEMPORAL_API_KEY = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:temporal-AbCdEf" }
  tags        = { "comparator:experiment" = "20261128-kinesis" }
}

run "two_of_them" {
  module {
    source = "../../modules/aws-generator"
  }

  assert {
    condition     = output.number == 2 && keys(aws_ecs_service.this) == ["0", "1"]
    error_message = "Each load generator is a service of its own."
  }
  assert {
    condition = alltrue([
      for number, task in aws_ecs_task_definition.this :
      contains(jsondecode(task.container_definitions)[0].environment, { name = "COMPARATOR_GENERATOR", value = number })
    ])
    error_message = "Each knows its number, and by it its task queue."
  }
  assert {
    condition     = alltrue([for one in aws_ecs_service.this : one.desired_count == 1 && one.deployment_maximum_percent == 100])
    error_message = "No task queue ever has two."
  }
  assert {
    condition = alltrue([
      for one in concat([aws_cloudwatch_log_group.this, aws_ecs_cluster.this, aws_iam_role.execution, aws_iam_role.generator], values(aws_ecs_task_definition.this), values(aws_ecs_service.this)) :
      one.tags["comparator:experiment"] == "20261128-kinesis"
    ])
    error_message = "Everything has the experiment's tags."
  }
  assert {
    condition     = [aws_iam_role.execution.name, aws_iam_role.generator.name] == ["cmp-test01-20261128-kinesis-start", "cmp-test01-20261128-kinesis-load"]
    error_message = "Roles begin with the experiment's name."
  }
  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/comparator/cmp-test01-20261128-kinesis" && aws_ecs_cluster.this.name == "cmp-test01-20261128-kinesis"
    error_message = "Logs and cluster have the experiment's name."
  }
  assert {
    condition     = alltrue([for task in aws_ecs_task_definition.this : jsondecode(task.container_definitions)[0].readonlyRootFilesystem])
    error_message = "A task changes nothing of its image."
  }
  assert {
    condition = alltrue([
      for task in aws_ecs_task_definition.this :
      jsondecode(task.container_definitions)[0].secrets == [{ name = "TEMPORAL_API_KEY", valueFrom = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:temporal-AbCdEf" }]
    ])
    error_message = "Secrets are there by reference."
  }
}

run "least_privilege" {
  module {
    source = "../../modules/aws-generator"
  }

  assert {
    condition = alltrue(flatten([
      for policy in [aws_iam_role_policy.execution, aws_iam_role_policy.generator] : [
        for statement in jsondecode(policy.policy).Statement : [for action in statement.Action : !strcontains(action, "*")]
      ]
    ]))
    error_message = "No action is a wildcard."
  }
  assert {
    condition = flatten([
      for policy in [aws_iam_role_policy.execution, aws_iam_role_policy.generator] : [
        for statement in jsondecode(policy.policy).Statement : statement.Action if contains(statement.Resource, "*")
      ]
    ]) == ["ecr:GetAuthorizationToken"]
    error_message = "The only call without a resource is the one that AWS gives none."
  }
  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.generator.policy).Statement : statement.Resource if statement.Sid == "Results"
    ] == [["arn:aws:s3:::results/experiments/20261128-kinesis/*"]]
    error_message = "A load generator reads and writes results of its own experiment only."
  }
  assert {
    condition     = jsondecode(aws_iam_role.generator.assume_role_policy).Statement[0].Principal == { Service = "ecs-tasks.amazonaws.com" }
    error_message = "Only ECS's tasks take the role."
  }
}

run "of_a_public_image_without_secrets" {
  module {
    source = "../../modules/aws-generator"
  }
  variables {
    secret_arns = {}
    generators = {
      number             = 1
      image              = "public.ecr.aws/example/comparator@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      temporal_address   = "temporal.example.com:7233"
      temporal_namespace = "default"
      results_bucket     = "results"
    }
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.execution.policy).Statement[*].Sid == ["Logs"]
    error_message = "ECS may do nothing that it does not need."
  }
}

run "no_generator" {
  command         = plan
  expect_failures = [var.generators]
  module {
    source = "../../modules/aws-generator"
  }
  variables {
    generators = merge(var.generators, { number = 0 })
  }
}

run "an_image_by_its_tag" {
  command         = plan
  expect_failures = [var.generators]
  module {
    source = "../../modules/aws-generator"
  }
  variables {
    generators = merge(var.generators, { image = "comparator:latest" })
  }
}

run "a_quarter_of_a_processor" {
  command         = plan
  expect_failures = [var.generators]
  module {
    source = "../../modules/aws-generator"
  }
  variables {
    generators = merge(var.generators, { cpu_units = 256, memory_mebibytes = 1024 })
  }
}

run "more_memory_than_fargate_has" {
  command         = plan
  expect_failures = [var.generators]
  module {
    source = "../../modules/aws-generator"
  }
  variables {
    generators = merge(var.generators, { cpu_units = 1024, memory_mebibytes = 16384 })
  }
}

run "every_action_of_a_service" {
  command         = plan
  expect_failures = [var.permissions]
  module {
    source = "../../modules/aws-generator"
  }
  variables {
    permissions = { All = { actions = ["kinesis:*"], resources = ["arn:aws:kinesis:eu-central-1:123456789012:stream/mocked"] } }
  }
}

run "every_resource" {
  command         = plan
  expect_failures = [var.permissions]
  module {
    source = "../../modules/aws-generator"
  }
  variables {
    permissions = { All = { actions = ["kinesis:PutRecords"], resources = ["*"] } }
  }
}

run "a_secret_by_its_value" {
  command         = plan
  expect_failures = [var.secret_arns]
  module {
    source = "../../modules/aws-generator"
  }
  variables {
    secret_arns = { TEMPORAL_API_KEY = "abc" }
  }
}
