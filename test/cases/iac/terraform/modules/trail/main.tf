variable "name" { type = string }
variable "key_arn" { type = string }

resource "aws_cloudtrail" "this" {
  name           = var.name
  s3_bucket_name = "audit-logs"
  kms_key_id     = var.key_arn
}
