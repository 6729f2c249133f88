"""The Python client of the bus against real workers."""

import queue
import sys
import unittest

from vj_testing import BusTestCase, DEADLINE, SOURCE, wait_for

sys.path.insert(0, str(SOURCE / "python"))

from vj_bus.client import VJBusClient
from vj_bus.errors import ServiceNotRunning


class PythonClient(BusTestCase):
    def setUp(self):
        super().setUp()
        self.client = VJBusClient(home=self.vj_home)
        self.addCleanup(self.client.close)

    def test_a_worker_is_discovered_commanded_and_heard(self):
        ticks = queue.Queue()
        self.client.subscribe("example.*", ticks.put)
        worker = self.start_worker("example_worker")
        self.assertEqual(self.client.discover_workers()["example_worker"]["pid"], worker.pid)
        response = self.client.send_command("example_worker", "echo", {"text": "ä"})
        self.assertEqual((response["status"], response["source"], response["result"]),
                         ("ok", "example_worker", {"text": "ä"}))
        self.assertEqual(ticks.get(timeout=DEADLINE)["topic"], "example.tick")
        self.assertIn("Unknown command", self.client.send_command("example_worker", "nope")["error"])

    def test_a_worker_that_has_gone_is_known_to_have_gone(self):
        worker = self.start_worker("example_worker")
        worker.process.kill()
        worker.wait()
        wait_for(lambda: not self.client.discover_workers(), "its absence")
        with self.assertRaises(ServiceNotRunning):
            self.client.send_command("example_worker", "health_check")


if __name__ == "__main__":
    unittest.main()
