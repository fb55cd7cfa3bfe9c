# The name alone tells whose stream it is: one that was killed between creation and tagging has nothing else.
resource "aws_kinesis_stream" "this" {
  #checkov:skip=CKV_AWS_43:Encrypted on AWS; the emulator of the local target has no keys
  name                      = "cmp-${var.installation_id}-${var.experiment_id}"
  shard_count               = var.settings.mode == "provisioned" ? var.settings.shards : null
  retention_period          = var.settings.retentionHours
  enforce_consumer_deletion = true
  encryption_type           = var.encrypted ? "KMS" : "NONE"
  # The service's own key costs nothing and needs no policy.
  kms_key_id = var.encrypted ? "alias/aws/kinesis" : null

  stream_mode_details {
    stream_mode = var.settings.mode == "provisioned" ? "PROVISIONED" : "ON_DEMAND"
  }

  tags = merge(var.tags, {
    "comparator:installation" = var.installation_id
    "comparator:experiment"   = var.experiment_id
  })
}

# Each reads 2 MB/s of every shard, by itself. They go with the stream, and have no tags: their names tell whose they are.
resource "aws_kinesis_stream_consumer" "this" {
  count = var.fan_out_consumers

  name       = "${aws_kinesis_stream.this.name}-${count.index}"
  stream_arn = aws_kinesis_stream.this.arn
}
