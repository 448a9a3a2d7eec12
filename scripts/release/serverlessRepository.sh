#!/usr/bin/env bash
# The application for the AWS Serverless Application Repository, from the archive of a release: what its functions and its
# template are is uploaded to BUCKET; with `publish` the repository is told of it, otherwise the template is left to look at.
#
#   BUCKET=name bash scripts/release/serverlessRepository.sh [publish]
set -euo pipefail
cd "$(dirname "$0")/../../dist/release"
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
python3 -m zipfile --extract cloudtrail-kms-rule-*-sam.zip "$unpacked"
sam package --template-file "$unpacked/template.yaml" --s3-bucket "${BUCKET:?the bucket that keeps the application}" \
  --s3-prefix cloudtrail-kms-rule --output-template-file ../packaged.yaml
if [ "${1:-}" = publish ]; then
  sam publish --template ../packaged.yaml
fi
