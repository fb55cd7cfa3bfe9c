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

# What the load sends and reads goes through it; terraform itself does not. It asks for the stream's shards when it is
# first used, so it starts beside the stream.
module "quota_proxy" {
  source = "../../modules/local-processes"

  cleanup_id = module.cleanup.id
  launcher   = var.launcher
  processes = {
    for port in var.quota_proxy_port == null ? [] : [var.quota_proxy_port] : "quota-proxy" => {
      command = var.launcher.node
      args = [
        "${var.launcher.project_folder}/terraform/kinesis/local/quota-proxy/main.ts",
        tostring(port), var.aws_endpoint_url, "${var.launcher.run_folder}/processes/quota-proxy.json",
      ]
      inherit = ["PATH", "HOME", "TMPDIR", "NODE_COMPILE_CACHE"]
      ready   = { by = "tcp", port = port }
    }
  }
}

# They are told the stream when the load begins, so they start beside it.
module "load_generators" {
  source = "../../modules/local-load-generators"

  cleanup_id    = module.cleanup.id
  experiment_id = var.experiment_id
  generators    = var.generators
  launcher      = var.launcher
}
