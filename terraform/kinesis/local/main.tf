provider "aws" {
  region                      = var.region
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true

  endpoints {
    kinesis = var.aws_endpoint_url
  }
}

module "cleanup" {
  source = "../../modules/local-cleanup"
}

module "stream" {
  source = "../modules/stream"

  experiment_id   = var.experiment_id
  installation_id = var.installation_id
  settings        = var.settings
}

# They are told the stream when the load begins, so they start beside it.
module "load_generators" {
  source = "../../modules/local-load-generators"

  cleanup_id    = module.cleanup.id
  experiment_id = var.experiment_id
  generators    = var.generators
  launcher      = var.launcher
}
