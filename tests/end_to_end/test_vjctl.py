"""vjctl as people and scripts use it: what it prints, where, and the exit code."""

import json
import os
import signal
import subprocess
import threading
import time
import unittest

import zmq

from pulse_testing import tone, write_wave
from vj_testing import BIN, BusTestCase, DEADLINE, wait_for

DONE, FAILED, WRONG_USAGE, NOBODY_THERE, CONFIGURATION = 0, 1, 2, 3, 78


class FakeProcessManager:
    """Answers commands as a process manager does, from a table."""

    def __init__(self, test, answers):
        self.answers = answers
        self.commands = []
        self._socket = test.context.socket(zmq.ROUTER)
        self._socket.linger = 0
        port = self._socket.bind_to_random_port("tcp://127.0.0.1")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        test.addCleanup(self.close)
        now = time.time()
        entry = {"pid": os.getpid(), "status": "running", "started_at": now - 61, "heartbeat_at": now,
                 "ports": {"command": port, "telemetry": port}, "metadata": {"version": "9"}}
        (test.vj_home / "registry.json").write_text(
            json.dumps({"version": "1.0", "updated_at": now, "services": {"process_manager": entry}}))

    def _serve(self):
        while not self._stop.is_set():
            if not self._socket.poll(20):
                continue
            identity, empty, body = self._socket.recv_multipart()
            request = json.loads(body)
            self.commands.append((request["command"], request["payload"]))
            status, result, error = self.answers.get(request["command"], ("error", None, "Unknown command"))
            self._socket.send_multipart([identity, empty, json.dumps(
                {"type": "response", "id": request["id"], "timestamp": time.time(), "source": "process_manager",
                 "status": status, "result": result, "error": error}).encode()])

    def close(self):
        self._stop.set()
        self._thread.join()
        self._socket.close()


def row(name, state, **more):
    return {"name": name, "enabled": True, "running": state == "running", "pid": 4711 if state == "running" else None,
            "restart_count": 0, "state": state, "reason": "", "uptime_sec": 5.0 if state == "running" else None,
            "cpu_percent": None, "rss_bytes": None, "next_restart_in": None, "kind": "worker", **more}


