#!/usr/bin/env python3
"""Checks every #include line below src/ against the table of who may include whom, and of which folder alone may touch
a library. A linker does not notice headers; this does."""

import pathlib
import re
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent / "src"

# A folder may include itself and what stands here, nothing else of ours. Programs (last) may include every module,
# never another program.
MODULES = {
    "base": [],
    "supervision": ["base"],
    "playback": ["base"],
    "audio": ["base"],
    "osc": ["base"],
    "platform": ["base"],
    "config": ["base"],
    "wire": ["supervision", "playback", "audio", "osc", "base"],
    "osc_io": ["osc", "config", "platform", "base"],
    "osc_out": ["osc_io", "osc", "vj_bus", "wire", "config", "platform", "base"],
    "vj_bus": ["wire", "config", "platform", "base"],
    "supervisor_host": ["supervision", "osc_out", "osc", "vj_bus", "wire", "config", "platform", "base"],
}

# Header prefix -> the only folders that may include it.
LIBRARIES = {
    "ftxui/": ["console"],
    "zmq": ["vj_bus"],
    "toml++/": ["config"],
    "simdjson": ["wire"],
    "fmt/": ["base"],
    "fftw3": ["audio"],
    "miniaudio": ["platform"],
    "sndfile": ["platform"],
}
POSIX = re.compile(r"^(sys/(?!types)|unistd|fcntl|spawn|poll|signal|termios|pty|netinet/|arpa/|sched|dirent|cerrno|errno)")
# errno and system calls stay in platform/; a test may do as it likes.
POSIX_FOLDERS = ["platform"]

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def folder_of(path):
    parts = path.relative_to(SOURCE).parts
    return "/".join(parts[:2]) if parts[0] == "workers" else parts[0]


def problems_of(path):
    here = folder_of(path)
    allowed = set(MODULES.get(here, MODULES)) | {here}
    is_test = path.stem.endswith("_test")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        bracket, header = match.groups()
        if bracket == '"':
            if header.startswith("support/") and is_test:
                continue
            if not (SOURCE / header).is_file():
                yield number, f'"{header}" is not spelled from src/'
                continue
            there = folder_of(SOURCE / header)
            if there not in allowed:
                yield number, f'{here} may not include "{header}"'
            continue
        for prefix, owners in LIBRARIES.items():
            if header.startswith(prefix) and here not in owners:
                yield number, f"only {', '.join(owners)} may include <{header}>"
        if POSIX.match(header) and here not in POSIX_FOLDERS and not is_test:
            yield number, f"only platform may include <{header}>"


def main():
    files = sorted(p for p in SOURCE.rglob("*") if p.suffix in {".cpp", ".hpp"})
    found = 0
    for path in files:
        for number, problem in problems_of(path):
            print(f"{path.relative_to(SOURCE.parent)}:{number}: {problem}")
            found += 1
    print(f"{len(files)} files read, {found} includes against the rules")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
