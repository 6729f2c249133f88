#!/usr/bin/env bash
# The one command: sets up what is missing (dependencies, build), then runs the console. Options are the console's own:
# ./start_vj.sh --help
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)

"$root/scripts/install_deps.sh" build
"$root/scripts/build.sh" release
exec "$root/build/bin/vj_console" "$@"