class VjctlTest(BusTestCase):
    def tearDown(self):
        self.doCleanups()  # before the base class ends the context that the fakes' sockets belong to
        super().tearDown()

    def vjctl(self, *arguments, expect=DONE):
        done = subprocess.run([BIN / "vjctl", *arguments], env=self.environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual(done.returncode, expect, f"{arguments}\n{done.stdout}\n{done.stderr}")
        self.assertNotIn("\x1b", done.stdout + done.stderr, "colours in a pipe")
        return done

    def follow(self, *arguments):
        """vjctl that goes on until it is stopped."""
        process = subprocess.Popen([BIN / "vjctl", *arguments], env=self.environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

        def end():
            if process.poll() is None:
                process.kill()
                process.wait()
            process.stdout.close()
            process.stderr.close()

        self.addCleanup(end)
        return process

    # Wrong usage

    def test_help_is_on_standard_output_and_wrong_usage_on_standard_error(self):
        self.assertIn("commands:", self.vjctl("--help").stdout)
        self.assertIn("usage: vjctl logs", self.vjctl("logs", "--help").stdout)
        wrong = self.vjctl("statsu", expect=WRONG_USAGE)
        self.assertEqual((wrong.stdout, wrong.stderr),
                         ("", "vjctl: there is no command 'statsu'; did you mean 'status'?\n"))
        for arguments in ((), ("restart",), ("start",), ("start", "a", "--all"), ("logs", "--level", "loud"),
                          ("logs", "--limit", "x"), ("send", "a", "b", "[1]"), ("send", "a", "b", "{"),
                          ("config", "fix"), ("watch", "a b")):
            self.vjctl(*arguments, expect=WRONG_USAGE)

    def test_every_program_tells_of_itself_alike(self):
        def run(program, *arguments):
            return subprocess.run([program, *arguments], env=self.environment(), stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=DEADLINE)

        (self.vj_home / "config.toml").write_text("[bus]\nbase_command_port = 0\n")
        for program in [BIN / "vjctl", BIN / "vj_console", *sorted((BIN / "workers").iterdir())]:
            name = program.name
            version = run(program, "--version")
            self.assertEqual((version.returncode, version.stderr), (DONE, ""))
            self.assertRegex(version.stdout, rf"^{name} \d+\.\d+\.\d+\n$")
            usage = run(program, "-h")
            self.assertEqual((usage.returncode, usage.stderr), (DONE, ""))
            self.assertIn(f"\nusage: {name} [OPTIONS]", usage.stdout)
            wrong = run(program, "--hom=x")
            self.assertEqual((wrong.returncode, wrong.stdout), (WRONG_USAGE, ""))
            self.assertTrue(wrong.stderr.startswith(f"{name}: unknown option '--hom'; did you mean '--home'?\n"), wrong)
            if name != "vjctl":
                broken = run(program)
                self.assertEqual((broken.returncode, broken.stdout), (CONFIGURATION, ""))
                self.assertTrue(broken.stderr.startswith(f"{name}: the configuration is wrong:\n{self.vj_home}"), broken)

    # Output

    def test_output_that_is_lost_is_a_failure(self):
        FakeProcessManager(self, {"list_workers": ("ok", {"workers": [row("a", "running")]}, None)})
        commands = (("--help",), ("status",), ("list",), ("--json", "status"), ("--json", "config", "check"),
                    ("config", "show"), ("doctor",), ("osc", "target"))
        for arguments in commands:
            for lost in ("1>/dev/full", "1>&-"):
                done = subprocess.run(["sh", "-c", f'exec "$@" {lost}', "sh", BIN / "vjctl", *arguments],
                                      env=self.environment(), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                      timeout=DEADLINE)
                self.assertEqual(done.returncode, FAILED, f"{arguments} {lost}")
                self.assertIn("vjctl: cannot write to standard output: ", done.stderr)

    def test_a_reader_that_wants_no_more_is_no_failure(self):
        reader, writer = os.pipe()
        os.close(reader)
        with open(writer, "wb") as output:
            done = subprocess.run([BIN / "vjctl", "config", "show"], env=self.environment(), stdin=subprocess.DEVNULL,
                                  stdout=output, stderr=subprocess.PIPE, timeout=DEADLINE)
        self.assertEqual((done.returncode, done.stderr), (DONE, b""))

    def test_what_follows_ends_with_its_reader_also_while_nothing_comes(self):
        for arguments in (("watch", "nothing.*"), ("logs", "-f", "--worker", "nobody"), ("osc", "-f")):
            process = self.follow(*arguments)
            process.stderr.readline()  # it runs, and waits for who is not there
            process.stdout.close()
            self.assertEqual(process.wait(DEADLINE), DONE, arguments)

    # Nobody there

    def test_without_a_process_manager_every_order_says_how_to_start_one(self):
        for arguments in (("list",), ("start", "x"), ("stop", "--all"), ("reload",), ("shutdown",)):
            done = self.vjctl(*arguments, expect=NOBODY_THERE)
            self.assertIn("process_manager is not running", done.stderr)
            self.assertIn(f"to start it: {BIN / 'vj_console'} --home {self.vj_home}, or: ", done.stderr)

    def test_status_without_a_process_manager_shows_what_runs_all_the_same(self):
        self.start_worker("example_worker")
        done = self.vjctl("status", expect=NOBODY_THERE)
        self.assertIn("The process manager is not running", done.stdout)
        self.assertIn("✓ example_worker", done.stdout)
        status = json.loads(self.vjctl("status", "--json", expect=NOBODY_THERE).stdout)
        self.assertEqual(status["mode"], "not_running")
        self.assertEqual([each["name"] for each in status["workers"]], ["example_worker"])

    def test_how_long_a_worker_runs_is_not_read_from_a_wall_clock(self):
        worker = self.start_worker("example_worker")
        worker.process.send_signal(signal.SIGSTOP)  # so that what it says stays what it is made to say
        file = self.vj_home / "registry.json"
        registry = json.loads(file.read_text())
        registry["services"]["example_worker"]["started_at"] -= 365 * 86400
        file.write_text(json.dumps(registry))
        status = json.loads(self.vjctl("status", "--json", expect=NOBODY_THERE).stdout)
        self.assertLess(status["workers"][0]["uptime_sec"], 3600)
        worker.process.send_signal(signal.SIGCONT)

    # Orders

    def test_orders_reach_the_process_manager_and_tell_what_came_of_them(self):
        manager = FakeProcessManager(self, {
            "start_worker": ("ok", {"started": True}, None),
            "stop_worker": ("error", {"stopped": False}, None),
            "restart_worker": ("error", None, "Unknown worker: virtualdj"),
            "list_workers": ("ok", {"workers": [row("virtualdj_monitor", "running")]}, None),
            "start_all": ("ok", {"started": ["a"], "refused": []}, None),
        })
        self.assertEqual(self.vjctl("start", "a").stdout, "a started\n")
        self.assertEqual(self.vjctl("stop", "a", expect=FAILED).stderr,
                         "vjctl: a does not run, so it was not stopped\n")
        self.assertEqual(self.vjctl("restart", "virtualdj", expect=FAILED).stderr,
                         "vjctl: Unknown worker: virtualdj; did you mean 'virtualdj_monitor'?\n")
        response = json.loads(self.vjctl("--json", "start", "--all").stdout)
        self.assertEqual((response["type"], response["result"]), ("response", {"started": ["a"], "refused": []}))
        self.assertEqual(manager.commands, [("start_worker", {"worker": "a"}), ("stop_worker", {"worker": "a"}),
                                            ("restart_worker", {"worker": "virtualdj"}), ("list_workers", {}),
                                            ("start_all", {})])

    def test_status_and_list_show_every_worker(self):
        FakeProcessManager(self, {"list_workers": ("ok", {"workers": [
            row("a", "running"), row("b", "backing_off", restart_count=2, max_restarts=10, next_restart_in=7.5,
                                     reason="exit code 1")]}, None)})
        text = self.vjctl("status").stdout
        self.assertIn("✓ Process manager: pid", text)
        self.assertIn("restarts in 8 s, attempt 2 of 10", text)
        self.assertIn("1 of 2 workers connected", text)
        status = json.loads(self.vjctl("status", "--json").stdout)
        self.assertEqual(list(status), ["process_manager", "workers", "mode"])
        self.assertEqual(status["process_manager"]["version"], "9")
        self.assertIn("vjctl restart b", status["workers"][1]["advice"])
        self.assertEqual([line.split()[:2] for line in self.vjctl("list").stdout.splitlines()],
                         [["NAME", "STATE"], ["a", "running"], ["b", "backing_off"]])
        rows = json.loads(self.vjctl("list", "--json").stdout)["workers"]
        self.assertEqual([each["name"] for each in rows], ["a", "b"])

    # The bus

    def test_send_prints_the_response_and_fails_with_it(self):
        self.start_worker("example_worker")
        response = json.loads(self.vjctl("send", "example_worker", "echo", '{"a": [1, 2.5, null]}').stdout)
        self.assertEqual((response["status"], response["result"]), ("ok", {"a": [1, 2.5, None]}))
        compact = self.vjctl("--json", "send", "example_worker", "health_check").stdout
        self.assertEqual(compact.count("\n"), 1)
        self.assertIn("Unknown command", self.vjctl("send", "example_worker", "nope", expect=FAILED).stdout)
        for wrong, key in (('{"period": 9, "colour": 1}', "'colour'"), ('{"period": "9"}', "'period'")):
            self.assertIn(key, self.vjctl("send", "example_worker", "set_config", f'{{"config": {wrong}}}', expect=FAILED).stdout)
        self.assertIn('"period": 1.0', self.vjctl("send", "example_worker", "get_state").stdout)
        missing = self.vjctl("send", "nobody", "x", expect=NOBODY_THERE)
        self.assertIn("there is no worker of that name; there are virtualdj_monitor, ", missing.stderr)
        self.assertIn("app", self.vjctl("send", "synesthesia", "x", expect=NOBODY_THERE).stderr)
        self.assertIn("vjctl: '{bad' is not JSON: ",
                      self.vjctl("send", "example_worker", "echo", "{bad", expect=WRONG_USAGE).stderr)

    def test_watch_follows_a_worker_that_comes_goes_and_comes_back(self):
        watch = self.follow("watch", "example.*")
        self.assertIn("waiting", watch.stderr.readline())
        worker = self.start_worker("example_worker")
        message = json.loads(watch.stdout.readline())
        self.assertEqual((message["type"], message["topic"]), ("telemetry", "example.tick"))
        worker.stop()
        self.start_worker("example_worker")
        while json.loads(watch.stdout.readline())["payload"]["count"] > message["payload"]["count"]:
            pass  # ticks of the first one that were still underway; the second one counts from one again
        watch.send_signal(signal.SIGINT)
        self.assertEqual(watch.wait(DEADLINE), DONE)

    def test_watch_ends_when_its_reader_has_gone(self):
        self.start_worker("example_worker")
        watch = self.follow("watch")
        watch.stdout.readline()
        watch.stdout.close()
        self.assertEqual(watch.wait(DEADLINE), DONE)
        self.assertEqual(watch.stderr.read(), "")

    def test_logs_shows_what_is_remembered_and_follows_without_repeats(self):
        self.assertIn("the process manager, which would start it, is not running either; to start that: ",
                      self.vjctl("logs", expect=NOBODY_THERE).stderr)
        self.start_worker("log_aggregator")
        nobody = self.vjctl("logs", "--worker", "log_agregator")
        self.assertEqual((nobody.stdout, nobody.stderr),
                         ("", "vjctl: there is no log of 'log_agregator'; did you mean 'log_aggregator'?\n"))
        self.assertIn(f"{self.vj_home}/logs/synesthesia.log", self.vjctl("logs", "--worker", "synesthesia").stderr)
        first = self.start_worker("example_worker")
        text = wait_for(lambda: self.vjctl("logs", "--worker", "example_worker").stdout, "a record")
        self.assertRegex(text, r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d - INFO - example_worker: .*ready")
        record = json.loads(self.vjctl("--json", "logs", "--worker", "example_worker", "--limit", "1").stdout)
        self.assertEqual((record["logger"], record["pid"]), ("example_worker", first.pid))
        self.assertEqual(self.vjctl("logs", "--worker", "example_worker", "--level", "error").stdout, "")
        logs = self.follow("logs", "-f", "--json", "--worker", "example_worker")
        seen = [json.loads(logs.stdout.readline())]
        first.stop()
        second = self.start_worker("example_worker")
        while seen[-1]["pid"] != second.pid:
            seen.append(json.loads(logs.stdout.readline()))
        keys = [(each["pid"], each["seq"]) for each in seen]
        self.assertEqual(len(keys), len(set(keys)))

    # The configuration

    def test_config_init_writes_a_file_that_changes_nothing_and_never_another_time(self):
        (self.vj_home / "config.toml").unlink()
        before = self.vjctl("config", "show").stdout
        self.assertIn("wrote", self.vjctl("config", "init").stdout)
        self.assertEqual((self.vj_home / "config.toml").stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.vjctl("config", "show").stdout, before)
        self.assertIn("fine", self.vjctl("config", "check").stdout)
        self.assertIn("exists already", self.vjctl("config", "init", expect=FAILED).stderr)

    def test_config_check_tells_everything_that_is_wrong_and_where(self):
        file = self.home / "my.toml"
        file.write_text('[process_manager]\nmax_restart = 3\n[console]\nfps = "fast"\n')
        done = self.vjctl("config", "check", "--config", str(file), expect=CONFIGURATION)
        self.assertEqual(done.stderr.splitlines(), [
            f"{file}:2: unknown key 'max_restart' in [process_manager]; did you mean 'max_restarts'?",
            f"{file}:4: 'fps' in [console] must be a whole number from 1 to 120, not \"fast\""])
        problems = json.loads(self.vjctl("--json", "--config", str(file), "config", "check",
                                         expect=CONFIGURATION).stdout)["problems"]
        self.assertEqual([each["key"] for each in problems], ["process_manager.max_restart", "console.fps"])
        self.vjctl("config", "show", "--config", str(file), expect=CONFIGURATION)
        self.vjctl("config", "check", "--config", str(self.home / "none.toml"), expect=CONFIGURATION)

    def test_secrets_that_others_may_read_are_a_wrong_configuration(self):
        env = self.vj_home / ".env"
        env.write_text("OPENAI_API_KEY=sk-1\n")
        env.chmod(0o644)
        done = self.vjctl("config", "check", expect=CONFIGURATION)
        self.assertIn(f"chmod 600 {env}", done.stderr)
        self.assertNotIn("sk-1", done.stderr)

    def test_config_show_as_json_is_one_flat_object(self):
        settings = json.loads(self.vjctl("--json", "config", "show").stdout)
        self.assertEqual(settings["bus.base_command_port"], self.first_port)
        self.assertEqual(settings["process_manager.base_backoff"], 5.0)

    # Sound files

    def test_analyze_writes_what_others_may_read_and_refuses_two_results_of_one_name_before_it_begins(self):
        sounds = [write_wave(self.home / name, tone(220, 0.5)) for name in ("one.wav", "two\x1b[1m\n.wav", "one.wave")]
        out = self.home / "results"
        done = self.vjctl("analyze", sounds[0], sounds[2], "--out", out, expect=WRONG_USAGE)
        self.assertIn(f"{sounds[0]} and {sounds[2]} would both be written to one.beats", done.stderr)
        self.assertEqual((done.stdout, out.exists()), ("", False))
        before = os.umask(0o022)
        try:
            done = self.vjctl("analyze", *sounds[:2], "--out", out)
        finally:
            os.umask(before)
        self.assertIn("two\\x1b[1m\\n.wav: no beat", done.stdout)
        self.assertEqual(len(list(out.iterdir())), 8)
        self.assertEqual({file.stat().st_mode & 0o777 for file in out.iterdir()}, {0o644})

    def test_analyze_hears_at_the_rate_that_the_analyzer_is_configured_to(self):
        sound = write_wave(self.home / "tone.wav", tone(440, 1))
        for rate in (44100, 48000):
            self.configure(f"[audio]\nsample_rate = {rate}\n")
            self.vjctl("analyze", sound, "--out", self.home / "results")
            times, pitches, _ = zip(*(map(float, line.split()) for line in
                                      (self.home / "results" / "tone.pitch").read_text().splitlines()))
            self.assertAlmostEqual(times[0], -512 / rate, delta=1e-4)  # the middle of the frame that ends with a hop
            self.assertAlmostEqual(pitches[-1], 440, delta=1)

    # The doctor

    def test_doctor_finds_what_is_wrong_and_says_how_to_mend_it(self):
        healthy = json.loads(self.vjctl("--json", "doctor").stdout)
        self.assertTrue(healthy["ok"])
        self.vj_home.chmod(0o755)
        (self.vj_home / "registry.json").write_text("{")
        done = self.vjctl("doctor", expect=FAILED)
        self.assertIn(f"→ chmod 700 {self.vj_home}", done.stdout)
        checks = json.loads(self.vjctl("--json", "doctor", expect=FAILED).stdout)["checks"]
        bad = {each["name"] for each in checks if each["health"] == "bad"}
        self.assertLessEqual({"home", "registry"}, bad)

    def test_doctor_says_nothing_of_ports_that_it_cannot_know(self):
        (self.vj_home / "config.toml").write_text("[bus]\nbase_command_port = 0\n")
        checks = json.loads(self.vjctl("--json", "doctor", expect=FAILED).stdout)["checks"]
        ports = next(each for each in checks if each["name"] == "ports")
        self.assertEqual((ports["health"], ports["finding"]),
                         ("warning", "not looked at: the configuration says which they are"))

    def test_doctor_knows_its_own_ports_from_a_strangers(self):
        self.start_worker("example_worker")
        stranger = self.socket(zmq.ROUTER)
        stranger.bind(f"tcp://127.0.0.1:{self.first_port}")
        checks = json.loads(self.vjctl("--json", "doctor").stdout)["checks"]
        ports = next(each for each in checks if each["name"] == "ports")
        self.assertEqual(ports["health"], "warning")
        self.assertIn(f"{self.first_port} (for process_manager)", ports["finding"])
        self.assertNotIn("example_worker", ports["finding"])


if __name__ == "__main__":
    unittest.main()
