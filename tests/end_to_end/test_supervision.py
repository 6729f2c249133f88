"""The process manager and its workers: starts, stops, crashes, hangs, limits, and what is told of them."""

import json
import os
import pathlib
import signal
import subprocess
import time
import unittest
import uuid

import zmq

from supervision_testing import ProcessManagerTestCase, is_running
from vj_testing import BIN, wait_for


class Commands(ProcessManagerTestCase):
    def test_a_second_start_and_a_second_stop_are_refused_without_an_error_text(self):
        self.configure_workers(self.app("w", "exec sleep 100"))
        self.start_manager()
        self.start_and_wait("w")
        again = self.ask("start_worker", "w")
        self.assertEqual((again["status"], again["result"], again["error"]), ("error", {"started": False}, None))
        stopped = self.ask("stop_worker", "w")
        self.assertEqual((stopped["status"], stopped["result"]), ("ok", {"stopped": True}))
        again = self.ask("stop_worker", "w")
        self.assertEqual((again["status"], again["result"], again["error"]), ("error", {"stopped": False}, None))

    def test_a_home_that_others_may_look_into_is_said_to_be_open(self):
        self.configure_workers()
        daemon = self.start_manager()
        self.assertNotIn("open to other users", daemon.output())
        daemon.stop()
        self.vj_home.chmod(0o755)
        daemon = self.start_manager()
        self.assertIn(f"⚠️ {self.vj_home} is open to other users; to keep it private: chmod 700 {self.vj_home}",
                      daemon.output())

    def test_wrong_names_and_commands_are_named(self):
        self.configure_workers()
        self.start_manager()
        self.assertEqual(self.ask("start_worker", "lirycs")["error"], "Unknown worker: lirycs")
        self.assertEqual(self.ask("stop_worker")["error"], "Unknown worker: None")
        self.assertEqual(self.ask("make_coffee")["error"], "Unknown command: make_coffee")

    def test_the_state_counts_workers(self):
        self.configure_workers(self.app("w", "exec sleep 100", enabled=True))
        self.start_manager()
        pid = self.start_and_wait("w")
        metrics = self.result_of("process_manager", "get_state")["metrics"]
        self.assertEqual(metrics["running_workers"], 1)
        self.assertEqual(metrics["workers"]["w"]["pid"], pid)
        self.assertAlmostEqual(metrics["workers"]["w"]["last_start"], time.time(), delta=5)
        self.assertEqual(metrics["total_workers"], len(metrics["workers"]))

    def test_restart_gives_a_new_process_and_uses_no_attempt(self):
        self.configure_workers(self.app("w", "exec sleep 100"))
        self.start_manager()
        old = self.start_and_wait("w")
        self.assertEqual(self.ask("restart_worker", "w")["result"], {"restarted": True})
        row = self.worker("w")
        self.assertNotEqual(row["pid"], old)
        self.assertEqual(row["restart_count"], 0)
        self.assertFalse(is_running(old))

    def test_start_all_starts_the_enabled_workers_and_stop_all_stops_them(self):
        self.configure_workers(self.ONLY_THE_EXAMPLE)
        self.start_manager()
        self.assertEqual(self.result_of("process_manager", "start_all"), {"started": ["example_worker"], "refused": []})
        again = self.result_of("process_manager", "start_all")
        self.assertEqual([refused["name"] for refused in again["refused"]], ["example_worker"])
        self.assertIn("already running", again["refused"][0]["reason"])
        self.assertEqual(self.result_of("process_manager", "stop_all"), {"stopped": ["example_worker"]})

    def test_healing_starts_nothing_that_a_person_had_stopped(self):
        self.configure_workers(self.ONLY_THE_EXAMPLE)
        self.start_manager("--start-all")
        self.wait_for_state("example_worker", "running")
        self.ask("stop_worker", "example_worker")
        healed = self.ask("start_all", heal=True)["result"]
        self.assertEqual(healed, {"started": [], "refused": [{"name": "example_worker", "reason": "stopped on request"}]})
        self.assertEqual(self.ask("start_all", heal="yes")["error"], "'heal' is to be true or false")
        self.assertEqual(self.worker("example_worker")["state"], "stopped")

    def test_a_start_during_a_stop_is_carried_out_after_it(self):
        self.configure_workers(self.stubborn("w"), stop_timeout=0.5)
        self.start_manager()
        old = self.start_and_wait("w")
        self.wait_for_lines("up")
        stop = self.send_later("stop_worker", "w")
        self.wait_for_state("w", "stopping")
        self.assertEqual(self.ask("start_worker", "w")["result"], {"started": True})
        self.assertEqual(self.answer_to(stop)["result"], {"stopped": True})
        self.assertFalse(is_running(old))
        self.assertNotEqual(self.worker("w")["pid"], old)

    def test_a_slow_stop_delays_nothing_else(self):
        self.configure_workers(self.stubborn("w"), stop_timeout=300.0)
        self.start_manager()
        pid = self.start_and_wait("w")
        self.wait_for_lines("up")
        stop = self.send_later("stop_worker", "w")
        self.wait_for_state("w", "stopping")
        for _ in range(20):
            self.assertEqual(self.ask("health_check")["status"], "ok")
        self.assertEqual(stop.poll(0), 0, "answered before it was done")
        self.assertTrue(is_running(pid))
        os.kill(pid, signal.SIGKILL)
        self.assertEqual(self.answer_to(stop)["result"], {"stopped": True})

    def test_a_program_that_is_missing_is_named_and_tried_again(self):
        self.configure_workers('[[worker]]\nname = "w"\nkind = "app"\ncommand = ["no_such_program"]\n', base_backoff=60)
        self.start_manager()
        answer = self.ask("start_worker", "w")
        self.assertEqual((answer["status"], answer["result"]), ("error", {"started": False}))
        self.assertIn("no_such_program", answer["error"])
        row = self.worker("w")
        self.assertEqual((row["state"], row["restart_count"]), ("backing_off", 1))
        self.assertGreater(row["next_restart_in"], 50)

    def test_the_worker_finds_its_home_configuration_and_token(self):
        self.configure_workers(self.app("w", 'echo "$VJ_HOME $VJ_SPAWN_TOKEN $COLOUR $PWD" > ../here; exec sleep 100',
                                        cwd=str(self.user_home), env={}).replace("env = {}", 'env = { COLOUR = "red" }'))
        self.start_manager()
        self.start_and_wait("w")
        home, token, colour, folder = self.wait_for_lines("here")[0].split()
        self.assertEqual((home, colour, folder), (str(self.vj_home), "red", str(self.user_home)))
        self.assertEqual(len(token), 36)

    def test_a_reload_adds_changes_and_forgets_workers(self):
        self.configure_workers(self.app("going", "exec sleep 100"))
        daemon = self.start_manager()
        pid = self.start_and_wait("going")
        self.configure_workers(self.app("coming", "exec sleep 100"), base_backoff=7)
        self.assertIn("app.coming", self.result_of("process_manager", "reload")["changed"])
        wait_for(lambda: not is_running(pid), "the worker that is gone from the configuration to end")
        wait_for(lambda: self.ask("start_worker", "going")["error"] == "Unknown worker: going", "it to be forgotten")
        self.start_and_wait("coming")
        self.configure("[process_manager]\nbase_backof = 3\n")
        self.assertIn("base_backof", self.ask("reload")["error"])
        self.assertEqual(self.worker("coming")["state"], "running", daemon.output())

    def send_later(self, command, worker):
        client = self.socket(zmq.DEALER)
        client.connect(self.endpoint("process_manager", "command"))
        client.send_multipart([b"", json.dumps({"type": "command", "id": str(uuid.uuid4()), "timestamp": 1,
                                                "source": "test", "command": command,
                                                "payload": {"worker": worker}}).encode()])
        return client

    def answer_to(self, client):
        self.assertTrue(client.poll(10_000), "no answer")
        return json.loads(client.recv_multipart()[-1])


