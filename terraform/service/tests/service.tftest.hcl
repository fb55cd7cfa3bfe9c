mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mocked" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:123456789012:key/mocked" }
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
  mock_resource "aws_lb" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/mocked/1" }
  }
  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/mocked/1" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::mocked" }
  }
  mock_resource "aws_efs_file_system" {
    defaults = { arn = "arn:aws:elasticfilesystem:eu-central-1:123456789012:file-system/fs-1" }
  }
  mock_resource "aws_efs_access_point" {
    defaults = { arn = "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-1" }
  }
}

variables {
  alarm_topic_arns    = ["arn:aws:sns:eu-central-1:123456789012:operators"]
  allowed_account_ids = ["123456789012"]
  allowed_cidr_blocks = ["203.0.113.0/24"]
  api_keys_secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:keys-AbCdEf"
  certificate_arn     = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
  images = {
    api    = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/comparator-api@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    worker = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/comparator-worker@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
  metrics_key_secret_arn   = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:metrics-AbCdEf"
  permissions_boundary_arn = "arn:aws:iam::123456789012:policy/comparator-boundary"
  region                   = "eu-central-1"
  repository_arns          = ["arn:aws:ecr:eu-central-1:123456789012:repository/comparator-api", "arn:aws:ecr:eu-central-1:123456789012:repository/comparator-worker"]
  temporal = {
    address     = "a.b1c2d.tmprl.cloud:7233"
    namespace   = "a.b1c2d"
    secret_arns = { TEMPORAL_API_KEY = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:temporal-AbCdEf" }
  }
  url = "https://comparator.example.com"
}

run "names_and_tags" {
  assert {
    condition = alltrue([
      for one in concat(
        [aws_lb.this, aws_lb_target_group.api, aws_lb_listener.https, aws_ecs_cluster.this, aws_ecs_service.api, aws_ecs_service.worker],
        [aws_ecs_task_definition.api, aws_ecs_task_definition.worker, aws_efs_file_system.home, aws_efs_access_point.home, aws_kms_key.this],
        [aws_security_group.api, aws_security_group.home, aws_security_group.load_balancer, aws_security_group.worker],
        values(aws_cloudwatch_log_group.this), values(aws_iam_role.this), values(aws_cloudwatch_metric_alarm.of_metrics),
      ) : one.tags["comparator:service"] == "comparator"
    ])
    error_message = "Everything says which service it is of."
  }
  assert {
    condition     = alltrue([for role in aws_iam_role.this : startswith(role.name, "comparator-")]) && aws_lb.this.name == "comparator"
    error_message = "Names begin with the service's."
  }
}

run "who_reaches_what" {
  assert {
    condition = alltrue([
      for group in [aws_security_group.api, aws_security_group.home, aws_security_group.worker] :
      alltrue([for rule in group.ingress : try(length(rule.cidr_blocks), 0) == 0 && try(length(rule.ipv6_cidr_blocks), 0) == 0 && try(length(rule.security_groups), 0) == 1])
    ])
    error_message = "Only members of named groups reach APIs, the home and the worker."
  }
  assert {
    condition     = length(aws_security_group.worker.ingress) == 0
    error_message = "Nobody reaches the worker."
  }
  assert {
    condition     = [for rule in aws_security_group.load_balancer.ingress : [rule.from_port, rule.to_port, rule.cidr_blocks]] == [[443, 443, tolist(["203.0.113.0/24"])]]
    error_message = "The load balancer is reached at port 443, from where the settings say."
  }
  assert {
    condition     = aws_lb_listener.https.protocol == "HTTPS" && startswith(aws_lb_listener.https.ssl_policy, "ELBSecurityPolicy-TLS13")
    error_message = "It speaks TLS, and no old one."
  }
  assert {
    condition     = toset([for rule in aws_security_group.worker.egress : rule.from_port]) == toset([443, 2049, 7233])
    error_message = "The worker reaches AWS, Temporal and its home."
  }
}

run "roles" {
  assert {
    condition     = alltrue([for role in aws_iam_role.this : role.permissions_boundary == "arn:aws:iam::123456789012:policy/comparator-boundary"])
    error_message = "Every role is below the boundary."
  }
  assert {
    condition = alltrue(flatten([
      for policy in aws_iam_role_policy.this : [
        for statement in jsondecode(policy.policy).Statement : [for action in statement.Action : !strcontains(action, "*")]
      ]
    ]))
    error_message = "No action is a wildcard."
  }
  assert {
    condition = toset(flatten([
      for policy in aws_iam_role_policy.this : [
        for statement in jsondecode(policy.policy).Statement : statement.Sid if contains(statement.Resource, "*")
      ]
    ])) == toset(["RegistryToken"])
    error_message = "No resource is a wildcard but that of the call to which AWS gives none."
  }
  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.this["worker"].policy).Statement : statement.Action if statement.Sid == "OwnTask"
    ] == [["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"]]
    error_message = "The worker may protect its task."
  }
}

run "the_worker" {
  assert {
    condition     = aws_ecs_service.worker.desired_count == 1 && aws_ecs_service.worker.deployment_maximum_percent == 100 && aws_ecs_service.worker.deployment_minimum_healthy_percent == 0
    error_message = "There are never two workers of the home: one ends before the next begins."
  }
  assert {
    condition     = !aws_ecs_service.worker.wait_for_steady_state && jsondecode(aws_ecs_task_definition.worker.container_definitions)[0].stopTimeout == 120
    error_message = "A deployment waits for nobody, and a task that ends is given as long as there is."
  }
  assert {
    condition = alltrue([
      for volume in aws_ecs_task_definition.worker.volume :
      volume.efs_volume_configuration[0].transit_encryption == "ENABLED" && volume.efs_volume_configuration[0].authorization_config[0].iam == "ENABLED"
      if volume.name == "home"
    ]) && aws_efs_file_system.home.encrypted
    error_message = "Its home outlives the task, encrypted at rest and on the way."
  }
}

