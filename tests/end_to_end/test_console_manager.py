"""The console and its process manager: who is started for what a person asks, and who is left when he leaves."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import unittest

from supervision_testing import ProcessManagerTestCase, is_running
from vj_terminal import TerminalTestCase
from vj_testing import BIN, let_pass, wait_for

REFUSING_MANAGER = """
import json, pathlib, sys, time, zmq
home, port = pathlib.Path(sys.argv[1]), int(sys.argv[2])
socket = zmq.Context().socket(zmq.ROUTER)
socket.bind(f"tcp://127.0.0.1:{port}")
stat = pathlib.Path("/proc/self/stat").read_text()
metadata = {"boot_id": pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip(),
            "start_time_ticks": int(stat.rpartition(")")[2].split()[19]), "heartbeat_monotonic": time.monotonic()}
entry = {"pid": int(stat.split()[0]), "status": "running", "started_at": time.time(), "heartbeat_at": time.time(),
         "ports": {"command": port, "telemetry": port + 10}, "metadata": metadata}
(home / "registry.json").write_text(json.dumps(
    {"version": "1.0", "updated_at": time.time(), "services": {"process_manager": entry}}))
while True:
    identity, empty, body = socket.recv_multipart()
    socket.send_multipart([identity, empty, json.dumps(
        {"type": "response", "id": json.loads(body)["id"], "timestamp": time.time(), "source": "process_manager",
         "status": "error", "result": None, "error": "not now"}).encode()])
"""
UNASKED_OFF = "auto_start_workers = false\n"


class ShowTestCase(TerminalTestCase, ProcessManagerTestCase):
    def configure_show(self, console="", apps="", **manager):
        """log_aggregator alone is enabled; `console` are lines of that table."""
        self.configure_workers(self.ONLY_THE_EXAMPLE.replace('"example_worker"\nenabled = true',
                                                             '"example_worker"\nenabled = false')
                               .replace('"log_aggregator"\nenabled = false', '"log_aggregator"\nenabled = true')
                               + apps, **manager)
        with open(self.vj_home / "config.toml", "a", encoding="utf-8") as file:
            file.write(f"[console]\n{console}")

    def what_is_left(self):
        """Of the show; the terminal stays, so that it can be read."""
        def is_of_show(pid):
            try:
                return b"VJ_SPAWN_TOKEN=" in pathlib.Path(f"/proc/{pid}/environ").read_bytes()
            except OSError:
                return False

        return self.processes() + [pid for pid in self.processes_of_home() if is_of_show(pid)]

    def assert_log_tells(self, console, *lines):
        console.press("5")
        for line in lines:
            console.wait_for_text(line)

    def console_without_a_daemon(self, instead=None):
        """All programs but the process manager's, in whose place a shell runs `instead`."""
        programs = self.home / "programs"
        (programs / "workers").mkdir(parents=True)
        shutil.copy(BIN / "vj_console", programs)
        shutil.copy(BIN / "workers" / "log_aggregator_worker", programs / "workers")
        if instead is not None:
            daemon = programs / "workers" / "process_manager_daemon"
            daemon.write_text(f"#!/bin/sh\n{instead}\n")
            daemon.chmod(0o755)
        return self.console(program=programs / "vj_console")


