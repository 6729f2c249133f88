"""Chaos for as long as one likes: once a second something of a running show is killed, stopped or restarted, and at the
end a report says what healed, how soon, what was lost and what leaked. scripts/soak.sh runs it by the hour; the test of
the same name for some seconds.

It reads what everybody may read (registry, state file, /proc), because whom one would ask may be the one just killed."""

import collections
import json
import os
import pathlib
import random
import signal
import statistics
import time

from supervision_testing import ProcessManagerTestCase, is_running
from vj_terminal import TerminalTestCase
from vj_testing import wait_for

REAL = ("example_worker", "log_aggregator", "virtualdj_monitor")
CHATTY = ("chatty_one", "chatty_two")
WORKERS = REAL + CHATTY
HEARTBEAT_TIMEOUT = 7.0
# Kinds of misfortune, and how often each comes.
CHAOS = {"worker killed": 12, "worker stopped": 2, "daemon killed": 3, "daemon stopped": 1, "console killed": 1}
LONGEST_HEAL = {"worker killed": 10, "worker stopped": HEARTBEAT_TIMEOUT + 12, "daemon killed": 10, "console killed": 10}
# An orphan's end is noticed with the next look of five seconds.
QUIET = 8.0
COUNTING = "i=0; while :; do echo $$ $i; i=$((i+1)); sleep 0.1; done"


