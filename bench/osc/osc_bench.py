#!/usr/bin/env python3
"""What hearing OSC costs while it is loud: the debugger at 20,000 messages a second, the console's OSC screen at 500.

Sends real datagrams to the tap, evenly in slices of 5 ms. Percent are of one core, over all threads of the program."""

import fcntl
import os
import pathlib
import pty
import select
import shutil
import signal
import socket
import statistics
import struct
import sys
import termios
import threading
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(SOURCE / "tests" / "end_to_end"))
os.environ.setdefault("VJ_BUILD_DIR", str(SOURCE / "build-bench"))

from osc_testing import free_udp_ports, packet, start_debugger  # noqa: E402  (the path comes first)
from vj_testing import BIN, BusTestCase, wait_for  # noqa: E402

ROUNDS = 5
LOUD, BUSY = 20_000, 500  # messages a second
SECONDS = 4
# As an analyzer sends them: some addresses in turns, and no value as the one before.
ADDRESSES = {"/audio/levels": 8, "/audio/pulse": 3, "/audio/phase": 2, "/audio/pitch": 2}
MESSAGES = [packet(address, "f" * count, struct.pack(f">{count}f", *(((i * 37 + k * 11) % 101) / 101 for k in range(count))))
            for i in range(97) for address, count in ADDRESSES.items()]
SLICE = 0.005


class System(BusTestCase):
    """A home of its own, as the end-to-end tests use it; not a test."""

    def runTest(self):
        pass


class Traffic:
    """Messages at an even rate, from a thread of its own, until it is left."""

    def __init__(self, port, per_second):
        self.port, self.per_second = port, per_second
        self.sent = 0
        self.end = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.connect(("127.0.0.1", self.port))
            began = time.monotonic()
            while not self.end.wait(SLICE):
                due = int((time.monotonic() - began) * self.per_second)
                while self.sent < due:
                    udp.send(MESSAGES[self.sent % len(MESSAGES)])
                    self.sent += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.end.set()
        self.thread.join()


def cpu_seconds(pid):
    return sum(int(pathlib.Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0])
               for task in os.listdir(f"/proc/{pid}/task")) / 1e9


def resident_megabytes(pid):
    return next(int(line.split()[1]) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
                if line.startswith("VmRSS")) / 1024


def row(name, measured, target):
    print(f"{name:52} {measured:>12} {target:>12}", flush=True)


def measure_debugger(system, tap):
    worker = start_debugger(system)

    def counts():
        answer = system.result_of("osc_debugger", "get_messages", {"limit": 0})
        return answer["total_count"], answer["dropped"]

    percents, memory, sent = [], [], 0
    for _ in range(ROUNDS + 1):  # the first fills the ring
        with Traffic(tap, LOUD) as traffic:
            before, began = cpu_seconds(worker.pid), time.monotonic()
            time.sleep(SECONDS)
            percents.append(100 * (cpu_seconds(worker.pid) - before) / (time.monotonic() - began))
        sent += traffic.sent
        wait_for(lambda: sum(counts()) >= sent, "every message heard or counted as dropped")
        memory.append(resident_megabytes(worker.pid))
    total, dropped = counts()
    row(f"debugger at {LOUD} messages/s, % of a core", f"{statistics.median(percents[1:]):.1f}", "<= 15")
    row("  sent, less heard, less counted as dropped", str(sent - total - dropped), "0")
    row("  dropped", str(dropped), "")
    row("  memory that it grew by, MB", f"{memory[-1] - memory[0]:.2f}", "< 1")
    worker.stop()


class Console:
    """On a pty of 120x40, with everything that it draws counted and thrown away."""

    def __init__(self, system, *arguments):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
            environment = {**system.environment(), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            os.execve(BIN / "vj_console", ["vj_console", "--no-auto-start", *arguments], environment)

    def press(self, key):
        os.write(self.terminal, key)

    def drawn_in(self, seconds):
        """Bytes that came within that time."""
        count, end = 0, time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.terminal], [], [], left)[0]:
                count += len(os.read(self.terminal, 65536))
        return count

    def measure(self):
        """Percent of a core and bytes a second; not over the end of a minute, when the clock changes."""
        while time.time() % 60 > 60 - SECONDS - 1:
            self.drawn_in(0.5)
        before, began = cpu_seconds(self.pid), time.monotonic()
        drawn = self.drawn_in(SECONDS)
        passed = time.monotonic() - began
        return 100 * (cpu_seconds(self.pid) - before) / passed, drawn / passed

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


def measure_screen(system, tap):
    worker = start_debugger(system)
    console = Console(system, "--screen", "4")
    with Traffic(tap, BUSY):
        console.drawn_in(3)
        shown = [console.measure() for _ in range(ROUNDS)]
        row(f"OSC screen at {BUSY} messages/s, % of a core", f"{statistics.median(p for p, _ in shown):.2f}", "<= 1")
        row("  drawn, bytes/s", f"{statistics.median(b for _, b in shown):.0f}", "")
        console.press(b" ")
        console.drawn_in(1.5)
        percent, drawn = console.measure()
        row("  paused: % of a core", f"{percent:.2f}", "")
        row("  paused: drawn, bytes/s", f"{drawn:.0f}", "0")
        console.press(b" 5")
        console.drawn_in(1.5)
        percent, drawn = console.measure()
        row("  on another screen: % of a core", f"{percent:.2f}", "")
        row("  on another screen: drawn, bytes/s", f"{drawn:.0f}", "0")
        row("  resident MB", f"{resident_megabytes(console.pid):.1f}", "")
    console.close()
    worker.stop()


def main():
    tap, target = free_udp_ports(2)
    print(f"{'case':52} {'measured':>12} {'target':>12}")
    system = System()
    system.setUp()
    try:
        system.configure(f"[osc]\ntap = {tap}\n[[osc.target]]\nname = \"visuals\"\nport = {target}\n")
        measure_debugger(system, tap)
        measure_screen(system, tap)
    finally:
        system.stop_everything()
        shutil.rmtree(system.home)


if __name__ == "__main__":
    main()
