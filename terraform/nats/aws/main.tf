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

# A zone for each server, so that none shares what another fails by.
module "network" {
  source = "../../modules/aws-network"

  given         = var.network
  name          = module.ownership.name
  product_ports = [4222]
  region        = var.region
  tags          = module.ownership.tags
  zones         = var.settings.replicas
}

# The servers are tasks beside the load generators, on the image that these have. They tell where they are, and by which
# certificate they are known, in the experiment's folder of results: names of a private zone would take a minute to make,
# and whoever asks for one too early is told for minutes that there is none. There is no password, and no key leaves a task.
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
  permissions = {}
  region      = var.region
  secret_arns = var.secret_arns
  servers = {
    number    = var.settings.replicas
    command   = ["node", "src/container/nats/server.ts"]
    cpu_units = 1024 * var.settings.serverVcpus
    environment = {
      COMPARATOR_SERVERS       = tostring(var.settings.replicas)
      COMPARATOR_SYNC_INTERVAL = var.settings.syncInterval
    }
    memory_mebibytes   = 1024 * var.settings.serverMemoryGibibytes
    security_group_ids = [module.network.product_security_group_id]
    storage_gibibytes  = var.settings.storageGibibytes
  }
  tags = module.ownership.tags
}
