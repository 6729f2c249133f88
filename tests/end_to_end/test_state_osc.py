"""The process manager tells visual programs how workers and apps are: /vj/worker and /vj/app, received by liblo."""

import json
import queue
import signal
import subprocess
import unittest

from osc_testing import LibloListener, free_udp_ports, osc_configuration, start_debugger
from supervision_testing import ProcessManagerTestCase
from vj_testing import BIN, wait_for


class StateOsc(ProcessManagerTestCase):
    def setUp(self):
        super().setUp()
        self.tap, self.visuals_port, self.lights_port, self.nobody = free_udp_ports(4)
        self.configure(osc_configuration(self.tap, visuals=self.visuals_port, nobody=self.nobody,
                                         lights=self.lights_port) + """
[[worker]]
name = "sketch"
kind = "app"
command = ["sleep", "1000"]
""")
        self.visuals = LibloListener(self, self.visuals_port)
        self.lights = LibloListener(self, self.lights_port)
        self.start("workers/process_manager_daemon")
        wait_for(lambda: self.registry().get("process_manager"), "the process manager")

    def manager(self, command, worker):
        return self.result_of("process_manager", command, {"worker": worker})

    def vjctl(self, *arguments):
        return subprocess.run([BIN / "vjctl", *arguments], env=self.environment(), check=True, capture_output=True,
                              text=True).stdout

    def states(self, listener, name, last):
        """(address, state) of everything that is said of `name`, up to that state; nothing of another type."""
        found = []
        while not found or found[-1][1] != last:
            address, arguments, types = listener.next()
            self.assertEqual(types, "ss")
            if arguments[0] == name:
                found.append((address, arguments[1]))
        return found

    def test_every_change_of_a_worker_is_told_to_every_target_though_one_is_not_there(self):
        self.manager("start_worker", "example_worker")
        expected = [("/vj/worker", "starting"), ("/vj/worker", "running")]
        self.assertEqual(self.states(self.visuals, "example_worker", "running"), expected)
        self.assertEqual(self.states(self.lights, "example_worker", "running"), expected)
        self.manager("stop_worker", "example_worker")
        self.assertEqual(self.states(self.lights, "example_worker", "stopped"),
                         [("/vj/worker", "stopping"), ("/vj/worker", "stopped")])

    def test_a_crash_is_told_and_apps_have_an_address_of_their_own(self):
        self.manager("start_worker", "sketch")
        self.assertEqual(self.states(self.visuals, "sketch", "running")[-1], ("/vj/app", "running"))
        workers = self.result_of("process_manager", "list_workers")["workers"]
        pid = next(row["pid"] for row in workers if row["name"] == "sketch")
        subprocess.run(["kill", "-9", str(pid)], check=True)
        self.assertIn(self.states(self.visuals, "sketch", "backing_off")[-1], [("/vj/app", "backing_off")])
        self.manager("stop_worker", "sketch")
        self.states(self.visuals, "sketch", "stopped")

    def test_a_target_that_is_switched_off_gets_nothing_more_and_the_others_miss_nothing(self):
        self.assertIn("told process_manager", self.vjctl("osc", "target", "visuals", "off"))
        targets = self.registry()["process_manager"]["metadata"]["osc_targets"]
        self.assertEqual([(t["name"], t["enabled"]) for t in targets],
                         [("visuals", False), ("nobody", True), ("lights", True)])
        self.manager("start_worker", "example_worker")
        self.states(self.lights, "example_worker", "running")
        self.manager("stop_worker", "example_worker")
        self.states(self.lights, "example_worker", "stopped")
        with self.assertRaises(queue.Empty):
            self.visuals.next(deadline=0.05)
        self.vjctl("osc", "target", "visuals", "on")
        self.manager("start_worker", "example_worker")
        self.assertEqual(self.states(self.visuals, "example_worker", "running"),
                         [("/vj/worker", "starting"), ("/vj/worker", "running")])

    def test_the_debugger_shows_it_as_ours_with_the_targets_it_was_for(self):
        start_debugger(self)
        self.manager("start_worker", "example_worker")

        def heard():
            messages = self.result_of("osc_debugger", "get_messages", {"filter": "/vj/worker"})["messages"]
            return [m for m in messages if m["args"] == ["example_worker", "running"]]

        message, = wait_for(heard, "the message at the tap")
        self.assertEqual((message["direction"], message["types"], message["peer"]), ("out", "ss", "visuals,nobody,lights"))
        entry = self.registry()["process_manager"]["metadata"]
        self.assertGreater(entry["osc_port"], 0)
        wait_for(lambda: any(t["problem"] == "nobody there" for t in
                             self.registry()["process_manager"]["metadata"]["osc_targets"]), "the dead target")
        listed = json.loads(self.vjctl("--json", "osc", "target"))
        self.assertEqual([t["problem"] for t in listed], ["", "nobody there", ""])

    def test_nothing_else_can_be_set(self):
        refused = self.send_command("process_manager", "set_config", {"config": {"osc_targets": {"visuals": True}, "x": 1}})
        self.assertIn("only osc_targets can be set while running", refused["error"])
        refused = self.send_command("process_manager", "set_config", {"config": {"osc_targets": {"lasers": True}}})
        self.assertIn("no OSC target 'lasers'", refused["error"])

    def test_the_last_word_of_a_show_is_that_its_workers_stopped(self):
        self.manager("start_worker", "example_worker")
        self.states(self.visuals, "example_worker", "running")
        self.programs[0].stop(signal.SIGTERM)
        self.assertEqual(self.states(self.visuals, "example_worker", "stopped")[-1], ("/vj/worker", "stopped"))


if __name__ == "__main__":
    unittest.main()
