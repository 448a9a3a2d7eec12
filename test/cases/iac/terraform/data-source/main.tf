provider "aws" {
  region = "eu-west-1"
}

data "aws_kms_alias" "shared" {
  name = "alias/shared-audit"
}

resource "aws_cloudtrail" "audit" {
  name                       = "audit"
  s3_bucket_name             = "audit-logs"
  is_multi_region_trail      = true
  enable_log_file_validation = true
  kms_key_id                 = data.aws_kms_alias.shared.target_key_arn
}
