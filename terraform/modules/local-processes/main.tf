# Processes on this machine. Terraform cannot judge whether a process lives, so launch_token replaces them all at each
# apply, and the launcher ends a predecessor before it starts anything.
resource "terraform_data" "process" {
  for_each = var.processes

  triggers_replace = {
    cleanup = var.cleanup_id
    token   = var.launcher.launch_token
    spec    = sha256(jsonencode(each.value))
  }

  provisioner "local-exec" {
    interpreter = [var.launcher.node, "${var.launcher.project_folder}/terraform/modules/local-processes/launcher.ts", "start"]
    command     = "${var.launcher.run_folder}/processes/${each.key}.json"
    environment = {
      COMPARATOR_LAUNCH = jsonencode({
        name           = each.key
        command        = each.value.command
        args           = each.value.args
        environment    = each.value.environment
        inherit        = each.value.inherit
        folders        = each.value.folders
        files          = each.value.files
        prepare        = each.value.prepare
        ready          = { for name, value in each.value.ready : name => value if value != null }
        timeoutSeconds = each.value.timeout_seconds
      })
    }
  }
}
