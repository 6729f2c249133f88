"""Receives telemetry on a thread of its own and calls handlers there."""

import json
import logging
import math
import threading
import time

import zmq

from vj_bus.errors import VJBusError
from vj_bus.registry import endpoint

logger = logging.getLogger("vj_bus")

REGISTRY_INTERVAL_MS = 1000  # between two looks at who runs
LONGEST_RECONNECT_MS = 1000


class Pattern:
    """A topic, or a beginning of topics: "a.*" is every topic that begins with "a.", "*" is every topic."""

    def __init__(self, text):
        if not text or " " in text:
            raise ValueError(f"not a topic: {text!r}")
        self.is_prefix = text.endswith("*")
        self.text = text[:-1] if self.is_prefix else text

    def matches(self, topic):
        return topic.startswith(self.text) if self.is_prefix else topic == self.text

    def wire_filter(self):
        return self.text.encode()


class Subscriber:
    """Follows every live service of a registry; services that come, go or move are followed.

    The thread starts with the first subscription and ends with close(). A handler that raises is logged and called
    again for the next message; a handler that takes long makes messages late, and in the end lost.
    """

    def __init__(self, context, registry):
        self._context = context
        self._registry = registry
        self._lock = threading.Lock()
        self._thread = None
        self._wake = None
        self._handlers = []  # (Pattern, handler), appended under the lock, never changed in place

    def subscribe(self, topic, handler):
        pattern = Pattern(topic)
        with self._lock:
            self._handlers = [*self._handlers, (pattern, handler)]
            if self._thread is None:
                self._start()
            self._wake.send(b"subscribe " + pattern.wire_filter())

    def close(self):
        if self._thread is threading.current_thread():
            raise VJBusError("a handler cannot close the client that calls it")
        with self._lock:
            thread, self._thread = self._thread, None
            if thread is not None:
                self._wake.send(b"close")
                self._wake.close()
        if thread is not None:
            thread.join()

    def _start(self):
        address = f"inproc://vj_bus_subscriber_{id(self)}"
        wake_end = self._context.socket(zmq.PAIR)
        wake_end.bind(address)
        self._wake = self._context.socket(zmq.PAIR)
        self._wake.linger = 1000  # "close" must reach the thread
        self._wake.connect(address)
        self._thread = threading.Thread(target=self._run, args=(wake_end,), name="vj_bus subscriber", daemon=True)
        self._thread.start()

    def _run(self, wake_end):
        telemetry = self._context.socket(zmq.SUB)
        telemetry.linger = 0
        telemetry.reconnect_ivl_max = LONGEST_RECONNECT_MS
        telemetry.maxmsgsize = 1 << 20
        poller = zmq.Poller()
        poller.register(telemetry, zmq.POLLIN)
        poller.register(wake_end, zmq.POLLIN)
        connected = set()
        next_look = time.monotonic()
        try:
            while True:
                # However many messages come: a look costs more than any of them.
                if time.monotonic() >= next_look:
                    connected = self._follow(telemetry, connected)
                    next_look = time.monotonic() + REGISTRY_INTERVAL_MS / 1000
                left = next_look - time.monotonic()
                ready = dict(poller.poll(max(0, math.ceil(left * 1000))))
                if wake_end in ready:
                    order = wake_end.recv()
                    if order == b"close":
                        return
                    telemetry.setsockopt(zmq.SUBSCRIBE, order.removeprefix(b"subscribe "))
                if telemetry in ready:
                    self._deliver(telemetry)
        finally:
            telemetry.close()
            wake_end.close()

    def _follow(self, telemetry, connected):
        try:
            live = self._registry.live_services()
        except VJBusError as error:
            logger.warning("%s; still listening to the services known before", error)
            return connected
        wanted = {address for entry in live.values() if (address := endpoint(entry, "telemetry"))}
        for address in connected - wanted:
            telemetry.disconnect(address)
        for address in wanted - connected:
            telemetry.connect(address)
        return wanted

    def _deliver(self, telemetry):
        """Hands out what has come, a bounded number at a time so that orders are heard during a flood."""
        for _ in range(1000):
            try:
                frame = telemetry.recv(zmq.NOBLOCK)
            except zmq.Again:
                return
            topic, _, body = frame.partition(b" ")
            # The copy of each message that is sent for subscribers to the letter "*".
            if topic == b"*":
                continue
            try:
                name = topic.decode()
                message = json.loads(body)
            except ValueError as error:
                logger.warning("a message of topic %r is not JSON: %s", topic, error)
                continue
            for pattern, handler in self._handlers:
                if pattern.matches(name):
                    self._call(handler, message, name)

    @staticmethod
    def _call(handler, message, topic):
        try:
            handler(message)
        except Exception:  # the handler is the user's: whatever it does, the others still get their messages
            logger.exception("the handler of topic %s failed", topic)
