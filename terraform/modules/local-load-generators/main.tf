# The experiment's load generators: Temporal workers, each with a task queue of its own.
module "processes" {
  source = "../local-processes"

  cleanup_id = var.cleanup_id
  launcher   = var.launcher
  processes = {
    for number in range(var.generators.number) : "generator-${number}" => {
      command = var.launcher.node
      args    = [var.generators.entry, "${var.launcher.run_folder}/processes/generator-${number}.json"]
      environment = merge(
        {
          AWS_REGION                = var.generators.region
          COMPARATOR_EXPERIMENT_ID  = var.experiment_id
          COMPARATOR_GENERATOR      = tostring(number)
          COMPARATOR_READY_FILE     = "${var.launcher.run_folder}/ready/generator-${number}"
          COMPARATOR_RESULTS_BUCKET = var.generators.results_bucket
          TEMPORAL_ADDRESS          = var.generators.temporal_address
          TEMPORAL_NAMESPACE        = var.generators.temporal_namespace
        },
        var.generators.aws_endpoint_url == null ? {} : { AWS_ENDPOINT_URL = var.generators.aws_endpoint_url },
      )
      # Credentials go from environment to environment, past terraform's state.
      inherit = [
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
        "COMPARATOR_CLUSTERS", "HOME", "NODE_COMPILE_CACHE", "NODE_EXTRA_CA_CERTS", "PATH", "TEMPORAL_*",
        "TMPDIR",
      ]
      ready = { by = "file", path = "ready/generator-${number}" }
    }
  }
}
