"""The analyzer listens to a real sound server: what is played arrives as OSC, and everything that can be lost comes back."""

import json
import signal
import subprocess
import unittest

from audio_testing import BPM, REFERENCE, AnalyzerTestCase
from pulse_testing import drums, tone, write_wave
from vj_testing import BIN, wait_for

DEADLINE = 40  # seconds, on a machine that does much else


class WithoutDevice(AnalyzerTestCase):
    def test_without_sound_server_and_card_it_says_so_and_takes_the_first_that_comes(self):
        worker = self.start_worker("audio_analyzer")
        wait_for(lambda: "start PipeWire or PulseAudio" in self.entry()["metadata"].get("reason", ""), "how to mend it")
        self.assertEqual(self.entry()["status"], "degraded")
        self.assertEqual(self.result_of("audio_analyzer", "get_state")["status"], "degraded")
        listed = self.send_command("audio_analyzer", "list_devices")
        self.assertEqual(listed.get("result") and listed["result"]["devices"] or [], [])
        self.pulse.start()
        self.wait_for_status("running")
        self.assertIsNone(worker.process.poll())
        stats = self.subscribe("audio_analyzer", "audio.stats")
        payload = stats.wait_for(lambda p: p["device_id"] and p["fps"] > 0, "samples")
        self.assertEqual((payload["device_id"], payload["reason"]), ("vj.monitor", ""))

    def test_vjctl_devices_says_how_to_get_one_and_fails(self):
        done = subprocess.run([BIN / "vjctl", "devices"], env=self.environment(), capture_output=True, text=True, timeout=60,
                              check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn("start PipeWire or PulseAudio", done.stderr)

    def test_a_file_that_is_none_is_a_state_with_its_reason(self):
        broken = self.home / "broken.wav"
        broken.write_bytes(b"RIFF\xff\xff")
        for device, reason in ((f"file:{broken}", "broken.wav"), ("file:/nowhere.wav", "/nowhere.wav"),
                               ("no such thing", "'no such thing'")):
            self.set_audio(f"device = {json.dumps(device)}\n")
            self.pulse.process or self.pulse.start()
            worker = self.start_worker("audio_analyzer")
            wait_for(lambda: reason in self.entry()["metadata"].get("reason", ""), reason)
            self.assertEqual(self.entry()["status"], "degraded")
            self.assertEqual(worker.stop(), 0)


class Listening(AnalyzerTestCase):
    def start_listening(self):
        self.pulse.start()
        worker = self.start_worker("audio_analyzer")
        self.wait_for_status("running")
        return worker

    def test_a_file_that_is_played_arrives_as_osc_with_its_tempo(self):
        listener = self.listen()
        self.start_listening()
        self.pulse.play(write_wave(self.home / "loop.wav", drums(BPM, DEADLINE)))
        seen, tempos = {}, []

        # A server that shares the processor with other tests drops sound now and then: the beat is found between.
        def is_followed(path, args, types):
            seen[path] = types
            if path == "/audio/beat" and args[0] == 1:
                tempos.append(args[1])
            return len(tempos) >= 8 and all(abs(tempo - BPM) < 2.5 for tempo in tempos[-4:])

        self.wait_for_message(listener, is_followed, f"{BPM} BPM, not {tempos}", deadline=DEADLINE)
        self.assertEqual({path: types for path, types in REFERENCE.items() if path in seen}, seen)
        self.assertEqual(set(REFERENCE) - set(seen) - {"/audio/key"}, set())

    def test_a_tone_that_is_played_has_its_pitch(self):
        listener = self.listen()
        self.start_listening()
        self.pulse.play(write_wave(self.home / "tone.wav", tone(523.25, 8)))

        self.wait_for_message(listener, lambda path, args, types: path == "/audio/pitch" and abs(args[0] - 523.25) < 3 and
                              args[1] > 0.5, "523 Hz")

    def test_a_killed_server_and_a_removed_sink_are_told_and_taken_again(self):
        self.start_listening()
        stats = self.subscribe("audio_analyzer", "audio.stats")
        stats.wait_for(lambda p: p["fps"] > 0, "samples")
        self.pulse.process.kill()
        self.pulse.process.wait()
        self.assertNotEqual(self.wait_for_status("degraded")["metadata"]["reason"], "")
        stats.wait_for(lambda p: p["device"] is None and p["reason"], "the loss on the bus")
        self.pulse.start()
        self.wait_for_status("running")
        stats.wait_for(lambda p: p["fps"] > 0, "samples of the new server")

        sink = self.pulse.pactl("list", "short", "modules").split("module-null-sink")[0].split()[-1]
        self.pulse.pactl("unload-module", sink)
        self.wait_for_status("degraded")
        self.pulse.pactl("load-module", "module-null-sink", "sink_name=again")
        self.wait_for_status("running")
        stats.wait_for(lambda p: p["device_id"] == "again.monitor" and p["fps"] > 0, "samples of the new sink")

    def test_what_was_heard_before_a_server_died_is_not_told_after_it(self):
        self.start_listening()
        stats = self.subscribe("audio_analyzer", "audio.stats")
        self.pulse.play(write_wave(self.home / "drums.wav", drums(BPM, 40)))
        stats.wait_for(lambda p: p["bpm"] > 0 and not p["silent"], "a tempo", deadline=DEADLINE)
        self.pulse.process.kill()
        self.pulse.process.wait()
        stats.wait_for(lambda p: p["bpm"] == 0, "no tempo")
        told = []

        def has_heard_silence(payload):
            told.append(payload["bpm"])
            return payload["device"] is not None and payload["fps"] > 0 and payload["silent"]

        self.pulse.start()
        stats.wait_for(has_heard_silence, "the silence of the new server")
        self.assertEqual(set(told), {0})

    def test_a_server_that_hangs_hangs_nothing_else(self):
        worker = self.start_listening()
        stats = self.subscribe("audio_analyzer", "audio.stats")
        stats.wait_for(lambda p: p["fps"] > 0, "samples")
        server = self.pulse.process
        server.send_signal(signal.SIGSTOP)
        self.addCleanup(server.send_signal, signal.SIGCONT)
        wait_for(lambda: "nothing comes from the audio input" in self.entry()["metadata"].get("reason", ""), "the first sign")
        wait_for(lambda: "does not answer" in self.entry()["metadata"].get("reason", ""), "why there is no sound", deadline=20)
        self.assertIn("does not answer", self.send_command("audio_analyzer", "list_devices")["error"])
        listed = subprocess.run([BIN / "vjctl", "devices"], env=self.environment(), capture_output=True, text=True,
                                timeout=60, check=False)
        self.assertEqual(listed.returncode, 1)
        self.assertIn("does not answer", listed.stderr)
        loop = write_wave(self.home / "loop.wav", tone(440, 2))
        self.result_of("audio_analyzer", "set_device", {"id": f"file:{loop}"})
        stats.wait_for(lambda p: p["device_id"] == f"file:{loop}" and p["fps"] > 0, "the file")
        self.result_of("audio_analyzer", "set_device", {"id": "auto"})
        wait_for(lambda: "does not answer" in self.entry()["metadata"].get("reason", ""), "the same again", deadline=20)
        server.send_signal(signal.SIGCONT)
        stats.wait_for(lambda p: p["device_id"] == "vj.monitor" and p["fps"] > 0, "the device", deadline=20)
        self.assertEqual(self.result_of("audio_analyzer", "list_devices")["current"], "vj.monitor")
        server.send_signal(signal.SIGSTOP)
        self.assertEqual(worker.stop(), 0)

    def test_a_default_output_that_moves_is_followed(self):
        self.start_listening()
        stats = self.subscribe("audio_analyzer", "audio.stats")
        stats.wait_for(lambda p: p["device_id"] == "vj.monitor" and p["silent"], "silence")
        self.pulse.pactl("load-module", "module-null-sink", "sink_name=hdmi")
        self.pulse.pactl("set-default-sink", "hdmi")
        stats.wait_for(lambda p: p["device_id"] == "hdmi.monitor", "the monitor of the new default output", deadline=15)

    def test_a_stopped_worker_ends_at_once_whatever_its_server_does(self):
        worker = self.start_listening()
        self.pulse.process.kill()
        self.pulse.process.wait()
        self.assertEqual(worker.stop(), 0)


if __name__ == "__main__":
    unittest.main()