class Soak(TerminalTestCase, ProcessManagerTestCase):
    def soak(self, seconds, seed):
        self.random = random.Random(seed)
        self.counts, self.heals = collections.Counter(), collections.defaultdict(list)
        self.ailing = {}  # who -> (kind, since, the pid that must go)
        self.daemon_harmed = 0.0  # when it was last struck
        self.problems, self.samples = [], collections.defaultdict(list)
        self.begin()
        end = time.monotonic() + seconds
        due = time.monotonic()
        while time.monotonic() < end:
            self.harm()
            due += 1.0
            while time.monotonic() < due:
                self.look()
                time.sleep(0.02)
        wait_for(self.all_are_well, "everything to be well again", deadline=60)
        calm = time.monotonic() + QUIET
        while time.monotonic() < calm:
            self.look()
            time.sleep(0.1)
        self.sample()
        zombies = self.zombies()
        if zombies:
            self.problems.append(f"zombies: {zombies}")
        self.terminal.press("q")
        self.terminal.wait_for_end(deadline=30)
        left = [pid for pid in self.processes_of_home() if b"VJ_SPAWN_TOKEN=" in self.environment_of(pid)]
        left += self.processes()
        if left:
            self.problems.append(f"left after q: {left}")
        lines, lost = self.lines_lost()
        if lost:
            self.problems.append(f"{lost} log lines lost")
        return self.report(seconds, seed, lines, lost, len(zombies), len(left))

    def begin(self):
        off = "".join(f'[[worker]]\nname = "{name}"\ncommand = ["{name}_worker"]\nenabled = false\n'
                      for name in ("osc_debugger", "audio_analyzer"))
        on = "".join(f'[[worker]]\nname = "{name}"\nenabled = true\n' for name in REAL)
        chatty = "".join(self.app(name, COUNTING, enabled=True, stop_on_quit=True) for name in CHATTY)
        self.configure("[console]\nrestart_delay = 0.2\nmax_restarts = 1000\n"
                       "[process_manager]\nbase_backoff = 0.1\nmax_backoff = 0.4\nmax_restarts = 1000\nreset_after = 2.0\n"
                       f"heartbeat_timeout = {HEARTBEAT_TIMEOUT}\nstop_timeout = 2.0\n{off}{on}{chatty}")
        self.terminal = self.console()
        try:
            wait_for(self.all_are_well, "the show", deadline=8)
        except AssertionError as error:
            raise AssertionError(f"{error}; the screen is\n{self.terminal.screen()}") from None

    def all_are_well(self):
        self.look()
        return self.daemon() and not self.ailing and all(self.pid_of(name) for name in WORKERS)

    # What can be seen.

    def daemon(self):
        pid = self.registry().get("process_manager", {}).get("pid")
        return pid if pid and is_running(pid) else None

    def pid_of(self, name):
        try:
            state = json.loads((self.vj_home / "process_manager.state").read_text())
        except FileNotFoundError:
            return None
        pid = next((worker.get("pid") for worker in state["workers"] if worker["name"] == name), None)
        return pid if pid and is_running(pid) else None

    def leaders(self):
        """How often each worker runs: the leaders of its sessions."""
        found = collections.Counter()
        for pid in self.processes_of_home():
            try:
                if os.getpgid(pid) != pid or b"VJ_SPAWN_TOKEN=" not in pathlib.Path(f"/proc/{pid}/environ").read_bytes():
                    continue
                name = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().partition(b"\0")[0].rpartition(b"/")[2].decode()
            except OSError:
                continue  # gone meanwhile
            found[name] += 1
        return found

    def environment_of(self, pid):
        try:
            return pathlib.Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            return b""

    def zombies(self):
        """Dead children of what runs here, which nobody has taken note of."""
        ours, dead = set(self.processes_of_home()), []
        for folder in pathlib.Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    fields = (folder / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                if fields[0] == "Z" and int(fields[1]) in ours:
                    dead.append(int(folder.name))
        return dead

    # What is done, and what comes of it.

    def harm(self):
        kind = self.random.choices(list(CHAOS), list(CHAOS.values()))[0]
        well = [name for name in WORKERS if name not in self.ailing and self.pid_of(name)]
        if kind.startswith("worker") and well:
            # A stopped app is as its owner left it: only who beats can be seen to hang.
            name = self.random.choice([name for name in well if kind == "worker killed" or name in REAL] or well)
            is_kill = kind == "worker killed" or name in CHATTY
            self.strike("worker killed" if is_kill else kind, name, self.pid_of(name),
                        signal.SIGKILL if is_kill else signal.SIGSTOP)
        elif kind == "daemon killed" and self.daemon() and "daemon" not in self.ailing:
            self.strike(kind, "daemon", self.daemon(), signal.SIGKILL)
        elif kind == "daemon stopped" and self.daemon() and "daemon" not in self.ailing:
            pid = self.daemon()
            self.counts[kind] += 1
            self.daemon_harmed = time.monotonic()
            os.kill(pid, signal.SIGSTOP)
            time.sleep(0.5)
            os.kill(pid, signal.SIGCONT)
        elif kind == "console killed" and "daemon" not in self.ailing and self.daemon():
            self.counts[kind] += 1
            began = time.monotonic()
            os.kill(self.terminal.pid, signal.SIGKILL)
            self.terminal.wait_for_end()
            self.terminal.close()
            self.terminal = self.console()
            self.terminal.wait_for_text("VJ Bus Workers", deadline=30)
            self.heals[kind].append(time.monotonic() - began)
        if int(time.monotonic()) % 10 == 0:
            self.sample()

    def strike(self, kind, who, pid, how):
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            return
        self.counts[kind] += 1
        self.ailing[who] = (kind, time.monotonic(), pid)
        if who == "daemon":
            self.daemon_harmed = time.monotonic()

    def look(self):
        for who, (kind, since, old) in list(self.ailing.items()):
            pid = self.daemon() if who == "daemon" else self.pid_of(who)
            took = time.monotonic() - since
            if pid and pid != old:
                del self.ailing[who]
                self.heals[kind].append(took)
            # A daemon that is new, or was late itself, gives everybody another round before it calls them hung.
            elif time.monotonic() - max(since, self.daemon_harmed) > LONGEST_HEAL[kind] and not any(who in problem for problem in self.problems):
                self.problems.append(f"{who}, {kind}, is not back after {took:.0f} s")
        for name, count in self.leaders().items():
            # Two of them are called sh.
            if count > (len(CHATTY) if name == "sh" else 1):
                self.problems.append(f"{name} runs {count} times")

    def sample(self):
        """File descriptors and memory of the two that must not grow; the daemon after its first moments."""
        for who, pid in (("daemon", self.daemon()), ("console", self.terminal.pid)):
            try:
                folder = pathlib.Path(f"/proc/{pid}")
                descriptors = len(os.listdir(folder / "fd"))
                pages = int((folder / "statm").read_text().split()[1])
            except (OSError, ValueError):
                continue  # just killed
            if pages == 0 or descriptors == 0:
                continue
            self.samples[who].append((descriptors, pages * 4096 / 1e6))

    def lines_lost(self):
        """Lines of the chatty ones, and how many numbers are missing in the sequence of each process."""
        count = lost = 0
        for name in CHATTY:
            last = {}
            for line in (self.vj_home / "logs" / f"{name}.log").read_text(errors="replace").splitlines():
                words = line.split()
                if len(words) != 2 or not all(word.isdigit() for word in words):
                    continue  # killed in the middle of a line
                pid, number = (int(word) for word in words)
                # In an hour pids come round again: one that begins anew is another process.
                before = last.get(pid, -1)
                lost += number - (before if before < number else -1) - 1
                last[pid] = number
                count += 1
        return count, lost

    def report(self, seconds, seed, lines, lost, zombies, left):
        rows = [f"soak: {seconds:.0f} s, seed {seed}", "",
                f"{'misfortune':18} {'times':>6} {'healed':>7} {'median, s':>10} {'worst, s':>9}"]
        for kind in CHAOS:
            heals = self.heals[kind]
            times = f"{statistics.median(heals):10.2f} {max(heals):9.2f}" if heals else f"{'-':>10} {'-':>9}"
            rows.append(f"{kind:18} {self.counts[kind]:6} {len(heals) if heals else '-':>7} {times}")
        rows.append("")
        for who, samples in self.samples.items():
            descriptors, memory = zip(*samples)
            rows.append(f"{who}: file descriptors {descriptors[0]} first, {max(descriptors)} most, {descriptors[-1]} last; "
                        f"resident {memory[0]:.1f} MB first, {max(memory):.1f} most, {memory[-1]:.1f} last")
            if max(descriptors) > min(descriptors) + 40:
                self.problems.append(f"{who} holds up to {max(descriptors)} file descriptors")
            if memory[-1] > memory[0] + 8:
                self.problems.append(f"{who} has grown to {memory[-1]:.1f} MB")
        rows.append(f"log lines: {lines} written, {lost} lost; zombies {zombies}; processes left after q: {left}")
        rows += ["", *([f"PROBLEM: {problem}" for problem in sorted(set(self.problems))] or ["all is well"])]
        return "\n".join(rows)
