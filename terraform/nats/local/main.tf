locals {
  stream = "cmp-${var.experiment_id}"

  servers = {
    for index, ports in var.server_ports : "server-${index + 1}" => ports
  }

  # Without a cluster there is no quorum to wait for.
  cluster = {
    for name, ports in local.servers : name => length(local.servers) == 1 ? {} : {
      cluster = {
        name   = local.stream
        listen = "127.0.0.1:${ports.cluster}"
        routes = [for other in local.servers : "nats://127.0.0.1:${other.cluster}" if other != ports]
      }
    }
  }

  # A server's configuration may be JSON.
  configuration = {
    for name, ports in local.servers : name => merge(local.cluster[name], {
      server_name = name
      listen      = "127.0.0.1:${ports.client}"
      # The largest message that an experiment can ask for is 1 MiB; its headers come on top.
      max_payload = 2097152
      jetstream = {
        store_dir     = "${var.launcher.run_folder}/data/${name}"
        sync_interval = var.settings.syncInterval
      }
    })
  }
}

module "cleanup" {
  source = "../../modules/local-cleanup"
}

module "servers" {
  source = "../../modules/local-processes"

  cleanup_id = module.cleanup.id
  launcher   = var.launcher
  processes = {
    for name, ports in local.servers : name => {
      command = var.server_program
      args    = ["--config", "${var.launcher.run_folder}/config/${name}.json"]
      inherit = ["PATH", "HOME", "TMPDIR"]
      folders = ["data/${name}"]
      files = [{
        path    = "config/${name}.json"
        content = jsonencode(local.configuration[name])
      }]
      ready = { by = "tcp", port = ports.client }
    }
  }
}

module "stream" {
  source = "../modules/stream"

  launcher   = var.launcher
  name       = local.stream
  server_ids = values(module.servers.ids)
  servers    = [for ports in local.servers : "127.0.0.1:${ports.client}"]
  settings   = var.settings
}

# They are told the stream when the load begins, so they start beside it.
module "load_generators" {
  source = "../../modules/local-load-generators"

  cleanup_id    = module.cleanup.id
  experiment_id = var.experiment_id
  generators    = var.generators
  launcher      = var.launcher
}
