# Credentials come from the environment, never from variables.
provider "aws" {
  region              = var.region
  allowed_account_ids = var.allowed_account_ids
}

module "ownership" {
  source = "../../modules/aws-ownership"

  experiment_id   = var.experiment_id
  expires_at      = var.expires_at
  installation_id = var.installation_id
}

module "stream" {
  source = "../modules/stream"

  encrypted         = true
  experiment_id     = var.experiment_id
  fan_out_consumers = var.fan_out_consumers
  installation_id   = var.installation_id
  settings          = var.settings
  tags              = module.ownership.tags
}
