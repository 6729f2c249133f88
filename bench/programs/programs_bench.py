#!/usr/bin/env python3
"""Whole programs: how long a start takes, what a quiet console costs, and one that shows sound thirty times
a second, how much memory they keep.

The floor of a start is the same workers started by hand, all at once, without a process manager. The console runs on a
pty of 120x40 beside real workers."""

import fcntl
import os
import pathlib
import pty
import select
import shutil
import signal
import statistics
import struct
import sys
import termios
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(SOURCE / "tests" / "end_to_end"))
os.environ.setdefault("VJ_BUILD_DIR", str(SOURCE / "build-bench"))

from pulse_testing import drums, write_wave  # noqa: E402  (the path comes first)
from vj_testing import BIN, BusTestCase, wait_for  # noqa: E402  (the path comes first)

PAIRS = 5
QUIET_SECONDS = 20
BPM = 125
WORKERS = ("virtualdj_monitor", "osc_debugger", "log_aggregator", "audio_analyzer")  # those that run by default


class System(BusTestCase):
    """A home of its own, as the end-to-end tests use it; not a test."""

    def runTest(self):
        pass

    def until_all_answer(self, names):
        for name in names:
            self.result_of(name, "health_check")

    def stop_all(self):
        for program in self.programs:
            program.stop(signal.SIGTERM)
        self.programs.clear()


def start_with_manager(system):
    began = time.monotonic()
    system.start("workers/process_manager_daemon", "--start-all")
    system.until_all_answer(("process_manager", *WORKERS))
    return time.monotonic() - began


def start_by_hand(system):
    began = time.monotonic()
    for name in WORKERS:
        system.start(f"workers/{name}_worker")
    system.until_all_answer(WORKERS)
    return time.monotonic() - began


def measure_start(system):
    ours, floor = [], []
    for pair in range(PAIRS + 1):  # the first warms up
        for measure, results in ((start_with_manager, ours), (start_by_hand, floor)):
            seconds = measure(system)
            system.stop_all()
            if pair > 0:
                results.append(seconds * 1000)
    return statistics.median(ours), statistics.median(floor)


def cpu_seconds(pid):
    return sum(int(pathlib.Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0])
               for task in os.listdir(f"/proc/{pid}/task")) / 1e9


def resident_kilobytes(pid):
    return next(int(line.split()[1]) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
                if line.startswith("VmRSS"))


def read_for(terminal, seconds):
    """Bytes that came within that time."""
    count, end = 0, time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            count += len(os.read(terminal, 65536))
    return count


def measure_console(system, screen):
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        environment = {**system.environment(), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        os.execve(BIN / "vj_console", ["vj_console", "--screen", screen], environment)
    wait_for(lambda: read_for(terminal, 0.1) >= 0 and all(name in system.registry() for name in WORKERS), "the workers")
    read_for(terminal, 3)
    # The clock shows minutes: not over the end of one.
    while time.time() % 60 > 60 - QUIET_SECONDS - 1:
        read_for(terminal, 0.5)
    before = cpu_seconds(pid)
    drawn = read_for(terminal, QUIET_SECONDS)
    percent = 100 * (cpu_seconds(pid) - before) / QUIET_SECONDS
    memory = resident_kilobytes(pid) / 1024
    os.write(terminal, b"q")
    while True:
        try:
            if not os.read(terminal, 65536):
                break
        except OSError:
            break
    os.waitpid(pid, 0)
    return percent, drawn, memory


def main():
    print(f"{'case':44} {'measured':>12} {'floor':>12} {'target':>12}")
    system = System()
    system.setUp()
    try:
        ours, floor = measure_start(system)
        print(f"{'start until all answer, ms':44} {ours:12.0f} {floor:12.0f} {'<= 400':>12}")
        percent, drawn, memory = measure_console(system, "5")
        print(f"{'quiet console, % of a core':44} {percent:12.3f} {'':12} {'<= 0.1':>12}")
        print(f"{'quiet console, bytes drawn':44} {drawn:12} {'':12} {'0':>12}")
        print(f"{'console, resident MB':44} {memory:12.1f} {'':12} {'<= 12':>12}")
        sound = write_wave(system.home / "drums.wav", drums(BPM, 30))
        system.configure(f"[audio]\ndevice = \"file:{sound}\"\n")
        percent, drawn, _ = measure_console(system, "3")
        print(f"{'Audio screen at 30 Hz, % of a core':44} {percent:12.2f}")
        print(f"{'Audio screen, KB/s drawn':44} {drawn / QUIET_SECONDS / 1000:12.1f}")
        worker = system.start_worker("example_worker")
        print(f"{'example worker, resident MB':44} {resident_kilobytes(worker.pid) / 1024:12.1f} {'':12} {'<= 10':>12}")
        system.stop_all()
    finally:
        system.stop_everything()
        shutil.rmtree(system.home)


if __name__ == "__main__":
    main()
