# The experiment's stream. It lives and dies with its servers, so there is nothing to destroy.
resource "terraform_data" "stream" {
  triggers_replace = {
    servers = sha256(jsonencode(var.server_ids))
    stream  = sha256(jsonencode(local.stream))
  }

  provisioner "local-exec" {
    interpreter = [var.launcher.node, "${var.launcher.project_folder}/terraform/nats/modules/stream/create-stream.ts"]
    command     = var.name
    environment = { COMPARATOR_STREAM = jsonencode(local.stream) }
  }
}

locals {
  stream = {
    servers                    = var.servers
    name                       = var.name
    replicas                   = var.settings.replicas
    storage                    = var.settings.storage
    retention                  = var.settings.retention
    subjects                   = var.settings.subjects
    deduplicationWindowSeconds = var.settings.deduplicationWindowSeconds
    timeoutSeconds             = 30
  }
}
