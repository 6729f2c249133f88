#!/usr/bin/env bash
# Checks every file of ours: layout by clang-format, and with "lint.sh tidy" also clang-tidy over the dev build.
set -euo pipefail
cd "$(dirname "$0")/.."

need() {
  command -v "$1" >/dev/null && return
  echo "lint.sh: there is no $1; install it (Debian: apt-get install $1)" >&2
  exit 1
}

need clang-format-19
mapfile -t files < <(git ls-files 'src/*.cpp' 'src/*.hpp' 'tests/*.cpp' 'tests/*.hpp' 'bench/*.cpp' 'bench/*.hpp')
clang-format-19 --dry-run --Werror "${files[@]}"
echo "clang-format: ${#files[@]} files as they should be"

if [ "${1:-}" = tidy ]; then
  need clang-tidy-19
  mapfile -t sources < <(git ls-files 'src/*.cpp' | grep -v '_test\.cpp$')
  printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy-19 --quiet -p build-dev 2>/dev/null
  echo "clang-tidy: ${#sources[@]} files without a finding"
fi
