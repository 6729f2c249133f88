"""The OSC debugger hears everything: liblo's tools and Python binding, garbage, floods, and two programs at one port."""

import json
import pathlib
import socket
import struct
import subprocess
import unittest

import liblo

from osc_testing import free_udp_ports, packet, start_debugger
from vj_testing import BusTestCase, wait_for


class OscDebugger(BusTestCase):
    def setUp(self):
        super().setUp()
        self.tap, self.extra, self.relayed, self.target = free_udp_ports(4)
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(self.udp.close)
        self.configure(f"[osc]\ntap = {self.tap}\nlisten = [{self.extra}]\n"
                       f"[[osc.target]]\nname = \"visuals\"\nport = {self.target}\n")

    def send(self, data, port=None):
        self.udp.sendto(data, ("127.0.0.1", port or self.tap))

    def messages(self, **query):
        return self.result_of("osc_debugger", "get_messages", query)["messages"]

    def wait_for_messages(self, count, **query):
        return wait_for(lambda: len(self.messages(**query)) >= count and self.messages(**query), f"{count} messages")

    def oscsend(self, *words, port=None):
        subprocess.run(["oscsend", "127.0.0.1", str(port or self.tap), *words], check=True, capture_output=True)

    def test_what_oscsend_sends_is_shown_as_it_was_sent(self):
        start_debugger(self)
        self.oscsend("/every/type", "ifsShdcmTFNI", "42", "0.75", "two words", "sym", "9000000000", "1.5", "A", "00903c40")
        self.oscsend("/nothing")
        first, second = self.wait_for_messages(2)
        self.assertEqual(first["address"], "/every/type")
        self.assertEqual(first["types"], "ifsShdcmTFNI")
        self.assertEqual(first["args"], [42, 0.75, "two words", "sym", 9000000000, 1.5, "A", "00 90 3c 40", True, False,
                                         None, "infinitum"])
        self.assertEqual(first["direction"], "in")
        self.assertRegex(first["peer"], r"^127\.0\.0\.1:\d+$")
        self.assertNotIn("error", first)
        self.assertEqual((second["address"], second["types"], second["args"]), ("/nothing", "", []))
        self.assertEqual(second["seq"], first["seq"] + 1)

    def test_blobs_and_bundles_of_liblo_are_read(self):
        start_debugger(self)
        to = liblo.Address("127.0.0.1", self.tap)
        liblo.send(to, liblo.Bundle(liblo.time(), liblo.Message("/a", ("b", [1, 2, 255])), liblo.Message("/b", ("f", 0.5))))
        first, second = self.wait_for_messages(2)
        self.assertEqual((first["types"], first["args"]), ("b", ["01 02 ff"]))
        self.assertEqual((second["address"], second["args"]), ("/b", [0.5]))
        self.assertRegex(second["time_tag"], r"^20\d\d-")

    def test_garbage_is_shown_as_garbage_and_harms_nothing(self):
        worker = start_debugger(self)
        garbage = [b"", b"x", b"/x\0\0,i", b"/x\0\0,i\0\0", b"#bundle\0", b"\xff" * 1000, b"/\x1b[2J\0\0\0,s\0\0\x1b]0;evil\0\0\0\0"]
        for data in garbage:
            self.send(data)
        self.send(packet("/fine"))
        messages = self.wait_for_messages(len(garbage) + 1)
        self.assertEqual([bool(m.get("error")) for m in messages], [True] * 6 + [False, False])
        self.assertEqual(messages[2]["error"], "type tag string not terminated")
        self.assertEqual(messages[2]["packet"], "2f 78 00 00 2c 69")
        self.assertEqual(messages[-1]["address"], "/fine")
        self.assertEqual(self.result_of("osc_debugger", "get_state")["metrics"]["malformed"], 6)
        self.assertIsNone(worker.process.poll())

    def test_new_messages_are_published_and_only_those(self):
        start_debugger(self)
        telemetry = self.subscribe("osc_debugger", "osc.")  # one subscription: two would come into force one by one
        telemetry.wait_for(lambda p: "rates" in p and p["total_count"] == 0, "a subscription in force")
        self.send(packet("/one"))
        telemetry.wait_for(lambda p: [m["address"] for m in p.get("messages", [])] == ["/one"], "the first message")
        self.send(packet("/two"))
        payload = telemetry.wait_for(lambda p: p.get("messages"), "the second message")
        self.assertEqual([m["address"] for m in payload["messages"]], ["/two"])
        self.assertEqual((payload["total_count"], payload["dropped"]), (2, 0))
        payload = telemetry.wait_for(lambda p: p.get("rates", {}).get("/two"), "rates")
        # How many of the two fall into the rate's window is a matter of when it looks.
        self.assertEqual((payload["per_second"], payload["out_per_second"]), (sum(payload["rates"].values()), 0))
        self.assertEqual(payload["targets"][0]["name"], "visuals")

    def test_messages_are_asked_for_by_filter_number_and_limit_and_can_be_cleared(self):
        start_debugger(self)
        for i in range(10):
            self.send(packet(f"/n/{i}", "i", struct.pack(">i", i)))
        self.wait_for_messages(10)
        self.assertEqual([m["address"] for m in self.messages(filter="/n/[2-4]")], ["/n/2", "/n/3", "/n/4"])
        self.assertEqual([m["seq"] for m in self.messages(limit=2)], [9, 10])
        self.assertEqual([m["seq"] for m in self.messages(since=4, limit=2)], [5, 6])
        addresses = self.result_of("osc_debugger", "get_addresses")["addresses"]
        self.assertEqual((addresses[3]["last"]["seq"], addresses[3]["last"]["args"]), (4, [3]))
        self.assertEqual(self.result_of("osc_debugger", "clear"), {"cleared": 10})
        self.assertEqual(self.messages(), [])
        refused = self.send_command("osc_debugger", "get_messages", {"filter": "/x[1"})
        self.assertEqual(refused["error"], "'filter': '[' without ']' in \"[1\"")

    def test_what_is_known_of_many_addresses_fits_into_one_answer(self):
        start_debugger(self)
        for i in range(40):
            self.send(packet(f"/n/{i:02}", "s", b"\x01" * 30000 + b"\0" * 4))
        self.wait_for_messages(1, filter="/n/39")
        answer = self.result_of("osc_debugger", "get_addresses")
        self.assertFalse(answer["complete"])
        self.assertGreater(len(answer["addresses"]), 2)
        self.assertLess(len(json.dumps(answer)), 1_000_000)

    def test_extra_ports_are_heard_and_relays_pass_on_what_they_hear(self):
        relay, = free_udp_ports(1)
        self.configure(f"[osc]\ntap = {self.tap}\nlisten = [{self.extra}]\n"
                       f"relay = [{{ from = {relay}, to = \"127.0.0.1:{self.relayed}\" }}]\n")
        start_debugger(self)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as behind:
            behind.bind(("127.0.0.1", self.relayed))
            behind.settimeout(10)
            self.oscsend("/extra", port=self.extra)
            self.send(packet("/relayed"), relay)
            self.assertEqual(behind.recv(100), packet("/relayed"))
        self.assertEqual({m["address"] for m in self.wait_for_messages(2)}, {"/extra", "/relayed"})

    def test_two_programs_at_one_port_the_second_says_who_has_it_and_listens_elsewhere(self):
        dump = subprocess.Popen(["oscdump", str(self.tap)], stdout=subprocess.DEVNULL)
        self.addCleanup(dump.wait)
        self.addCleanup(dump.kill)
        tables = [pathlib.Path("/proc/net/udp"), pathlib.Path("/proc/net/udp6")]
        wait_for(lambda: any(f":{self.tap:04X} " in table.read_text() for table in tables), "oscdump")
        start_debugger(self)
        entry = wait_for(lambda: self.registry()["osc_debugger"]["metadata"].get("reason") and
                         self.registry()["osc_debugger"], "the reason")
        other = entry["metadata"]["osc_tap"]
        self.assertEqual(entry["status"], "degraded")
        self.assertNotEqual(other, self.tap)
        self.assertEqual(entry["metadata"]["reason"], f"UDP port {self.tap} is taken by oscdump (pid {dump.pid}); "
                         f"the tap listens on {other} instead")
        self.send(packet("/heard"), other)
        self.assertEqual(self.wait_for_messages(1)[0]["address"], "/heard")

    def test_a_listening_port_that_becomes_free_is_taken(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as squatter:
            squatter.bind(("127.0.0.1", self.extra))
            start_debugger(self)
            wait_for(lambda: self.registry()["osc_debugger"]["status"] == "degraded", "the conflict")
        wait_for(lambda: self.registry()["osc_debugger"]["status"] == "running", "the port")
        self.send(packet("/heard"), self.extra)
        self.wait_for_messages(1)

    def test_a_flood_is_counted_exactly_and_memory_stays_flat(self):
        worker = start_debugger(self)
        message = packet("/audio/levels", "f" * 8, struct.pack(">8f", *[0.5] * 8))

        def heard():
            state = self.result_of("osc_debugger", "get_messages", {"limit": 0})
            return state["total_count"] + state["dropped"]

        def resident():
            with open(f"/proc/{worker.pid}/statm") as statm:
                return int(statm.read().split()[1]) * 4096

        sent = 0
        for burst in range(4):
            for _ in range(20000):
                self.send(message)
            sent += 20000
            wait_for(lambda: heard() >= sent, "every message heard or counted as dropped")
            if burst == 1:
                full = resident()  # the ring has reached its size
        self.assertEqual(heard(), sent)
        self.assertLess(resident() - full, 4 << 20)


if __name__ == "__main__":
    unittest.main()
