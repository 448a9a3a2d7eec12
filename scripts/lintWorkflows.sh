#!/usr/bin/env bash
# actionlint over every workflow, those that the pages show included. It is written in Go: where there is none, that is said.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v go >/dev/null; then
  echo 'actionlint was left out: it needs Go; job workflows of .github/workflows/ci.yml runs it'
  exit 0
fi
go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 -no-color .github/workflows/*.yml docs/examples/*-workflow.yml
echo 'actionlint finds nothing'
