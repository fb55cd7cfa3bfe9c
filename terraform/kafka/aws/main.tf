# Credentials come from the environment, never from variables.
provider "aws" {
  region              = var.region
  allowed_account_ids = var.allowed_account_ids
}

locals {
  name = module.ownership.name
  iam  = var.scram == null

  # Brokers are spread evenly over the zones, and MSK wants at least two of these.
  zones = var.settings.brokers % 3 == 0 ? 3 : 2

  server_properties = merge(var.settings.serverProperties, {
    # A topic that nobody made would have other partitions and replicas than those that are put to the test.
    "auto.create.topics.enable" = "false"
  })

  # …:cluster/<name>/<uuid> has …:topic/<name>/<uuid>/<topic> and …:group/<name>/<uuid>/<group>.
  topic_arn  = "${replace(aws_msk_cluster.this.arn, ":cluster/", ":topic/")}/${local.name}"
  groups_arn = "${replace(aws_msk_cluster.this.arn, ":cluster/", ":group/")}/${local.name}.*"
}

module "ownership" {
  source = "../../modules/aws-ownership"

  experiment_id   = var.experiment_id
  expires_at      = var.expires_at
  installation_id = var.installation_id
}

module "network" {
  source = "../../modules/aws-network"

  given         = var.network
  name          = local.name
  product_ports = [local.iam ? 9098 : 9096]
  region        = var.region
  tags          = module.ownership.tags
  zones         = local.zones
}

# It has no tags: its name tells whose it is.
resource "aws_msk_configuration" "this" {
  name              = local.name
  kafka_versions    = [var.kafka_version]
  server_properties = join("\n", [for key, value in local.server_properties : "${key}=${value}"])
}

resource "aws_msk_cluster" "this" {
  cluster_name           = local.name
  kafka_version          = var.kafka_version
  number_of_broker_nodes = var.settings.brokers
  tags                   = module.ownership.tags

  broker_node_group_info {
    client_subnets  = module.network.subnet_ids
    instance_type   = var.broker.instance_type
    security_groups = [module.network.product_security_group_id]

    storage_info {
      ebs_storage_info {
        volume_size = var.broker.storage_gibibytes
      }
    }
  }

  client_authentication {
    unauthenticated = false

    sasl {
      iam   = local.iam
      scram = !local.iam
    }
  }

  configuration_info {
    arn      = aws_msk_configuration.this.arn
    revision = aws_msk_configuration.this.latest_revision
  }

  encryption_info {
    encryption_in_transit {
      client_broker = "TLS"
      in_cluster    = true
    }
  }

  logging_info {
    broker_logs {
      cloudwatch_logs {
        enabled   = true
        log_group = module.load_generators.log_group_name
      }
    }
  }

  timeouts {
    create = "90m"
    delete = "60m"
  }

  lifecycle {
    precondition {
      condition     = var.settings.brokers % (var.network == null ? local.zones : length(var.network.subnet_ids)) == 0
      error_message = "MSK spreads brokers evenly over subnets: their number is a multiple of that of the subnets."
    }
  }
}

# The user's secret, by reference: its password is in no plan, state or journal.
resource "aws_msk_single_scram_secret_association" "this" {
  count = local.iam ? 0 : 1

  cluster_arn = aws_msk_cluster.this.arn
  secret_arn  = var.scram.secret_arn
}

module "load_generators" {
  source = "../../modules/aws-generator"

  experiment_id = var.experiment_id
  generators    = var.generators
  name          = local.name
  network = {
    assign_public_ip  = module.network.assign_public_ip
    security_group_id = module.network.generators_security_group_id
    subnet_ids        = module.network.subnet_ids
  }
  permissions = local.iam ? {
    Cluster = {
      actions   = ["kafka-cluster:Connect", "kafka-cluster:DescribeCluster", "kafka-cluster:WriteDataIdempotently"]
      resources = [aws_msk_cluster.this.arn]
    }
    Topic = {
      # The one for deleting a topic lets its messages be deleted, too, which a search does between its probes.
      actions   = ["kafka-cluster:CreateTopic", "kafka-cluster:DeleteTopic", "kafka-cluster:DescribeTopic", "kafka-cluster:ReadData", "kafka-cluster:WriteData"]
      resources = [local.topic_arn]
    }
    Groups = {
      actions   = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]
      resources = [local.groups_arn]
    }
  } : {}
  region          = var.region
  secret_arns     = merge(var.secret_arns, local.iam ? {} : { COMPARATOR_KAFKA_CREDENTIALS = var.scram.secret_arn })
  secret_key_arns = local.iam ? [] : [var.scram.key_arn]
  tags            = module.ownership.tags
}
