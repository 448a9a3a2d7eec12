#!/usr/bin/env bash
# The end-to-end tests: the bundle that SAM builds, under the real runtime interface client, with the real SDK over HTTP.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
bash "$here/setup.sh"
export PATH="$PWD/node_modules/.bin:$here/node_modules/.cache/python/bin:$PATH"
export SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1
# The packs are no templates of SAM's, and the others need no transform: cfn-lint knows them all.
cfn-lint template.yaml deploy/*.yaml deploy/*/*.yaml
sam validate --lint
sam validate --lint --template deploy/central.yaml
sam validate --lint --template deploy/remediation/runbooks.yaml
sam build
for environment in central hook runbooks; do sam build --config-env "$environment"; done
npm run --silent build
exec node "$here/run.ts" "$@"