class Crashes(ProcessManagerTestCase):
    def test_a_killed_worker_comes_back_and_everybody_is_told(self):
        self.configure_workers('[[worker]]\nname = "example_worker"\n')
        daemon = self.start_manager()
        events = self.subscribe("process_manager", "events.lifecycle")
        logs = self.subscribe("process_manager", "logs.record")
        old = self.start_and_wait("example_worker")
        os.kill(old, signal.SIGKILL)
        crashed = events.wait_for(lambda e: e["event"] == "worker_crashed", "the crash")
        self.assertEqual(crashed["worker"], "example_worker")
        self.assertEqual(crashed["payload"], {"exit_code": -9, "restart_count": 0})
        restarted = events.wait_for(lambda e: e["event"] == "worker_restarted", "the restart")
        self.assertEqual(restarted["payload"], {"restart_count": 1, "backoff_sec": 0.05})
        new = self.wait_for_new_pid("example_worker", old)
        for line in ("✓ Worker example_worker started", "⚠️ Worker example_worker crashed (exit code: -9)",
                     "🔄 Auto-restarting example_worker in 0.05s (attempt 1/10)",
                     f"✓ Worker example_worker restarted (PID: {new})"):
            wait_for(lambda: line in daemon.output(), line)
            logs.wait_for(lambda record: record["message"] == line, line)

    def test_that_an_ended_worker_waits_for_its_restart_is_told_too(self):
        self.configure_workers(self.stubborn("w") + '[[worker.health]]\ntype = "exec"\ncommand = ["false"]\n'
                               'interval = 0.1\ntimeout = 5.0\nfailures = 1\n', base_backoff=60, max_backoff=60,
                               stop_timeout=0.5)
        self.start_manager()
        events = self.subscribe("process_manager", "events.lifecycle")
        self.ask("start_worker", "w")
        events.wait_for(lambda e: e["event"] == "worker_crashed", "the crash")
        told = events.wait_for(lambda e: e["event"] != "worker_crashed", "what comes then")
        self.assertEqual((told["event"], told["worker"], told["payload"]["state"]), ("worker_state", "w", "backing_off"))
        self.assertIn("crashed (", told["payload"]["reason"])

    def test_a_restarted_worker_keeps_its_ports(self):
        self.configure_workers('[[worker]]\nname = "example_worker"\n')
        self.start_manager()
        old = self.start_and_wait("example_worker")
        ports = self.registry()["example_worker"]["ports"]
        os.kill(old, signal.SIGKILL)
        self.wait_for_new_pid("example_worker", old)
        self.assertEqual(self.registry()["example_worker"]["ports"], ports)

    def test_the_restart_limit_is_exact(self):
        self.configure_workers(self.app("w", "echo run >> ../runs; exit 1", cwd=str(self.user_home)),
                               base_backoff=0.01, max_backoff=0.02, max_restarts=4)
        self.start_manager()
        self.ask("start_worker", "w")
        row = self.wait_for_state("w", "failed")
        self.assertIn("4 restarts used up", row["reason"])
        self.assertEqual(len(self.lines_of("runs")), 5)
        self.assertEqual(self.ask("reset_worker", "w")["status"], "ok")
        self.assertEqual(self.worker("w")["restart_count"], 0)
        self.assertEqual(self.worker("w")["state"], "stopped")

    def test_exit_0_is_a_crash_and_78_a_configuration_that_is_refused(self):
        self.configure_workers(self.app("w", "exit 0", restart=True) +
                               self.app("c", "echo 'config.toml:3: unknown key'; exit 78"), base_backoff=60)
        self.start_manager()
        self.ask("start_worker", "w")
        self.assertEqual(self.wait_for_state("w", "backing_off")["reason"], "crashed (exit code: 0)")
        self.ask("start_worker", "c")
        self.assertEqual(self.wait_for_state("c", "failed")["reason"],
                         "configuration refused (exit code: 78): config.toml:3: unknown key")

    def test_the_last_line_of_one_that_crashes_is_in_the_reason_and_that_of_its_predecessor_is_not(self):
        self.configure_workers(self.app("w", f"[ -e {self.home}/before ] && exit 2; echo > {self.home}/before; "
                                             "echo one; echo 'no such device: hw:7' >&2; exit 1"), base_backoff=60)
        self.start_manager()
        self.ask("start_worker", "w")
        self.assertEqual(self.wait_for_state("w", "backing_off")["reason"],
                         "crashed (exit code: 1): no such device: hw:7")
        self.ask("restart_worker", "w")
        wait_for(lambda: self.worker("w")["reason"] == "crashed (exit code: 2)", "the second crash")

    def test_a_slip_in_the_configuration_does_not_keep_a_worker_from_healing(self):
        self.configure_workers('[[worker]]\nname = "example_worker"\n')
        good = (self.vj_home / "config.toml").read_text()
        daemon = self.start_manager("--start-all")
        old = self.start_and_wait("example_worker")
        with open(self.vj_home / "config.toml", "a") as config:
            config.write("x=\n")
        os.kill(old, signal.SIGKILL)
        new = self.wait_for_new_pid("example_worker", old)
        self.assertEqual(self.worker("example_worker")["restart_count"], 1)
        self.assertIn(f"--config {self.vj_home}/config.last_good.toml", self.command_line(new))
        self.assertIn(f"{self.vj_home}/config.toml:{good.count(chr(10)) + 1}: ", daemon.output())
        self.ask("stop_worker", "example_worker")
        started = self.run_ctl("start", "example_worker")
        self.assertEqual(started.returncode, 0, started.stderr)
        (self.vj_home / "config.toml").write_text(good)
        self.assertEqual(self.ask("restart_worker", "example_worker")["status"], "ok")
        self.assertNotIn("--config", self.command_line(self.wait_for_state("example_worker", "running")["pid"]))

    def command_line(self, pid):
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()

    def run_ctl(self, *arguments):
        return subprocess.run([BIN / "vjctl", *arguments], env=self.environment(), capture_output=True, text=True,
                              timeout=60)

    def test_a_stop_cancels_a_pending_restart(self):
        self.configure_workers(self.app("w", "echo run >> ../runs; exit 1", cwd=str(self.user_home)), base_backoff=0.4)
        self.start_manager()
        self.ask("start_worker", "w")
        self.wait_for_state("w", "backing_off")
        self.assertEqual(self.ask("stop_worker", "w")["result"], {"stopped": True})
        self.assert_stays(lambda: len(self.lines_of("runs")) == 1, "it was started again", 0.8)

    def test_a_worker_that_is_told_directly_is_obeyed(self):
        self.configure_workers('[[worker]]\nname = "example_worker"\n', base_backoff=60)
        self.start_manager()
        old = self.start_and_wait("example_worker")
        self.send_command("example_worker", "restart")
        new = self.wait_for_new_pid("example_worker", old)
        self.assertEqual(self.worker("example_worker")["restart_count"], 0)
        self.send_command("example_worker", "shutdown")
        self.wait_for_state("example_worker", "stopped")
        self.assertFalse(is_running(new))
        wait_for(lambda: "example_worker" not in self.registry(), "its registry entry to go")

    def test_with_auto_heal_off_a_crash_is_shown_and_left(self):
        self.configure_workers(self.app("w", "exit 3", restart=True))
        with open(self.vj_home / "config.toml", "a") as config:
            config.write("[console]\nauto_heal_workers = false\n")
        self.start_manager()
        self.ask("start_worker", "w")
        self.assertEqual(self.wait_for_state("w", "failed")["reason"], "crashed (exit code: 3), auto-heal off")


