"""A bus that is bound to another of the machine's own addresses: everybody finds everybody there."""

import queue
import subprocess
import sys
import unittest

from supervision_testing import ProcessManagerTestCase
from vj_testing import BIN, DEADLINE, SOURCE, wait_for

sys.path.insert(0, str(SOURCE / "python"))

from vj_bus.client import VJBusClient


class BusAddress(ProcessManagerTestCase):
    def vjctl(self, *arguments):
        return subprocess.run([BIN / "vjctl", *arguments], env=self.environment(), capture_output=True, text=True, timeout=30)

    def test_manager_workers_vjctl_and_scripts_reach_each_other_at_the_address_that_is_configured(self):
        self.configure(f'bind = "127.0.0.2"\n{self.NO_BUILT_IN}')
        self.start_manager()
        self.assertEqual(self.registry()["process_manager"]["metadata"]["address"], "127.0.0.2")
        started = self.vjctl("start", "example_worker")
        self.assertEqual(started.returncode, 0, started.stderr)
        self.assertIn("example_worker", wait_for(lambda: self.registry().get("example_worker") and self.vjctl("status").stdout,
                                                 "the worker's entry"))
        ticks = queue.Queue()
        with VJBusClient(home=self.vj_home) as client:
            self.assertEqual(client.send_command("example_worker", "echo", {"a": 1})["result"], {"a": 1})
            client.subscribe("example.*", ticks.put)
            self.assertEqual(ticks.get(timeout=DEADLINE)["topic"], "example.tick")


if __name__ == "__main__":
    unittest.main()
