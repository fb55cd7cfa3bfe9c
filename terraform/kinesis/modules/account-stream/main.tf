# Deletes the stream, and with it its registered consumers. It is created before the stream and destroyed after all that uses it, and it
# cannot be tainted, for its only provisioner runs at destroy. That provisioner reads the environment that the comparator
# gives every terraform: an imported resource has no values of its own. The processes go first, lest they use the stream.
resource "terraform_data" "cleanup" {
  provisioner "local-exec" {
    when        = destroy
    interpreter = ["/bin/sh", "-c"]
    command     = "\"$COMPARATOR_NODE\" \"$COMPARATOR_LAUNCHER\" stop-all && exec \"$COMPARATOR_NODE\" \"$(dirname \"$COMPARATOR_LAUNCHER\")/../../kinesis/modules/account-stream/account-stream.ts\" delete"
  }
}

# The experiment's stream in an account that is not ours. The token is new for each apply: what an earlier one left of the
# stream is replaced, so that it begins empty.
resource "terraform_data" "stream" {
  triggers_replace = {
    cleanup = terraform_data.cleanup.id
    stream  = sha256(jsonencode(local.stream))
    token   = var.launcher.launch_token
  }

  provisioner "local-exec" {
    interpreter = [
      var.launcher.node,
      "${var.launcher.project_folder}/terraform/kinesis/modules/account-stream/account-stream.ts", "create",
    ]
    command     = var.name
    environment = { COMPARATOR_ACCOUNT_STREAM = jsonencode(local.stream) }
  }
}

locals {
  stream = {
    clusters                         = [var.cluster]
    name                             = var.name
    mode                             = var.settings.mode
    shards                           = var.settings.shards
    retentionHours                   = var.settings.retentionHours
    consumer                         = var.settings.consumer
    maxRecordKibibytes               = var.settings.maxRecordKibibytes
    warmThroughputMebibytesPerSecond = var.settings.warmThroughputMebibytesPerSecond
  }
}