class Hangs(ProcessManagerTestCase):
    EXAMPLE = '[[worker]]\nname = "example_worker"\nheartbeat_timeout = 6.0\n'

    def test_a_stopped_worker_is_hung_killed_and_replaced(self):
        # One that is stopped cannot hear SIGTERM: with the grace of a stop nobody would come within the deadline.
        self.configure_workers(self.EXAMPLE, stop_timeout=300.0)
        self.start_manager()
        events = self.subscribe("process_manager", "events.lifecycle")
        old = self.start_and_wait("example_worker")
        os.kill(old, signal.SIGSTOP)
        crashed = events.wait_for(lambda e: e["event"] == "worker_crashed", "the hang to be noticed", deadline=20)
        self.assertEqual(crashed["payload"], {"reason": "no heartbeat for 6s"})
        self.wait_for_new_pid("example_worker", old, deadline=20)
        self.assertFalse(is_running(old))

    def test_a_supervisor_that_was_stopped_itself_kills_nobody(self):
        self.configure_workers(self.EXAMPLE)
        daemon = self.start_manager()
        pid = self.start_and_wait("example_worker")
        # Everything sleeps, as on a suspended machine, for longer than the timeout.
        daemon.process.send_signal(signal.SIGSTOP)
        os.kill(pid, signal.SIGSTOP)
        end = time.monotonic() + 7.5
        wait_for(lambda: time.monotonic() > end, "the pause to be over", deadline=9)
        daemon.process.send_signal(signal.SIGCONT)
        os.kill(pid, signal.SIGCONT)
        self.assert_stays(lambda: self.worker("example_worker")["pid"] == pid, "it was killed", 6)

    def test_nobody_is_taken_for_hung_because_the_home_was_removed_and_made_again(self):
        self.configure_workers(self.EXAMPLE)
        daemon = self.start_manager()
        pid = self.start_and_wait("example_worker")
        self.make_home_again()
        wait_for(lambda: self.registry().keys() >= {"process_manager", "example_worker"}, "both registered again")
        self.assert_stays(lambda: self.worker("example_worker")["pid"] == pid, "it was killed", 8)
        self.assertNotIn("crashed", daemon.output())
        os.kill(pid, signal.SIGSTOP)  # and one that hangs is still noticed
        self.wait_for_new_pid("example_worker", pid, deadline=20)

    def test_a_worker_that_never_beats_is_killed(self):
        self.configure_workers('[[worker]]\nname = "w"\ncommand = ["sleep", "100"]\nheartbeat_timeout = 6.0\n',
                               base_backoff=60)
        self.start_manager()
        self.ask("start_worker", "w")
        self.assertEqual(self.worker("w")["state"], "starting")
        self.assertEqual(self.wait_for_state("w", "backing_off", deadline=20)["reason"],
                         "crashed (no heartbeat for 6s)")


if __name__ == "__main__":
    unittest.main()
