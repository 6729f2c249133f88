#!/usr/bin/env bash
# Builds a preset: build.sh [release|dev|asan|tsan|bench]. Says nothing when nothing is to be done; shows the compiler's
# words only when it fails.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}
folder=build-$preset
[ "$preset" != release ] || folder=build

# A log of its own: a build folder may not exist yet.
log=$(mktemp)
trap 'rm -f "$log"' EXIT

fail() {
  grep -E -A 12 'error:|CMake Error|^FAILED' "$log" >&2 || tail -n 40 "$log" >&2
  echo "The $preset build failed; the lines above say why." >&2
  exit 1
}

if [ ! -f "$folder/build.ninja" ]; then
  cmake --preset "$preset" >"$log" 2>&1 || { rm -f "$folder/build.ninja"; fail; }
fi

# What there is to do, without doing it: a person who waits for minutes should know why.
if ninja -C "$folder" -n 2>/dev/null | grep -q 'no work to do'; then exit 0; fi
[ -x "$folder/bin/vj_console" ] || echo "Building VJ Console (the first time takes a few minutes)" >&2
cmake --build --preset "$preset" >"$log" 2>&1 || fail
