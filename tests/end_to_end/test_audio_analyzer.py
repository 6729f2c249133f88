"""The analyzer's commands, toggles and telemetry, and the console's Audio screen, with a file as the input."""

import os
import socket
import time
import unittest

from audio_testing import BPM, AnalyzerTestCase
from osc_testing import free_udp_ports, osc_configuration, start_debugger
from pulse_testing import drums, tone, write_wave
from vj_terminal import TerminalTestCase
from vj_testing import wait_for

TOGGLES = {"essentia": {"/audio/descriptors", "/audio/key"}, "pitch": {"/audio/pitch"},
           "beat": {"/audio/beat", "/audio/phase", "/audio/bpm", "/audio/onset"}, "structure": {"/audio/structure"},
           "spectrum": {"/audio/spectrum"}, "logging": set()}
STEADY = ("/audio/levels", "/audio/pulse", "/audio/spectrum", "/audio/phase", "/audio/bpm", "/audio/pitch",
          "/audio/structure", "/audio/descriptors")  # said at least once a second, whatever is heard


class Commands(AnalyzerTestCase):
    """On a file as the input, which needs no sound server."""

    def setUp(self):
        super().setUp()
        self.loop = write_wave(self.home / "loop.wav", drums(BPM, 60 / BPM * 16))
        self.set_audio(f"device = \"file:{self.loop}\"\n")

    def start_listening(self):
        worker = self.start_worker("audio_analyzer")
        # It runs already while it opens its first input.
        wait_for(lambda: self.result_of("audio_analyzer", "get_state")["metrics"]["device_id"], "an input")
        self.wait_for_status("running")
        return worker

    def heard_until(self, listener, expected):
        """The addresses that come until all the expected ones have, and more than a second in any case, after what was
        on its way."""
        settled = time.monotonic() + 0.5  # on its way is also what the system has not handed to liblo yet
        while time.monotonic() < settled:
            listener.next()
        began, seen = time.monotonic(), set()
        while not (seen >= expected and time.monotonic() > began + 1.3):
            seen.add(listener.next()[0])
            self.assertLess(time.monotonic(), began + 20, f"only {sorted(seen)} of {sorted(expected)} came")
        return seen

    def test_each_toggle_stops_its_addresses_and_no_other_and_costs_nothing_when_off(self):
        listener = self.listen()
        self.start_listening()
        stats = self.subscribe("audio_analyzer", "audio.stats")
        stats.wait_for(lambda p: p["fps"] > 0, "samples")
        stage_of = {"essentia": "descriptors", "pitch": "pitch", "beat": "beat", "structure": "structure"}
        for name, addresses in TOGGLES.items():
            answer = self.result_of("audio_analyzer", "set_features", {name: False})
            self.assertEqual(answer, {**{each: True for each in TOGGLES}, name: False})
            seen = self.heard_until(listener, set(STEADY) - addresses)
            self.assertEqual(seen & addresses, set(), name)
            if name in stage_of:
                stats.wait_for(lambda p: not p["features"][name] and p["cost_us"][stage_of[name]]["median"] < 0.5,
                               f"a second in which {name} cost nothing")
            self.result_of("audio_analyzer", "set_features", {name: True})
        self.heard_until(listener, set(STEADY))
        refused = self.send_command("audio_analyzer", "set_features", {"bass": True})
        self.assertEqual(refused["error"], "there is no feature 'bass'; there are " + ", ".join(TOGGLES))

    def test_a_set_config_does_all_that_it_asks_or_nothing(self):
        self.start_listening()
        other = write_wave(self.home / "other.wav", tone(300, 2))
        asked = {"osc_targets": {"visuals": False}, "features": {"pitch": False}, "device": f"file:{other}"}

        def state():
            answer = self.result_of("audio_analyzer", "get_state")
            return (answer["metrics"]["targets"][0]["enabled"], answer["config"]["features"]["pitch"],
                    answer["config"]["device"])

        for key, value in (("colour", "red"), ("sample_rate", 48000), ("device", 3), ("osc_targets", {"nobody": False}),
                           ("features", {"pitch": 0})):
            refused = self.send_command("audio_analyzer", "set_config", {"config": {**asked, key: value}})
            self.assertEqual(refused["status"], "error", key)
            self.assertIn("'nobody'" if key == "osc_targets" else "'pitch'" if key == "features" else f"'{key}'",
                          refused["error"])
        self.assertEqual(state(), (True, True, f"file:{self.loop}"))
        self.assertEqual(self.result_of("audio_analyzer", "set_config", {"config": asked}), {"restart_required": False})
        wait_for(lambda: state() == (False, False, f"file:{other}"), "all of it")

    def test_an_input_that_goes_leaves_no_last_values_behind(self):
        listener = self.listen()
        self.start_listening()
        wait_for(lambda: self.result_of("audio_analyzer", "get_features")["bpm"] > 0, "a tempo", deadline=15)
        self.result_of("audio_analyzer", "set_device", {"id": "no such thing"})
        self.wait_for_status("degraded")
        last = {}

        def is_closed(path, args, types):
            last[path] = args
            return all(last.get(each, [1])[0] == 0 for each in STEADY) and last.get("/audio/beat", [1])[0] == 0

        self.wait_for_message(listener, is_closed, f"nothing on every address, not {last}")
        self.assertEqual(self.heard_until(listener, {"/audio/bpm"}), {"/audio/bpm"})
        features = self.result_of("audio_analyzer", "get_features")
        self.assertEqual((features["bpm"], features["overall"], features["silent"]), (0, 0, True))
        self.assertGreater(features["beat_count"], 0)
        for command, payload in (("tap", {}), ("scale_tempo", {"factor": 2})):
            self.assertIn("'no such thing'", self.send_command("audio_analyzer", command, payload)["error"])
        write_wave(self.home / "silence.wav", [0.0] * 44100)
        self.result_of("audio_analyzer", "set_device", {"id": f"file:{self.home / 'silence.wav'}"})
        self.assertIn("nothing is heard", self.send_command("audio_analyzer", "tap")["error"])

    def test_a_pipe_is_refused_as_a_file_and_a_device_without_a_name_at_all(self):
        self.start_listening()
        pipe = self.home / "pipe.wav"
        os.mkfifo(pipe)
        answer = self.result_of("audio_analyzer", "set_device", {"id": f"file:{pipe}"})
        self.assertEqual(answer["current"], None)
        self.assertIn("is a pipe", answer["reason"])
        for name in ("   ", "auto\n", "\x1b[31m", ""):
            self.assertIn("needs a string 'id'", self.send_command("audio_analyzer", "set_device", {"id": name})["error"])
        answer = self.result_of("audio_analyzer", "set_device", {"id": f"file:{self.loop}"})
        self.assertEqual((answer["current"], answer["reason"]), (f"file:{self.loop}", ""))

    def test_a_file_that_is_replaced_is_played_anew_and_one_that_is_removed_is_told(self):
        listener = self.listen()
        self.start_listening()
        write_wave(self.home / "new.wav", tone(523.25, 2)).rename(self.loop)
        self.wait_for_message(listener, lambda path, args, types: path == "/audio/pitch" and abs(args[0] - 523.25) < 3,
                              "the tone of the new file", deadline=30)
        write_wave(self.loop, tone(300, 2))
        self.wait_for_message(listener, lambda path, args, types: path == "/audio/pitch" and abs(args[0] - 300) < 3,
                              "the tone that was written over it", deadline=30)
        self.loop.unlink()
        wait_for(lambda: "no file" in self.entry()["metadata"].get("reason", ""), "the loss", deadline=20)

    def test_the_debugger_shows_its_messages_with_the_targets_they_are_for_also_when_the_tap_has_moved(self):
        tap, nobody = free_udp_ports(2)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as squatter:
            squatter.bind(("127.0.0.1", tap))
            self.listen()
            self.configure(osc_configuration(tap, visuals=self.target, nobody=nobody) +
                           f"[audio]\ndevice = \"file:{self.loop}\"\n")
            self.start_listening()
            start_debugger(self)
            self.assertNotEqual(self.registry()["osc_debugger"]["metadata"]["osc_tap"], tap)

            def newest():
                messages = self.result_of("osc_debugger", "get_messages", {"filter": "/audio/levels", "limit": 1})["messages"]
                return (messages[0]["direction"], messages[0]["peer"]) if messages else None

            wait_for(lambda: newest() == ("out", "visuals,nobody"), "a message at the tap")
            wait_for(lambda: [target["problem"] for target in self.entry()["metadata"]["osc_targets"]] == ["", "nobody there"],
                     "the dead target")
            self.result_of("audio_analyzer", "set_config", {"config": {"osc_targets": {"nobody": False}}})
            wait_for(lambda: newest() == ("out", "visuals"), "a message for the other target alone")

    def test_a_file_that_can_no_longer_be_read_is_an_input_that_is_gone_and_taken_again_when_it_is_back(self):
        worker = self.start_listening()
        whole = self.loop.read_bytes()
        os.truncate(self.loop, 44)  # as of a medium that was taken out, nothing more can be read
        wait_for(lambda: "loop.wav" in self.entry()["metadata"].get("reason", ""), "the reason")
        with open(self.loop, "r+b") as again:
            again.write(whole)
        self.wait_for_status("running")
        self.assertEqual(worker.stop(), 0)

    def test_a_chosen_device_and_what_was_switched_are_kept_over_a_crash(self):
        self.set_audio(f"device = \"file:{self.loop}\"\nfeatures = [\"pitch\", \"beat\"]\n")
        worker = self.start_listening()
        other = write_wave(self.home / "other.wav", tone(300, 2))
        self.result_of("audio_analyzer", "set_device", {"id": f"file:{other}"})
        wait_for(lambda: self.result_of("audio_analyzer", "get_state")["metrics"]["device_id"] == f"file:{other}", "it")
        self.result_of("audio_analyzer", "set_features", {"pitch": False, "beat": False, "logging": True})
        switched = self.result_of("audio_analyzer", "set_features", {"beat": True})
        self.assertEqual([name for name, on in switched.items() if on], ["beat", "logging"])
        worker.process.kill()
        worker.process.wait()
        self.start_listening()
        state = self.result_of("audio_analyzer", "get_state")
        self.assertEqual((state["metrics"]["wanted"], state["config"]["features"]), (f"file:{other}", switched))
        self.assertEqual((self.vj_home / "audio_features").read_text(), "on logging\noff pitch\n")
        self.assertIn("needs a string 'id'", self.send_command("audio_analyzer", "set_device", {"id": 3})["error"])

    def test_a_benchmark_measures_every_stage_and_says_what_it_thinks_of_it(self):
        self.start_listening()
        results = self.subscribe("audio_analyzer", "audio.benchmark")
        self.assertEqual(self.result_of("audio_analyzer", "run_benchmark", {"duration_sec": 2}),
                         {"started": True, "duration_sec": 2.0})
        result = results.wait_for(lambda p: True, "the result")
        self.assertEqual(set(result["cost_us"]), {"fft", "bands", "onset", "beat", "pitch", "structure", "descriptors",
                                                  "osc", "total"})
        self.assertTrue(all(0 <= cost["median"] <= cost["p99"] for cost in result["cost_us"].values()))
        latency = [result["latency_ms"][name] for name in ("min", "median", "p95", "p99", "max")]
        self.assertEqual(latency, sorted(latency))
        # There is no verdict where the machine was too busy to play the file.
        self.assertRegex(result["verdict"] or result["cause"], "excellent|good|high|the input was away")
        self.assertGreater(result["frames"], 0)
        self.assertGreaterEqual(result["seconds"], 2)
        self.assertEqual((result["device"], result["features"]), (f"file:{self.loop}", {each: True for each in TOGGLES}))
        for wrong in (0, "x", None):
            refused = self.send_command("audio_analyzer", "run_benchmark", {"duration_sec": wrong})
            self.assertIn("'duration_sec'", refused["error"])

    def test_a_benchmark_that_loses_its_input_says_so_and_two_at_once_are_refused(self):
        self.start_listening()
        results = self.subscribe("audio_analyzer", "audio.benchmark")
        self.result_of("audio_analyzer", "run_benchmark", {"duration_sec": 3})
        self.assertIn("is running already", self.send_command("audio_analyzer", "run_benchmark", {})["error"])
        self.result_of("audio_analyzer", "set_device", {"id": "no such thing"})
        result = results.wait_for(lambda p: True, "the result")
        self.assertEqual(result["verdict"], "")
        self.assertRegex(result["cause"], "the input was away|no sound came in")

    def test_at_48_khz_pitch_and_tempo_are_the_same(self):
        beat = [a + b for a, b in zip(drums(BPM, 60 / BPM * 16, gain=0.5), tone(440, 60 / BPM * 17, gain=0.3))]
        write_wave(self.loop, beat)
        self.set_audio(f"device = \"file:{self.loop}\"\nsample_rate = 48000\n")
        self.start_listening()

        def is_right():
            now = self.result_of("audio_analyzer", "get_features")
            return abs(now["bpm"] - BPM) < 1 and abs(now["pitch_hz"] - 440) < 3

        wait_for(is_right, f"{BPM} BPM and 440 Hz", deadline=20)
        self.assertEqual(self.result_of("audio_analyzer", "get_state")["metrics"]["sample_rate"], 48000)

    def test_features_come_all_the_time_and_on_request(self):
        self.start_listening()
        features = self.subscribe("audio_analyzer", "audio.features")
        features.wait_for(lambda p: p["beat_count"] > 0, "a beat")
        payloads = [features.next()[1]["payload"] for _ in range(60)]
        self.assertLessEqual({"bands", "rms", "bass_level", "mid_level", "high_level", "overall", "beat", "beat_count",
                              "bpm", "bpm_confidence", "beat_phase", "pitch_hz", "pitch_conf", "buildup", "drop",
                              "drop_count", "energy_trend", "brightness", "spectrum"}, set(payloads[0]))
        self.assertEqual((len(payloads[0]["bands"]), len(payloads[0]["spectrum"])), (7, 32))
        now = self.result_of("audio_analyzer", "get_features")
        self.assertEqual(set(now["features"]), set(TOGGLES))
        self.assertGreaterEqual(now["beat_count"], payloads[-1]["beat_count"])

    def test_tempo_can_be_doubled_halved_and_tapped(self):
        self.start_listening()

        def bpm():
            return self.result_of("audio_analyzer", "get_features")["bpm"]

        wait_for(lambda: abs(bpm() - BPM) < 1, "the tempo", deadline=15)
        self.result_of("audio_analyzer", "scale_tempo", {"factor": 0.5})
        wait_for(lambda: abs(bpm() - BPM / 2) < 1, "half of it")
        self.result_of("audio_analyzer", "scale_tempo", {"factor": 2})
        wait_for(lambda: abs(bpm() - BPM) < 1, "all of it")
        self.assertEqual(self.result_of("audio_analyzer", "tap"), {"tapped": True})
        self.assertIn("0.5 or 2", self.send_command("audio_analyzer", "scale_tempo", {"factor": 3})["error"])
        self.result_of("audio_analyzer", "set_features", {"beat": False})
        for command, payload in (("tap", {}), ("scale_tempo", {"factor": 2})):
            self.assertIn("beat is off", self.send_command("audio_analyzer", command, payload)["error"])
        wait_for(lambda: bpm() == 0, "the next hop, which knows no tempo")
        self.result_of("audio_analyzer", "set_features", {"beat": True})
        self.assertIn("no tempo is followed yet",
                      self.send_command("audio_analyzer", "scale_tempo", {"factor": 2})["error"])


