"""What tests of the audio analyzer share: the worker beside a sound server of its own, and what it must send."""

import time

from osc_testing import LibloListener, free_udp_ports
from pulse_testing import PulseAudio
from vj_testing import BusTestCase, wait_for

BPM = 125
# Every address of the OSC reference that the analyzer sends, with its types.
REFERENCE = {"/audio/pulse": "fff", "/audio/levels": "f" * 8, "/audio/spectrum": "f" * 32, "/audio/beat": "iffif",
             "/audio/phase": "ff", "/audio/bpm": "ff", "/audio/onset": "f", "/audio/pitch": "ff",
             "/audio/structure": "iifffi", "/audio/descriptors": "f" * 6, "/audio/key": "sf"}


class AnalyzerTestCase(BusTestCase):
    def setUp(self):
        super().setUp()
        self.target, = free_udp_ports(1)
        self.pulse = PulseAudio(self)
        self.set_audio()

    def set_audio(self, text=""):
        tap, = free_udp_ports(1)
        self.configure(f"[osc]\ntap = {tap}\n[[osc.target]]\nname = \"visuals\"\nport = {self.target}\n[audio]\n{text}")

    def environment(self):
        return {**super().environment(), **self.pulse.environment}

    def entry(self):
        return self.registry().get("audio_analyzer", {})

    def wait_for_status(self, status):
        return wait_for(lambda: self.entry().get("status") == status and self.entry(), f"the analyzer {status}")

    def listen(self):
        """Everything that the analyzer sends from now on: some 600 messages a second."""
        return LibloListener(self, self.target)

    def wait_for_message(self, listener, condition, what, deadline=10):
        """The first (address, arguments, types) for which condition(address, arguments, types) is true."""
        end = time.monotonic() + deadline
        while time.monotonic() < end:
            path, args, types = listener.next()
            if condition(path, args, types):
                return path, args, types
        raise AssertionError(f"waited {deadline} s for {what}")
