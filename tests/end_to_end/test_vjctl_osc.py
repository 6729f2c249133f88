"""vjctl osc: messages by hand, what the debugger hears, recordings, targets."""

import json
import os
import queue
import signal
import subprocess
import threading
import time
import unittest

from osc_testing import LibloListener, free_udp_ports, osc_configuration, start_debugger
from vj_testing import BIN, BusTestCase, wait_for


class VjctlOsc(BusTestCase):
    def setUp(self):
        super().setUp()
        self.tap, self.visuals_port, self.lights_port = free_udp_ports(3)
        self.configure(osc_configuration(self.tap, visuals=self.visuals_port, lights=self.lights_port) +
                       "enabled = false\n")  # the lights

    def vjctl(self, *arguments, expect=0):
        done = subprocess.run([BIN / "vjctl", *arguments], env=self.environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, expect, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done

    def oscsend(self, *words):
        subprocess.run(["oscsend", "127.0.0.1", str(self.tap), *words], check=True)

    def test_a_message_of_every_type_arrives_at_liblo_as_it_was_typed(self):
        visuals = LibloListener(self, self.visuals_port)
        sent = self.vjctl("osc", "send", "/every/type", "ifsShdcmbTFNI", "-3", "0.75", "two words", "sym", "9000000000",
                          "1.5", "A", "00903c40", "01 02 ff")
        self.assertEqual(sent.stdout, f"sent to visuals 127.0.0.1:{self.visuals_port}\n")
        address, arguments, types = visuals.next()
        self.assertEqual((address, types), ("/every/type", "ifsShdcmbTFNI"))
        self.assertEqual(arguments[:8], [-3, 0.75, "two words", "sym", 9000000000, 1.5, "A", (0, 0x90, 0x3c, 0x40)])
        self.vjctl("osc", "send", "/nothing")
        self.assertEqual(visuals.next(), ("/nothing", [], ""))

    def test_what_cannot_be_sent_is_said(self):
        self.assertIn("'many' is not a whole number", self.vjctl("osc", "send", "/x", "i", "many", expect=2).stderr)
        self.assertIn("begins with '/'", self.vjctl("osc", "send", "x", expect=2).stderr)
        self.assertIn("the process manager, which would start it, is not running either; to start that: ",
                      self.vjctl("osc", expect=3).stderr)
        self.assertEqual(self.vjctl("osc", "send", "/nobody/hears").stdout,
                         f"sent to visuals 127.0.0.1:{self.visuals_port} (nobody there)\n")
        self.vjctl("osc", "target", "visuals", "off")
        nowhere = self.vjctl("osc", "send", "/x", expect=1)
        self.assertEqual((nowhere.stdout, nowhere.stderr),
                         ("", "vjctl: no OSC target is on; to switch one on: vjctl osc target NAME on\n"))
        self.assertEqual(json.loads(self.vjctl("--json", "osc", "send", "/x", expect=1).stdout),
                         {"address": "/x", "targets": []})

    def test_options_that_mean_nothing_are_refused(self):
        for arguments, what in ((("send", "--all", "/x"), "'osc send' has no option --all"),
                                (("-f", "--all"), "'osc' has no option --all"),
                                (("target", "--filter", "x"), "'osc target' has no option --filter")):
            self.assertEqual(self.vjctl("osc", *arguments, expect=2).stderr, f"vjctl: {what}\n")

    def test_what_was_sent_where_is_told_to_programs(self):
        LibloListener(self, self.visuals_port)
        self.assertEqual(json.loads(self.vjctl("--json", "osc", "send", "/x", "i", "1").stdout),
                         {"address": "/x", "targets": [{"name": "visuals", "address": f"127.0.0.1:{self.visuals_port}",
                                                        "enabled": True, "problem": ""}]})

    def test_what_the_debugger_heard_is_printed_and_filtered(self):
        start_debugger(self)
        self.oscsend("/vj/mood", "s", "energetic")
        self.oscsend("/audio/beat", "if", "1", "128")
        wait_for(lambda: len(self.vjctl("osc").stdout.splitlines()) == 2, "both messages")
        self.assertRegex(self.vjctl("osc", "--filter", "/vj").stdout,
                         r"^\d\d:\d\d:\d\d\.\d{3} in  127\.0\.0\.1:\d+ +/vj/mood +s +energetic\n$")
        self.assertEqual(json.loads(self.vjctl("--json", "osc", "--limit", "1").stdout)["args"], [1, 128.0])
        self.assertIn("without ']'", self.vjctl("osc", "--filter", "/x[1", expect=2).stderr)

    def follow(self, *arguments):
        """A vjctl that goes on, and the lines that it prints, as they come."""
        process = subprocess.Popen([BIN / "vjctl", *arguments], env=self.environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        lines = queue.Queue()
        reader = threading.Thread(target=lambda: [lines.put(line) for line in process.stdout], daemon=True)
        reader.start()
        for clean_up in (process.stdout.close, process.wait, reader.join, process.kill):  # the last one first
            self.addCleanup(clean_up)
        return process, lines

    def test_new_messages_are_followed_also_over_a_restart_of_the_debugger(self):
        worker = start_debugger(self)
        self.oscsend("/first")
        _, lines = self.follow("--json", "osc", "-f", "--limit", "1")
        self.assertEqual(json.loads(lines.get(timeout=10))["address"], "/first")
        for i in range(300):
            self.oscsend("/many", "i", str(i))
        self.assertEqual([json.loads(lines.get(timeout=10))["args"] for _ in range(300)], [[i] for i in range(300)])
        worker.stop()
        start_debugger(self)
        self.oscsend("/second")
        wait_for(lambda: '"/second"' in lines.get(timeout=10), "a message of the second debugger")

    def test_a_recording_is_replayed_with_its_timing_and_bytes(self):
        start_debugger(self)
        file = self.home / "show.jsonl"
        recorder, _ = self.follow("osc", "record", str(file))
        # Recording begins with the first answer; what comes before is not in it.
        wait_for(lambda: self.oscsend("/warm/up") or (file.exists() and file.read_text()), "the recording to begin")
        self.oscsend("/a", "f", "0.1")
        time.sleep(0.3)  # the pause that must come back
        self.oscsend("/b", "s", "déjà vu")
        wait_for(lambda: "/b" in file.read_text(), "the last message")
        recorder.send_signal(signal.SIGINT)
        self.assertEqual(recorder.wait(10), 0)
        self.assertIn("exists already", self.vjctl("osc", "record", str(file), expect=1).stderr)

        visuals = LibloListener(self, self.visuals_port)
        self.assertIn("--all", self.vjctl("osc", "replay", str(file), expect=1).stderr)
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        recorded = [{**line, "direction": "out"} for line in lines if line["address"] in ("/a", "/b")]
        self.configure(f"[[osc.target]]\nname = \"visuals\"\nport = {self.visuals_port}\nfilter = []\n")

        def replay():
            file.write_text("".join(json.dumps(line) + "\n" for line in recorded))
            process, _ = self.follow("osc", "replay", str(file), "--target", "visuals")
            address, (value,), _ = visuals.next()
            self.assertEqual((address, round(value, 6)), ("/a", 0.1))
            return process

        whole = replay()
        self.assertEqual(visuals.next(), ("/b", ["déjà vu"], "s"))
        self.assertEqual(whole.wait(10), 0)
        recorded[1]["time"] += 1000
        long = replay()
        with self.assertRaises(queue.Empty):
            visuals.next(deadline=0.3)
        long.send_signal(signal.SIGINT)
        self.assertEqual(long.wait(10), 0)

    def test_a_target_is_switched_for_all_who_send_and_for_later(self):
        self.assertIn("visuals  on ", self.vjctl("osc", "target").stdout)
        self.assertIn("lights is on (nobody sends OSC now; kept for later)",
                      self.vjctl("osc", "target", "lights", "on").stdout)
        self.vjctl("osc", "target", "visuals", "off")
        listed = json.loads(self.vjctl("--json", "osc", "target").stdout)
        self.assertEqual([(t["name"], t["enabled"]) for t in listed], [("visuals", False), ("lights", True)])
        self.assertIn("no OSC target 'lasers'; there are visuals, lights",
                      self.vjctl("osc", "target", "lasers", "on", expect=2).stderr)
        lights = LibloListener(self, self.lights_port)
        self.vjctl("osc", "send", "/x")
        self.assertEqual(lights.next()[0], "/x")

    def test_the_doctor_sees_who_listens_at_a_target_and_where_nobody_does(self):
        LibloListener(self, self.visuals_port)
        self.vjctl("osc", "target", "lights", "on")
        checks = json.loads(self.vjctl("--json", "doctor").stdout)["checks"]
        check, = [c for c in checks if c["name"] == "OSC targets"]
        self.assertEqual(check["health"], "warning")
        self.assertRegex(check["finding"], rf"^visuals 127\.0\.0\.1:{self.visuals_port}: .*\(pid {os.getpid()}\) listens\n"
                                           rf"lights 127\.0\.0\.1:{self.lights_port}: nobody there$")
        self.assertIn("(lights)", check["mend"])


if __name__ == "__main__":
    unittest.main()
