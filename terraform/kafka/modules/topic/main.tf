# The experiment's topic. It lives and dies with its brokers, so there is nothing to destroy.
resource "terraform_data" "topic" {
  triggers_replace = {
    brokers = sha256(jsonencode(var.broker_ids))
    topic   = sha256(jsonencode(local.topic))
  }

  provisioner "local-exec" {
    # kafkajs 2.2 hands Node a negative timeout now and then, to no effect.
    interpreter = [
      var.node, "--disable-warning=TimeoutNegativeWarning",
      "${var.project_folder}/terraform/kafka/modules/topic/create-topic.ts",
    ]
    command     = var.name
    environment = { COMPARATOR_TOPIC = jsonencode(local.topic) }
  }
}

locals {
  topic = {
    bootstrapServers  = var.bootstrap_servers
    name              = var.name
    partitions        = var.partitions
    replicationFactor = var.replication_factor
    timeoutSeconds    = 30
  }
}
