variable "cleanup_id" {
  description = "Output of the local-cleanup module that ends these processes."
  type        = string
}

variable "launcher" {
  description = "Node, the project's folder (which holds the launcher), the experiment's run folder, and a token that is new for each apply."
  type = object({
    node           = string
    project_folder = string
    run_folder     = string
    launch_token   = string
  })
}

variable "processes" {
  description = "What to start, by name. Paths of folders, files and ready files are below the run folder."
  type = map(object({
    command         = string
    args            = list(string)
    environment     = optional(map(string), {})
    inherit         = optional(list(string), [])
    folders         = optional(list(string), [])
    files           = optional(list(object({ path = string, content = string })), [])
    prepare         = optional(list(object({ command = string, args = list(string) })), [])
    ready           = object({ by = string, port = optional(number), path = optional(string) })
    timeout_seconds = optional(number, 60)
  }))

  validation {
    condition     = alltrue([for name in keys(var.processes) : can(regex("^[a-z0-9-]+$", name))])
    error_message = "Names of processes hold only lower-case letters, digits and hyphens."
  }

  validation {
    condition     = alltrue([for process in values(var.processes) : contains(["tcp", "file"], process.ready.by)])
    error_message = "A process is ready by tcp (its port accepts connections) or by file (it has written its ready file)."
  }
}
