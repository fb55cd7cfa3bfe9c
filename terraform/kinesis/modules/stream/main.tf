# The name alone tells whose stream it is: one that was killed between creation and tagging has nothing else.
resource "aws_kinesis_stream" "this" {
  name                      = "cmp-${var.installation_id}-${var.experiment_id}"
  shard_count               = var.settings.mode == "provisioned" ? var.settings.shards : null
  retention_period          = var.settings.retentionHours
  enforce_consumer_deletion = true

  stream_mode_details {
    stream_mode = var.settings.mode == "provisioned" ? "PROVISIONED" : "ON_DEMAND"
  }

  tags = {
    "comparator:installation" = var.installation_id
    "comparator:experiment"   = var.experiment_id
  }
}
