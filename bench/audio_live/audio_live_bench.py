#!/usr/bin/env python3
"""From a click to its OSC, beside the bare capture callback of the same run; how even the OSC is; what listening costs.

    audio_live_bench.py [SECONDS]      60 by default; 600 for the ten minutes of the targets

Clicks are played into a PulseAudio with a null sink. The analyzer and a program that does nothing but capture listen to
it at the same time; both are told by how long after the earliest that the callback ever came, the sound's own clock
taken away. OSC is stamped by the kernel as it arrives."""

import os
import pathlib
import random
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(SOURCE / "tests" / "end_to_end"))
os.environ.setdefault("VJ_BUILD_DIR", str(SOURCE / "build-bench"))

from audio_testing import AnalyzerTestCase  # noqa: E402  (the path comes first)
from pulse_testing import RATE, write_wave  # noqa: E402
from vj_testing import BIN  # noqa: E402

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 60
BETWEEN = 0.4  # seconds between clicks, a little less or more
SAME = 0.15  # what comes this near to a click belongs to it
TIMESTAMPNS = 35  # SO_TIMESTAMPNS, which Python 3.11's socket does not name


class Analyzer(AnalyzerTestCase):
    """The worker beside a sound server of its own, as the end-to-end tests use it; not a test."""

    def runTest(self):
        pass


class Receiver:
    """Notes when each address arrived, by the kernel's clock as the monotonic one, from a thread of its own."""

    def __init__(self, port):
        self.arrivals = {}
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.udp.setsockopt(socket.SOL_SOCKET, TIMESTAMPNS, 1)
        self.udp.bind(("127.0.0.1", port))
        self.udp.settimeout(0.2)
        self.end = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        to_monotonic = time.monotonic() - time.time()
        while not self.end.is_set():
            try:
                data, ancillary, _, _ = self.udp.recvmsg(2048, 64)
            except TimeoutError:
                continue
            seconds, nanoseconds = struct.unpack("qq", ancillary[0][2][:16])
            address = data[:data.index(b"\0")].decode()
            self.arrivals.setdefault(address, []).append(seconds + nanoseconds * 1e-9 + to_monotonic)

    def close(self):
        self.end.set()
        self.thread.join()
        self.udp.close()


def clicks(seconds):
    """The samples, and the second of each click in them."""
    noise = random.Random(1)
    click = [0.8 * noise.uniform(-1, 1) * (1 - i / 400) for i in range(400)]
    click[0] = 0.8
    samples = [0.0] * (seconds * RATE)
    at, times = RATE, []
    while at + len(click) < len(samples):
        samples[at:at + len(click)] = click
        times.append(at / RATE)
        at += int(RATE * BETWEEN * noise.uniform(0.8, 1.2))
    return samples, times


def cpu_seconds(pid):
    return sum(int(pathlib.Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0])
               for task in os.listdir(f"/proc/{pid}/task")) / 1e9


class Busy:
    """How busy the whole machine is from begin() on: what a share of a core is worth hangs on who else has its caches."""

    def begin(self):
        self.begun = self.read()

    def percent(self):
        busy, idle = (now - then for now, then in zip(self.read(), self.begun))
        return 100 * busy / (busy + idle)

    @staticmethod
    def read():
        user, nice, system, idle, iowait, *rest = map(int, pathlib.Path("/proc/stat").read_text().split()[1:9])
        return user + nice + system + sum(rest), idle + iowait


BUSY = Busy()


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def jitter(times):
    """Milliseconds that 99 of 100 intervals stray from the usual one at most."""
    between = [1000 * (b - a) for a, b in zip(times, times[1:])]
    usual = statistics.median(between)
    return percentile([abs(each - usual) for each in between], 0.99)


def row(name, measured, target=""):
    print(f"{name:56} {measured:>12} {target:>12}", flush=True)


def delays(heard, played):
    """Of each moment in `played` the first in `heard` near it: how long after, in seconds."""
    near = [[each - moment for each in heard if -SAME < each - moment < SAME] for moment in played]
    return [each[0] for each in near if each]


def report(blocks, floor, played, receiver, cpu, floor_cpu, overruns):
    began = floor[0] - played[0]
    earliest = began + min(delays(floor, [began + moment for moment in played]))
    played = [earliest + moment for moment in played]
    callback = [1000 * each for each in delays(floor, played)]
    told = [1000 * each for each in delays(receiver.arrivals["/audio/onset"], played)]
    print(f"{'case':56} {'measured':>12} {'target':>12}")
    row("clicks played; heard by the callback; told as OSC", f"{len(played)}; {len(callback)}; {len(told)}", "the same")
    for name, of, more in (("median", statistics.median, 3), ("99 of 100", lambda values: percentile(values, 0.99), 6)):
        row(f"click to bare callback, {name}, ms", f"{of(callback):.2f}")
        row(f"click to OSC, {name}, ms", f"{of(told):.2f}", f"<= {of(callback) + more:.2f}")
    levels = receiver.arrivals["/audio/levels"]
    row("/audio/levels, messages a second", f"{(len(levels) - 1) / (levels[-1] - levels[0]):.1f}", ">= 86")
    row("  strays from its interval, 99 of 100, ms", f"{jitter(levels):.2f}", f"<= {jitter(blocks) / 2:.2f}")
    row("  the bare callback's blocks stray, ms", f"{jitter(blocks):.2f}")
    row("analyzer, % of a core", f"{cpu:.2f}", "<= 3")
    row("  of it, what bare capturing costs (the other program)", f"{floor_cpu:.2f}")
    row("  the whole machine was busy, % of its processors", f"{BUSY.percent():.0f}")
    row(f"overruns in {SECONDS} s", str(overruns), "0")


def main():
    system = Analyzer()
    system.setUp()
    receiver = Receiver(system.target)
    try:
        system.pulse.start()
        samples, played = clicks(SECONDS + 2)
        sound = write_wave(system.home / "clicks.wav", samples)
        worker = system.start_worker("audio_analyzer")
        system.wait_for_status("running")
        floor = subprocess.Popen([BIN / "bench" / "capture_floor"], env={**os.environ, **system.environment()},
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        system.assertEqual(floor.stdout.readline(), "listening\n")
        player = system.pulse.play(sound)
        programs = worker.pid, floor.pid
        BUSY.begin()
        before, began = [cpu_seconds(pid) for pid in programs], time.monotonic()
        player.wait()
        lasted = time.monotonic() - began
        cpu, floor_cpu = (100 * (cpu_seconds(pid) - then) / lasted for pid, then in zip(programs, before))
        notes = [line.split() for line in floor.communicate("")[0].splitlines()]
        stats = system.subscribe("audio_analyzer", "audio.stats")
        overruns = stats.wait_for(lambda payload: "overruns" in payload, "the analyzer's statistics")["overruns"]
        times = {kind: [float(at) for what, at in notes if what == kind and float(at) > began] for kind in ("block", "click")}
        report(times["block"], times["click"], played, receiver, cpu, floor_cpu, overruns)
    finally:
        receiver.close()
        system.doCleanups()
        system.stop_everything()
        shutil.rmtree(system.home)


if __name__ == "__main__":
    main()
