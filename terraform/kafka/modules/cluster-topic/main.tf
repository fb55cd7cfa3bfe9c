# Deletes the topic, and the groups that read it. It is created before the topic and destroyed after all that uses it, and it
# cannot be tainted, for its only provisioner runs at destroy. That provisioner reads the environment that the comparator
# gives every terraform: an imported resource has no values of its own. The processes go first, lest they use the topic.
resource "terraform_data" "cleanup" {
  provisioner "local-exec" {
    when        = destroy
    interpreter = ["/bin/sh", "-c"]
    command     = "\"$COMPARATOR_NODE\" \"$COMPARATOR_LAUNCHER\" stop-all && exec \"$COMPARATOR_NODE\" --disable-warning=TimeoutNegativeWarning \"$(dirname \"$COMPARATOR_LAUNCHER\")/../../kafka/modules/cluster-topic/cluster-topic.ts\" delete"
  }
}

# The experiment's topic in a cluster that is not ours. The token is new for each apply: what an earlier one left of the
# topic is replaced, so that it begins empty.
resource "terraform_data" "topic" {
  triggers_replace = {
    cleanup = terraform_data.cleanup.id
    token   = var.launcher.launch_token
    topic   = sha256(jsonencode(local.topic))
  }

  provisioner "local-exec" {
    # kafkajs 2.2 hands Node a negative timeout now and then, to no effect.
    interpreter = [
      var.launcher.node, "--disable-warning=TimeoutNegativeWarning",
      "${var.launcher.project_folder}/terraform/kafka/modules/cluster-topic/cluster-topic.ts", "create",
    ]
    command     = var.name
    environment = { COMPARATOR_TOPIC = jsonencode(local.topic) }
  }
}

locals {
  topic = {
    clusters          = [var.cluster]
    name              = var.name
    partitions        = var.partitions
    replicationFactor = var.replication_factor
  }
}
