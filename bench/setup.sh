#!/usr/bin/env bash
# Installs the other lab tools with which the benchmark compares; an unavailable tool is reported as absent, also by the benchmark.
# Safe to run again: each step checks whether it is needed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly VENV=$PWD/.tools/bench
readonly IFSTATE_VERSION=2.5.1

mininet() {
  if /usr/bin/python3 -c 'import mininet' 2>/dev/null && command -v brctl >/dev/null; then
    printf '  ok   mininet\n'
    return
  fi
  printf '  ..   mininet: installing\n'
  local as_root=()
  ((EUID == 0)) || as_root=(sudo -n)
  # Without recommended packages: the benchmark does not need Open vSwitch, and no daemon may start on the machine.
  "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
      apt-get install -y -qq --no-install-recommends mininet bridge-utils >/dev/null ||
    printf '  !!   mininet: not to be had here\n'
}

ifstate() {
  if [[ -x $VENV/bin/ifstatecli ]]; then
    printf '  ok   ifstate\n'
    return
  fi
  printf '  ..   ifstate %s: installing\n' "$IFSTATE_VERSION"
  python3 -m venv "$VENV" && "$VENV/bin/pip" install --quiet "ifstate==$IFSTATE_VERSION" ||
    printf '  !!   ifstate: not to be had here\n'
}

mininet
ifstate
