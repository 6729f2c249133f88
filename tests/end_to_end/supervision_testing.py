"""What tests of the process manager share: a daemon in the test's home, workers made of a few lines of shell, and a look
at what really runs."""

import json
import os
import pathlib
import signal
import textwrap
import time

from vj_testing import BusTestCase, wait_for

DAEMON = "workers/process_manager_daemon"


def is_running(pid):
    """Whether the process is there and no zombie."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


class ProcessManagerTestCase(BusTestCase):
    """The built-in workers are switched off; a test configures those that it wants."""

    ONLY_THE_EXAMPLE = "".join(
        f'[[worker]]\nname = "{name}"\nenabled = {"true" if name == "example_worker" else "false"}\n'
        for name in ("virtualdj_monitor", "osc_debugger", "log_aggregator", "audio_analyzer", "example_worker"))
    NO_BUILT_IN = ONLY_THE_EXAMPLE.replace("true", "false")

    def tearDown(self):
        for program in self.programs:  # so that nothing is started again behind our back
            if program.process.poll() is None:
                program.process.kill()
        # Again until none is left: one that was about to be killed may have forked.
        while left := self.processes_of_home():
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass  # it went meanwhile
        super().tearDown()

    def processes_of_home(self):
        """Every live process that was started with this test's home."""
        wanted = f"VJ_HOME={self.vj_home}".encode()
        found = []
        for folder in pathlib.Path("/proc").iterdir():
            if not folder.name.isdigit() or int(folder.name) == os.getpid():
                continue
            try:
                if wanted in (folder / "environ").read_bytes().split(b"\0") and is_running(int(folder.name)):
                    found.append(int(folder.name))
            except OSError:
                pass  # somebody else's, or gone
        return found

    def configure_workers(self, text="", **manager):
        """[process_manager] numbers by keyword, then `text`; built-in workers are off unless `text` says otherwise."""
        numbers = {"base_backoff": 0.05, "stop_timeout": 1.0, **manager}
        lines = "".join(f"{key} = {value}\n" for key, value in numbers.items())
        off = "" if "example_worker" in text else self.NO_BUILT_IN
        self.configure(f"[process_manager]\n{lines}{off}{textwrap.dedent(text)}")

    def app(self, name, script, **keys):
        """Configuration of an app that runs `script` in a shell. Apps have no heartbeat, so any script will do."""
        more = "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
        return f'[[worker]]\nname = "{name}"\nkind = "app"\ncommand = ["sh", "-c", {json.dumps(script)}]\n{more}'

    def stubborn(self, name):
        """An app that ignores SIGTERM once it has written a line to the file "up"."""
        return self.app(name, f"trap '' TERM; echo up >> {self.home}/up; while :; do sleep 0.05; done")

    def start_manager(self, *arguments, **options):
        daemon = self.start(DAEMON, *arguments, **options)

        def is_ready():
            if daemon.process.poll() is not None:
                raise AssertionError(f"the daemon ended with {daemon.process.returncode}: {daemon.output()}")
            return self.registry().get("process_manager", {}).get("pid") == daemon.pid

        wait_for(is_ready, "the process manager in the registry")
        return daemon

    def ask(self, command, worker=None, **payload):
        if worker is not None:
            payload["worker"] = worker
        return self.send_command("process_manager", command, payload)

    def worker(self, name):
        rows = self.result_of("process_manager", "list_workers")["workers"]
        return next(row for row in rows if row["name"] == name)

    def wait_for_state(self, name, state, deadline=10.0):
        last = {}

        def has_it():
            last.update(self.worker(name))
            return last["state"] == state and dict(last)

        try:
            return wait_for(has_it, f"{name} to be {state}", deadline)
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {last}") from None

    def wait_for_new_pid(self, name, old, deadline=10.0):
        def has_one():
            row = self.worker(name)
            return row["running"] and row["state"] == "running" and row["pid"] != old and row["pid"]

        return wait_for(has_one, f"a process of {name} other than {old}", deadline)

    def start_and_wait(self, name):
        response = self.ask("start_worker", name)
        self.assertEqual((response["status"], response["result"]), ("ok", {"started": True}), response)
        return self.wait_for_state(name, "running")["pid"]

    def lines_of(self, file):
        try:
            return (self.home / file).read_text().splitlines()
        except FileNotFoundError:
            return []

    def wait_for_lines(self, file, count=1, deadline=10.0):
        return wait_for(lambda: len(self.lines_of(file)) >= count and self.lines_of(file), f"{count} lines in {file}",
                        deadline)

    def kill_daemon(self, daemon):
        daemon.process.send_signal(signal.SIGKILL)
        daemon.wait()

    def assert_stays(self, condition, what, span):
        """Looks again and again for `span` seconds."""
        end = time.monotonic() + span
        while time.monotonic() < end:
            self.assertTrue(condition(), what)
            time.sleep(0.02)