class OnRequest(ShowTestCase):
    def test_x_starts_the_process_manager_and_then_the_selected_worker(self):
        self.configure_show(UNASKED_OFF)
        console = self.console()
        console.wait_for_text("x starts it, and then the selected worker")
        self.assertEqual(self.processes(), [console.pid])
        console.press("x")
        console.wait_for_text("✓ log_aggregator started")
        console.wait_for_match(r"▸ ✓ ● log_aggregator +Ports")
        self.assertEqual(set(self.registry()), {"process_manager", "log_aggregator"})
        self.assert_log_tells(console, "🚀 The process manager is needed to start log_aggregator",
                              "✓ Process manager started",
                              "📡 Requesting process manager to start log_aggregator...",
                              "✓ Worker log_aggregator started")
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)
        self.assertEqual(self.what_is_left(), [])

    def test_only_what_was_asked_for_is_started_also_when_more_is_asked_before_anybody_answers(self):
        self.configure_show(UNASKED_OFF, self.app("synesthesia", "exec sleep 100", stop_on_quit=True) +
                            self.app("milksyphon", "exec sleep 100", stop_on_quit=True))
        console = self.console("--screen", "4")
        console.wait_for_text("s Synesthesia off")
        console.press("s", "m")
        console.wait_for_text("s Synesthesia ON  m MilkSyphon ON")
        self.assertEqual([self.worker(name)["state"] for name in ("synesthesia", "milksyphon", "log_aggregator")],
                         ["running", "running", "stopped"])
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)
        self.assertEqual(self.what_is_left(), [])

    def test_what_a_person_asks_for_does_not_wait_for_a_restart_that_is_to_come(self):
        self.configure_show("restart_delay = 300\n")
        console = self.console()
        console.wait_for_match(r"✓ ● log_aggregator +Ports")
        before = self.registry()
        os.kill(before["process_manager"]["pid"], signal.SIGKILL)
        console.wait_for_match(r"restarting the process manager in \d")
        console.press("r")
        console.wait_for_text("✓ log_aggregator restarted")
        for name in ("process_manager", "log_aggregator"):
            wait_for(lambda: self.registry().get(name, {}).get("pid") not in (None, before[name]["pid"]), f"a new {name}")

    def test_a_worker_that_somebody_started_by_hand_can_be_stopped(self):
        self.configure_show(UNASKED_OFF)
        worker = self.start_worker("log_aggregator")
        console = self.console()
        console.wait_for_match(r"▸ ✓ ● log_aggregator +Ports")
        console.press("x")
        console.wait_for_text("✓ log_aggregator stopped")
        self.assertEqual(worker.wait(), 0)
        wait_for(lambda: set(self.registry()) == {"process_manager"}, "its entry to go")

    def test_after_a_shutdown_by_somebody_else_a_key_starts_the_show_again(self):
        self.configure_show()
        console = self.console()
        console.wait_for_match(r"✓ ● log_aggregator +Ports")
        self.send_command("process_manager", "shutdown")
        console.wait_for_text("x starts it, and then the selected worker")
        console.press("x")
        console.wait_for_text("✓ log_aggregator started")
        console.wait_for_match(r"✓ ● log_aggregator +Ports")

    def test_where_no_process_manager_can_be_started_the_console_does_what_was_asked_itself(self):
        self.configure_show(UNASKED_OFF + "restart_delay = 0.05\n")
        console = self.console_without_a_daemon()
        console.wait_for_text("x starts it, and then the selected worker")
        console.press("x")
        console.wait_for_text("✓ log_aggregator started")
        console.wait_for_match(r"FALLBACK 1/1 ✓")
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)
        self.assertEqual(self.what_is_left(), [])

    def test_where_nothing_heals_by_itself_it_is_said_why_nothing_was_started_and_each_key_tries_again(self):
        self.configure_show(UNASKED_OFF + "auto_heal_workers = false\n")
        console = self.console_without_a_daemon()
        console.wait_for_text("x starts it, and then the selected worker")
        for _ in range(2):
            console.press("x")
            console.wait_for_match(r"✗ log_aggregator was not started: the process manager failed: could not start")
            console.press("Escape")
            console.wait_for_absence("was not started")
        console.wait_for_match(r"▸   ○ log_aggregator +stopped")
        shutil.copy(BIN / "workers" / "process_manager_daemon", self.home / "programs" / "workers")
        console.press("x")
        console.wait_for_text("✓ log_aggregator started")