run "containers" {
  assert {
    condition = alltrue([
      for container in concat(jsondecode(aws_ecs_task_definition.api.container_definitions), jsondecode(aws_ecs_task_definition.worker.container_definitions)) :
      container.readonlyRootFilesystem && container.user == "1000:1000" && contains(container.linuxParameters.capabilities.drop, "ALL")
    ])
    error_message = "No container runs as root, or changes anything but its volumes."
  }
  assert {
    condition = alltrue([
      for container in concat(jsondecode(aws_ecs_task_definition.api.container_definitions), jsondecode(aws_ecs_task_definition.worker.container_definitions)) :
      alltrue([for variable in container.environment : !can(regex("KEY|SECRET|PASSWORD|CERT_DATA", variable.name))])
    ])
    error_message = "No secret stands in a task definition."
  }
  assert {
    condition = alltrue([
      for container in [jsondecode(aws_ecs_task_definition.api.container_definitions)[0], jsondecode(aws_ecs_task_definition.worker.container_definitions)[0]] :
      contains([for secret in container.secrets : secret.name], "TEMPORAL_API_KEY") && contains(container.environment, { name = "TEMPORAL_ADDRESS", value = "a.b1c2d.tmprl.cloud:7233" })
    ])
    error_message = "APIs and worker are let in by Temporal with the key of the secret."
  }
}

run "buckets" {
  module {
    source = "../modules/aws-bucket"
  }
  variables {
    name        = "comparator-results"
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/mocked"
    tags        = { "comparator:service" = "comparator" }
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls, aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls, aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "Nobody makes it public."
  }
  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "What is written over can be had back."
  }
  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"
    error_message = "It is encrypted with the service's key."
  }
  assert {
    condition     = jsondecode(aws_s3_bucket_policy.this.policy).Statement[0].Effect == "Deny" && jsondecode(aws_s3_bucket_policy.this.policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "It is reached through TLS alone."
  }
}

run "alarms" {
  assert {
    condition     = aws_cloudwatch_metric_alarm.of_metrics["needs-operator"].metric_name == "comparator_experiments_open" && aws_cloudwatch_metric_alarm.of_metrics["needs-operator"].dimensions == tomap({ phase = "needs-operator" })
    error_message = "Somebody hears of what needs an operator."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.of_metrics["alive-past-its-time"].metric_name == "comparator_orphans"
    error_message = "Somebody hears of what lives past its time."
  }
  assert {
    condition = alltrue([
      for alarm in concat(values(aws_cloudwatch_metric_alarm.of_metrics), values(aws_cloudwatch_metric_alarm.of_surroundings), [aws_cloudwatch_metric_alarm.errors]) :
      alarm.alarm_actions == toset(["arn:aws:sns:eu-central-1:123456789012:operators"])
    ])
    error_message = "Every alarm goes to somebody."
  }
  assert {
    condition     = alltrue([for alarm in values(aws_cloudwatch_metric_alarm.of_surroundings) : alarm.treat_missing_data == "breaching"]) && keys(aws_cloudwatch_metric_alarm.of_surroundings) == ["blind", "no-api", "no-worker"]
    error_message = "No figures is bad news."
  }
}

run "in_a_network_of_the_users" {
  variables {
    network = { vpc_id = "vpc-0a1b2c3d", subnet_ids = ["subnet-0a1b2c3d", "subnet-0a1b2c3e"] }
  }

  assert {
    condition     = length(aws_flow_log.this) == 0 && aws_security_group.api.vpc_id == "vpc-0a1b2c3d" && !aws_ecs_service.worker.network_configuration[0].assign_public_ip
    error_message = "Nothing of it is made or changed, and tasks need no public address there."
  }
}

run "temporal_of_ones_own_by_certificate" {
  variables {
    temporal = {
      address     = "temporal.internal.example.com:7234"
      namespace   = "default"
      server_name = "temporal.internal.example.com"
      secret_arns = {
        TEMPORAL_TLS_CLIENT_CERT_DATA = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:cert-AbCdEf"
        TEMPORAL_TLS_CLIENT_KEY_DATA  = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf"
      }
    }
  }

  assert {
    condition = toset([for secret in jsondecode(aws_ecs_task_definition.worker.container_definitions)[0].secrets : secret.name]) == toset([
      "TEMPORAL_TLS_CLIENT_CERT_DATA", "TEMPORAL_TLS_CLIENT_KEY_DATA",
    ])
    error_message = "The worker has the certificate from secrets."
  }
  assert {
    condition     = contains([for rule in aws_security_group.api.egress : rule.from_port], 7234)
    error_message = "APIs reach it at its port."
  }
}

run "with_clusters_of_the_users" {
  variables {
    clusters_secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:clusters-AbCdEf"
  }

  assert {
    condition = alltrue([
      for container in [jsondecode(aws_ecs_task_definition.api.container_definitions)[0], jsondecode(aws_ecs_task_definition.worker.container_definitions)[0]] :
      container.command[0] == "sh" && strcontains(container.command[2], "exec env -u CLUSTERS node src/") && contains(container.environment, { name = "COMPARATOR_CLUSTERS", value = "/tmp/clusters.yaml" })
    ])
    error_message = "The file is written where both look for it, and its content goes no further."
  }
}
