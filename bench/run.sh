#!/usr/bin/env bash
# Builds every benchmark in the bench preset and runs it; a table per benchmark goes to standard output.
#
#   bench/run.sh [NAME…]      all of them, or those named (bus, programs, …)
#
# Every row stands beside its floor or peer, measured in the same run: numbers of two machines, or of two moments on one
# machine, do not compare.
set -euo pipefail
cd "$(dirname "$0")/.."

cmake --preset bench >/dev/null
cmake --build --preset bench >&2

status=0
for program in build-bench/bin/bench/*_bench bench/*/*_bench.py; do
  name=$(basename "${program%.py}" _bench)
  if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then continue; fi
  echo "== $name"
  command=("$program")
  # Not whichever python3 comes first on PATH: pyzmq and liblo are the system's own.
  case $program in *.py) command=(/usr/bin/python3 "$program") ;; esac
  "${command[@]}" || { echo "$name failed" >&2; status=1; }
  echo
done
exit $status
