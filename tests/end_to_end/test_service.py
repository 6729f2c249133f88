"""The process manager as a service: what it tells the service manager, what a console's quit leaves, and the unit."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from supervision_testing import DAEMON, ProcessManagerTestCase, is_running
from vj_terminal import TerminalTestCase
from vj_testing import BIN, DEADLINE, SOURCE, wait_for

EXAMPLE = '[[worker]]\nname = "example_worker"\n'


class Notifications(ProcessManagerTestCase):
    def setUp(self):
        super().setUp()
        self.notify = self.socket_at(self.home / "notify")
        self.told = []

    def socket_at(self, address):
        made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(made.close)
        made.bind(str(address))
        return made

    def environment(self):
        return {**super().environment(), "NOTIFY_SOCKET": str(self.home / "notify"), "WATCHDOG_USEC": "400000"}

    def wait_for_message(self, condition, what):
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            self.notify.settimeout(max(0.01, end - time.monotonic()))
            try:
                message = self.notify.recv(4096).decode()
            except TimeoutError:
                break
            self.told.append(message)
            if condition(message):
                return message
        raise AssertionError(f"waited for {what}; told was {self.told}")

    def test_a_service_manager_is_told_from_readiness_to_the_end(self):
        self.configure_workers(self.ONLY_THE_EXAMPLE)
        daemon = self.start(DAEMON, "--service", "--start-all")
        self.wait_for_message(lambda m: m == "READY=1", "readiness")
        self.assertEqual(self.registry()["process_manager"]["pid"], daemon.pid)
        self.wait_for_message(lambda m: m == "STATUS=1 of 1 up", "the worker")
        for _ in range(3):
            self.wait_for_message(lambda m: m == "WATCHDOG=1", "a sign of life")
        pid = self.worker("example_worker")["pid"]
        os.kill(pid, signal.SIGKILL)
        self.wait_for_message(lambda m: m == "STATUS=0 of 1 up; example_worker backing_off", "the crash")
        self.wait_for_message(lambda m: m == "STATUS=1 of 1 up", "the worker again")
        daemon.process.send_signal(signal.SIGTERM)
        self.wait_for_message(lambda m: m == "STOPPING=1", "the end")
        self.assertEqual(daemon.wait(), 0)

    def test_a_stopped_daemon_gives_no_sign_of_life(self):
        self.configure_workers()
        daemon = self.start_manager("--service")
        self.wait_for_message(lambda m: m == "WATCHDOG=1", "a sign of life")
        daemon.process.send_signal(signal.SIGSTOP)
        self.notify.settimeout(0.6)
        with self.assertRaises(TimeoutError):
            for _ in range(100):  # what was sent before
                self.notify.recv(4096)

    def test_no_child_can_speak_for_the_daemon(self):
        self.configure_workers(self.app("w", "exec sleep 100"))
        self.start_manager("--service")
        pid = self.start_and_wait("w")
        environment = pathlib.Path(f"/proc/{pid}/environ").read_bytes()
        self.assertIn(b"VJ_SPAWN_TOKEN=", environment)
        self.assertNotIn(b"NOTIFY_SOCKET", environment)
        self.assertNotIn(b"WATCHDOG_USEC", environment)


class Staying(ProcessManagerTestCase):
    def vjctl(self, *arguments):
        return subprocess.run([BIN / "vjctl", *arguments], env=self.environment(), capture_output=True, text=True,
                              timeout=20, check=False)

    def test_shutdown_all_stops_the_workers_and_the_daemon_stays_idle(self):
        self.configure_workers(self.ONLY_THE_EXAMPLE + self.app("picture", "exec sleep 100") +
                               self.app("other", "exec sleep 100", stop_on_quit=True))
        daemon = self.start_manager("--service")
        worker = self.start_and_wait("example_worker")
        picture, other = self.start_and_wait("picture"), self.start_and_wait("other")
        done = self.vjctl("shutdown")
        self.assertEqual(done.returncode, 0, done.stderr)
        stopped, _, rest = done.stdout.removeprefix("stopped: ").partition("; ")
        self.assertEqual(sorted(stopped.split(", ")), ["example_worker", "other"], done.stdout)
        self.assertEqual(rest, "the process manager stays, because a service manager runs it\n")
        self.assertEqual([is_running(pid) for pid in (worker, picture, other)], [False, True, False])
        self.assertEqual(self.registry()["process_manager"]["pid"], daemon.pid)
        self.assertEqual(self.result_of("process_manager", "start_all")["started"], ["example_worker"])
        self.ask("shutdown")
        self.assertEqual(daemon.wait(), 0)

    def test_after_a_restart_the_service_manager_starts_the_successor(self):
        self.configure_workers(EXAMPLE)
        daemon = self.start_manager("--service")
        pid = self.start_and_wait("example_worker")
        self.ask("restart")
        self.assertEqual(daemon.wait(), 0)
        self.assert_stays(lambda: set(self.processes_of_home()) == {pid}, "somebody started another", 0.5)


class ConsoleOfAService(TerminalTestCase):
    def test_q_stops_the_workers_leaves_the_service_idle_and_says_so(self):
        daemon = self.start(DAEMON, "--service")
        wait_for(lambda: "process_manager" in self.registry(), "the service")
        console = self.console()
        console.wait_for_match(r"VJ Bus ([1-9])/\1 [✓⚠]")
        console.wait_for_match(rf"process manager pid {daemon.pid}")
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)
        console.wait_for_text("The process manager stays, because a service manager runs it.")
        self.assertEqual(self.processes(), [daemon.pid])
        again = self.console()
        again.wait_for_match(r"VJ Bus ([1-9])/\1 [✓⚠]")
        again.press("q")
        self.assertEqual(again.wait_for_end(), 0)
        self.assertEqual(daemon.stop(), 0)


class Unit(unittest.TestCase):
    """The installer, with a systemctl that notes what it is told."""

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="vj-e2e-")))
        self.unit = self.folder / "home/.config/systemd/user/vj-process-manager.service"
        tools = self.folder / "tools"
        tools.mkdir()
        self.asked = self.folder / "asked"
        self.tool(tools / "systemctl", f'echo "$*" >> {self.asked}')
        self.tool(tools / "loginctl", "echo yes")
        self.path = f"{tools}:/usr/bin:/bin"
        self.build = self.folder / "a build, 100% ready"
        (self.build / "bin/workers").mkdir(parents=True)
        self.tool(self.build / "bin/workers/process_manager_daemon", "exit 0")
        self.tool(self.build / "bin/vjctl", f'echo "vjctl $*" >> {self.asked}')

    def tool(self, file, script):
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def run_script(self, *arguments, **environment):
        return subprocess.run([SOURCE / "scripts/install_service.sh", *arguments], capture_output=True, text=True,
                              timeout=20, check=False,
                              env={"HOME": str(self.folder / "home"), "PATH": self.path,
                                   "VJ_BUILD_DIR": str(self.build), **environment})

    def test_install_writes_a_unit_that_systemd_takes_and_starts_it(self):
        done = self.run_script(VJ_HOME=str(self.folder / "vj home"))
        self.assertEqual(done.returncode, 0, done.stderr)
        unit = self.unit.read_text()
        for line in ("Type=notify", "NotifyAccess=main", "WatchdogSec=30", "Restart=always", "KillMode=process",
                     f'Environment="VJ_HOME={self.folder}/vj home"'):
            self.assertIn(line + "\n", unit)
        self.assertEqual(self.asked.read_text().splitlines(), [
            "--user show-environment", "--user daemon-reload", "--user enable --quiet vj-process-manager.service",
            "vjctl handover", "--user start vj-process-manager.service"])
        analyze = shutil.which("systemd-analyze")
        if analyze is None:
            return  # the lines above are what can be said without one
        verified = subprocess.run([analyze, "verify", "--user", "--man=no", self.unit], capture_output=True, text=True,
                                  timeout=60, check=False,
                                  env={"HOME": str(self.folder / "home"), "PATH": "/usr/bin:/bin",
                                       "XDG_RUNTIME_DIR": str(self.folder)})
        about_ours = [line for line in verified.stderr.splitlines() if "vj-process-manager" in line]
        self.assertEqual((verified.returncode, about_ours), (0, []), verified.stderr)

    def test_uninstall_stops_it_and_removes_the_unit(self):
        self.run_script()
        done = self.run_script("uninstall")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse(self.unit.exists())
        self.assertIn("--user disable --quiet --now vj-process-manager.service", self.asked.read_text())
        self.assertIn("is not installed", self.run_script("uninstall").stdout)

    def test_without_a_session_or_a_build_it_says_what_to_do_and_writes_nothing(self):
        self.tool(self.folder / "tools/systemctl", "exit 1")
        done = self.run_script()
        self.assertEqual(done.returncode, 1)
        self.assertIn("no systemd session", done.stderr)
        self.assertIn("./start_vj.sh", done.stderr)
        done = self.run_script(VJ_BUILD_DIR=str(self.folder / "nothing"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("Build first", done.stderr)
        self.assertFalse(self.unit.exists())
        odd = self.folder / 'a "quoted" build'
        shutil.copytree(self.build, odd)
        self.assertIn("no quotes", self.run_script(VJ_BUILD_DIR=str(odd)).stderr)
        self.assertFalse(self.unit.exists())
        self.assertEqual(self.run_script("remove").returncode, 1)


if __name__ == "__main__":
    unittest.main()
