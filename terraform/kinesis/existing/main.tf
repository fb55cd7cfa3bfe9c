module "cleanup" {
  source = "../../modules/local-cleanup"
}

# Named unlike those of other roots: by its addresses a state tells which root it is of.
module "account_stream" {
  source = "../modules/account-stream"

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
