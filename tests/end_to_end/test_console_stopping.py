"""What is ended on somebody's order while a console looks on: it brings nothing back, and gives everybody his time."""

import os
import signal
import unittest

from supervision_testing import is_running
from test_console_manager import UNASKED_OFF, ShowTestCase
from vj_testing import wait_for


class OnOrder(ShowTestCase):
    def test_a_process_manager_that_is_shut_down_while_nothing_runs_stays_away(self):
        self.configure_show(UNASKED_OFF)
        console = self.console()
        for _ in range(6):
            daemon = self.start_manager()
            console.wait_for_match(rf"process manager pid {daemon.pid}, ")
            self.send_command("process_manager", "shutdown")
            self.assertEqual(daemon.wait(), 0)
            console.wait_for_text("x starts it, and then the selected worker")
        self.assert_log_tells(console, "🛑 Process manager stopped")
        self.assertNotIn("crashed", console.screen())

    def test_a_handover_is_told_as_one_and_the_next_process_manager_is_taken(self):
        self.configure_show()
        console = self.console("--screen", "5")
        console.wait_for_text("log_aggregator ready on ports")
        worker = self.registry()["log_aggregator"]["pid"]
        self.assertEqual(self.ask("handover")["status"], "ok")
        console.wait_for_text("🛑 Process manager left, the workers run on")
        daemon = self.start_manager()
        console.wait_for_text(f"✓ Process manager adopted (PID: {daemon.pid})")
        self.assertNotIn("crashed", console.screen())
        self.assertEqual(self.registry()["log_aggregator"]["pid"], worker)

    def test_a_process_manager_that_restarts_on_order_has_not_crashed(self):
        self.configure_show()
        console = self.console("--screen", "5")
        console.wait_for_text("log_aggregator ready on ports")
        before = self.registry()["process_manager"]["pid"]
        self.assertEqual(self.ask("restart")["status"], "ok")
        console.wait_for_match(rf"✓ Process manager adopted \(PID: (?!{before}\))")
        self.assertNotIn("crashed", console.screen())


class Slow(ShowTestCase):
    def setUp(self):
        super().setUp()
        # Longer than the others' second and all that the console adds to it.
        self.slow = self.stubborn("slow").replace('kind = "app"\n', 'kind = "app"\nstop_on_quit = true\nstop_timeout = 6.0\n')

    def start_slow(self):
        pid = self.start_and_wait("slow")
        self.wait_for_lines("up")
        return pid

    def test_q_leaves_the_process_manager_the_time_that_its_slowest_worker_has(self):
        self.configure_show(UNASKED_OFF, apps=self.slow)
        daemon = self.start_manager()
        console = self.console()
        console.wait_for_match(rf"process manager pid {daemon.pid}, ")
        slow = self.start_slow()
        console.press("q")
        self.assertEqual(console.wait_for_end(deadline=30), 0)
        self.assertEqual(daemon.wait(), 0)
        self.assertFalse(is_running(slow))

    def test_a_process_manager_that_somebody_else_ends_is_given_it_too_also_what_was_configured_since(self):
        for is_new in (False, True):
            with self.subTest(is_new=is_new):
                (self.home / "up").unlink(missing_ok=True)
                self.configure_show(apps="" if is_new else self.slow)
                console = self.console()
                console.wait_for_match(r"✓ ● log_aggregator +Ports")
                manager = self.registry()["process_manager"]["pid"]
                if is_new:
                    self.configure_show(apps=self.slow)
                    self.assertEqual(self.ask("reload")["status"], "ok")
                slow = self.start_slow()
                console.wait_for_match(r"● slow")
                os.kill(manager, signal.SIGTERM)
                wait_for(lambda: not is_running(manager), "its end", deadline=30)
                self.assertFalse(is_running(slow))
                console.wait_for_text("x starts it, and then the selected worker")
                console.press("d")
                console.wait_for_end()

    def test_a_stop_of_the_slow_one_is_waited_for(self):
        self.configure_show(UNASKED_OFF, apps=self.slow)
        self.start_manager()
        console = self.console()
        self.start_slow()
        console.wait_for_match(r"● slow")
        console.press("Down", "Down", "Down")  # the two apps that every show has stand before it
        console.wait_for_match(r"▸ ✓ ● slow")
        console.press("x")
        console.wait_for_text("✓ slow stopped", deadline=30)


