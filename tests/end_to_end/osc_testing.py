"""What tests of OSC share: free ports, packets, and a listener that is liblo's."""

import queue
import socket
import threading

import liblo

from vj_testing import wait_for


def free_udp_ports(count):
    """Ports that are free now, all different."""
    probes = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def osc_configuration(tap, **ports):
    """[osc] with this tap, and a target of each name at its port."""
    targets = "".join(f'[[osc.target]]\nname = "{name}"\nport = {port}\n' for name, port in ports.items())
    return f"[osc]\ntap = {tap}\n{targets}"


def packet(address, types="", arguments=b""):
    def padded(text):
        data = text.encode() + b"\0"
        return data + b"\0" * (-len(data) % 4)
    return padded(address) + padded("," + types) + arguments


def start_debugger(test):
    """Starts the debugger and waits until its tap listens, which is a moment after it is registered."""
    worker = test.start_worker("osc_debugger")
    wait_for(lambda: test.registry()["osc_debugger"]["metadata"].get("osc_tap"), "the tap")
    return worker


class LibloListener:
    """Everything that arrives at a port, as liblo understands it: (address, arguments, types)."""

    def __init__(self, test, port):
        self.messages = queue.Queue()
        self.server = liblo.Server(port)
        self.server.add_method(None, None, lambda path, args, types: self.messages.put((path, args, types)))
        # A thread of ours: liblo's own is stopped with Python's lock held, for which it may be waiting with a message.
        self.stopped = threading.Event()
        thread = threading.Thread(target=self.listen, daemon=True)
        thread.start()
        test.addCleanup(self.server.free)
        test.addCleanup(thread.join)
        test.addCleanup(self.stopped.set)

    def listen(self):
        while not self.stopped.is_set():
            self.server.recv(20)

    def next(self, deadline=10):
        return self.messages.get(timeout=deadline)
