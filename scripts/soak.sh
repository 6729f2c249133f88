#!/usr/bin/env bash
# An hour of chaos: a show of its own, in which once a second a worker, the process manager or the console is killed or
# stopped. Ends with a report, and with 1 where anything was lost, doubled, leaked or did not come back.
#
#   scripts/soak.sh [SECONDS [SEED]]     3600 seconds; a seed repeats the same order of misfortunes
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_deps.sh test
scripts/build.sh release
export VJ_BUILD_DIR=${VJ_BUILD_DIR:-$PWD/build} PYTHONDONTWRITEBYTECODE=1
exec /usr/bin/python3 tests/end_to_end/test_soak.py "${1:-3600}" "${@:2}"
