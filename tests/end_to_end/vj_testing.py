"""Helpers of the end-to-end tests: a home and ports of its own for each test, real programs, a raw bus client.

Nothing here sleeps for a while and hopes: wait_for() and Subscription.wait_for() look until a condition holds or the
deadline has passed, and fail then with what was seen last. Tests may run side by side."""

import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

import zmq

import guardian

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(os.environ.get("VJ_BUILD_DIR", SOURCE / "build-dev")) / "bin"
DEADLINE = 10.0  # seconds; generous, because a test waits only as long as it must
PORTS_IN_A_BLOCK = 20
RUN = uuid.uuid4().hex[:12]  # in the environment of everything that this run starts


def start_guardian():
    """Whatever becomes of this process (ctest kills a test that takes too long), nothing that it started outlives it."""
    reader, writer = os.pipe()  # the writer is inherited by nobody, and stays open for as long as this process lives
    subprocess.Popen([sys.executable, guardian.__file__, RUN], stdin=reader, stdout=subprocess.DEVNULL,
                     stderr=subprocess.DEVNULL, start_new_session=True)
    os.close(reader)
    os.environ[guardian.VARIABLE] = RUN
    return writer


_held_for_the_guardian = start_guardian()


def begin_again(command):
    """Becomes `command` followed by this very test."""
    del os.environ[guardian.VARIABLE]  # what begins is another run
    os.execvp(command[0], [*command, sys.executable, *sys.argv])


def wait_for(condition, what, deadline=DEADLINE):
    """The first true value of condition(), looked for every 10 ms."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {deadline} s for {what}")
        time.sleep(0.01)


def let_pass(seconds):
    """For what must not happen meanwhile."""
    time.sleep(seconds)


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports():
    """The first port of a block in which all are free now."""
    while True:
        first = random.randrange(20000, 32000, PORTS_IN_A_BLOCK)  # below the range of outgoing connections
        if all(is_free(port) for port in range(first, first + PORTS_IN_A_BLOCK)):
            return first


class Program:
    """A program of ours that runs, with its output in a file."""

    def __init__(self, name, arguments, environment, output, **options):
        self.name = name
        self.output_file = output
        with open(output, "ab") as out:
            self.process = subprocess.Popen(
                [BIN / name, *arguments], env=environment,
                **{"stdin": subprocess.DEVNULL, "stdout": out, "stderr": out, **options})
        self.pid = self.process.pid

    def output(self):
        return self.output_file.read_text(errors="replace")

    def stop(self, how=signal.SIGTERM):
        """Signals it and waits for its end; the exit code, negative for a signal."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.wait()

    def wait(self, deadline=DEADLINE):
        try:
            return self.process.wait(deadline)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} still runs after {deadline} s") from None


class Subscription:
    """Telemetry of one endpoint, as it comes."""

    def __init__(self, socket, endpoint, topic):
        self.socket = socket
        self.socket.subscribe(topic)
        self.socket.connect(endpoint)

    def next(self, deadline=DEADLINE):
        """The next message's (topic, envelope); None when the deadline has passed."""
        if not self.socket.poll(max(0, deadline * 1000)):
            return None
        topic, _, body = self.socket.recv().partition(b" ")
        return topic.decode(), json.loads(body)

    def wait_for(self, condition, what, deadline=DEADLINE):
        """The first payload for which condition(payload) is true."""
        end = time.monotonic() + deadline
        last = None
        while True:
            message = self.next(end - time.monotonic())
            if message is None:
                raise AssertionError(f"waited {deadline} s for {what}; the last message was {last}")
            last = message[1]["payload"]
            if condition(last):
                return last


