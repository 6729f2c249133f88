#!/usr/bin/env bash
# Installs what the project needs on this machine: install_deps.sh [build|test|coverage|bench|fuzz]
#   build   what it takes to build and run the programs (the default)
#   test    the same, and what the tests use: a terminal multiplexer, linters, peers to talk to
#   coverage, bench, fuzz   the same as test, and what reads coverage, or the peers of benchmarks, or a fuzzing compiler
# Quiet and quick when everything is there. Asks for root only when something is missing.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
want=${1:-build}
deps_dir="$root/.deps"

build_packages=(g++ cmake ninja-build pkg-config libzmq3-dev libfmt-dev libsimdjson-dev libtomlplusplus-dev
  libfftw3-dev libsndfile1-dev)
test_packages=(doctest-dev tmux procps clang-format-19 python3 python3-zmq
  liblo-tools python3-liblo pulseaudio pulseaudio-utils)
fuzz_packages=(clang-19 libclang-rt-19-dev)
bench_packages=(libbenchmark-dev liblo-dev python3-numpy python3-aubio)

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

packages=("${build_packages[@]}")
case "$want" in
  build) ;;
  test) packages+=("${test_packages[@]}") ;;
  coverage) packages+=("${test_packages[@]}" gcovr) ;;
  bench) packages+=("${test_packages[@]}" "${bench_packages[@]}") ;;
  fuzz) packages+=("${test_packages[@]}" "${fuzz_packages[@]}") ;;
  *) die "install_deps.sh: '$want' is none of build, test, coverage, bench, fuzz" ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  for tool in g++ cmake ninja pkg-config; do command -v "$tool" >/dev/null || missing_tools+=" $tool"; done
  say "This system has no apt, so nothing was installed for you. VJ Console needs (by their Debian names):"
  say "  ${packages[*]}, FTXUI 5 and miniaudio 0.11"
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

# FTXUI and miniaudio are packages of newer Debian and Ubuntu releases. Elsewhere they come once from Debian's newer
# release into .deps/: FTXUI built from its source, miniaudio as it is, being one header.
newer_series=trixie
ftxui_stamp="$deps_dir/ftxui.version"
miniaudio_stamp="$deps_dir/miniaudio.version"

scratch=
trap '[ -z "$scratch" ] || rm -rf "$scratch"' EXIT

# Reads the newer release's list of kind deb or deb-src into a scratch folder; apt_options then use it and nothing of
# the system's own lists.
open_newer_release() {
  local kind=$1 what=$2 mirror keyring options target
  scratch=$(mktemp -d)
  mkdir -p "$scratch/lists/partial" "$deps_dir"

  # The machine's own mirror and keyring, whichever way its sources are written.
  mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
    grep -v '^[[:space:]]*#' | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ' || true)
  [ -n "$mirror" ] || die "$what is not packaged here, and no Debian mirror is configured to take it from. Install $what into $deps_dir/install and start again."
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  options=''
  [ ! -e "$keyring" ] || options="[signed-by=$keyring] "
  printf '%s %s%s %s main\n' "$kind" "$options" "$mirror" "$newer_series" >"$scratch/sources.list"
  apt_options=(-o "Dir::Etc::sourcelist=$scratch/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$scratch/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=
    -o Acquire::Languages=none)
  # What other programs want of every list (apt-file its contents, AppStream its pictures) is large, and not for us.
  while read -r target; do
    apt_options+=(-o "Acquire::IndexTargets::$target::DefaultEnabled=false")
  done < <(apt-config dump | sed -n 's/^Acquire::IndexTargets::\(deb[a-z-]*::[^:]*\)::MetaKey .*/\1/p' | grep -Ev '::(Packages|Sources)$')
  quietly apt-get "${apt_options[@]}" update || die "Could not read the list of Debian $newer_series; the lines above say why."
}

close_newer_release() {
  rm -rf "$scratch"
  scratch=
}

install_ftxui_from_source() {
  [ -z "$(missing_of dpkg-dev)" ] || apt_install dpkg-dev
  say "Building FTXUI (once, about a minute)"
  open_newer_release deb-src FTXUI
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
  close_newer_release
}

install_miniaudio_header() {
  say "Fetching miniaudio"
  open_newer_release deb miniaudio
  (
    cd "$scratch"
    # The package's dependencies are those of the newer release, and a header has no use for them.
    quietly apt-get "${apt_options[@]}" -o Dir::State::status=/dev/null download libminiaudio-dev
    quietly dpkg -x libminiaudio-dev_*.deb unpacked
    mkdir -p "$deps_dir/install/include"
    cp unpacked/usr/include/miniaudio.h "$deps_dir/install/include/"
  ) || die "miniaudio could not be fetched; the lines above say why."
  basename "$scratch"/libminiaudio-dev_*.deb .deb >"$miniaudio_stamp"
  close_newer_release
}

# install_newer PACKAGE STAMP FUNCTION: from this release where it has it, else by the function.
install_newer() {
  [ ! -e "$2" ] && ! is_installed "$1" || return 0
  apt_update_once
  if apt-cache show "$1" >/dev/null 2>&1; then apt_install "$1"; else "$3"; fi
}

install_newer libftxui-dev "$ftxui_stamp" install_ftxui_from_source
install_newer libminiaudio-dev "$miniaudio_stamp" install_miniaudio_header
