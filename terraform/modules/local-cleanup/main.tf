# Ends everything that the experiment started on this machine. Every process depends on this resource, so it is created
# first and destroyed last, and it cannot be tainted, for its only provisioner runs at destroy. That provisioner reads
# the environment that the comparator gives every terraform: an imported resource has no values of its own.
resource "terraform_data" "cleanup" {
  provisioner "local-exec" {
    when        = destroy
    interpreter = ["/bin/sh", "-c"]
    command     = "exec \"$COMPARATOR_NODE\" \"$COMPARATOR_LAUNCHER\" stop-all"
  }
}
