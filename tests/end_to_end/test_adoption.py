"""Process managers come and go: workers live on, and the next one finds them, whatever the last one was doing."""

import concurrent.futures
import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import time
import unittest

from supervision_testing import DAEMON, ProcessManagerTestCase, is_running
from vj_testing import BIN, wait_for

EXAMPLE = '[[worker]]\nname = "example_worker"\n'


class Successors(ProcessManagerTestCase):
    def test_a_killed_daemon_leaves_the_workers_and_its_successor_adopts_and_heals_them(self):
        self.configure_workers(EXAMPLE)
        daemon = self.start_manager()
        pid = self.start_and_wait("example_worker")
        self.kill_daemon(daemon)
        successor = self.start_manager()
        row = self.wait_for_state("example_worker", "running")
        self.assertEqual((row["pid"], row["adopted"]), (pid, True))
        self.assertIn(f"✓ Worker example_worker adopted (PID: {pid})", successor.output())
        os.kill(pid, signal.SIGKILL)
        new = self.wait_for_new_pid("example_worker", pid)
        self.assertFalse(self.worker("example_worker")["adopted"])
        self.assertEqual([new], self.processes_called("example_worker"))

    def test_what_happens_while_a_daemon_comes_up_is_told_to_who_listened_before(self):
        self.configure_workers(self.app("lives", "exec sleep 100") + self.app("died", "exec sleep 100"), base_backoff=60)
        daemon = self.start_manager()
        events = self.subscribe("process_manager", "events.lifecycle")
        logs = self.subscribe("process_manager", "logs.record")
        pids = {name: self.start_and_wait(name) for name in ("lives", "died")}
        self.kill_daemon(daemon)
        os.kill(pids["died"], signal.SIGKILL)
        self.start_manager()
        adopted = events.wait_for(lambda e: e["event"] != "worker_started", "the first event of the second daemon")
        self.assertEqual(adopted, {"event": "worker_adopted", "worker": "lives", "payload": {"pid": pids["lives"]}})
        crashed = events.wait_for(lambda e: True, "the second event")
        self.assertEqual((crashed["event"], crashed["worker"]), ("worker_crashed", "died"))
        for line in (f"✓ Worker lives adopted (PID: {pids['lives']})", "⚠️ Worker died crashed (exit code unknown)",
                     "🔄 Auto-restarting died in 60s (attempt 1/10)"):
            logs.wait_for(lambda record: record["message"] == line, line)

    def test_how_an_adopted_worker_ended_is_known_where_the_kernel_tells(self):
        self.configure_workers(self.app("w", f"while [ ! -e {self.home}/go ]; do sleep 0.01; done; exit 3"),
                               base_backoff=60, max_backoff=60)
        daemon = self.start_manager()
        self.start_and_wait("w")
        self.kill_daemon(daemon)
        self.start_manager()
        self.assertTrue(self.wait_for_state("w", "running")["adopted"])
        (self.home / "go").touch()
        self.assertEqual(self.wait_for_state("w", "backing_off")["restart_count"], 1)
        kernel = tuple(int(part) for part in re.match(r"(\d+)\.(\d+)", os.uname().release).groups())
        # Of a process that is not its own, a supervisor learns the code by PIDFD_GET_INFO, a moment after the end.
        code = ": 3" if kernel >= (6, 15) else " unknown"
        wait_for(lambda: self.worker("w")["reason"] == f"crashed (exit code{code})", "the exit code")

    def test_an_adopted_worker_can_be_stopped(self):
        self.configure_workers(EXAMPLE)
        daemon = self.start_manager()
        pid = self.start_and_wait("example_worker")
        self.kill_daemon(daemon)
        self.start_manager()
        self.assertEqual(self.ask("stop_worker", "example_worker")["result"], {"stopped": True})
        self.assertFalse(is_running(pid))

    def test_attempts_and_a_pending_restart_survive_the_daemon(self):
        self.configure_workers(self.app("w", "exit 1"), base_backoff=60, max_backoff=60)
        daemon = self.start_manager()
        self.ask("start_worker", "w")
        self.wait_for_state("w", "backing_off")
        self.kill_daemon(daemon)
        self.start_manager()
        row = self.worker("w")
        self.assertEqual((row["state"], row["restart_count"]), ("backing_off", 1))
        self.assertLess(row["next_restart_in"], 60)

    def test_a_restart_that_is_due_comes_whoever_is_the_daemon_then(self):
        self.configure_workers(self.app("w", f"echo run >> {self.home}/runs; exit 1"), base_backoff=1.0, max_backoff=1.0)
        daemon = self.start_manager()
        self.ask("start_worker", "w")
        self.wait_for_state("w", "backing_off")
        self.kill_daemon(daemon)
        self.start_manager()
        self.wait_for_lines("runs", 2)

    def test_a_worker_that_died_while_nobody_watched_is_started_again(self):
        self.configure_workers(self.app("w", "exec sleep 100"))
        daemon = self.start_manager()
        pid = self.start_and_wait("w")
        self.kill_daemon(daemon)
        os.kill(pid, signal.SIGKILL)
        self.start_manager()
        self.wait_for_new_pid("w", pid)
        self.assertEqual(self.worker("w")["restart_count"], 1)

    def test_a_stop_that_was_under_way_goes_on(self):
        self.configure_workers(self.stubborn("w"), stop_timeout=2.0)
        daemon = self.start_manager()
        pid = self.start_and_wait("w")
        self.wait_for_lines("up")
        client = self.send_without_waiting("stop_worker", {"worker": "w"})
        self.wait_for_state("w", "stopping")
        self.kill_daemon(daemon)
        client.close()
        self.start_manager()
        self.wait_for_state("w", "stopped")
        self.assertFalse(is_running(pid))

    def test_a_crash_is_counted_once_though_the_daemon_died_while_it_ended_what_the_crashed_had_left(self):
        # Who ignores SIGTERM keeps the daemon at it for as long as the test needs.
        orphan = f"trap '' TERM; echo up >> {self.home}/up; while :; do sleep 0.05; done"
        self.configure_workers(self.app("w", f"({orphan}) & while [ ! -e {self.home}/up ]; do sleep 0.01; done; exit 1"),
                               base_backoff=60, max_backoff=60, stop_timeout=60)
        daemon = self.start_manager()
        self.ask("start_worker", "w")
        self.assertEqual(self.wait_for_state("w", "stopping")["restart_count"], 1)
        self.kill_daemon(daemon)
        successor = self.start_manager()
        row = self.worker("w")
        self.assertEqual((row["state"], row["restart_count"], row["reason"]),
                         ("backing_off", 1, "crashed (exit code: 1)"))
        self.assertLess(row["next_restart_in"], 60)
        wait_for(lambda: self.processes_of_home() == [successor.pid], "the end of what the crashed had left")

    def test_an_ill_worker_that_was_being_ended_is_ended_by_the_successor_and_counted_once(self):
        self.configure_workers(
            self.stubborn("w") + '[[worker.health]]\ntype = "exec"\ncommand = ["false"]\ninterval = 0.1\n'
            'timeout = 1.0\nfailures = 1\n',
            base_backoff=60, max_backoff=60, stop_timeout=1.0)
        daemon = self.start_manager()
        self.ask("start_worker", "w")
        pid = self.wait_for_state("w", "stopping")["pid"]
        self.kill_daemon(daemon)
        self.start_manager()
        row = self.wait_for_state("w", "backing_off")
        self.assertEqual((row["restart_count"], is_running(pid)), (1, False))

    def test_a_worker_that_left_the_configuration_while_nobody_watched_is_stopped_and_forgotten(self):
        self.configure_workers(self.app("w", "exec sleep 100"))
        daemon = self.start_manager()
        pid = self.start_and_wait("w")
        self.kill_daemon(daemon)
        self.configure_workers()
        successor = self.start_manager()
        wait_for(lambda: not is_running(pid), "its end")
        wait_for(lambda: self.ask("start_worker", "w")["error"] == "Unknown worker: w", "it to be forgotten")
        self.assertIn("w is not in the configuration any more", successor.output())

    def test_a_worker_that_was_spawned_but_not_noted_is_found_by_its_token(self):
        self.configure_workers(self.app("w", "exec sleep 100"))
        daemon = self.start_manager()
        pid = self.start_and_wait("w")
        self.kill_daemon(daemon)
        state = self.state()
        record = next(worker for worker in state["workers"] if worker["name"] == "w")
        record["phase"] = "spawn_under_way"
        del record["pid"], record["start_time_ticks"]
        self.write_state(json.dumps(state))
        self.start_manager()
        row = self.worker("w")
        self.assertEqual((row["pid"], row["adopted"]), (pid, True))

    def test_kills_at_random_moments_double_and_lose_nothing(self):
        self.configure_workers(EXAMPLE, base_backoff=0.01, max_backoff=0.02, max_restarts=1000)
        daemon = self.start_manager("--start-all")
        self.ask("start_worker", "example_worker")
        for round_number in range(15):
            self.wait_for_state("example_worker", "running")
            os.kill(self.worker("example_worker")["pid"], signal.SIGKILL)
            end = time.monotonic() + round_number * 0.002  # from before the exit is seen to after the restart
            wait_for(lambda: time.monotonic() > end, "the moment")
            self.kill_daemon(daemon)
            daemon = self.start_manager()
            self.wait_for_state("example_worker", "running")
            self.assertEqual(len(self.processes_called("example_worker")), 1)

    def test_hand_over_and_usr1_leave_everything_running(self):
        self.configure_workers(EXAMPLE)
        daemon = self.start_manager()
        pid = self.start_and_wait("example_worker")
        self.assertEqual(self.ask("handover")["status"], "ok")
        self.assertEqual(daemon.wait(), 0)
        daemon = self.start_manager()
        self.assertEqual(self.wait_for_state("example_worker", "running")["pid"], pid)
        self.assertEqual(daemon.stop(signal.SIGUSR1), 0)
        self.assertTrue(is_running(pid))
        self.assertNotIn("process_manager", self.registry())
        self.start_manager()
        self.assertEqual(self.wait_for_state("example_worker", "running")["pid"], pid)

    def test_a_restart_of_the_manager_itself_keeps_the_workers(self):
        self.configure_workers(EXAMPLE)
        daemon = self.start_manager()
        pid = self.start_and_wait("example_worker")
        self.assertEqual(self.ask("restart")["status"], "ok")
        self.assertEqual(daemon.wait(), 0)
        wait_for(lambda: self.registry().get("process_manager", {}).get("pid") not in (None, daemon.pid), "a successor")
        row = self.wait_for_state("example_worker", "running")
        self.assertEqual((row["pid"], row["adopted"]), (pid, True))

    def test_shutdown_and_signals_stop_every_worker(self):
        self.configure_workers(EXAMPLE)
        for how in (signal.SIGTERM, signal.SIGINT, "shutdown", "shutdown_all"):
            daemon = self.start_manager()
            pid = self.start_and_wait("example_worker")
            if isinstance(how, str):
                self.assertEqual(self.ask(how)["status"], "ok")
            else:
                daemon.process.send_signal(how)
            self.assertEqual(daemon.wait(), 0)
            self.assertFalse(is_running(pid))
            self.assertEqual(self.registry(), {})
            self.assertEqual(self.processes_of_home(), [])

    def test_after_a_shutdown_healing_starts_what_that_stopped_and_not_what_a_person_had_or_what_had_failed(self):
        self.configure_workers(self.app("stopped", "exec sleep 100", enabled=True) +
                               self.app("failed", "exit 78", enabled=True) +
                               self.app("running", "exec sleep 100", enabled=True, stop_on_quit=True))
        daemon = self.start_manager("--start-all")
        for name in ("stopped", "running"):
            self.wait_for_state(name, "running")
        self.wait_for_state("failed", "failed")
        self.ask("stop_worker", "stopped")
        daemon.stop()
        daemon = self.start_manager()
        healed = self.result_of("process_manager", "start_all", {"heal": True})
        self.assertEqual(healed["started"], ["running"])
        self.assertEqual([refused["name"] for refused in healed["refused"]], ["stopped", "failed"])
        daemon.stop()  # and the same once more, with a successor that was asked for nothing else
        self.start_manager()
        healed = self.result_of("process_manager", "start_all", {"heal": True})
        self.assertEqual(healed["started"], ["running"])
        self.assertEqual(sorted(self.result_of("process_manager", "start_all")["started"]), ["failed", "stopped"])

    def test_a_daemon_without_start_all_starts_nothing(self):
        self.configure_workers()
        with open(self.vj_home / "config.toml", "a") as config:
            config.write('[[worker]]\nname = "w"\ncommand = ["sleep", "100"]\nenabled = true\n')
        self.start_manager()
        self.assertEqual(self.worker("w")["state"], "stopped")

    def processes_called(self, worker):
        """Live processes of this home that run this worker's program."""
        def name(pid):
            try:
                return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
            except OSError:
                return ""
        return [pid for pid in self.processes_of_home() if name(pid) == worker[:15]]

    def send_without_waiting(self, command, payload):
        import zmq
        client = self.socket(zmq.DEALER)
        client.connect(self.endpoint("process_manager", "command"))
        client.send_multipart([b"", json.dumps({"command": command, "payload": payload}).encode()])
        return client

    def state(self):
        return json.loads((self.vj_home / "process_manager.state").read_text())

    def write_state(self, text):
        (self.vj_home / "process_manager.state").write_text(text)


