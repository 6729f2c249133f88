"""Health checks of a worker: a web page, a program, a topic."""

import http.server
import threading
import unittest

from supervision_testing import ProcessManagerTestCase, is_running
from vj_testing import wait_for


class Page:
    """A web server whose answer can be changed."""

    def __init__(self, test):
        page = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                page.paths.append(self.path)
                self.send_response(page.status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.status = 200
        self.paths = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        test.addCleanup(self.server.server_close)
        test.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_port}/health"


class HealthChecks(ProcessManagerTestCase):
    def check(self, **keys):
        numbers = {"interval": 0.1, "timeout": 1.0, "failures": 3, **keys}
        lines = "".join(f'{key} = {value if isinstance(value, (int, float, list)) else chr(34) + value + chr(34)}\n'
                        for key, value in numbers.items())
        return "[[worker.health]]\n" + lines

    def test_a_page_that_fails_a_few_times_degrades_the_worker_until_it_answers_again(self):
        page = Page(self)
        self.configure_workers(self.app("w", "exec sleep 100") + self.check(type="http", url=page.url, failures=100))
        self.start_manager()
        pid = self.start_and_wait("w")
        wait_for(lambda: page.paths, "the page to be asked for")
        self.assertEqual(page.paths[0], "/health")
        page.status = 503
        self.assertEqual(self.wait_for_state("w", "degraded")["reason"], f"{page.url} answered 503")
        page.status = 204
        self.assertEqual(self.wait_for_state("w", "running")["pid"], pid)

    def test_a_page_that_fails_as_often_as_it_may_restarts_the_worker(self):
        page = Page(self)
        self.configure_workers(self.app("w", "exec sleep 100") + self.check(type="http", url=page.url, failures=2))
        self.start_manager()
        old = self.start_and_wait("w")
        events = self.subscribe("process_manager", "events.lifecycle")
        page.status = 500
        wait_for(lambda: not is_running(old), "the sick worker to be stopped")
        page.status = 200
        self.wait_for_new_pid("w", old)
        crash = events.wait_for(lambda event: event["event"] == "worker_crashed", "the reason")
        self.assertEqual(crash["payload"], {"reason": f"{page.url} answered 500"})

    def test_a_program_that_does_not_end_with_0_or_not_in_time_is_told(self):
        self.configure_workers(
            self.app("w", "exec sleep 100") + self.check(type="exec", command=["false"], failures=100) +
            self.app("slow", "exec sleep 100") +
            self.check(type="exec", command=["sleep", "50"], timeout=0.2, failures=100) +
            self.app("well", "exec sleep 100") + self.check(type="exec", command=["true"], failures=1))
        daemon = self.start_manager()
        for name in ("w", "slow", "well"):
            self.start_and_wait(name)
        self.assertEqual(self.wait_for_state("w", "degraded")["reason"], "false: exit code: 1")
        self.assertEqual(self.wait_for_state("slow", "degraded")["reason"], "sleep: no answer within 0.2s")
        self.assertEqual(self.worker("well")["state"], "running", daemon.output())

    def test_a_program_is_over_when_it_ends_whoever_still_holds_its_output(self):
        orphan = f"echo $$ >> {self.home}/orphans; exec sleep 100"
        self.configure_workers(
            self.app("w", "exec sleep 100") +
            self.check(type="exec", command=["sh", "-c", f"(setsid sh -c '{orphan}' &); exit 0"], timeout=10.0, failures=1))
        daemon = self.start_manager()
        pid = self.start_and_wait("w")
        self.wait_for_lines("orphans", 3)  # each look came to its end
        row = self.worker("w")
        self.assertEqual((row["state"], row["pid"]), ("running", pid), daemon.output())
        self.assertEqual(self.ask("stop_worker", "w")["result"], {"stopped": True})

    def test_of_a_program_that_ended_or_took_too_long_nothing_goes_on(self):
        def leaves(file, then): return ["sh", "-c", f"sleep 100 & echo $! >> {self.home}/{file}; {then}"]
        self.configure_workers(
            self.app("w", "exec sleep 100") +
            self.check(type="exec", command=leaves("ended", "exit 0"), timeout=10.0, failures=1) +
            self.check(type="exec", command=leaves("late", "sleep 50"), timeout=0.5, failures=100))
        self.start_manager()
        self.start_and_wait("w")
        for file in ("ended", "late"):
            self.wait_for_lines(file, 2)  # so that the first look is over
            first = int((self.home / file).read_text().split()[0])
            wait_for(lambda: not is_running(first), f"what the look left behind ({file}) to be gone")

    def test_a_topic_that_falls_silent_is_told(self):
        self.configure_workers('[[worker]]\nname = "example_worker"\n' +
                               self.check(type="telemetry", topic="example.tick", max_age=2.0, failures=100))
        self.start_manager()
        self.start_and_wait("example_worker")
        self.assert_stays(lambda: self.worker("example_worker")["state"] == "running", "it ticks each second", 3)
        self.send_command("example_worker", "set_config", {"config": {"period": 3600}})
        self.assertEqual(self.wait_for_state("example_worker", "degraded")["reason"], "no example.tick for 2s")


if __name__ == "__main__":
    unittest.main()