class BusTestCase(unittest.TestCase):
    """A test with a home, ports and programs of its own, all gone when it is over."""

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix=f"vj-e2e-{RUN}-"))
        self.user_home = self.home / "user"  # $HOME of what is started
        self.user_home.mkdir()
        self.vj_home = self.home / "vj"
        self.vj_home.mkdir(mode=0o700)
        self.first_port = free_ports()
        self.programs = []
        self.context = zmq.Context()
        self.sockets = []
        self.configure("")

    def stop_everything(self):
        for each in self.sockets:
            each.close(linger=0)
        self.context.term()
        for program in reversed(self.programs):
            if program.process.poll() is None:
                program.process.kill()
                program.process.wait()

    def tearDown(self):
        self.stop_everything()
        failed = any(error for _, error in getattr(self._outcome, "errors", [])) or bool(
            self._outcome.result.failures or self._outcome.result.errors)
        if failed:
            for program in self.programs:
                print(f"--- {program.name} (pid {program.pid})\n{program.output()}")
        shutil.rmtree(self.home, ignore_errors=True)

    def make_home_again(self):
        """Removes the home, also while programs write into it (which then fails now and then), and makes it again."""
        wait_for(lambda: shutil.rmtree(self.vj_home, ignore_errors=True) or not self.vj_home.exists(), "the home gone")
        self.vj_home.mkdir(mode=0o700, exist_ok=True)

    def configure(self, text):
        """The configuration file: ports of this test, and `text`."""
        (self.vj_home / "config.toml").write_text(
            f"[bus]\nbase_command_port = {self.first_port}\n"
            f"base_telemetry_port = {self.first_port + PORTS_IN_A_BLOCK // 2}\n{text}")

    def environment(self):
        names = (guardian.VARIABLE, "PATH", "LANG", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "TZ")
        kept = {name: os.environ[name] for name in names if name in os.environ}
        # Without a folder of its own, whoever looks for PulseAudio makes one in /tmp, and leaves it there.
        return {**kept, "HOME": str(self.user_home), "VJ_HOME": str(self.vj_home),
                "PULSE_RUNTIME_PATH": str(self.home / "pulse-runtime")}

    def start(self, name, *arguments, **options):
        """`options` are Popen's."""
        program = Program(name, arguments, self.environment(), self.home / f"output-{len(self.programs)}.txt", **options)
        self.programs.append(program)
        return program

    def start_worker(self, service, *arguments):
        """Starts workers/SERVICE_worker and waits until it is registered."""
        name = service if service.endswith("_worker") else f"{service}_worker"
        program = self.start(f"workers/{name}", *arguments)

        def is_registered():
            if program.process.poll() is not None:
                raise AssertionError(f"{name} ended with {program.process.returncode}")
            return self.registry().get(service, {}).get("pid") == program.pid

        wait_for(is_registered, f"{service} in the registry")
        return program

    def registry(self):
        try:
            return json.loads((self.vj_home / "registry.json").read_text())["services"]
        except FileNotFoundError:
            return {}

    def endpoint(self, service, kind):
        port = wait_for(lambda: self.registry().get(service, {}).get("ports", {}).get(kind), f"{service}'s {kind} port")
        address = self.registry()[service]["metadata"].get("address", "127.0.0.1")
        return f"tcp://{address}:{port}"

    def send_command(self, service, command, payload=None, deadline=DEADLINE):
        """The whole response to one command."""
        request = {"type": "command", "id": str(uuid.uuid4()), "timestamp": time.time(), "source": "test",
                   "command": command, "payload": payload or {}}
        client = self.socket(zmq.REQ)
        try:
            client.connect(self.endpoint(service, "command"))
            client.send_string(json.dumps(request))
            if not client.poll(deadline * 1000):
                raise AssertionError(f"{service} did not answer {command} in {deadline} s")
            response = json.loads(client.recv())
        finally:
            client.close()
        self.assertEqual(response["id"], request["id"])
        return response

    def result_of(self, service, command, payload=None):
        """The result of a command that must succeed."""
        response = self.send_command(service, command, payload)
        self.assertEqual(response["status"], "ok", response)
        return response["result"]

    def subscribe(self, service, topic):
        return Subscription(self.socket(zmq.SUB), self.endpoint(service, "telemetry"), topic)

    def socket(self, kind):
        """A ZeroMQ socket that is closed when the test is over."""
        made = self.context.socket(kind)
        made.linger = 0
        self.sockets.append(made)
        return made
