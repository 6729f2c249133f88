"""The client against small services on real sockets."""

import json
import logging
import os
import pathlib
import sys
import tempfile
import threading
import time
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import zmq

from vj_bus.client import VJBusClient
from vj_bus.errors import BadResponse, CommandTimeout, ServiceNotRunning, VJBusError

DEADLINE = 10.0  # seconds; only a broken client ever waits for it


class Service:
    """A worker as the bus sees it: a ROUTER that answers by a function, an XPUB, and an entry in the registry."""

    def __init__(self, home, name, answer=None, address=None):
        self.home, self.name = pathlib.Path(home), name
        self.requests = []
        self._answer = answer or (lambda request: [response_to(request, {"echo": request["payload"]})])
        self._context = zmq.Context()
        self._router = self._context.socket(zmq.ROUTER)
        self._publisher = self._context.socket(zmq.XPUB)
        self._publisher.setsockopt(zmq.XPUB_VERBOSE, 1)
        self.ports = {
            "command": self._router.bind_to_random_port(f"tcp://{address or '127.0.0.1'}"),
            "telemetry": self._publisher.bind_to_random_port(f"tcp://{address or '127.0.0.1'}"),
        }
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        register(home, name, self.ports, **({"address": address} if address else {}))

    def _serve(self):
        while not self._stop.is_set():
            if self._router.poll(20):
                identity, empty, body = self._router.recv_multipart()
                self.requests.append(json.loads(body))
                for answer in self._answer(self.requests[-1]):
                    self._router.send_multipart([identity, empty, answer])

    def wait_for_subscription(self, wire_filter):
        """Publishing before anybody listens would prove nothing."""
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            if self._publisher.poll(50) and self._publisher.recv() == b"\x01" + wire_filter:
                return
        raise AssertionError(f"nobody subscribed to {wire_filter!r}")

    def publish(self, topic, payload):
        message = {"type": "telemetry", "id": "1", "timestamp": 0, "source": self.name, "topic": topic, "payload": payload}
        self.publish_raw(f"{topic} {json.dumps(message)}".encode())

    def publish_raw(self, frame):
        self._publisher.send(frame)

    def close(self):
        self._stop.set()
        self._thread.join()
        self._context.destroy(linger=0)
        unregister(self.home, self.name)


def response_to(request, result=None, status="ok", error=None):
    return json.dumps(
        {"type": "response", "id": request["id"], "timestamp": 0, "source": "x", "status": status, "result": result, "error": error}
    ).encode()


def change_registry(home, change):
    path = pathlib.Path(home) / "registry.json"
    content = json.loads(path.read_text()) if path.exists() else {"version": "1.0", "updated_at": 0, "services": {}}
    change(content["services"])
    temporary = path.with_name("registry.tmp")
    temporary.write_text(json.dumps(content, indent=2))
    temporary.rename(path)


def register(home, name, ports, pid=None, heartbeat_at=None, **metadata):
    entry = {
        "pid": os.getpid() if pid is None else pid,
        "status": "running",
        "started_at": time.time(),
        # Far ahead, so that no heartbeats need to be sent.
        "heartbeat_at": time.time() + 3600 if heartbeat_at is None else heartbeat_at,
        "ports": ports,
        "metadata": metadata,
    }
    change_registry(home, lambda services: services.__setitem__(name, entry))


def unregister(home, name):
    change_registry(home, lambda services: services.pop(name, None))


class Inbox:
    """A handler that keeps what it gets and can be waited for."""

    def __init__(self):
        self.messages = []
        self._changed = threading.Condition()

    def __call__(self, message):
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    def payloads(self, count):
        with self._changed:
            self._changed.wait_for(lambda: len(self.messages) >= count, DEADLINE)
            return [message["payload"] for message in self.messages]


class ClientTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = folder.name
        self.client = VJBusClient(home=self.home)
        self.addCleanup(self.client.close)

    def service(self, name="spotify_monitor", answer=None, address=None):
        service = Service(self.home, name, answer, address)
        self.addCleanup(service.close)
        return service

    def test_a_command_is_answered_with_the_whole_response(self):
        service = self.service()
        response = self.client.send_command("spotify_monitor", "get_state", {"a": 1})
        self.assertEqual(response["status"], "ok")
        self.assertEqual(response["result"], {"echo": {"a": 1}})
        request = service.requests[0]
        self.assertEqual(list(request), ["type", "id", "timestamp", "source", "command", "payload"])
        self.assertEqual((request["type"], request["command"]), ("command", "get_state"))
        self.assertEqual(response["id"], request["id"])

    def test_no_payload_is_an_empty_object(self):
        service = self.service()
        self.client.send_command("spotify_monitor", "health_check")
        self.assertEqual(service.requests[0]["payload"], {})

    def test_an_error_that_a_service_answers_is_a_response(self):
        self.service(answer=lambda request: [response_to(request, None, "error", "Unknown command: x")])
        response = self.client.send_command("spotify_monitor", "x")
        self.assertEqual((response["status"], response["error"]), ("error", "Unknown command: x"))

    def test_an_answer_to_somebody_elses_request_is_passed_over(self):
        self.service(answer=lambda request: [response_to({"id": "other"}), response_to(request, {"mine": True})])
        self.assertEqual(self.client.send_command("spotify_monitor", "x")["result"], {"mine": True})

    def test_a_service_that_is_not_registered_is_named_with_those_that_run(self):
        self.service("log_aggregator")
        with self.assertRaisesRegex(ServiceNotRunning, r"nobody is not running: .*registry\.json \(running: log_aggregator\)"):
            self.client.send_command("nobody", "x")

    def test_an_empty_home_says_how_to_start(self):
        with self.assertRaisesRegex(ServiceNotRunning, "start vj_console"):
            self.client.send_command("process_manager", "list_workers")

    def test_a_service_without_a_fresh_heartbeat_is_not_asked(self):
        register(self.home, "old", {"command": 1, "telemetry": 2}, heartbeat_at=time.time() - 60)
        with self.assertRaisesRegex(ServiceNotRunning, "old is not running: its last heartbeat is 60 s old"):
            self.client.send_command("old", "x")

    def test_the_clock_that_nobody_sets_judges_a_heartbeat_of_this_boot(self):
        ports = {"command": 1, "telemetry": 2}
        boot = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        old, fresh = time.monotonic() - 60, time.monotonic()
        # The wall clock was set an hour back, or forward, after the last heartbeat.
        register(self.home, "fresh", ports, heartbeat_at=time.time() - 3600, heartbeat_monotonic=fresh, boot_id=boot)
        register(self.home, "old", ports, heartbeat_at=time.time() + 3600, heartbeat_monotonic=old, boot_id=boot)
        register(self.home, "earlier", ports, heartbeat_at=time.time() - 60, heartbeat_monotonic=fresh, boot_id="earlier")
        self.assertEqual(list(self.client.discover_workers()), ["fresh"])

    def test_a_service_whose_process_is_gone_is_not_asked(self):
        child = os.posix_spawn("/bin/true", ["true"], {})
        os.waitpid(child, 0)
        register(self.home, "gone", {"command": 1, "telemetry": 2}, pid=child)
        with self.assertRaisesRegex(ServiceNotRunning, f"gone is not running: its process {child} is gone"):
            self.client.send_command("gone", "x")

    def test_a_silent_service_is_a_timeout_that_names_command_and_time(self):
        self.service(answer=lambda request: [])
        with self.assertRaisesRegex(CommandTimeout, "spotify_monitor did not answer 'x' within 0.05 s"):
            self.client.send_command("spotify_monitor", "x", timeout=0.05)

    def test_what_is_not_json_is_a_bad_response(self):
        self.service(answer=lambda request: [b"hello"])
        with self.assertRaises(BadResponse):
            self.client.send_command("spotify_monitor", "x")

    def test_a_payload_that_is_not_json_is_refused_before_it_is_sent(self):
        service = self.service()
        for payload in ({"x": object()}, {"x": float("nan")}):
            with self.assertRaisesRegex(VJBusError, "payload of x"):
                self.client.send_command("spotify_monitor", "x", payload)
        self.assertEqual(service.requests, [])

    def test_a_registry_that_is_broken_is_named(self):
        (pathlib.Path(self.home) / "registry.json").write_text("{")
        with self.assertRaisesRegex(VJBusError, "registry.json is not a registry"):
            self.client.discover_workers()

    def test_workers_are_discovered_while_they_live(self):
        self.assertEqual(self.client.discover_workers(), {})
        service = self.service()
        register(self.home, "old", {"command": 1, "telemetry": 2}, heartbeat_at=0)
        found = self.client.discover_workers()
        self.assertEqual(list(found), ["spotify_monitor"])
        self.assertEqual(found["spotify_monitor"]["ports"], service.ports)

    def test_starts_and_stops_may_take_as_long_as_a_stop_is_given(self):
        timeout_of = self.client._timeout_of
        self.assertEqual(timeout_of("process_manager", "list_workers"), 2.0)
        self.assertEqual(timeout_of("process_manager", "stop_worker"), 8.0)
        self.assertEqual(timeout_of("process_manager", "handover"), 8.0)
        self.assertEqual(timeout_of("process_manager", "yield"), 8.0)
        self.assertEqual(timeout_of("spotify_monitor", "shutdown"), 2.0)

    @unittest.skipIf(sys.version_info < (3, 11), "this Python cannot read TOML")
    def test_the_longest_stop_in_the_configuration_counts(self):
        (pathlib.Path(self.home) / "config.toml").write_text(
            '[process_manager]\nstop_timeout = 1\n[[worker]]\nname = "w"\nstop_timeout = 20.0\n'
        )
        self.assertEqual(self.client._timeout_of("process_manager", "stop_worker"), 23.0)

    def test_a_subscription_gets_its_topic_and_no_longer_one(self):
        service, inbox = self.service(), Inbox()
        self.client.subscribe("spotify.state", inbox)
        service.wait_for_subscription(b"spotify.state")
        service.publish("spotify.state2", {"n": 0})
        service.publish("spotify.state", {"n": 1})
        self.assertEqual(inbox.payloads(1), [{"n": 1}])
        self.assertEqual(inbox.messages[0]["topic"], "spotify.state")

    def test_a_star_at_the_end_is_every_topic_that_begins_so(self):
        service, inbox = self.service(), Inbox()
        self.client.subscribe("audio.*", inbox)
        service.wait_for_subscription(b"audio.")
        for topic in ("audio.features", "other.topic", "audio.stats"):
            service.publish(topic, {"of": topic})
        self.assertEqual(inbox.payloads(2), [{"of": "audio.features"}, {"of": "audio.stats"}])

    def test_the_registry_is_read_now_and_then_however_many_messages_come(self):
        service, inbox = self.service(), Inbox()
        registry = self.client._registry
        with mock.patch("vj_bus.subscriber.REGISTRY_INTERVAL_MS", 3_600_000), mock.patch.object(
            registry, "live_services", wraps=registry.live_services
        ) as look:
            self.client.subscribe("x", inbox)
            service.wait_for_subscription(b"x")
            for n in range(50):
                service.publish("x", {"n": n})
                self.assertEqual(len(inbox.payloads(n + 1)), n + 1)
            self.assertEqual(look.call_count, 1)

    def test_a_service_is_reached_where_it_is(self):
        service, inbox = self.service(address="127.0.0.2"), Inbox()
        self.assertEqual(self.client.send_command("spotify_monitor", "x", {"a": 1})["result"], {"echo": {"a": 1}})
        self.client.subscribe("x", inbox)
        service.wait_for_subscription(b"x")
        service.publish("x", {"n": 1})
        self.assertEqual(inbox.payloads(1), [{"n": 1}])

    def test_a_star_alone_is_every_topic_once(self):
        service, inbox = self.service(), Inbox()
        self.client.subscribe("*", inbox)
        service.wait_for_subscription(b"")
        service.publish_raw(b'* {"payload": "copy"}')
        service.publish("a", {"n": 1})
        self.assertEqual(inbox.payloads(1), [{"n": 1}])

    def test_a_service_that_comes_later_is_followed(self):
        inbox = Inbox()
        self.client.subscribe("x", inbox)
        service = self.service("late")
        service.wait_for_subscription(b"x")
        service.publish("x", {"n": 1})
        self.assertEqual(inbox.payloads(1), [{"n": 1}])

    def test_a_service_that_comes_back_on_other_ports_is_followed(self):
        inbox = Inbox()
        first = Service(self.home, "mover")
        self.client.subscribe("x", inbox)
        first.wait_for_subscription(b"x")
        first.close()
        second = self.service("mover")
        second.wait_for_subscription(b"x")
        second.publish("x", {"n": 2})
        self.assertEqual(inbox.payloads(1), [{"n": 2}])

    def test_a_handler_that_fails_and_a_message_that_is_broken_cost_nothing_else(self):
        service, inbox = self.service(), Inbox()

        def failing(message):
            raise RuntimeError("mine")

        with self.assertLogs("vj_bus", logging.WARNING) as logs:
            self.client.subscribe("x", failing)
            self.client.subscribe("x", inbox)
            service.wait_for_subscription(b"x")
            service.publish_raw(b"x {broken")
            service.publish("x", {"n": 1})
            self.assertEqual(inbox.payloads(1), [{"n": 1}])
        self.assertIn("not JSON", logs.output[0])
        self.assertIn("the handler of topic x failed", logs.output[1])

    def test_what_is_no_topic_is_refused(self):
        for topic in ("", "a b"):
            with self.assertRaises(ValueError):
                self.client.subscribe(topic, print)

    def test_the_home_is_the_given_one_else_vj_home(self):
        before = os.environ.get("VJ_HOME")
        self.addCleanup(lambda: os.environ.pop("VJ_HOME") if before is None else os.environ.update(VJ_HOME=before))
        os.environ["VJ_HOME"] = self.home
        with VJBusClient() as client:
            self.assertEqual(client.home, pathlib.Path(self.home))


if __name__ == "__main__":
    unittest.main()
