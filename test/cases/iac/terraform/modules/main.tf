provider "aws" {
  region = "eu-west-1"
}

module "key" {
  source = "./key"
  trails = ["audit"]
}

module "audit" {
  source  = "./trail"
  name    = "audit"
  key_arn = module.key.arn
}

module "data" {
  source  = "./trail"
  name    = "data"
  key_arn = module.key.arn
}