class Strangers(ProcessManagerTestCase):
    def test_a_second_daemon_is_refused_with_the_pid_of_the_first(self):
        self.configure_workers()
        first = self.start_manager()
        second = self.start(DAEMON)
        self.assertEqual(second.wait(), 1)
        self.assertIn(f"pid {first.pid}", second.output())

    def make_home_again(self):
        super().make_home_again()
        self.configure_workers(EXAMPLE, check_interval=0.2)

    def test_a_home_that_was_removed_and_made_again_is_still_taken(self):
        self.configure_workers(EXAMPLE, check_interval=0.2)
        first = self.start_manager()
        self.make_home_again()
        wait_for(lambda: "the show goes on" in first.output(), "the lock to be taken again")
        second = self.start(DAEMON)
        self.assertEqual(second.wait(), 1)
        self.assertIn(f"pid {first.pid}", second.output())

    def test_who_was_late_to_take_a_home_again_leaves_its_workers_to_who_has_it(self):
        self.configure_workers(EXAMPLE, check_interval=0.2)
        first = self.start_manager()
        pid = self.start_and_wait("example_worker")
        first.process.send_signal(signal.SIGSTOP)
        self.make_home_again()
        second = self.start_manager()
        first.process.send_signal(signal.SIGCONT)
        self.assertEqual(first.wait(), 0)
        self.assertEqual(self.wait_for_state("example_worker", "running")["pid"], pid)
        self.assertEqual(sorted(self.processes_of_home()), sorted([second.pid, pid]))

    def test_twenty_daemons_at_once_are_one(self):
        self.configure_workers()
        daemons = [self.start(DAEMON) for _ in range(20)]
        wait_for(lambda: sum(daemon.process.poll() is None for daemon in daemons) == 1, "all but one to give up")
        survivor = next(daemon for daemon in daemons if daemon.process.poll() is None)
        wait_for(lambda: self.registry().get("process_manager", {}).get("pid") == survivor.pid, "the one to be ready")

    def test_only_a_console_yields(self):
        self.configure_workers()
        self.start_manager()
        self.assertEqual(self.ask("yield")["status"], "error")

    def test_a_worker_that_was_started_by_hand_is_adopted(self):
        self.configure_workers(EXAMPLE)
        worker = self.start_worker("example_worker")
        self.start_manager()
        row = self.wait_for_state("example_worker", "running")
        self.assertEqual((row["pid"], row["adopted"]), (worker.pid, True))
        self.assertEqual(self.ask("start_worker", "example_worker")["result"], {"started": False})

    def test_a_worker_under_a_name_of_its_own_is_no_other_worker_s_and_is_told_which_name_it_has(self):
        self.configure_workers(self.NO_BUILT_IN + '[[worker]]\nname = "mine"\ncommand = ["example_worker"]\n')
        daemon = self.start_manager()
        self.assertEqual(self.ask("start_worker", "mine")["result"], {"started": True})
        row = self.wait_for_state("example_worker", "unknown")
        pid = self.worker("mine")["pid"]
        self.assertEqual((row["pid"], row["reason"]), (None, f"process {pid} is registered so, and is mine's"))
        misnamed = "it registers as example_worker; name the worker so"
        self.assertEqual((self.worker("mine")["state"], self.worker("mine")["reason"]), ("starting", misnamed))
        self.assertIn(f"mine {misnamed}", daemon.output())
        self.assertIn("is mine's", self.ask("start_worker", "example_worker")["result"]["reason"])
        self.assertEqual(self.ask("stop_worker", "mine")["result"], {"stopped": True})
        self.wait_for_state("example_worker", "stopped")

    def test_a_worker_that_is_started_by_hand_later_is_adopted_too(self):
        self.configure_workers(EXAMPLE)
        self.start_manager()
        worker = self.start_worker("example_worker")
        self.assertEqual(self.wait_for_state("example_worker", "running")["pid"], worker.pid)

    def test_a_wall_clock_that_jumped_a_year_kills_nobody_and_hides_nobody(self):
        self.configure_workers(EXAMPLE)
        worker = self.start_worker("example_worker")
        entry = self.registry()["example_worker"]
        os.kill(worker.pid, signal.SIGSTOP)  # so that what it says stays what it is made to say
        for year in (-365 * 86400, 365 * 86400):
            self.register("example_worker", worker.pid, entry["metadata"], time.time() + year)
            daemon = self.start_manager()
            row = self.wait_for_state("example_worker", "running")
            self.assertEqual((row["pid"], row["adopted"]), (worker.pid, True))
            self.assertLess(row["uptime_sec"], 3600)
            daemon.stop(signal.SIGUSR1)
        os.kill(worker.pid, signal.SIGCONT)

    def test_what_cannot_be_verified_is_shown_and_neither_killed_nor_doubled(self):
        self.configure_workers(EXAMPLE)
        stranger = subprocess.Popen(["sleep", "100"])
        self.addCleanup(stranger.wait)
        self.addCleanup(stranger.kill)
        self.register("example_worker", stranger.pid, {})
        self.start_manager()
        row = self.wait_for_state("example_worker", "unknown")
        self.assertIn(str(stranger.pid), row["reason"])
        why = f"cannot be verified: {row['reason']}"
        for command, done in (("start_worker", "started"), ("stop_worker", "stopped"), ("restart_worker", "restarted")):
            answer = self.ask(command, "example_worker")
            self.assertEqual((answer["status"], answer["result"]), ("error", {done: False, "reason": why}))
        self.assertIsNone(stranger.poll())

    def test_the_records_of_recycled_pids_harm_nobody(self):
        self.configure_workers(EXAMPLE)
        stranger = subprocess.Popen(["sleep", "100"])
        self.addCleanup(stranger.wait)
        self.addCleanup(stranger.kill)
        boot_id = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        self.register("example_worker", stranger.pid, {"boot_id": boot_id, "start_time_ticks": 1})
        (self.vj_home / "process_manager.state").write_text(json.dumps(
            {"version": 1, "boot_id": boot_id, "workers": [
                {"name": "example_worker", "intent": "stop", "attempts_used": 0, "generation": 3, "token": "t",
                 "phase": "alive", "pid": stranger.pid, "start_time_ticks": 1, "afterwards": {"phase": "stopped"}}]}))
        self.start_manager()
        self.assertEqual(self.worker("example_worker")["state"], "stopped")
        self.assertNotEqual(self.start_and_wait("example_worker"), stranger.pid)
        self.assertIsNone(stranger.poll())

    def test_a_state_that_is_cut_off_or_of_another_boot_is_survived_and_said(self):
        self.configure_workers(EXAMPLE)
        for text in ('{"version": 1, "boot_id": "x", "wor', '{"version": 1, "boot_id": "another", "workers": []}'):
            (self.vj_home / "process_manager.state").write_text(text)
            daemon = self.start_manager()
            self.assertIn("process_manager.state", daemon.output())
            self.start_and_wait("example_worker")
            daemon.stop()

    def test_a_state_that_somebody_else_writes_at_the_same_time_doubles_and_loses_nothing(self):
        self.configure_workers(EXAMPLE)
        daemon = self.start_manager()
        pid = self.start_and_wait("example_worker")
        file = self.vj_home / "process_manager.state"
        texts = [file.read_text(), file.read_text()[:-50], "", '{"version": 1, "workers": []}']
        over = threading.Event()

        def scribble():
            for text in itertools.cycle(texts):
                if over.is_set():
                    return
                file.write_text(text)

        scribbler = threading.Thread(target=scribble)
        scribbler.start()
        self.addCleanup(scribbler.join)
        self.addCleanup(over.set)
        for _ in range(10):
            self.kill_daemon(daemon)
            daemon = self.start_manager()
            row = self.wait_for_state("example_worker", "running")
            self.assertEqual((row["pid"], row["adopted"]), (pid, True))
            self.assertEqual(sorted(self.processes_of_home()), sorted([daemon.pid, pid]))
        over.set()
        scribbler.join()
        self.assertEqual(self.ask("stop_worker", "example_worker")["result"], {"stopped": True})
        self.assertFalse(is_running(pid))

    def test_a_configuration_that_is_wrong_is_exit_78_with_the_line(self):
        self.configure("[process_manager]\nmax_restart = 3\n")
        daemon = self.start(DAEMON)
        self.assertEqual(daemon.wait(), 78)
        self.assertIn("max_restarts", daemon.output())
        self.assertEqual(self.start(DAEMON, "--home").wait(), 2)
        self.assertEqual(self.start(DAEMON, "--help").wait(), 0)

    def test_a_flood_of_commands_from_many_clients_is_answered(self):
        self.configure_workers(EXAMPLE)
        self.start_manager()
        self.start_and_wait("example_worker")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            rows = list(pool.map(lambda _: self.worker("example_worker")["state"], range(200)))
        self.assertEqual(set(rows), {"running"})

    def register(self, name, pid, metadata, now=None):
        now = time.time() if now is None else now
        entry = {"pid": pid, "status": "running", "started_at": now, "heartbeat_at": now,
                 "ports": {"command": 1, "telemetry": 2}, "metadata": metadata}
        (self.vj_home / "registry.json").write_text(
            json.dumps({"version": "1.0", "updated_at": now, "services": {name: entry}}))


class Races(ProcessManagerTestCase):
    def test_concurrent_restarts_end_with_one_process(self):
        self.configure_workers(self.app("w", "exec sleep 100"))
        self.start_manager()
        self.start_and_wait("w")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.ask("restart_worker", "w")["status"], range(24)))
        self.assertEqual(set(answers), {"ok"})
        self.wait_for_state("w", "running")
        pid = self.worker("w")["pid"]
        # A new process shows its environment a moment after it was spawned.
        wait_for(lambda: set(self.processes_of_home()) == {self.programs[0].pid, pid}, "one process, and no other")

    def test_stops_at_random_moments_are_never_followed_by_a_resurrection(self):
        self.configure_workers(self.app("w", "sleep 0.003; exit 1"), base_backoff=0.002, max_backoff=0.004,
                               max_restarts=1000)
        self.start_manager()
        for _ in range(60):
            self.ask("start_worker", "w")
            self.ask("stop_worker", "w")
            self.assertEqual(self.worker("w")["state"], "stopped")
        self.assert_stays(lambda: self.processes_of_home() == [self.programs[0].pid], "one came back", 0.3)


if __name__ == "__main__":
    unittest.main()
