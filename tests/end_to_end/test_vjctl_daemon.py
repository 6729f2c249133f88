"""vjctl and a real process manager with real workers."""

import json
import subprocess
import unittest

from supervision_testing import ProcessManagerTestCase, is_running
from vj_testing import BIN, DEADLINE, wait_for

CONFIG = """
[process_manager]
base_backoff = 0.05
max_restarts = 2
check_interval = 0.2
stop_timeout = 1.0
[[worker]]
name = "virtualdj_monitor"
enabled = false
[[worker]]
name = "osc_debugger"
enabled = false
[[worker]]
name = "audio_analyzer"
enabled = false
[[worker]]
name = "crasher"
command = ["/bin/sh", "-c", "exit 3"]
enabled = false
"""


class VjctlWithDaemon(ProcessManagerTestCase):
    def setUp(self):
        super().setUp()
        self.configure(CONFIG)
        self.daemon = self.start_manager()

    def vjctl(self, *arguments, expect=0):
        done = subprocess.run([BIN / "vjctl", *arguments], env=self.environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=2 * DEADLINE)
        self.assertEqual(done.returncode, expect, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done.stdout + done.stderr

    def worker(self, name):
        status = json.loads(self.vjctl("status", "--json"))
        return next(each for each in status["workers"] if each["name"] == name)

    def test_a_worker_is_started_restarted_and_stopped(self):
        self.assertEqual(self.vjctl("start", "example_worker"), "example_worker started\n")
        first = wait_for(lambda: (w := self.worker("example_worker"))["state"] == "running" and w, "the worker")
        self.assertIn("runs already", self.vjctl("start", "example_worker", expect=1))
        self.assertEqual(self.vjctl("restart", "example_worker"), "example_worker restarted\n")
        self.assertNotEqual(self.worker("example_worker")["pid"], first["pid"])
        self.assertEqual(self.vjctl("stop", "example_worker"), "example_worker stopped\n")
        self.assertEqual(self.worker("example_worker")["state"], "stopped")
        self.assertIn("does not run", self.vjctl("stop", "example_worker", expect=1))

    def test_a_name_that_nobody_has_is_refused(self):
        for order in ("start", "stop", "restart", "reset"):
            self.assertRegex(self.vjctl(order, "nobody", expect=1),
                             r"^vjctl: Unknown worker: nobody; there are virtualdj_monitor, .*crasher, synesthesia, ")
        self.assertEqual(self.vjctl("start", "virtualdj", expect=1),
                         "vjctl: Unknown worker: virtualdj; did you mean 'virtualdj_monitor'?\n")
        self.assertEqual(self.vjctl("start", "Synesthesia", expect=1),
                         "vjctl: Unknown worker: Synesthesia; did you mean 'synesthesia'?\n")
        self.assertIn("to start it: vjctl start log_aggregator", self.vjctl("logs", expect=3))

    def test_start_all_starts_what_is_enabled_and_stop_all_stops_it(self):
        self.assertEqual(self.vjctl("start", "--all"), "started: log_aggregator\n")
        wait_for(lambda: "1 of 1 workers connected" in self.vjctl("status"), "the connected worker")
        self.assertEqual(self.vjctl("stop", "--all"), "stopped: log_aggregator\n")
        self.assertIn("→ vjctl start log_aggregator", self.vjctl("status"))

    def test_status_tells_of_a_failed_worker_why_and_what_to_do(self):
        self.vjctl("start", "crasher")
        wait_for(lambda: self.worker("crasher")["state"] == "failed", "the end of its attempts")
        text = self.vjctl("status")
        self.assertIn("✗ crasher", text)
        self.assertIn("failed after 2 attempts", text)
        self.assertIn("then: vjctl start crasher", text)
        self.assertIn("needs you: crasher", text)
        self.vjctl("reset", "crasher")
        self.assertNotEqual(self.worker("crasher")["state"], "failed")

    def test_a_reload_names_what_changed_and_a_mistake_changes_nothing(self):
        self.assertEqual(self.vjctl("reload"), "nothing changed\n")
        self.configure(CONFIG + "[virtualdj]\npaths = ['/x']\n")
        self.assertIn("changed: virtualdj.paths", self.vjctl("reload"))
        self.configure(CONFIG + "[console]\nfsp = 3\n")
        self.assertIn("did you mean 'fps'?", self.vjctl("reload", expect=1))

    def test_after_a_handover_workers_run_on_and_the_next_daemon_has_them(self):
        self.vjctl("start", "example_worker")
        before = wait_for(lambda: (w := self.worker("example_worker"))["state"] == "running" and w, "the worker")
        self.vjctl("handover")
        self.assertEqual(self.daemon.wait(), 0)
        self.assertIn("✓ example_worker", self.vjctl("status", expect=3))
        self.start_manager()
        after = wait_for(lambda: (w := self.worker("example_worker"))["running"] and w, "the adopted worker")
        self.assertEqual(after["pid"], before["pid"])
        self.assertIn("adopted", self.vjctl("status"))

    def test_the_process_manager_itself_is_restarted_and_workers_run_on(self):
        self.vjctl("start", "example_worker")
        before = wait_for(lambda: (w := self.worker("example_worker"))["state"] == "running" and w, "the worker")
        self.configure(CONFIG + "[log]\nlevel = 'warning'\n")
        self.assertRegex(self.vjctl("reload"), r"needs a restart .*process_manager.*\n→ vjctl restart NAME\n")
        self.assertEqual(self.vjctl("restart", "process_manager"), "process_manager restarted; the workers ran on\n")
        self.assertEqual(self.daemon.wait(), 0)
        status = json.loads(self.vjctl("--json", "status"))
        self.assertNotEqual(status["process_manager"]["pid"], self.daemon.process.pid)
        after = wait_for(lambda: (w := self.worker("example_worker"))["running"] and w, "the adopted worker")
        self.assertEqual(after["pid"], before["pid"])
        self.assertEqual(self.worker("log_aggregator")["state"], "stopped")
        self.vjctl("shutdown")

    def test_a_console_is_not_restarted_from_elsewhere(self):
        self.assertIn("leave vj_console with d", self.vjctl("restart", "vj_console", expect=2))

    def test_a_shutdown_is_done_when_nothing_runs_any_more(self):
        self.vjctl("start", "example_worker")
        pid = wait_for(lambda: (w := self.worker("example_worker"))["state"] == "running" and w, "the worker")["pid"]
        self.vjctl("shutdown")
        self.assertIsNotNone(self.daemon.process.poll())
        self.assertFalse(is_running(pid))
        self.assertIn("vj_console", self.vjctl("status", expect=3))

    def test_a_stop_of_a_worker_that_ignores_it_is_waited_for(self):
        self.configure(CONFIG + self.stubborn("deaf") + "stop_timeout = 2.5\n")
        self.vjctl("reload")
        self.vjctl("start", "deaf")
        wait_for((self.home / "up").exists, "its trap")
        self.assertEqual(self.vjctl("stop", "deaf"), "deaf stopped\n")

    def test_doctor_finds_the_process_manager_well(self):
        checks = json.loads(self.vjctl("--json", "doctor"))["checks"]
        manager = next(each for each in checks if each["name"] == "process manager")
        self.assertEqual(manager["health"], "good", manager)


if __name__ == "__main__":
    unittest.main()
