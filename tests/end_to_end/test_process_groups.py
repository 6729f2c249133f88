"""What belongs to a worker beyond its process: descendants, output, and apps that were started by somebody else."""

import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import textwrap
import time
import unittest

import zmq

from supervision_testing import DAEMON, ProcessManagerTestCase, is_running
from vj_testing import BIN, let_pass, wait_for


class Descendants(ProcessManagerTestCase):
    def family(self, name):
        """A worker with a child in its group and a grandchild that has a session of its own and ignores SIGTERM."""
        escaped = f"trap '' TERM HUP; echo $$ >> {self.home}/family; while :; do sleep 0.05; done"
        script = (f"echo $$ >> {self.home}/family; sleep 100 & echo $! >> {self.home}/family; "
                  f'setsid sh -c "{escaped.replace("$", chr(92) + "$")}" & '
                  f"while [ $(wc -l < {self.home}/family) -lt 3 ]; do sleep 0.01; done; exec sleep 100")
        return self.app(name, script, stop_on_quit=True)

    def start_family(self, **manager):
        self.configure_workers(self.family("w"), **{"stop_timeout": 0.5, **manager})
        self.start_manager()
        self.start_and_wait("w")
        return [int(line) for line in self.wait_for_lines("family", 3)]

    def test_a_stop_ends_every_descendant_also_one_with_a_session_of_its_own(self):
        family = self.start_family()
        self.assertEqual(self.ask("stop_worker", "w")["result"], {"stopped": True})
        self.assertEqual([pid for pid in family if is_running(pid)], [])

    def test_nothing_is_started_before_the_descendants_of_the_crashed_are_gone(self):
        family = self.start_family()
        leader = self.worker("w")["pid"]
        os.kill(leader, signal.SIGKILL)
        self.wait_for_new_pid("w", leader)
        self.assertEqual([pid for pid in family if is_running(pid)], [])

    def test_a_shutdown_leaves_no_descendant(self):
        family = self.start_family()
        self.assertEqual(self.programs[0].stop(), 0)
        self.assertEqual([pid for pid in family if is_running(pid)], [])

    def test_who_is_left_by_two_forks_in_a_row_is_ended_too(self):
        # The one in between has much to give back: its environment is gone and its child not yet the daemon's when the
        # end of the leader is seen.
        (self.home / "leader.py").write_text(textwrap.dedent("""
            import mmap, os, time
            reader, writer = os.pipe()
            between = os.fork()
            if between:
                os.read(reader, 1)
                try:
                    while open(f"/proc/{between}/environ").read():
                        pass
                finally:
                    os._exit(0)
            os.setsid()
            if os.fork():
                memory = mmap.mmap(-1, 64 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
                memory.madvise(15)  # MADV_NOHUGEPAGE
                for page in range(0, len(memory), 4096):
                    memory[page] = 1
                os.write(writer, b"x")
                os._exit(0)
            time.sleep(3000)
            """))
        self.configure_workers(self.app("w", f"exec /usr/bin/python3 -S {self.home}/leader.py", restart=False),
                               check_interval=60, stop_timeout=0.1)
        daemon = self.start_manager()
        for _ in range(5):
            self.ask("start_worker", "w")
            self.wait_for_state("w", "stopped")
            self.assertEqual(self.processes_of_home(), [daemon.pid])

    def test_who_was_missed_when_a_worker_ended_is_ended_with_the_next_check(self):
        # A child of somebody whose environment says nothing, until that one has gone.
        hidden = f"echo $$ >> {self.home}/hidden; exec sleep 3000"
        between = (f"VJ_SPAWN_TOKEN=$1 VJ_HOME={self.vj_home} setsid sh -c '{hidden}' & "
                   f"while [ ! -e {self.home}/hidden ]; do sleep 0.01; done; "
                   "while [ -e /proc/$2 ]; do sleep 0.01; done; sleep 0.2")
        (self.home / "between.sh").write_text(between)
        self.configure_workers(self.app("w", f"env -i PATH=$PATH setsid sh {self.home}/between.sh $VJ_SPAWN_TOKEN $$ & "
                                        f"while [ ! -e {self.home}/hidden ]; do sleep 0.01; done", restart=False),
                               check_interval=5)
        daemon = self.start_manager()
        self.ask("start_worker", "w")
        hidden = int(self.wait_for_lines("hidden")[0])
        wait_for(lambda: not is_running(hidden), "the end of the one that was missed", deadline=30)
        self.assertIn(f"Killed process {hidden}, which a worker that has ended had left behind", daemon.output())

    def test_descendants_of_an_adopted_worker_are_found_too(self):
        family = self.start_family()
        self.kill_daemon(self.programs[0])
        self.start_manager()
        self.assertEqual(self.ask("stop_worker", "w")["result"], {"stopped": True})
        self.assertEqual([pid for pid in family if is_running(pid)], [])

    def test_an_orphan_that_escaped_and_holds_the_worker_s_output_holds_up_no_stop_and_no_start(self):
        self.configure_workers(self.with_an_orphan_that_nobody_knows("w"), stop_timeout=60)
        self.start_manager()
        first = self.start_and_wait("w")
        orphan = self.wait_for_orphans(1)[0]
        output = self.vj_home / "logs" / "w.log"
        self.assertEqual(os.readlink(f"/proc/{orphan}/fd/1"), str(output))
        self.assertEqual(self.ask("stop_worker", "w")["result"], {"stopped": True})
        self.assertTrue(is_running(orphan))
        second = self.start_and_wait("w")
        self.wait_for_orphans(2)
        os.kill(second, signal.SIGKILL)
        third = self.wait_for_new_pid("w", second)
        self.assertEqual(len({first, second, third, *self.wait_for_orphans(3)}), 6)
        self.assertEqual(self.programs[0].stop(), 0)

    def test_nobody_who_lives_on_holds_the_pipe_that_the_daemon_itself_writes_to(self):
        self.configure_workers(self.with_an_orphan_that_nobody_knows("w") + self.app("no_log", "exec sleep 100"))
        (self.vj_home / "logs").mkdir()
        (self.vj_home / "logs" / "no_log.log").mkdir()  # so that its output goes nowhere else
        reader, writer = os.pipe()
        daemon = self.start_manager(stdout=writer, stderr=writer)
        os.close(writer)
        pids = [self.start_and_wait(name) for name in ("w", "no_log")]
        pids += self.wait_for_orphans(1)
        self.assertEqual(daemon.stop(signal.SIGUSR1), 0)
        self.assertTrue(all(is_running(pid) for pid in pids))
        with open(reader, "rb") as pipe:
            os.set_blocking(reader, False)  # somebody who held it would make this None at the end, instead of nothing
            wait_for(lambda: pipe.read() == b"", "the end of what it wrote")

    def test_who_has_left_the_group_and_emptied_his_environment_is_stopped_while_his_parents_tell_whose_he_is(self):
        stray = f"echo $$ >> {self.home}/orphans; exec sleep 100"
        for script, how in ((f"env -i setsid sh -c '{stray}' & exec sleep 100", "asked"),
                            (f"trap '' TERM; env -i setsid sh -c '{stray}' & while :; do sleep 0.05; done", "killed")):
            with self.subTest(how=how):
                (self.home / "orphans").unlink(missing_ok=True)
                self.configure_workers(self.app("w", script), stop_timeout=0.3)
                daemon = self.start_manager()
                self.start_and_wait("w")
                orphan = self.wait_for_orphans(1)[0]
                self.assertEqual(self.ask("stop_worker", "w")["result"], {"stopped": True})
                self.assertFalse(is_running(orphan))
                self.assertEqual(daemon.stop(), 0)

    def with_an_orphan_that_nobody_knows(self, name):
        """An app that starts a process in a session of its own, without its token, which holds what it has inherited."""
        orphan = f"echo $$ >> {self.home}/orphans; exec sleep 100"
        return self.app(name, f"(env -i setsid sh -c '{orphan}' &) ; exec sleep 100")

    def wait_for_orphans(self, count):
        orphans = [int(line) for line in self.wait_for_lines("orphans", count)]
        for pid in orphans:
            self.addCleanup(lambda pid=pid: is_running(pid) and os.kill(pid, signal.SIGKILL))
        return orphans

    def test_orphans_of_others_are_reaped(self):
        self.configure_workers(self.with_an_orphan_that_nobody_knows("w"), check_interval=0.2)
        daemon = self.start_manager()
        self.start_and_wait("w")
        orphan = self.wait_for_orphans(1)[0]

        def children():
            return pathlib.Path(f"/proc/{daemon.pid}/task/{daemon.pid}/children").read_text().split()

        wait_for(lambda: str(orphan) in children(), "the orphan to become the daemon's child")
        os.kill(orphan, signal.SIGKILL)
        # A zombie that nobody reaps stays there.
        wait_for(lambda: not pathlib.Path(f"/proc/{orphan}").exists(), "the zombie to be reaped")


