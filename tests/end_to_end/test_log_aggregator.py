"""The log aggregator collects what all processes say, over their restarts."""

import fcntl
import json
import os
import time
import unittest

import zmq

from vj_testing import BusTestCase, wait_for


class LogAggregator(BusTestCase):
    def messages(self, **query):
        return self.result_of("log_aggregator", "get_logs", query)["logs"]

    def has_logs_of(self, service):
        return lambda: self.messages(worker=service)

    def test_records_of_a_process_that_runs_already_and_of_one_that_comes_later_are_collected(self):
        first = self.start_worker("example_worker")
        self.start_worker("log_aggregator")
        wait_for(self.has_logs_of("example_worker"), "what the example said before anyone listened")
        first.stop()
        second = self.start_worker("example_worker")
        logs = wait_for(lambda: second.pid in {r["pid"] for r in self.messages(worker="example_worker")} and
                        self.messages(worker="example_worker"), "records of the second process")
        self.assertEqual({first.pid, second.pid}, {record["pid"] for record in logs})
        for record in logs:
            self.assertEqual(list(record), ["level", "logger", "message", "timestamp", "pid", "seq"])
        keys = [(record["pid"], record["seq"]) for record in logs]
        self.assertEqual(len(keys), len(set(keys)))

    def test_in_a_home_that_was_removed_and_made_again_it_finds_who_comes(self):
        self.start_worker("log_aggregator")
        self.make_home_again()
        self.configure("")
        self.start_worker("example_worker")
        wait_for(lambda: "log_aggregator" in self.registry(), "the aggregator registered again")
        wait_for(self.has_logs_of("example_worker"), "what the example said")

    def test_new_records_are_published_and_written_to_the_file(self):
        self.start_worker("log_aggregator")
        aggregated = self.subscribe("log_aggregator", "logs.aggregated")
        self.start_worker("example_worker")
        batch = aggregated.wait_for(
            lambda p: any(r["logger"] == "example_worker" for r in p["logs"]), "a batch with the example's records")
        self.assertGreaterEqual(batch["total_count"], len(batch["logs"]))
        self.assertEqual(batch["dropped"], 0)
        log = self.vj_home / "logs" / "vj.log"
        wait_for(lambda: log.exists() and "example_worker: " in log.read_text(), "the file")

    def fake_worker(self, name):
        """A process that is registered and speaks on the bus, as any program may."""
        publisher = self.socket(zmq.XPUB)
        port = publisher.bind_to_random_port("tcp://127.0.0.1")
        entry = {"pid": os.getpid(), "status": "running", "started_at": time.time(), "heartbeat_at": time.time(),
                 "ports": {"command": port, "telemetry": port}, "metadata": {}}
        with open(self.vj_home / "registry.json.lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            path = self.vj_home / "registry.json"
            registry = json.loads(path.read_text())
            registry["services"][name] = entry
            temporary = self.vj_home / "registry.tmp"
            temporary.write_text(json.dumps(registry))
            temporary.rename(path)
        self.assertTrue(publisher.poll(10_000), "nobody subscribed")
        publisher.recv()
        return publisher

    def say(self, publisher, name, seq, message, level="INFO"):
        payload = {"level": level, "logger": name, "message": message, "timestamp": time.time(), "pid": os.getpid(), "seq": seq}
        envelope = {"type": "telemetry", "id": str(seq), "timestamp": time.time(), "source": name, "topic": "logs.record",
                    "payload": payload}
        publisher.send_string("logs.record " + json.dumps(envelope))

    def test_queries_ask_by_level_text_time_and_number(self):
        self.start_worker("log_aggregator")
        fake = self.fake_worker("fake")
        self.say(fake, "fake", 1, "token expired", "WARNING")
        middle = time.time()
        self.say(fake, "fake", 2, "Now Playing")
        self.say(fake, "fake", 3, "device lost", "ERROR")
        wait_for(lambda: len(self.messages(worker="fake")) == 3, "three records")
        texts = lambda **query: [r["message"] for r in self.messages(worker="fake", **query)]
        self.assertEqual(texts(level="WARNING"), ["token expired", "device lost"])
        self.assertEqual(texts(filter="now playing"), ["Now Playing"])
        self.assertEqual(texts(since=middle), ["Now Playing", "device lost"])
        self.assertEqual(texts(limit=1), ["device lost"])

    def test_a_query_that_makes_no_sense_is_refused_with_the_reason(self):
        self.start_worker("log_aggregator")
        response = self.send_command("log_aggregator", "get_logs", {"level": "loud"})
        self.assertEqual(response["status"], "error")
        self.assertIn("loud", response["error"])

    def test_a_flood_is_kept_within_bounds_and_the_show_goes_on(self):
        self.start_worker("log_aggregator")
        fake = self.fake_worker("fake")
        for seq in range(1, 8001):
            self.say(fake, "fake", seq, f"record {seq}")
            if seq % 500 == 0:  # PUB drops what is more than its high-water mark ahead
                wait_for(lambda: self.messages(limit=1, filter=f"record {seq}"), "the flood so far")
        logs = self.messages(limit=100000)
        self.assertLessEqual(len(logs), 5000)
        self.assertEqual(logs[-1]["message"], "record 8000")


if __name__ == "__main__":
    unittest.main()
