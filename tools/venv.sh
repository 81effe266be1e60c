#!/usr/bin/env bash
# Makes .venv, or brings it up to date: tools/venv.sh run|dev. PYTHON names another interpreter than python3.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:?use: tools/venv.sh run|dev}
log=.venv/install-$kind.log

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

find_python() {
  local name
  for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14}; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  fail "Python 3.11 or newer is needed, and ${PYTHON:-python3} is $("${PYTHON:-python3}" --version 2>&1 || true)." \
    "On Debian 12 and Ubuntu 24.04: apt install python3 python3-venv; else make PYTHON=/path/to/python3.11 …"
}

make_venv() {
  local python
  python=$(find_python)
  "$python" -c 'import venv, ensurepip' 2>/dev/null ||
    fail "Python's venv module is not installed." "On Debian and Ubuntu: apt install python3-venv"
  echo "· making .venv with $("$python" --version) …"
  "$python" -m venv --clear .venv
}

# One line that says how far pip is, where a person looks; everything is in the log.
progress() {
  if [ -t 1 ]; then
    awk -v total="$1" '/^(Collecting|Requirement already satisfied:)/ {
        n++; split($0, word, /[ =(]+/); printf "\r· %d of %d: %s\033[K", n, total, word[word[1] == "Collecting" ? 2 : 4]; fflush() }
      /^Installing collected/ { printf "\r· putting them in place …\033[K"; fflush() }
      END { printf "\r\033[K" }'
  else
    cat >/dev/null
  fi
}

install() {
  .venv/bin/python -m pip --disable-pip-version-check --no-input install "$@" 2>&1 | tee -a "$log" | progress "$count" ||
    fail "$(tail -n 5 "$log")" "The installation did not work: see $log."
}

.venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || make_venv
: >"$log"
count=$(grep -c '^[a-z0-9].*==' "requirements/$kind.txt")
echo "· installing $count packages into .venv …"
install --require-hashes -r "requirements/$kind.txt"
if [ "$kind" = run ]; then
  install --require-hashes -r requirements/build.txt
  install --no-deps --no-build-isolation --editable .
fi
touch ".venv/.$kind-env"
