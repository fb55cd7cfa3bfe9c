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

module "network" {
  source = "../../modules/aws-network"

  given  = var.network
  name   = module.ownership.name
  region = var.region
  tags   = module.ownership.tags
}

# They are told the stream when the load begins, but may use no other, so they start after it.
module "load_generators" {
  source = "../../modules/aws-generator"

  experiment_id = var.experiment_id
  generators    = var.generators
  name          = module.ownership.name
  network = {
    assign_public_ip  = module.network.assign_public_ip
    security_group_id = module.network.generators_security_group_id
    subnet_ids        = module.network.subnet_ids
  }
  permissions = merge(
    {
      Stream = {
        actions   = ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:PutRecords"]
        resources = [module.stream.arn]
      }
    },
    var.fan_out_consumers == 0 ? {} : {
      FanOut = {
        actions   = ["kinesis:SubscribeToShard"]
        resources = module.stream.consumer_arns
      }
    },
  )
  region      = var.region
  secret_arns = var.secret_arns
  tags        = module.ownership.tags
}
