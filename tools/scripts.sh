#!/usr/bin/env bash
# The types of the pages' scripts, by their JSDoc, where node is; on CI it must be. Users need no node.
set -euo pipefail
cd "$(dirname "$0")/vendor"

left_out() {
  echo "left out: the types of the scripts; for want of: $1"
  [ "${CI:-}" != true ] || { echo "on CI nothing is left out" >&2; exit 1; }
  exit 0
}

command -v npm >/dev/null || left_out "apt install npm"
[ node_modules/.package-lock.json -nt package-lock.json ] ||
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || left_out "npm's packages"
node_modules/.bin/tsc -p .