class Output(ProcessManagerTestCase):
    def log_of(self, name):
        try:
            return (self.vj_home / "logs" / f"{name}.log").read_text(errors="replace")
        except FileNotFoundError:
            return ""

    def test_output_and_errors_go_to_the_worker_s_log(self):
        self.configure_workers(self.app("w", "echo out; echo err >&2; exec sleep 100"))
        self.start_manager()
        self.start_and_wait("w")
        wait_for(lambda: self.log_of("w") == "out\nerr\n", "both lines")

    def test_no_line_is_lost_while_the_daemon_is_stopped_or_dead(self):
        self.configure_workers(self.app("w", "i=0; while :; do echo $i; i=$((i+1)); sleep 0.01; done"))
        daemon = self.start_manager()
        self.start_and_wait("w")
        wait_for(lambda: "5\n" in self.log_of("w"), "some lines")
        daemon.process.send_signal(signal.SIGSTOP)
        length = len(self.log_of("w"))
        wait_for(lambda: len(self.log_of("w")) > length + 20, "lines while the daemon is stopped")
        self.kill_daemon(daemon)
        length = len(self.log_of("w"))
        wait_for(lambda: len(self.log_of("w")) > length + 20, "lines while there is no daemon")
        numbers = [int(line) for line in self.log_of("w").splitlines()[:-1]]
        self.assertEqual(numbers, list(range(len(numbers))))

    def test_a_flood_without_line_breaks_is_bounded_and_what_was_cut_is_told(self):
        self.configure_workers(self.app("w", "exec cat /dev/zero", log={}).replace(
            "log = {}", "log = { max_size_mb = 1, max_files = 2 }"), check_interval=0.2)
        self.start_manager()
        self.start_and_wait("w")
        folder = self.vj_home / "logs"
        wait_for(lambda: (folder / "w.log.2").exists(), "two files set aside")
        self.ask("stop_worker", "w")
        self.assertEqual({file.name for file in folder.iterdir() if ".rotating" not in file.name},
                         {"w.log", "w.log.1", "w.log.2"})
        self.assertLessEqual((folder / "w.log.1").stat().st_size, 1 << 20)
        wait_for(lambda: "bytes were cut here: too much output" in self.log_of("w")
                 or "bytes were cut here" in (folder / "w.log.1").read_text(errors="replace"), "the note")


    def test_a_flood_is_noticed_when_it_begins_not_at_the_next_check(self):
        self.configure_workers(
            self.app("w", f"while [ ! -e {self.home}/go ]; do sleep 0.01; done; exec cat /dev/zero", log={}).replace(
                "log = {}", "log = { max_size_mb = 1, max_files = 1 }"), check_interval=60)
        self.start_manager()
        self.start_and_wait("w")
        (self.home / "go").touch()
        wait_for(lambda: (self.vj_home / "logs" / "w.log.1").exists(), "a file set aside")
        self.ask("stop_worker", "w")

    def test_what_the_process_manager_itself_has_said_over_the_years_is_bounded_too(self):
        self.configure_workers(check_interval=0.2)
        folder = self.vj_home / "logs"
        folder.mkdir()
        log = folder / "process_manager.log"
        log.write_bytes(b"a line of long ago\n" * 600_000)
        with open(log, "ab") as output:
            self.start_manager(stdout=output, stderr=output)
        wait_for(lambda: (folder / "process_manager.log.1").exists() and log.stat().st_size < 1000, "the log set aside")
        self.assertEqual(self.programs[0].stop(), 0)
        self.assertIn("Stopping all workers", log.read_text())

    def test_a_worker_that_floods_and_dies_at_once_is_bounded_over_its_lives(self):
        self.configure_workers(
            self.app("w", f"head -c 3000000 /dev/zero; echo x >> {self.home}/runs; exit 1", log={}).replace(
                "log = {}", "log = { max_size_mb = 1, max_files = 1 }"),
            check_interval=60, base_backoff=0.01, max_backoff=0.01, max_restarts=1000)
        self.start_manager()
        self.ask("start_worker", "w")
        self.wait_for_lines("runs", 20)
        self.ask("stop_worker", "w")
        folder = self.vj_home / "logs"
        self.assertLess(sum(file.stat().st_size for file in folder.glob("w.log*")), 12_000_000)


