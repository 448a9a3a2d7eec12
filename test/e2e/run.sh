#!/usr/bin/env bash
# The end-to-end tests: the bundle that SAM builds, under the real runtime interface client, with the real SDK over HTTP.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
bash "$here/setup.sh"
export PATH="$PWD/node_modules/.bin:$here/node_modules/.cache/python/bin:$PATH"
export SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1
sam validate --lint
sam build
npm run --silent build
exec node "$here/run.ts" "$@"
