"""Ends what a test run leaves behind, however the run itself ended: guardian.py MARK, with a pipe as standard input that only
the run holds. When the run is over, every process that has MARK in its environment is killed, until none is left, and its
folders are removed. vj_testing starts one for each run; nothing here is decided by a name."""

import os
import pathlib
import shutil
import signal
import sys
import tempfile

VARIABLE = "VJ_TEST_RUN"


def marked(mark):
    wanted = f"{VARIABLE}={mark}".encode()
    found = []
    for folder in pathlib.Path("/proc").iterdir():
        try:
            is_marked = folder.name.isdigit() and wanted in (folder / "environ").read_bytes().split(b"\0")
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0] if is_marked else "Z"
        except OSError:
            continue  # somebody else's, or gone
        if state not in "ZX":
            found.append(int(folder.name))
    return found


def end_all(mark):
    # Again until none is left: one that was about to be killed may have forked.
    while pids := marked(mark):
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it went meanwhile


def main(mark):
    while os.read(0, 1):
        pass
    end_all(mark)
    for folder in pathlib.Path(tempfile.gettempdir()).glob(f"vj-e2e-{mark}-*"):
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