class Apps(ProcessManagerTestCase):
    def test_apps_stay_on_the_wall_unless_they_are_to_stop_on_quit(self):
        self.configure_workers(self.app("picture", "exec sleep 100") +
                               self.app("other", "exec sleep 100", stop_on_quit=True))
        daemon = self.start_manager()
        picture = self.start_and_wait("picture")
        other = self.start_and_wait("other")
        self.assertEqual(daemon.stop(), 0)
        self.assertTrue(is_running(picture))
        self.assertFalse(is_running(other))
        self.start_manager()
        row = self.worker("picture")
        self.assertEqual((row["pid"], row["adopted"], row["state"]), (picture, True, "running"))
        self.assertEqual(self.ask("stop_worker", "picture")["result"], {"stopped": True})
        self.assertFalse(is_running(picture))

    def test_an_app_without_restart_is_stopped_when_it_ends_and_failed_when_it_crashes(self):
        self.configure_workers(self.app("closed", "exit 0", restart=False) + self.app("crashed", "exit 3", restart=False))
        self.start_manager()
        self.ask("start_worker", "closed")
        self.wait_for_state("closed", "stopped")
        self.ask("start_worker", "crashed")
        self.assertEqual(self.wait_for_state("crashed", "failed")["reason"], "crashed (exit code: 3)")

    def test_an_app_that_was_started_elsewhere_is_found_by_name_and_never_doubled(self):
        program = self.home / "VisualsForTest"
        shutil.copy(shutil.which("sleep"), program)
        elsewhere = subprocess.Popen([program, "100"])
        self.addCleanup(elsewhere.wait)
        self.addCleanup(elsewhere.kill)
        self.configure_workers(f'[[worker]]\nname = "w"\nkind = "app"\ncommand = ["{program}", "100"]\n'
                               'match = "VisualsForTest"\nrestart = false\n')
        self.start_manager()
        row = self.worker("w")
        self.assertEqual((row["pid"], row["adopted"], row["state"]), (elsewhere.pid, True, "running"))
        self.assertEqual(self.ask("start_worker", "w")["result"], {"started": False})
        self.assertEqual(self.ask("stop_worker", "w")["result"], {"stopped": True})
        self.assertEqual(elsewhere.wait(5), -signal.SIGTERM)


    def elsewhere(self):
        """A program with a name of its own, and a configuration of it as an app that cannot be confused with another."""
        program = self.home / "VisualsForTest"
        shutil.copy(shutil.which("sleep"), program)
        return program

    def test_an_app_that_somebody_starts_while_it_waits_for_its_restart_is_adopted_then(self):
        program = self.elsewhere()
        self.configure_workers(f'[[worker]]\nname = "w"\nkind = "app"\ncommand = ["{program}", "100"]\n'
                               'match = "visualsfortest"\nrestart = true\n', base_backoff=1.0)
        daemon = self.start_manager()
        pid = self.start_and_wait("w")
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: "Auto-restarting w" in daemon.output(), "the crash")
        elsewhere = subprocess.Popen([program, "100"])
        self.addCleanup(elsewhere.wait)
        self.addCleanup(elsewhere.kill)
        wait_for(lambda: f"Worker w adopted (PID: {elsewhere.pid})" in daemon.output(), "its adoption")
        self.assert_stays(lambda: self.worker("w")["pid"] == elsewhere.pid, "it was doubled", 0.5)

    def test_a_restart_of_an_app_that_runs_elsewhere_leaves_one(self):
        program = self.elsewhere()
        self.configure_workers(f'[[worker]]\nname = "w"\nkind = "app"\ncommand = ["{program}", "100"]\n'
                               'match = "VisualsForTest"\n')
        self.start_manager()
        elsewhere = subprocess.Popen([program, "100"])
        self.addCleanup(elsewhere.kill)
        self.assertEqual(self.ask("restart_worker", "w")["result"], {"restarted": True})
        self.assertEqual(elsewhere.wait(5), -signal.SIGTERM)
        self.assertEqual(self.worker("w")["state"], "running")

    def test_an_app_that_another_home_has_started_is_left_to_that_home(self):
        program = self.home / "VisualsOfOther"
        shutil.copy(shutil.which("sleep"), program)
        theirs = subprocess.Popen([program, "100"], env={**os.environ, "VJ_HOME": str(self.user_home)})
        self.addCleanup(theirs.wait)
        self.addCleanup(theirs.kill)
        self.configure_workers(f'[[worker]]\nname = "w"\nkind = "app"\ncommand = ["{program}", "100"]\n'
                               f'match = "{program.name}"\nstop_on_quit = true\n')
        daemon = self.start_manager()
        self.assertEqual(self.worker("w")["state"], "stopped")
        self.assertNotEqual(self.start_and_wait("w"), theirs.pid)
        self.assertEqual(daemon.stop(), 0)
        self.assertTrue(is_running(theirs.pid))

    def test_an_enabled_app_is_started_with_the_workers_and_a_missing_one_says_what_was_tried(self):
        self.configure_workers(self.app("picture", "exec sleep 100", enabled=True) +
                               '[[worker]]\nname = "w"\nkind = "app"\ncommand = ["/no/such/program"]\n')
        self.start_manager()
        self.assertEqual(self.result_of("process_manager", "start_all")["started"], ["picture"])
        self.assertIn("/no/such/program", self.ask("start_worker", "w")["error"])