class Adopting(ShowTestCase):
    def test_how_long_the_process_manager_runs_is_not_read_from_a_wall_clock(self):
        self.configure_show(UNASKED_OFF, heartbeat_timeout=60.0)
        daemon = self.start_manager()
        daemon.process.send_signal(signal.SIGSTOP)  # so that what it says stays what it is made to say
        file = self.vj_home / "registry.json"
        for year in (-365 * 86400, 365 * 86400):
            registry = json.loads(file.read_text())
            registry["services"]["process_manager"]["started_at"] = time.time() + year
            file.write_text(json.dumps(registry))
            console = self.console()
            console.wait_for_match(rf"process manager pid {daemon.pid}, 0:00:\d\d")
            console.press("d")
            self.assertEqual(console.wait_for_end(), 0)
        daemon.process.send_signal(signal.SIGCONT)

    def test_a_show_that_is_just_being_stopped_is_started_again_by_the_next_console_when_it_has_gone(self):
        self.configure_show(apps=self.stubborn("picture").replace('kind = "app"\n', 'kind = "app"\nstop_on_quit = true\n'),
                            stop_timeout=4.0)
        daemon = self.start_manager("--start-all")
        picture = self.start_and_wait("picture")
        self.wait_for_lines("up")
        daemon.process.send_signal(signal.SIGTERM)
        wait_for(lambda: self.registry()["process_manager"]["status"] == "stopping", "its last words")
        console = self.console()
        self.assertEqual(daemon.wait(), 0)  # it was left to end what it had begun
        self.assertFalse(is_running(picture))
        console.wait_for_match(r"✓ ● log_aggregator +Ports")
        console.wait_for_match(r"✓ process manager pid (?!%d)\d+" % daemon.pid)


class Healing(ShowTestCase):
    def test_a_process_manager_that_hangs_is_killed_and_replaced_and_its_workers_never_left(self):
        self.configure_show("restart_delay = 0.05\n", heartbeat_timeout=6.0)
        console = self.console()
        console.wait_for_match(r"✓ ● log_aggregator +Ports")
        before = self.registry()
        os.kill(before["process_manager"]["pid"], signal.SIGSTOP)
        console.press("5")
        console.wait_for_text("❌ Process manager crashed (no heartbeat for 6s)", deadline=30)
        console.wait_for_match(r"✓ Process manager restarted \(PID: \d+\)")
        console.press("0")
        console.wait_for_match(r"✓ process manager pid (?!%d)\d+" % before["process_manager"]["pid"])
        self.assertFalse(is_running(before["process_manager"]["pid"]))
        self.assertEqual(self.registry()["log_aggregator"]["pid"], before["log_aggregator"]["pid"])

    def test_one_that_hangs_and_was_started_in_a_shell_is_killed_without_the_shell(self):
        self.configure_show(UNASKED_OFF + "restart_delay = 0.05\n", heartbeat_timeout=6.0)
        daemon = self.start_manager()
        self.assertNotEqual(os.getpgid(daemon.pid), daemon.pid)
        console = self.console("--screen", "5")
        console.wait_for_text(f"✓ Process manager adopted (PID: {daemon.pid})")
        daemon.process.send_signal(signal.SIGSTOP)
        console.wait_for_text("❌ Process manager crashed (no heartbeat for 6s)", deadline=30)
        console.wait_for_match(r"✓ Process manager restarted \(PID: \d+\)")

    def test_several_consoles_bring_back_one_process_manager_and_whose_was_slower_counts_no_failure(self):
        self.configure_show("restart_delay = 0.2\n")
        consoles = [self.console("--screen", "5") for _ in range(6)]
        for console in consoles:
            console.wait_for_text("log_aggregator ready on ports")
        for _ in range(3):  # as often as each of them may restart it
            before = self.registry()["process_manager"]["pid"]
            os.kill(before, signal.SIGKILL)
            after = wait_for(lambda: self.registry()["process_manager"]["pid"] != before
                             and self.registry()["process_manager"]["pid"], "the next process manager")
            for console in consoles:
                console.wait_for_match(rf"Process manager (restarted|adopted) \(PID: {after}\)")
            wait_for(lambda: self.processes("process_manager_daemon") == [after], "the others to give up")
        for console in consoles:
            self.assertNotRegex(console.screen(), r"exit code: 1\b|used up|Fallback")

    def test_the_process_manager_is_not_taken_for_hung_because_the_home_was_removed_and_made_again(self):
        self.configure_show("restart_delay = 0.05\n", heartbeat_timeout=6.0)
        console = self.console("--screen", "5")
        console.wait_for_text("log_aggregator ready on ports")
        before = {name: entry["pid"] for name, entry in self.registry().items()}
        self.make_home_again()
        wait_for(lambda: {name: entry["pid"] for name, entry in self.registry().items()} == before, "both in the registry")
        self.assert_stays(lambda: "crashed" not in console.screen(), "one was killed", 12)
        console.press("0")
        console.wait_for_match(rf"✓ process manager pid {before['process_manager']}, ")

    def test_a_home_that_is_removed_and_made_again_by_nobody_is_made_again_by_the_process_manager(self):
        self.configure_show("restart_delay = 0.05\n", heartbeat_timeout=6.0, check_interval=1.0,
                            apps=self.app("picture", "exec sleep 1000", enabled=True))
        config = self.home / "show.toml"
        (self.vj_home / "config.toml").rename(config)
        console = self.console("--config", str(config))
        console.wait_for_match(r"✓ ● log_aggregator +Ports")
        console.wait_for_match(r"✓ ● picture")
        picture = self.worker("picture")["pid"]
        before = {name: entry["pid"] for name, entry in self.registry().items()}
        shutil.rmtree(self.vj_home)
        wait_for(lambda: {name: entry["pid"] for name, entry in self.registry().items()} == before, "both in the registry")
        self.assert_stays(lambda: "restarting" not in console.screen(), "one was killed", 12)
        console.wait_for_match(rf"✓ process manager pid {before['process_manager']}, ")
        # And its successor knows whom it has, also who is in no registry.
        os.kill(before["process_manager"], signal.SIGKILL)
        console.wait_for_match(r"✓ process manager pid (?!%d)\d+" % before["process_manager"])
        self.assertEqual(self.worker("picture")["pid"], picture)

    def test_waiting_for_a_restart_costs_nothing(self):
        self.configure_show("restart_delay = 300\n")
        console = self.console()
        console.wait_for_match(r"✓ ● log_aggregator +Ports")
        os.kill(self.registry()["process_manager"]["pid"], signal.SIGKILL)
        console.wait_for_match(r"restarting the process manager in \d")
        before, began = self.cpu_seconds(console.pid), time.monotonic()
        let_pass(3)
        self.assertLess((self.cpu_seconds(console.pid) - before) / (time.monotonic() - began), 0.1)

    def cpu_seconds(self, pid):
        return sum(int((task / "schedstat").read_text().split()[0])
                   for task in pathlib.Path(f"/proc/{pid}/task").iterdir()) / 1e9

    def test_the_process_manager_starts_also_where_its_log_cannot_be_written(self):
        self.configure_show()
        (self.vj_home / "logs").write_text("no folder")
        console = self.console()
        console.wait_for_match(r"✓ ● log_aggregator +Ports")
        self.assert_log_tells(console, "The process manager runs without a log")


