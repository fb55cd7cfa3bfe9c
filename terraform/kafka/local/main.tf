locals {
  topic = "cmp-${var.experiment_id}"

  brokers = {
    for index, ports in var.broker_ports : "broker-${index + 1}" => {
      id         = index + 1
      client     = ports.client
      controller = ports.controller
    }
  }

  quorum             = join(",", [for broker in local.brokers : "${broker.id}@127.0.0.1:${broker.controller}"])
  bootstrap_servers  = [for broker in local.brokers : "127.0.0.1:${broker.client}"]
  internal_factor    = min(3, var.settings.brokers)
  internal_in_sync   = min(2, local.internal_factor)
  coordinator_topics = ["offsets.topic", "transaction.state.log", "share.coordinator.state.topic"]

  # The 22 characters of a base64 UUID; one cluster id per apply. No "-": kafka-storage takes a leading one for an option.
  cluster_id = substr(replace(replace(base64sha256(var.launcher.launch_token), "+", "x"), "/", "_"), 0, 22)

  # Paths are below the working folder: Kafka takes a comma for the end of one, and its letters for Latin-1.
  properties = {
    for name, broker in local.brokers : name => merge(
      # What the user chose comes first, so that it cannot replace what follows.
      var.settings.serverProperties,
      { for topic in local.coordinator_topics : "${topic}.replication.factor" => local.internal_factor },
      { for topic in local.coordinator_topics : "${topic}.num.partitions" => 4 if topic != "offsets.topic" },
      # What the load generator has deleted between probes is to leave the disk before the next ones.
      { "log.retention.check.interval.ms" = 1000, "log.segment.delete.delay.ms" = 100 },
      {
        "process.roles"                         = "broker,controller"
        "node.id"                               = broker.id
        "controller.quorum.voters"              = local.quorum
        "listeners"                             = "PLAINTEXT://127.0.0.1:${broker.client},CONTROLLER://127.0.0.1:${broker.controller}"
        "advertised.listeners"                  = "PLAINTEXT://127.0.0.1:${broker.client}"
        "listener.security.protocol.map"        = "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"
        "controller.listener.names"             = "CONTROLLER"
        "inter.broker.listener.name"            = "PLAINTEXT"
        "log.dirs"                              = "data/${name}"
        "auto.create.topics.enable"             = false
        "group.initial.rebalance.delay.ms"      = 0
        "offsets.topic.num.partitions"          = 4
        "transaction.state.log.min.isr"         = local.internal_in_sync
        "share.coordinator.state.topic.min.isr" = local.internal_in_sync
      },
    )
  }
}

module "cleanup" {
  source = "../../modules/local-cleanup"
}

module "brokers" {
  source = "../../modules/local-processes"

  cleanup_id = module.cleanup.id
  launcher   = var.launcher
  processes = {
    for name, broker in local.brokers : name => {
      command = var.java.program
      # As Kafka's own start script, with the heap fixed.
      args = [
        "-Xms${var.settings.heapMegabytes}m", "-Xmx${var.settings.heapMegabytes}m",
        "-server", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35",
        "-XX:+ExplicitGCInvokesConcurrent", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData",
        "-XX:ErrorFile=logs/${name}-crash.log", "-Djava.awt.headless=true",
        "-Dlog4j2.configurationFile=${var.java.log_config}",
        # Where it unpacks its compression libraries; they would stay in the system's folder.
        "-Djava.io.tmpdir=tmp/${name}",
        "-cp", var.java.class_path,
        "kafka.Kafka", "config/${name}.properties",
      ]
      inherit = ["PATH", "HOME", "JAVA_HOME", "TMPDIR"]
      # Java reads the names of folders by it.
      environment = { LC_ALL = "C.UTF-8" }
      folders     = ["data/${name}", "tmp/${name}"]
      files = [{
        path    = "config/${name}.properties"
        content = join("\n", concat([for key, value in local.properties[name] : "${key}=${value}"], [""]))
      }]
      prepare = [{
        command = var.java.program
        args = [
          "-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData",
          "-Dlog4j2.configurationFile=${var.java.log_config}",
          "-cp", var.java.class_path,
          "kafka.tools.StorageTool", "format",
          "--cluster-id", local.cluster_id, "--config", "config/${name}.properties",
        ]
      }]
      ready           = { by = "tcp", port = broker.client }
      timeout_seconds = 60
    }
  }
}

module "topic" {
  source = "../modules/topic"

  bootstrap_servers  = local.bootstrap_servers
  broker_ids         = values(module.brokers.ids)
  name               = local.topic
  node               = var.launcher.node
  partitions         = var.settings.partitions
  project_folder     = var.launcher.project_folder
  replication_factor = var.settings.replicationFactor
}

module "load_generators" {
  source = "../../modules/local-load-generators"

  cleanup_id    = module.cleanup.id
  experiment_id = var.experiment_id
  generators    = var.generators
  launcher      = var.launcher
}