class Resources(ProcessManagerTestCase):
    def test_a_worker_runs_without_its_log_where_none_can_be_written(self):
        self.configure_workers(self.app("w", "echo lost; exec sleep 100"))
        (self.vj_home / "logs").write_text("no folder")
        daemon = self.start_manager()
        self.start_and_wait("w")
        self.assertIn("w runs without a log", daemon.output())

    def test_where_nothing_can_be_written_the_show_goes_on_and_it_is_said(self):
        # What a full disk does, without filling one: every file of ours that is about to be written refuses it.
        self.configure_workers('[[worker]]\nname = "example_worker"\n' + self.app("w", "exec sleep 100"))
        daemon = self.start_manager()
        old = self.start_and_wait("example_worker")
        logs = self.vj_home / "logs"
        for file in ("registry.spare", "process_manager.state.tmp"):
            (self.vj_home / file).unlink(missing_ok=True)
            (self.vj_home / file).mkdir()
        (logs / "w.log").symlink_to("/dev/full")
        self.start_and_wait("w")
        wait_for(lambda: "process_manager.state.tmp" in daemon.output(), "word of the state that cannot be written")
        os.kill(old, signal.SIGKILL)
        # It cannot register, so it is seen to run and not to be ready.
        new = wait_for(lambda: self.worker("example_worker")["pid"] not in (None, old)
                       and self.worker("example_worker")["pid"], "its replacement")
        for file in ("registry.spare", "process_manager.state.tmp"):
            (self.vj_home / file).rmdir()
        self.wait_for_state("example_worker", "running")
        self.assertEqual(self.worker("example_worker")["pid"], new)
        self.kill_daemon(daemon)
        self.start_manager()
        self.assertEqual(self.wait_for_state("example_worker", "running")["pid"], new)

    def test_a_daemon_that_may_open_too_few_files_says_so(self):
        self.configure_workers()
        daemon = self.start(DAEMON, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16)))
        self.assertEqual(daemon.wait(), 1)
        self.assertIn("too many open files: 16 are allowed (ulimit -n), and it needs 64", daemon.output())

    def test_where_no_file_descriptor_is_left_no_process_is_started_that_nobody_knows(self):
        self.configure_workers(self.app("w", "exec sleep 100"), base_backoff=0.3, max_backoff=0.3, max_restarts=1000)
        daemon = self.start_manager()
        client = self.socket(zmq.DEALER)  # connected before there is nothing left to accept it with
        client.connect(self.endpoint("process_manager", "command"))
        for command in ("health_check", "start_worker"):
            if command == "start_worker":
                before = self.leave_descriptors(daemon, 0)
            client.send_multipart([b"", json.dumps({"command": command, "payload": {"worker": "w"}}).encode()])
            self.assertTrue(client.poll(10_000), f"no answer to {command}")
            answer = json.loads(client.recv_multipart()[-1])
        self.assertEqual((answer["status"], answer["result"]), ("error", {"started": False}))
        self.assertIn("Too many open files", answer["error"])
        for left in (1, 2, 3):  # enough for each next step of a spawn
            self.leave_descriptors(daemon, left)
            let_pass(0.5)
            self.assertLessEqual(len(self.processes_of_home()), 2)
        resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, before)
        pid = self.wait_for_new_pid("w", 0)
        self.assertEqual(sorted(self.processes_of_home()), sorted([daemon.pid, pid]))

    def test_where_no_process_can_be_had_it_is_said_and_tried_until_one_can(self):
        self.configure_workers(self.app("w", "exec sleep 100"), base_backoff=0.2, max_backoff=0.2, max_restarts=1000)
        somebody = self.as_somebody_with_a_limit()
        daemon = self.start_manager(**somebody)

        def limit_processes(count):
            subprocess.run(["prlimit", f"--pid={daemon.pid}", f"--nproc={count}:"], check=True, **somebody)

        limit_processes(1)  # and that is the daemon
        answer = self.ask("start_worker", "w")
        self.assertEqual((answer["status"], answer["result"]), ("error", {"started": False}))
        self.assertIn("Resource temporarily unavailable", answer["error"])
        wait_for(lambda: self.worker("w")["restart_count"] > 2, "more attempts")
        self.assertIn("Resource temporarily unavailable", self.worker("w")["reason"])
        self.assertEqual(self.processes_of_home(), [daemon.pid])
        limit_processes(1000)
        first = self.wait_for_new_pid("w", 0)
        limit_processes(1)
        failures = daemon.output().count("Failed to start w")
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: daemon.output().count("Failed to start w") > failures, "a restart without success")
        limit_processes(1000)
        second = self.wait_for_new_pid("w", first)
        self.assertEqual(sorted(self.processes_of_home()), sorted([daemon.pid, second]))

    def as_somebody_with_a_limit(self):
        """How to start a program as a user to whom the limit on processes applies: root has none."""
        if os.getuid() != 0:
            return {}
        somebody = 61_000 + os.getpid() % 1000
        for folder, _, files in os.walk(self.home):
            for name in (".", *files):
                os.chown(os.path.join(folder, name), somebody, somebody)
        options = {"user": somebody, "group": somebody, "extra_groups": []}
        try:
            subprocess.run([BIN / DAEMON, "--help"], capture_output=True, check=True, **options)
        except (OSError, subprocess.CalledProcessError) as error:
            self.skipTest(f"another user cannot run it: {error}")
        return options

    def leave_descriptors(self, daemon, count):
        """Lets the daemon open `count` more files; the limit that it had."""
        taken = max(int(name) for name in os.listdir(f"/proc/{daemon.pid}/fd")) + 1
        _, hard = resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE)
        return resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (taken + count, hard))

    def test_many_crashes_cost_no_file_descriptor_no_memory_and_no_zombie(self):
        self.configure_workers(self.app("w", f"echo x >> {self.home}/runs; exit 1"), base_backoff=0.005,
                               max_backoff=0.005, max_restarts=1000)
        daemon = self.start_manager()
        folder = pathlib.Path(f"/proc/{daemon.pid}")

        def rss():
            return int((folder / "statm").read_text().split()[1])

        self.ask("start_worker", "w")
        self.wait_for_lines("runs", 100)
        descriptors, memory = len(list((folder / "fd").iterdir())), rss()
        self.wait_for_lines("runs", 600, deadline=60)
        self.assertLessEqual(len(list((folder / "fd").iterdir())), descriptors + 3)
        self.assertLess(rss() - memory, 256)  # pages
        self.ask("stop_worker", "w")
        self.assertEqual(self.processes_of_home(), [daemon.pid])

    def test_an_idle_manager_hardly_uses_the_processor(self):
        self.configure_workers(self.app("w", "exec sleep 100"))
        daemon = self.start_manager()
        self.start_and_wait("w")
        before = self.processor_time(daemon.pid)
        end = time.monotonic() + 3
        wait_for(lambda: time.monotonic() > end, "3 seconds")
        self.assertLess(self.processor_time(daemon.pid) - before, 0.03)

    def processor_time(self, pid):
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    unittest.main()
