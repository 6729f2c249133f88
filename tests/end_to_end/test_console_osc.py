"""The OSC screen in a real terminal: what liblo's tools send, garbage, targets that come and go."""

import re
import socket
import subprocess
import unittest

from osc_testing import LibloListener, free_udp_ports, osc_configuration, packet
from vj_terminal import TerminalTestCase
from vj_testing import BIN, wait_for


class OscScreen(TerminalTestCase):
    def setUp(self):
        super().setUp()
        self.tap, self.visuals, self.lights = free_udp_ports(3)
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(self.udp.close)
        self.configure(osc_configuration(self.tap, visuals=self.visuals, lights=self.lights))

    def start_console(self, **options):
        console = self.console("--screen", "4", **options)
        wait_for(self.has_tap, "the tap")
        console.wait_for_match(r"msg/s|nothing heard yet|/vj/worker")
        return console

    def has_tap(self):
        return self.registry().get("osc_debugger", {}).get("metadata", {}).get("osc_tap") == self.tap

    def send(self, data):
        self.udp.sendto(data, ("127.0.0.1", self.tap))

    def send_many(self, count):
        """So many messages to /many, never more at once than the smallest buffer of a kernel holds."""
        while count > 0:
            some = min(count, 100)
            before = self.heard("/many")
            for _ in range(some):
                self.send(packet("/many"))
            wait_for(lambda: self.heard("/many") == before + some, "all messages to /many")
            count -= some

    def heard(self, address):
        addresses = self.result_of("osc_debugger", "get_addresses")["addresses"]
        return next((each["count"] for each in addresses if each["address"] == address), 0)

    def oscsend(self, *words):
        subprocess.run(["oscsend", "127.0.0.1", str(self.tap), *words], check=True)

    def vjctl(self, *arguments):
        subprocess.run([BIN / "vjctl", *arguments], env=self.environment(), check=True, capture_output=True)

    def test_what_arrives_is_shown_as_it_was_sent_and_garbage_as_garbage(self):
        console = self.start_console()
        self.oscsend("/every/type", "ifsShdcmTFNI", "42", "0.75", "two words", "sym", "9000000000", "1.5", "A", "00903c40")
        console.wait_for_match(r"in  127\.0\.0\.1:\d+ +/every/type +ifsS… \[42, 0\.75, \"two words\", \"sym\", 9000000000, …\]")
        self.send(b"/x\0\0,i")
        console.wait_for_match(r"✗ malformed +type tag string not terminated   2f 78 00 00 2c 69")
        console.wait_for_text("1 malformed")
        self.send(packet("/\x1b[2Jevil", "s", b"\x1b]0;owned\x07\0\0\0"))
        console.wait_for_text("evil")
        console.press("/", *"/every")
        console.wait_for_match(r"/ /every▏ +1 of \d+")
        console.press("Enter", "Enter")
        console.wait_for_match(r"Arguments +\[42, 0\.75, \"two words\", \"sym\", 9000000000, 1\.5, \"?A\"?, 00 90 3c 40, true, false, nil")

    def test_a_paused_list_stands_still_and_goes_on_with_everything(self):
        console = self.start_console(columns=80, rows=24)
        self.oscsend("/before")
        console.wait_for_text("/before")
        console.press("Space")
        console.wait_for_match(r"paused, (\+\d+ new, )?Space goes on")
        for i in range(200):
            self.send(packet(f"/n/{i}"))
        self.oscsend("/after")
        wait_for(lambda: self.result_of("osc_debugger", "get_messages", {"filter": "/after"})["messages"], "/after")
        self.assertNotIn("/after", console.screen())
        self.assertIn("/before", console.screen())
        console.press("Space")
        console.wait_for_text("/after")
        console.wait_for_text("/n/199")

    def test_a_target_that_is_not_there_or_switched_off_is_said_so(self):
        visuals = LibloListener(self, self.visuals)
        console = self.start_console()
        # The process manager sends on each change; its second datagram to a port where nobody is comes back refused.
        wait_for(lambda: self.vjctl("restart", "virtualdj_monitor") or "nobody there" in console.screen(), "the dead target")
        console.wait_for_match(rf"✓ visuals 127\.0\.0\.1:{self.visuals}")
        console.wait_for_match(rf"✗ lights 127\.0\.0\.1:{self.lights} \(nobody there\)")
        console.wait_for_match(r"out visuals,lights +/vj/worker +ss +\[\"virtualdj_monitor\", \"starting\"\]")
        self.assertEqual(visuals.next()[0], "/vj/worker")
        self.vjctl("osc", "target", "lights", "off")
        console.wait_for_match(rf"○ lights 127\.0\.0\.1:{self.lights} off")
        self.vjctl("restart", "virtualdj_monitor")
        console.wait_for_match(r"out visuals +/vj/worker")

    def test_the_latest_of_each_address_with_its_count_also_of_before_the_screen_was_shown(self):
        self.start_console()
        self.send_many(1500)  # more than the history that the screen asks for
        self.send(packet("/once", "i", b"\0\0\0\x07"))
        self.send_many(1500)
        console = self.console("--screen", "4")
        console.press("L")
        console.wait_for_match(r"/once +i +1 7")
        console.wait_for_match(r"/many +(\d+/s)? +3,000")

    def test_clear_forgets_here_and_at_the_debugger(self):
        console = self.start_console()
        self.oscsend("/gone")
        console.wait_for_text("/gone")
        console.press("c")
        console.wait_for_absence("/gone")
        wait_for(lambda: not self.result_of("osc_debugger", "get_messages", {"filter": "/gone"})["messages"], "an empty ring")
        self.oscsend("/new")
        console.wait_for_text("/new")

    def test_the_list_goes_on_after_the_debugger_was_restarted(self):
        console = self.start_console()
        self.oscsend("/first")
        console.wait_for_text("/first")
        first = self.registry()["osc_debugger"]["pid"]
        self.vjctl("restart", "osc_debugger")
        wait_for(lambda: self.has_tap() and self.registry()["osc_debugger"]["pid"] != first, "the second debugger's tap")
        self.oscsend("/second")
        console.wait_for_text("/second")
        self.assertIn("/first", console.screen())
        self.assertIsNone(re.search(r"not shown", console.screen()))


if __name__ == "__main__":
    unittest.main()
