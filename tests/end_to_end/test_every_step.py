"""The process manager is killed at every step of a start: before and after each write of its state, and around each
spawn. Whatever it was doing, its successor ends up with exactly one process of each worker.

strace does the killing, because only it can tell one system call from the next; without it nothing is tested here."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import unittest

from supervision_testing import DAEMON, ProcessManagerTestCase, is_running
from vj_testing import BIN, wait_for

# What a start consists of: notes written and put in place, programs spawned and watched, the registry and its lock. Right
# after a spawn its stack is unmapped.
STEPS = ("renameat2", "rename", "fcntl", "write", "clone", "clone3", "vfork", "munmap", "pidfd_open", "epoll_ctl", "flock")
MOST = 40  # of one kind; by then the start is over


def can_trace():
    strace = shutil.which("strace")
    return strace and subprocess.run([strace, "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0


@unittest.skipUnless(can_trace(), "needs strace, and the right to use it")
class EveryStep(ProcessManagerTestCase):
    def test_a_kill_at_any_step_of_a_start_doubles_nothing_and_loses_nothing(self):
        self.configure_workers(self.ONLY_THE_EXAMPLE + self.app("w", "exec sleep 100", enabled=True),
                               base_backoff=0.02, max_backoff=0.02)
        kills = 0
        for kind in STEPS:
            for number in range(1, MOST + 1):
                with self.subTest(kind=kind, number=number):
                    was_killed = self.start_and_kill_at(kind, number)
                    self.assert_a_successor_has_one_of_each()
                kills += was_killed
                if not was_killed:
                    break
        self.assertGreater(kills, 10)

    def start_and_kill_at(self, kind, number):
        """Whether the start got as far as that step, and was killed there."""
        traced = subprocess.Popen(
            ["strace", "-o", os.devnull, "-e", f"trace={kind}", "-e", f"inject={kind}:signal=SIGKILL:when={number}",
             BIN / DAEMON, "--start-all"], env=self.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.addCleanup(traced.wait)

        def is_over():
            return traced.poll() is not None or self.both_are_noted()

        wait_for(is_over, f"the end of the start, or {kind} number {number}", deadline=30)
        was_killed = traced.poll() is not None
        if not was_killed:
            for pid in self.processes_of_home():
                if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "process_manager"[:15]:
                    os.kill(pid, signal.SIGKILL)
            traced.wait()
        return was_killed

    def both_are_noted(self):
        try:
            state = json.loads((self.vj_home / "process_manager.state").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return False
        return {record["name"] for record in state["workers"] if record["phase"] == "alive"} == {"example_worker", "w"}

    def assert_a_successor_has_one_of_each(self):
        successor = self.start_manager("--start-all")
        pids = [self.wait_for_state(name, "running")["pid"] for name in ("example_worker", "w")]
        wait_for(lambda: set(self.processes_of_home()) == {successor.pid, *pids}, "one process of each, and no other")
        self.assertTrue(all(is_running(pid) for pid in pids))
        for name in ("example_worker", "w"):
            self.ask("stop_worker", name)
        self.assertEqual(successor.stop(), 0)
        self.assertEqual(self.processes_of_home(), [])


if __name__ == "__main__":
    unittest.main()