class OnTheScreen(AnalyzerTestCase, TerminalTestCase):
    def test_the_audio_screen_shows_what_is_played_and_its_keys_reach_the_analyzer(self):
        loop = write_wave(self.home / "loop.wav", drums(BPM, 60 / BPM * 16))
        self.set_audio(f"device = \"file:{loop}\"\n")
        console = self.console("--screen", "3")
        console.wait_for_match(r"● synced +BPM 12[45]\.\d \(conf 0\.[89]", deadline=60)
        console.wait_for_match(r"● 12[45]\.\d +\d\d:\d\d\n")
        console.press("o")
        console.wait_for_match(r"\[o\] Beat/BPM +off")
        console.wait_for_text("beat is off")
        console.press("b")
        console.wait_for_match(r"measuring, \d+ s left")
        console.press("0")
        console.wait_for_match(r"✓ ● audio_analyzer")

    def test_without_a_device_the_worker_is_yellow_and_the_screen_says_what_is_missing(self):
        console = self.console("--screen", "0")
        console.wait_for_match(r"⚠ [●○] audio_analyzer")
        console.press("3")
        console.wait_for_text("○ no input")
        console.wait_for_text("start PipeWire")
        console.press("Enter")
        console.wait_for_text("✗ no tap: there is no audio input")
        console.press("b")
        console.wait_for_text("no benchmark: ")
        self.assertNotIn("measuring", console.screen())
        refused = self.send_command("audio_analyzer", "run_benchmark", {"duration_sec": 2})
        self.assertEqual(refused["status"], "error")
        self.assertIn("there is nothing to measure: ", refused["error"])

    def test_an_input_that_is_plugged_in_can_be_chosen_and_one_that_is_gone_is_told_by_its_name(self):
        self.pulse.start()
        console = self.console("--screen", "3", columns=80, rows=24)
        console.wait_for_match(r"▸ ● auto", deadline=60)
        uni = self.pulse.pactl("load-module", "module-null-sink", "sink_name=uni", "sink_properties=device.description=Uni")
        console.wait_for_text("○ Monitor of Uni", deadline=30)
        console.press("Down", "Down")
        console.wait_for_text("▸ ○ Monitor of Uni")
        console.press("Right")
        console.wait_for_text("✓ audio input: Monitor of Uni", deadline=20)
        console.wait_for_match(r"✓ Monitor of Uni +44\.1 kHz")
        self.pulse.pactl("unload-module", uni)
        console.wait_for_text("○ no input: see Device", deadline=20)
        console.wait_for_match(r"⚠ there is no audio input(.|\n)*'uni.monitor'(.|\n)*● uni.monitor", deadline=20)


if __name__ == "__main__":
    unittest.main()
