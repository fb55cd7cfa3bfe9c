locals {
  topic = "cmp-${var.installation_id}-${var.experiment_id}"
}

module "cleanup" {
  source = "../../modules/local-cleanup"
}

# Named unlike that of our own brokers: by its addresses a state tells which root it is of.
module "cluster_topic" {
  source = "../modules/cluster-topic"

  cluster            = var.settings.cluster
  launcher           = var.launcher
  name               = local.topic
  partitions         = var.settings.partitions
  replication_factor = var.settings.replicationFactor
}

# They are told the topic when the load begins, so they start beside it.
module "load_generators" {
  source = "../../modules/local-load-generators"

  cleanup_id    = module.cleanup.id
  experiment_id = var.experiment_id
  generators    = var.generators
  launcher      = var.launcher
}
