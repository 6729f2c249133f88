"""A home without any room left, as a recording that fills the disk leaves it: a small file system in memory, mounted where
only this test sees it."""

import errno
import os
import signal
import subprocess
import unittest

from supervision_testing import ProcessManagerTestCase
from vj_terminal import TerminalTestCase
from vj_testing import begin_again, wait_for

OWN_MOUNTS = "VJ_TEST_HAS_OWN_MOUNTS"
EXAMPLE = '[[worker]]\nname = "example_worker"\nenabled = true\n'
HEARTBEAT_TIMEOUT = 6.0


def with_own_mounts():
    """The command that gives what follows it mounts of its own; none where that is not allowed."""
    for command in (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"]):
        if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
            return command
    return None


@unittest.skipUnless(OWN_MOUNTS in os.environ, "needs the right to mount a file system for itself")
class FullHome(TerminalTestCase, ProcessManagerTestCase):
    def setUp(self):
        super().setUp()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "none", self.vj_home], check=True)
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.vj_home], check=True)
        self.configure_workers(EXAMPLE + self.app("picture", "exec sleep 100", enabled=True, stop_on_quit=True),
                               heartbeat_timeout=HEARTBEAT_TIMEOUT)

    def fill(self):
        """Takes what room there is; again, because who was just writing gives some back. Also that of the file that is kept so
        that the next heartbeat needs none."""
        (self.vj_home / "registry.spare").unlink(missing_ok=True)
        with open(self.vj_home / "recording", "ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError as error:
                self.assertEqual(error.errno, errno.ENOSPC)
        return True

    def make_room(self):
        (self.vj_home / "recording").unlink()

    def pids(self):
        return {name: self.worker(name)["pid"] for name in ("example_worker", "picture")}

    def test_nobody_dies_of_a_full_disk_the_killed_come_back_and_with_room_everything_is_as_before(self):
        daemon = self.start_manager("--start-all")
        for name in self.pids():
            self.wait_for_state(name, "running")
        before = self.pids()
        wait_for(lambda: self.fill() and "nobody is taken for hung" in daemon.output(), "silence", deadline=30)
        self.assert_stays(lambda: self.fill() and self.pids() == before, "one was killed", 2 * HEARTBEAT_TIMEOUT)
        for name, pid in before.items():
            os.kill(pid, signal.SIGKILL)
            wait_for(lambda: self.fill() and self.worker(name)["pid"] not in (None, pid), f"a new {name}")
        after = self.pids()
        self.make_room()
        for name in after:
            self.wait_for_state(name, "running", deadline=30)
        self.assertEqual(self.pids(), after)
        self.kill_daemon(daemon)
        self.start_manager()
        self.assertEqual(self.pids(), after)

    def test_the_console_leaves_a_process_manager_alone_that_answers_though_it_cannot_be_heard(self):
        console = self.console()
        console.wait_for_match(r"✓ ● example_worker +Ports")
        before = self.registry()["process_manager"]["pid"]
        console.press("5")
        wait_for(lambda: self.fill() and "nobody is taken for hung" in console.screen(), "silence", deadline=30)
        self.assert_stays(lambda: self.fill() and "crashed" not in console.screen(), "one was killed",
                          2 * HEARTBEAT_TIMEOUT)
        self.make_room()
        console.press("0")
        console.wait_for_match(rf"process manager pid {before}, ")
        console.wait_for_match(r"✓ ● example_worker +Ports")

    def test_a_process_manager_can_be_started_where_there_is_no_room(self):
        daemon = self.start_manager("--start-all")
        for name in self.pids():
            self.wait_for_state(name, "running")
        before = self.pids()
        self.kill_daemon(daemon)
        self.fill()
        successor = self.start("workers/process_manager_daemon")
        wait_for(lambda: self.fill() and "nobody is taken for hung" in successor.output(), "silence", deadline=30)
        self.assertNotIn("crashed", successor.output())
        self.make_room()
        wait_for(lambda: self.registry()["process_manager"]["pid"] == successor.pid, "its registration")
        self.assertEqual(self.pids(), before)


if __name__ == "__main__":
    command = with_own_mounts()
    if OWN_MOUNTS not in os.environ and command is not None:
        os.environ[OWN_MOUNTS] = "yes"
        begin_again(command)
    unittest.main()
