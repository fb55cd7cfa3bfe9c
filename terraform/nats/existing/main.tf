module "cleanup" {
  source = "../../modules/local-cleanup"
}

# Named unlike that of our own servers: by its addresses a state tells which root it is of.
module "cluster_stream" {
  source = "../modules/cluster-stream"

  cluster  = var.settings.cluster
  launcher = var.launcher
  name     = "cmp-${var.installation_id}-${var.experiment_id}"
  settings = var.settings
}

# They are told the stream when the load begins, so they start beside it.
module "load_generators" {
  source = "../../modules/local-load-generators"

  cleanup_id    = module.cleanup.id
  experiment_id = var.experiment_id
  generators    = var.generators
  launcher      = var.launcher
}
