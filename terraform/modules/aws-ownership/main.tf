# What every AWS resource of an experiment is called and tagged with, so that it can be found without a state. A name is
# at most 53 characters long: 11 are left, of the 64 that a role may have, for what a resource adds.
locals {
  name = "cmp-${var.installation_id}-${var.experiment_id}"

  tags = {
    "comparator:installation" = var.installation_id
    "comparator:experiment"   = var.experiment_id
    "comparator:expires"      = var.expires_at
  }
}