class Unmanaged(ShowTestCase):
    """q when no process manager is there to be asked."""

    def console_of_a_family(self, **keys):
        family = self.app("family", "setsid sh -c 'echo up >> " + str(self.home / "up") +
                          "; exec sleep 1000' & exec sleep 1000", enabled=True, stop_on_quit=True, **keys)
        self.configure_show("restart_delay = 300\n", apps=family)
        console = self.console()
        console.wait_for_match(r"✓ ● log_aggregator +Ports")
        self.wait_for_lines("up")
        return console, self.registry()["process_manager"]["pid"]

    def assert_everybody_goes(self, console, deadline=10.0):
        self.assertEqual(console.wait_for_end(deadline=deadline), 0)
        self.assertEqual(self.what_is_left(), [])

    def test_whoever_a_crashed_process_manager_has_left_is_stopped_grandchildren_and_apps_too(self):
        console, manager = self.console_of_a_family()
        os.kill(manager, signal.SIGKILL)
        console.wait_for_match(r"restarting the process manager in \d")
        console.press("q")
        self.assert_everybody_goes(console)

    def test_one_that_hangs_is_killed_and_whoever_it_has_left_is_stopped(self):
        console, manager = self.console_of_a_family()
        os.kill(manager, signal.SIGSTOP)
        console.press("q")
        self.assert_everybody_goes(console, deadline=30)

    def test_one_that_dies_while_it_stops_everything_leaves_nobody(self):
        slow = self.stubborn("slow").replace('kind = "app"\n', 'kind = "app"\nstop_on_quit = true\nstop_timeout = 4.0\n')
        self.configure_show(apps=slow)
        console = self.console()
        console.wait_for_match(r"✓ ● log_aggregator +Ports")
        self.start_and_wait("slow")
        self.wait_for_lines("up")
        manager = self.registry()["process_manager"]["pid"]
        console.press("q")
        console.wait_for_text("stopping the process manager…")
        os.kill(manager, signal.SIGKILL)
        self.assert_everybody_goes(console, deadline=30)


class InFallbackMode(ShowTestCase):
    def begin_to_quit(self):
        """A console that runs a worker itself and waits for it, which may take long; and the worker."""
        (self.home / "up").unlink(missing_ok=True)
        self.configure_show("max_restarts = 1\nrestart_delay = 0.1\n", apps=self.stubborn("slow").replace(
            'kind = "app"\n', 'kind = "app"\nstop_on_quit = true\nstop_timeout = 100.0\n'))
        console = self.console_without_a_daemon(instead="exit 3")
        console.wait_for_text("FALLBACK")
        slow = self.start_and_wait("slow")
        self.wait_for_lines("up")
        console.press("q")
        console.wait_for_text("stopping workers…")
        return console, slow

    def test_a_second_q_leaves_without_waiting(self):
        console, slow = self.begin_to_quit()
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)
        self.assertTrue(is_running(slow))

    def test_who_ends_the_console_does_not_wait_either(self):
        console, slow = self.begin_to_quit()
        os.kill(console.pid, signal.SIGTERM)
        self.assertEqual(console.wait_for_end(), 128 + signal.SIGTERM)
        self.assertTrue(is_running(slow))

    def console_that_runs_the_workers(self):
        self.configure_show("max_restarts = 1\nrestart_delay = 0.1\n")
        console = self.console_without_a_daemon(instead="exit 3")
        console.wait_for_match(r"FALLBACK 1/1 ✓")
        return console

    def test_q_in_another_console_stops_the_workers_and_leaves_this_console_to_its_person(self):
        console = self.console_that_runs_the_workers()
        worker = self.registry()["log_aggregator"]["pid"]
        other = self.console()
        other.wait_for_match(r"FALLBACK 1/1 ✓")
        other.press("q")
        self.assertEqual(other.wait_for_end(), 0)
        self.assertFalse(is_running(worker))
        console.wait_for_text("x starts it, and then the selected worker")
        console.press("x")
        console.wait_for_match(r"FALLBACK 1/1 ✓")

    def test_where_a_process_manager_asks_for_the_place_and_never_comes_the_workers_are_not_left_alone(self):
        console = self.console_that_runs_the_workers()
        worker = self.registry()["log_aggregator"]["pid"]
        self.assertEqual(self.ask("yield")["status"], "ok")
        console.wait_for_text("VJ Bus 1/1 ⚠")
        console.wait_for_match(r"FALLBACK 1/1 ✓")
        self.assertEqual(self.registry()["log_aggregator"]["pid"], worker)
        self.assert_log_tells(console, "The process manager that was to follow has not come")

    def test_who_has_taken_the_workers_over_learns_how_they_end(self):
        self.console_that_runs_the_workers()
        worker = self.registry()["log_aggregator"]["pid"]
        self.start_manager()
        os.kill(worker, signal.SIGSEGV)
        self.wait_for_new_pid("log_aggregator", worker)
        wait_for(lambda: not os.path.exists(f"/proc/{worker}"), "no zombie to be left")

    def test_a_process_manager_that_takes_over_meanwhile_is_told_and_can_be_asked_again(self):
        console, slow = self.begin_to_quit()
        self.start_manager()
        console.wait_for_text("✗ not everything stopped: a process manager has taken over")
        os.kill(slow, signal.SIGKILL)
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)


class Reloaded(ShowTestCase):
    def test_who_was_taken_out_of_the_configuration_goes_and_who_was_put_in_comes(self):
        self.configure_show(apps=self.app("old", "exec sleep 100", enabled=True))
        console = self.console()
        console.wait_for_match(r"● old")
        self.configure_show(apps=self.app("new", "exec sleep 100", enabled=True))
        self.assertEqual(self.ask("reload")["status"], "ok")
        wait_for(lambda: " old " not in console.screen() and "○ new" in console.screen(), "the new row alone")


if __name__ == "__main__":
    unittest.main()
