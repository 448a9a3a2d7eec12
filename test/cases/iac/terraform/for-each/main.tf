variable "trails" {
  type    = map(object({ allowed = string }))
  default = { audit = { allowed = "audit" }, data = { allowed = "audit" } }
}

provider "aws" {
  region = "eu-west-1"
}

resource "aws_kms_key" "audit" {
  enable_key_rotation = true
  for_each            = var.trails
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Account", Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:*", Resource = "*" },
      {
        Sid       = "CloudTrail"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = ["kms:GenerateDataKey*", "kms:DescribeKey"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceArn" = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/${each.value.allowed}" } }
      },
    ]
  })
}

resource "aws_cloudtrail" "each" {
  for_each       = var.trails
  name           = each.key
  s3_bucket_name = "audit-logs"
  kms_key_id     = aws_kms_key.audit[each.key].arn
}
