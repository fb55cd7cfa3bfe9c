mock_provider "aws" {
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
  experiment_id = "20261128-nats"
  generators = {
    number             = 2
    image              = "public.ecr.aws/example/comparator@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    temporal_address   = "temporal.example.com:7233"
    temporal_namespace = "default"
    results_bucket     = "results"
  }
  name = "cmp-test01-20261128-nats"
  network = {
    assign_public_ip  = true
    security_group_id = "sg-0a1b2c3d"
    subnet_ids        = ["subnet-0a", "subnet-0b", "subnet-0c"]
  }
  permissions = {}
  region      = "eu-central-1"
  secret_arns = { TEMPORAL_API_KEY = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:temporal-AbCdEf" }
  servers = {
    number             = 3
    command            = ["node", "src/container/nats/server.ts"]
    cpu_units          = 2048
    environment        = { COMPARATOR_SERVERS = "3", COMPARATOR_SYNC_INTERVAL = "2m" }
    memory_mebibytes   = 8192
    security_group_ids = ["sg-0e0f"]
    storage_gibibytes  = 100
  }
  tags = { "comparator:experiment" = "20261128-nats" }
}

run "servers_beside_load_generators" {
  module {
    source = "../../modules/aws-generator"
  }

  assert {
    condition     = keys(aws_ecs_service.this) == ["0", "1", "server-1", "server-2", "server-3"] && output.number == 2
    error_message = "Each server is a service of its own beside those of load generators."
  }
  assert {
    condition     = [for one in values(aws_ecs_service.this) : one.name] == ["generator-0", "generator-1", "server-1", "server-2", "server-3"]
    error_message = "A service is called by what it is, and its number."
  }
  assert {
    condition     = [for one in values(aws_ecs_task_definition.this) : one.family] == [for name in ["generator-0", "generator-1", "server-1", "server-2", "server-3"] : "cmp-test01-20261128-nats-${name}"]
    error_message = "A task definition's family begins with the experiment's name."
  }
  assert {
    condition     = alltrue([for one in concat(values(aws_ecs_service.this), values(aws_ecs_task_definition.this), aws_iam_role.server) : one.tags["comparator:experiment"] == "20261128-nats"])
    error_message = "Everything has the experiment's tags."
  }
  assert {
    condition     = [for key in ["server-1", "server-2", "server-3"] : one(aws_ecs_service.this[key].network_configuration[0].subnets)] == ["subnet-0a", "subnet-0b", "subnet-0c"]
    error_message = "Each server has a subnet of its own."
  }
  assert {
    condition     = alltrue([for key in ["server-1", "server-2", "server-3"] : aws_ecs_service.this[key].network_configuration[0].security_groups == toset(["sg-0a1b2c3d", "sg-0e0f"])])
    error_message = "A server is let in as the product is, and finds its way out as a load generator does."
  }
  assert {
    condition     = alltrue([for key in ["0", "1"] : aws_ecs_service.this[key].network_configuration[0].security_groups == toset(["sg-0a1b2c3d"])])
    error_message = "Nobody reaches a load generator."
  }
  assert {
    condition     = alltrue([for one in aws_ecs_service.this : one.desired_count == 1 && one.deployment_maximum_percent == 100])
    error_message = "There is never a second of any."
  }
  assert {
    condition     = [for one in values(aws_ecs_task_definition.this) : try(one.ephemeral_storage[0].size_in_gib, 20)] == [20, 20, 100, 100, 100]
    error_message = "A server has the disk that it is given, a load generator the usual one."
  }
}

run "what_a_server_gets" {
  module {
    source = "../../modules/aws-generator"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this["server-2"].container_definitions)[0].command == ["node", "src/container/nats/server.ts"]
    error_message = "A server's command is its own."
  }
  assert {
    condition     = !can(jsondecode(aws_ecs_task_definition.this["0"].container_definitions)[0].command)
    error_message = "A load generator's is that of the image."
  }
  assert {
    condition = { for one in jsondecode(aws_ecs_task_definition.this["server-2"].container_definitions)[0].environment : one.name => one.value } == {
      AWS_REGION                = "eu-central-1"
      COMPARATOR_EXPERIMENT_ID  = "20261128-nats"
      COMPARATOR_RESULTS_BUCKET = "results"
      COMPARATOR_SERVER         = "server-2"
      COMPARATOR_SERVERS        = "3"
      COMPARATOR_SYNC_INTERVAL  = "2m"
    }
    error_message = "A server knows which it is, and how many there are."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.this["server-2"].container_definitions)[0].secrets == [] && jsondecode(aws_ecs_task_definition.this["server-2"].container_definitions)[0].readonlyRootFilesystem
    error_message = "A server gets none of the load generators' secrets, and changes nothing of its image."
  }
}

run "least_privilege_of_servers" {
  module {
    source = "../../modules/aws-generator"
  }

  assert {
    condition     = aws_iam_role.server[0].name == "cmp-test01-20261128-nats-serve" && jsondecode(aws_iam_role.server[0].assume_role_policy).Statement[0].Principal == { Service = "ecs-tasks.amazonaws.com" }
    error_message = "The role begins with the experiment's name, and only ECS's tasks take it."
  }
  assert {
    condition = { for one in jsondecode(aws_iam_role_policy.server[0].policy).Statement : one.Sid => [one.Action, one.Resource] } == {
      TellOfItself  = [["s3:PutObject"], ["arn:aws:s3:::results/experiments/20261128-nats/tasks/servers/*"]]
      Others        = [["s3:GetObject"], ["arn:aws:s3:::results/experiments/20261128-nats/tasks/*"]]
      WhichThereAre = [["s3:ListBucket"], ["arn:aws:s3:::results"]]
    }
    error_message = "A server writes what is known of servers, and reads what is known of tasks, of its own experiment."
  }
}

run "no_servers" {
  module {
    source = "../../modules/aws-generator"
  }
  variables {
    servers = null
  }

  assert {
    condition     = length(aws_iam_role.server) == 0 && length(aws_iam_role_policy.server) == 0 && keys(aws_ecs_service.this) == ["0", "1"]
    error_message = "Without servers there is no role for them."
  }
}

run "half_a_disk" {
  command         = plan
  expect_failures = [var.servers]
  module {
    source = "../../modules/aws-generator"
  }
  variables {
    servers = merge(var.servers, { storage_gibibytes = 20 })
  }
}

run "more_memory_than_fargate_has" {
  command         = plan
  expect_failures = [var.servers]
  module {
    source = "../../modules/aws-generator"
  }
  variables {
    servers = merge(var.servers, { memory_mebibytes = 65536 })
  }
}

run "half_a_processor" {
  command         = plan
  expect_failures = [var.servers]
  module {
    source = "../../modules/aws-generator"
  }
  variables {
    servers = merge(var.servers, { cpu_units = 512, memory_mebibytes = 2048 })
  }
}