class Leaving(ShowTestCase):
    def test_q_also_ends_a_process_manager_that_has_just_been_started_and_is_not_registered_yet(self):
        self.configure_show()
        console = self.console_without_a_daemon(f"echo $$ > {self.home}/newcomer; exec sleep 100")
        console.wait_for_text("starting the process manager…")
        newcomer = int(self.wait_for_lines("newcomer")[0])
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)
        self.assertFalse(is_running(newcomer))

    def test_after_a_quit_that_was_refused_the_process_manager_is_kept_again(self):
        self.configure_show("restart_delay = 0.05\n")
        refusing = self.start_refusing_manager()
        console = self.console()
        console.wait_for_match(rf"process manager pid {refusing.pid}")
        console.press("q")
        console.wait_for_text("✗ not everything stopped: not now")
        refusing.kill()
        refusing.wait()
        console.wait_for_match(r"✓ ● log_aggregator +Ports")

    def start_refusing_manager(self):
        """Somebody who holds the process manager's place and refuses every command."""
        process = subprocess.Popen([sys.executable, "-c", REFUSING_MANAGER, str(self.vj_home), str(self.first_port)],
                                   env=self.environment())
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        wait_for(lambda: self.registry().get("process_manager", {}).get("pid") == process.pid, "it to be registered")
        return process


if __name__ == "__main__":
    unittest.main()
