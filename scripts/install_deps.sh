#!/usr/bin/env bash
# Installs what the project needs on this machine: install_deps.sh [build|test|coverage|bench]
#   build   what it takes to build and run the programs (the default)
#   test    the same, and what the tests use: a terminal multiplexer, linters, peers to talk to
#   coverage, bench   the same as test, and what reads coverage, or the benchmark library
# Quiet and quick when everything is there. Asks for root only when something is missing.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
want=${1:-build}
deps_dir="$root/.deps"

build_packages=(g++ cmake ninja-build pkg-config libzmq3-dev libfmt-dev libsimdjson-dev libtomlplusplus-dev)
test_packages=(doctest-dev tmux procps clang-format-19 python3 python3-zmq
  liblo-tools python3-liblo)
bench_packages=(libbenchmark-dev)

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

packages=("${build_packages[@]}")
case "$want" in
  build) ;;
  test) packages+=("${test_packages[@]}") ;;
  coverage) packages+=("${test_packages[@]}" gcovr) ;;
  bench) packages+=("${test_packages[@]}" "${bench_packages[@]}") ;;
  *) die "install_deps.sh: '$want' is none of build, test, coverage, bench" ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  for tool in g++ cmake ninja pkg-config; do command -v "$tool" >/dev/null || missing_tools+=" $tool"; done
  say "This system has no apt, so nothing was installed for you. VJ Console needs (by their Debian names):"
  say "  ${packages[*]} and FTXUI 5"
  [ -z "${missing_tools:-}" ] || die "Not found here:${missing_tools}. Install them with your own package manager and start again."
  exit 0
fi

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# One question for all of them; only if it says no, one for each.
missing_of() {
  local installed
  installed=" $(dpkg-query -W -f='${Package}=${db:Status-Status} ' "$@" 2>/dev/null || true)"
  local name
  for name in "$@"; do [[ "$installed" == *" $name=installed "* ]] || printf '%s\n' "$name"; done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "Root is needed to install: $*  (there is no sudo here: run it as root, then start again)"
  fi
}

# Runs quietly; what it said is shown only when it fails.
quietly() {
  local log
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

updated=no
apt_update_once() {
  [ "$updated" = no ] || return 0
  quietly as_root apt-get update || die "apt-get update failed; the lines above say why."
  updated=yes
}

apt_install() {
  say "Installing $*"
  apt_update_once
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" ||
    die "apt-get could not install $*; the lines above say why."
}

missing=$(missing_of "${packages[@]}")
# shellcheck disable=SC2086  # a list of package names
[ -z "$missing" ] || apt_install $missing

# FTXUI: a package of newer Debian and Ubuntu releases; elsewhere built once, from Debian's own source of the newer
# release, into .deps/.
ftxui_series=trixie
ftxui_stamp="$deps_dir/ftxui.version"

install_ftxui_from_source() {
  local scratch mirror keyring options
  [ -z "$(missing_of dpkg-dev)" ] || apt_install dpkg-dev
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  mkdir -p "$scratch/lists/partial" "$deps_dir"

  # The machine's own mirror and keyring, whichever way its sources are written.
  mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
    grep -v '^[[:space:]]*#' | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ' || true)
  [ -n "$mirror" ] || die "FTXUI is not packaged here, and no Debian mirror is configured to take its source from. Install FTXUI 5 into $deps_dir/install and start again."
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  options=''
  [ ! -e "$keyring" ] || options="[signed-by=$keyring] "
  printf 'deb-src %s%s %s main\n' "$options" "$mirror" "$ftxui_series" >"$scratch/sources.list"
  local apt_options=(-o "Dir::Etc::sourcelist=$scratch/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$scratch/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=)

  say "Building FTXUI (once, about a minute)"
  quietly apt-get "${apt_options[@]}" update || die "Could not read the list of Debian $ftxui_series; the lines above say why."
  (
    cd "$scratch"
    quietly apt-get "${apt_options[@]}" source --download-only ftxui
    quietly dpkg-source -x ftxui_*.dsc ftxui-src
    quietly cmake -S ftxui-src -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DFTXUI_BUILD_EXAMPLES=OFF \
      -DFTXUI_BUILD_DOCS=OFF -DFTXUI_BUILD_TESTS=OFF -DFTXUI_ENABLE_INSTALL=ON "-DCMAKE_INSTALL_PREFIX=$deps_dir/install"
    quietly cmake --build build
    quietly cmake --install build
  ) || die "FTXUI could not be built; the lines above say why."
  basename "$scratch"/ftxui_*.dsc .dsc >"$ftxui_stamp"
  rm -rf "$scratch"
  trap - EXIT
}

if [ ! -e "$ftxui_stamp" ] && ! is_installed libftxui-dev; then
  apt_update_once
  if apt-cache show libftxui-dev >/dev/null 2>&1; then
    apt_install libftxui-dev
  else
    install_ftxui_from_source
  fi
fi
