"""A PulseAudio of a test's own, without a sound card: a daemon with one null sink, into which paplay plays files."""

import array
import math
import os
import random
import subprocess
import wave

from vj_testing import wait_for

RATE = 44100
SCRIPT = """
load-module module-native-protocol-unix auth-anonymous=1 socket={socket}
load-module module-null-sink sink_name=vj rate={rate} channels=2
set-default-sink vj
set-default-source vj.monitor
"""


class PulseAudio:
    """The daemon; it ends with the test. `environment` leads a client to it, also while it is down."""

    def __init__(self, test):
        self.test = test
        self.folder = test.home / "pulse"
        self.folder.mkdir(mode=0o700)
        self.socket = self.folder / "native"
        self.script = self.folder / "script.pa"
        self.script.write_text(SCRIPT.format(socket=self.socket, rate=RATE))
        self.environment = {"PULSE_SERVER": f"unix:{self.socket}", "PULSE_RUNTIME_PATH": str(self.folder),
                            "XDG_RUNTIME_DIR": str(self.folder)}
        self.process = None
        self.players = []
        test.addCleanup(self.stop)

    def _all(self):
        return {**os.environ, **self.environment, "HOME": str(self.test.user_home)}

    def start(self):
        self.socket.unlink(missing_ok=True)
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["pulseaudio", "-n", "-F", self.script, "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit=yes",
                 "--use-pid-file=no", "--realtime=no", "--high-priority=no"], env=self._all(), stdout=log, stderr=log)
        wait_for(lambda: self._pactl("info").returncode == 0, "PulseAudio")

    def stop(self):
        for player in self.players:
            player.kill()
            player.wait()
        self.players.clear()
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _pactl(self, *words):
        return subprocess.run(["pactl", *words], env=self._all(), capture_output=True, text=True, timeout=10, check=False)

    def pactl(self, *words):
        done = self._pactl(*words)
        self.test.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def play(self, file):
        self.players.append(subprocess.Popen(["paplay", str(file)], env=self._all()))
        return self.players[-1]


def write_wave(path, samples):
    """Mono samples from -1 to 1 as 16 bits, at RATE."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array.array("h", (int(32767 * max(-1.0, min(1.0, sample))) for sample in samples)).tobytes())
    return path


def drums(bpm, seconds, gain=0.9):
    """Kick on the beat, hat between: one beat, made once and repeated."""
    noise = random.Random(1)
    beat = [0.0] * round(60 / bpm * RATE)
    for i in range(min(RATE // 4, len(beat))):
        t = i / RATE
        beat[i] += gain * math.sin(2 * math.pi * (50 * t + 5 * (1 - math.exp(-30 * t)))) * math.exp(-12 * t)
    for i in range(min(RATE // 16, len(beat) // 2)):
        beat[len(beat) // 2 + i] += 0.25 * gain * noise.uniform(-1, 1) * math.exp(-60 * i / RATE)
    return beat * math.ceil(seconds * RATE / len(beat))


def tone(hertz, seconds, gain=0.5):
    return [gain * math.sin(2 * math.pi * hertz * i / RATE) for i in range(int(seconds * RATE))]
