output "deploy_role_arn" {
  description = "Variable DEPLOY_ROLE_ARN of the repository."
  value       = aws_iam_role.deploy.arn
}

output "image_role_arn" {
  description = "Variable IMAGE_ROLE_ARN of the repository."
  value       = aws_iam_role.image.arn
}

output "permissions_boundary_arn" {
  description = "Setting of the service by the same name."
  value       = aws_iam_policy.boundary.arn
}

output "repositories" {
  description = "Repositories of the images: their ARNs are a setting of the service."
  value       = { for name, repository in aws_ecr_repository.this : name => { url = repository.repository_url, arn = repository.arn } }
}

output "state_bucket" {
  description = "Variable STATE_BUCKET of the repository."
  value       = module.state.name
}
