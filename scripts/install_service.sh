#!/usr/bin/env bash
# Makes the process manager a service of the systemd user session: it starts with the login, is watched by systemd, and
# stays when a console quits.
#
#   scripts/install_service.sh [install]     writes the unit, enables and starts it; again after the project has moved
#   scripts/install_service.sh uninstall     stops it and the workers, and removes the unit
#
# VJ_HOME, where it is set, becomes the service's home; VJ_BUILD_DIR says which build it runs (default: build/).
set -euo pipefail
cd "$(dirname "$0")/.."

name=vj-process-manager.service
folder=${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user
unit=$folder/$name
build=$(realpath -m "${VJ_BUILD_DIR:-build}")
daemon=$build/bin/workers/process_manager_daemon

fail() {
  printf 'install_service.sh: %s\n' "$@" >&2
  exit 1
}

need_session() {
  command -v systemctl >/dev/null ||
    fail "there is no systemd here." "Start the show with ./start_vj.sh: the console starts the process manager itself."
  systemctl --user show-environment >/dev/null 2>&1 ||
    fail "this user has no systemd session (systemctl --user does not answer)." \
      "Log in on the console or by ssh rather than by su or sudo; or use ./start_vj.sh, which needs none."
}

# In a unit % begins a specifier.
quoted() { printf '"%s"' "${1//%/%%}"; }

write_unit() {
  mkdir -p "$folder"
  {
    printf '[Unit]\nDescription=VJ Console process manager\n'
    printf 'Documentation=file://%s\n' "$(realpath docs/operating.md | sed 's/%/%%/g; s/ /%%20/g')"
    # Every restart counts on the show going on, so there is no number of them after which to give up.
    printf 'StartLimitIntervalSec=0\n'
    printf '\n[Service]\nType=notify\nNotifyAccess=main\n'
    printf 'ExecStart=%s --service\n' "$(quoted "$daemon")"
    if [ -n "${VJ_HOME:-}" ]; then printf 'Environment=%s\n' "$(quoted "VJ_HOME=$(realpath -m "$VJ_HOME")")"; fi
    printf 'WatchdogSec=30\nRestart=always\nRestartSec=1\n'
    # A wrong configuration is not mended by another start.
    printf 'RestartPreventExitStatus=78\n'
    # The workers outlive a process manager that crashes, and its successor adopts them.
    printf 'KillMode=process\n'
    printf '\n[Install]\nWantedBy=default.target\n'
  } >"$unit.new"
  mv "$unit.new" "$unit"
}

install() {
  [ -x "$daemon" ] || fail "there is no $daemon." "Build first: ./start_vj.sh does, or scripts/build.sh release."
  case "$daemon${VJ_HOME:-}" in
    *[\"\'\\]*) fail "systemd takes no quotes and no backslash in a path: $daemon ${VJ_HOME:-}" ;;
  esac
  need_session
  write_unit
  systemctl --user daemon-reload
  systemctl --user enable --quiet "$name"
  # Whichever runs already makes way for the one of this build, and its workers run on.
  "$build/bin/vjctl" handover >/dev/null 2>&1 || true
  if ! systemctl --user start "$name"; then
    fail "the service does not start; see: journalctl --user -u $name"
  fi
  echo "The process manager runs as $name. See it:  systemctl --user status $name"
  local user
  user=$(id -un)  # $USER is not set everywhere
  if command -v loginctl >/dev/null && [ "$(loginctl show-user "$user" -p Linger --value 2>/dev/null)" != yes ]; then
    echo "It ends when you log out. To keep it:  loginctl enable-linger $user"
  fi
}

uninstall() {
  need_session
  if [ ! -e "$unit" ]; then
    echo "$name is not installed."
    return
  fi
  systemctl --user disable --quiet --now "$name"
  rm -f "$unit"
  systemctl --user daemon-reload
  echo "$name is removed, and the workers are stopped. ./start_vj.sh starts the show without it."
}

case "${1:-install}" in
  install) install ;;
  uninstall) uninstall ;;
  *) fail "install or uninstall, not '$1'" ;;
esac
