#!/usr/bin/env bash
# Installs what the end-to-end tests and the benchmark need and the product does not: the real Lambda runtime interface
# client (npm, compiled here), and moto, pre-commit, the SAM and the AWS command line, and DuckDB (PyPI). Quick when everything is there already.
#
#   setup.sh           all of it
#   setup.sh runtime   the runtime interface client alone
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
export PATH="$root/node_modules/.bin:$PATH"
# Inside node_modules: SAM, git and Biome all leave that name alone.
python=node_modules/.cache/python

install_packages() {
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -q >&2
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -yq --no-install-recommends "$@" >&2
}

fresh() { # stamp-file source-file: was this very source installed?
  [ -f "$1" ] && cmp -s "$1" "$2"
}

# The client's native part uses Node's stable C interface only, so that headers of another Node do as well.
node_headers() {
  local prefixes=("${npm_config_nodedir:-}") node
  while read -r node; do prefixes+=("$(dirname "$(dirname "$(readlink -f "$node")")")"); done < <(type -ap node)
  for prefix in "${prefixes[@]}" /usr /usr/local; do
    if [ -n "$prefix" ] && [ -f "$prefix/include/node/node.h" ]; then
      echo "$prefix"
      return
    fi
  done
  install_packages libnode-dev
  echo /usr
}

if ! fresh node_modules/.installed package-lock.json; then
  missing=()
  command -v cmake >/dev/null || missing+=(cmake)
  command -v g++ >/dev/null || missing+=(g++)
  command -v make >/dev/null || missing+=(make)
  command -v xz >/dev/null || missing+=(xz-utils)
  command -v python3 >/dev/null || missing+=(python3)
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
  echo 'installing the Lambda runtime interface client'
  npm_config_nodedir=$(node_headers) npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed
fi

[ "${1:-all}" = all ] || exit 0

if ! fresh "$python/.installed" requirements.txt; then
  python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
  echo 'installing moto, pre-commit, the SAM and the AWS command line, DuckDB'
  python3 -m venv --clear "$python"
  "$python/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt
  cp requirements.txt "$python/.installed"
fi
