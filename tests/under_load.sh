#!/bin/sh
# Shows that the gate doesn't depend on a quiet machine: the unit tests ten times and the gate three times, or as often as is
# given, while stress-ng keeps every core busy. `sh tests/under_load.sh [UNIT_RUNS [GATE_RUNS]]`
set -eu
cd -- "$(dirname -- "$(readlink -f -- "$0")")/.."
command -v stress-ng >/dev/null || { echo "tests/under_load.sh needs stress-ng: apt install stress-ng" >&2; exit 2; }
stress-ng --cpu "$(nproc)" --quiet &
load=$!
trap 'kill "$load"' EXIT
trap 'exit 130' INT TERM HUP
run() { # TIER TIMES
    number=1
    while [ "$number" -le "$2" ]; do
        echo "== $1, run $number of $2"
        ./test "$1"
        kill -0 "$load" || { echo "stress-ng has ended." >&2; exit 2; }
        number=$((number + 1))
    done
}
run unit "${1:-10}"
run gate "${2:-3}"
echo "All runs passed under load."
