output "arn" {
  description = "ARN of the stream."
  value       = aws_kinesis_stream.this.arn
}

output "consumer_arns" {
  description = "ARNs of the consumers with enhanced fan-out."
  value       = aws_kinesis_stream_consumer.this[*].arn
}

output "name" {
  description = "Name of the stream."
  value       = aws_kinesis_stream.this.name
}
