#!/usr/bin/env bash
# Runs every test in a build that counts, and says which share of each folder's lines they ran; the pages with every line
# are in build-coverage/coverage/.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v gcovr >/dev/null || scripts/install_deps.sh coverage
scripts/build.sh coverage
find build-coverage -name '*.gcda' -delete
ctest --preset coverage --parallel "$(nproc)" --progress
mkdir -p build-coverage/coverage
gcovr --root . --object-directory build-coverage --filter 'src/' --exclude '.*_test\.cpp' --exclude-unreachable-branches \
  --html-details build-coverage/coverage/index.html --txt build-coverage/coverage/summary.txt -j "$(nproc)"
tail -n +6 build-coverage/coverage/summary.txt | cut -c1-90
