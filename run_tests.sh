#!/usr/bin/env bash
# Sets up what is missing, builds, and runs the tests: run_tests.sh [quick|full|coverage]
#   quick     unit tests and rules, in the dev build
#   full      everything: the same, the end-to-end tests, and both again under the address sanitizer (the default)
#   coverage  everything once, and which lines it ran
set -euo pipefail
cd "$(dirname "$0")"
mode=${1:-full}

build() { scripts/build.sh "$1"; }

# More than there are cores: the end-to-end tests have homes and ports of their own, and mostly wait.
run() {
  local preset=$1
  shift
  echo "== $preset"
  ctest --preset "$preset" --parallel "$((2 * $(nproc)))" --progress "$@"
}

case "$mode" in
  quick)
    scripts/install_deps.sh test
    build dev
    run dev --label-exclude end_to_end
    ;;
  full)
    scripts/install_deps.sh test
    build release
    build dev
    run dev
    build asan
    run asan
    ;;
  coverage)
    scripts/install_deps.sh test
    scripts/coverage.sh
    ;;
  *)
    echo "run_tests.sh: '$mode' is none of quick, full, coverage" >&2
    exit 2
    ;;
esac
