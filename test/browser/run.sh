#!/usr/bin/env bash
# The HTML report in a real browser: Debian's Chromium, installed on first use (which needs root).
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${CHROMIUM:-}" ] && ! command -v chromium >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
fi
exec npx jest --config test/browser/jest.config.json "$@"
