"""The console in a real terminal, with real workers."""

import os
import re
import signal
import subprocess
import time
import unittest

from vj_terminal import TerminalTestCase
from vj_testing import BIN, let_pass, wait_for

SCREENS = ["VJ Bus Workers", "Playback State", "Lyrics Status", "Audio Analysis", "OSC Debug", "Application Logs"]
QUICK_HEALING = """
[process_manager]
base_backoff = 2.0
check_interval = 0.5
[console]
restart_delay = 0.5
"""


class ConsoleTestCase(TerminalTestCase):
    def log_of_all(self):
        return (self.vj_home / "logs" / "vj.log").read_text()

    def start_console(self, *arguments, **options):
        """With everything started and connected."""
        console = self.console(*arguments, **options)
        console.wait_for_match(r"[✓⚠] [1-9]\d* workers? connected")
        console.wait_for_match(r"VJ Bus (\d+)/\1 [✓⚠]")
        return console

    def worker_pid(self, service):
        return self.registry()[service]["pid"]

    def kill_process_managers(self, count):
        """One after the other, each as soon as it is registered."""
        killed = set()
        while len(killed) < count:
            # The workers of a show that is adopted are there before their process manager.
            pid = wait_for(lambda: {self.registry().get("process_manager", {}).get("pid")} - {None} - killed,
                           "a new process manager").pop()
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)


class Screens(ConsoleTestCase):
    def test_the_first_frame_comes_before_any_connection(self):
        console = self.console("--no-auto-start")
        console.wait_for_text("no process manager is running")
        self.assertRegex(console.screen(), r"○ log_aggregator +stopped")
        console.wait_for_text("q quit")

    def test_keys_tabs_and_clicks_show_the_screens(self):
        console = self.console("--no-auto-start")
        console.wait_for_text(SCREENS[0])
        for number in (3, 1, 5, 2, 4, 0):
            console.press(str(number))
            console.wait_for_text(SCREENS[number])
        console.press("Tab")
        console.wait_for_text(SCREENS[1])
        console.press("BTab", "BTab")
        console.wait_for_text(SCREENS[5])
        column = console.screen().splitlines()[1].index("3 Audio") + 1
        console.press("-H", *(f"{byte:02x}" for byte in f"\x1b[<0;{column};2M".encode()))
        console.wait_for_text(SCREENS[3])
        console.press("?")
        console.wait_for_text("Overview, Playback, Lyrics & AI, Audio, OSC, Logs")
        console.press("Escape")
        console.wait_for_text(SCREENS[3])

    def test_what_a_terminal_answers_is_no_key(self):
        console = self.console("--no-auto-start")
        console.wait_for_text(SCREENS[0])
        console.press("-l", "\x1b]11;rgb:ffff/3fff/ffff\x1b\\")
        console.press("-l", "\x1b]0;3x\a")
        console.press("-l", "\x1bP>|3.3\x1b\\")
        console.press("M")
        console.wait_for_text("mouse off")
        self.assertIn(SCREENS[0], console.screen())
        console.press("-l", "\x1b]")
        wait_for(lambda: console.press("3") or SCREENS[3] in console.screen(), "keys that are heard again")

    def test_it_can_begin_with_any_screen(self):
        self.console("--no-auto-start", "--screen", "5").wait_for_text("Application Logs")

    def test_a_terminal_that_is_too_small_says_so_until_it_is_resized(self):
        console = self.console("--no-auto-start", columns=30, rows=8)
        console.wait_for_text("The terminal is 30x8.")
        console.resize(100, 30)
        console.wait_for_text("VJ Bus Workers")
        self.assertIn("Quick Metrics", console.screen())
        console.resize(60, 20)
        wait_for(lambda: console.screen().splitlines()[1].startswith(" [0 Overview] 1 Playback"), "one column")
        console.resize(35, 20)
        console.wait_for_text("VJ Console needs 40x12.")
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)

    def test_ascii_only(self):
        console = self.console("--no-auto-start", "--ascii")
        console.wait_for_text("+-== VJ Bus Workers ==-")
        self.assertTrue(console.screen().isascii())
        console = self.console("--no-auto-start", environment={"LC_ALL": "C"})
        console.wait_for_text("+-== VJ Bus Workers ==-")

    def test_no_color(self):
        console = self.console("--no-auto-start", environment={"NO_COLOR": "1"})
        console.wait_for_text("VJ Bus Workers")
        self.assertNotRegex(console.screen(colors=True), r"\x1b\[[0-9;]*[34][0-7]")

    def test_without_a_terminal_it_says_so_and_fails(self):
        done = subprocess.run([BIN / "vj_console"], env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=10)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertIn("not a terminal", done.stderr)

    def test_a_wrong_configuration_is_refused_before_the_screen_is_touched(self):
        self.configure("[console]\nfsp = 3\n")
        console = self.console()
        self.assertEqual(console.wait_for_end(), 78)
        self.assertIn("fps", console.screen())


class TheShow(ConsoleTestCase):
    def test_everything_starts_by_itself_and_the_log_tells(self):
        console = self.start_console()
        self.assertRegex(console.screen(), r"✓ ● log_aggregator +Ports: \d+/\d+ pid \d+")
        console.press("5")
        console.wait_for_text("📡 Requesting process manager to start all workers...")
        console.wait_for_text("-   ✓ log_aggregator started")
        console.wait_for_match(r"INFO - Discovered [1-9]\d* workers")
        console.wait_for_text("log_aggregator ready on ports")
        text = console.screen()
        self.assertEqual(text.count("log_aggregator ready on ports"), 1, text)

    def test_a_line_in_the_tracklist_shows_on_playback(self):
        history = self.user_home / "Documents" / "VirtualDJ" / "History"
        history.mkdir(parents=True)
        tracklist = history / "tracklist.txt"
        tracklist.write_text(f"VirtualDJ History {time.strftime('%Y/%m/%d')}\n" + "-" * 30 + "\n")
        console = self.start_console("--screen", "0")
        console.press("1")
        with open(tracklist, "a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%H:%M')} : Example Artist - Example Song\r\n")
        console.wait_for_text("Source: VirtualDJ")
        console.wait_for_text("Status: ▶ Playing")
        console.wait_for_text("  Artist: Example Artist")
        console.wait_for_text("  Title:  Example Song")
        self.assertIn("▶ VirtualDJ  Example Artist - Example Song", console.screen())

    def test_a_killed_worker_is_yellow_with_a_countdown_and_then_green_with_a_new_pid(self):
        self.configure(QUICK_HEALING)
        console = self.start_console()
        before = self.worker_pid("log_aggregator")
        os.kill(before, signal.SIGKILL)
        console.wait_for_match(r"⚠ ○ log_aggregator +restarting in [12] s +.*1/10")
        self.assertRegex(console.screen(), r"exit code: -9.*, log: Enter")
        self.assertIn("1 restarting", console.screen())
        console.wait_for_match(r"✓ ● log_aggregator +Ports: \d+/\d+ pid (?!%d)\d+ " % before)
        console.press("5")
        console.wait_for_text("⚠ Worker log_aggregator crashed (exit code: -9)")
        console.wait_for_text("🔄 Auto-restarting log_aggregator in 2s (attempt 1/10)")
        console.wait_for_match(r"✓ Worker log_aggregator restarted \(PID: \d+\)")

    def test_the_selected_worker_can_be_restarted_stopped_and_started(self):
        console = self.start_console()
        row = next(line for line in console.screen().splitlines() if "▸" in line)
        name = re.search(r"[●○] (\w+)", row).group(1)
        before = self.worker_pid(name)
        console.press("r")
        console.wait_for_text(f"✓ {name} restarted")
        wait_for(lambda: self.registry().get(name, {}).get("pid") not in (None, before), "a new process")
        console.wait_for_match(rf"▸ [✓⚠] ● {name} ")
        console.press("x")
        console.wait_for_match(rf"▸   ○ {name} +stopped")
        console.press("x")
        console.wait_for_match(rf"▸ [✓⚠] ● {name} ")
        console.press("Enter")
        console.wait_for_text("Last log lines")
        self.assertIn(f"{self.vj_home}/logs/{name}.log", console.screen())

    def test_a_killed_process_manager_comes_back_and_its_workers_never_left(self):
        self.configure(QUICK_HEALING)
        console = self.start_console()
        before = self.registry()
        os.kill(before["process_manager"]["pid"], signal.SIGKILL)
        console.press("5")
        console.wait_for_text("❌ Process manager crashed (exit code: -9)")
        console.wait_for_text("🔄 Restarting process manager in 0.5s...")
        console.wait_for_match(r"✓ Process manager restarted \(PID: \d+\)")
        console.wait_for_text("📡 Re-requesting worker starts...")
        for line in ("📡 Requesting process manager to start all workers...",
                     "❌ Process manager crashed (exit code: -9)", "📡 Re-requesting worker starts..."):
            wait_for(lambda line=line: self.log_of_all().count(line) == 1, f"'{line}' once in vj.log")
        console.press("0")
        console.wait_for_match(r"✓ process manager pid (?!%d)\d+" % before["process_manager"]["pid"])
        after = self.registry()
        self.assertEqual(after["log_aggregator"]["pid"], before["log_aggregator"]["pid"])

    def test_after_the_third_failed_restart_the_console_runs_the_workers_itself_until_a_daemon_takes_over(self):
        self.configure("[console]\nrestart_delay = 0.05\n[process_manager]\nbase_backoff = 0.2\n")
        console = self.start_console()
        before = self.registry()
        self.kill_process_managers(4)
        console.wait_for_match(r"FALLBACK (\d+)/\1 [✓⚠]")
        console.press("5")
        console.wait_for_match(r"❌ Process manager failed: .*3 restarts used up")
        console.wait_for_text("Fallback mode: this console runs the workers itself")
        self.assertEqual(self.processes("process_manager_daemon"), [])
        self.assertEqual(self.worker_pid("log_aggregator"), before["log_aggregator"]["pid"])
        os.kill(before["log_aggregator"]["pid"], signal.SIGKILL)
        console.wait_for_match(r"✓ Worker log_aggregator restarted \(PID: \d+\)")

        daemon = self.start("workers/process_manager_daemon")
        console.wait_for_text("✓ A process manager has taken over")
        console.press("0")
        console.wait_for_match(rf"process manager pid {daemon.pid}")
        console.wait_for_match(r"VJ Bus (\d+)/\1 [✓⚠]")
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)
        self.assertEqual(daemon.wait(), 0)
        self.assertEqual(self.processes(), [])

    def test_q_in_fallback_mode_stops_everything(self):
        self.configure("[console]\nrestart_delay = 0.05\nmax_restarts = 1\n")
        console = self.start_console()
        self.kill_process_managers(2)
        console.wait_for_match(r"FALLBACK (\d+)/\1 [✓⚠]")
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)
        self.assertEqual(self.processes(), [])


class Switches(ConsoleTestCase):
    def test_with_auto_start_off_nothing_is_started_until_a_person_says_so(self):
        self.configure("[console]\nauto_start_workers = false\n")
        console = self.console()
        console.wait_for_text("no process manager is running")
        daemon = self.start("workers/process_manager_daemon")
        console.wait_for_match(rf"process manager pid {daemon.pid}")
        console.wait_for_match(r"▸   ○ \w+ +stopped")
        self.assertEqual(set(self.processes()), {console.pid, daemon.pid})
        name = console.wait_for_match(r"▸   ○ (\w+) ").group(1)
        console.press("x")
        console.wait_for_match(rf"▸ [✓⚠] ● {name} ")
        self.assertEqual(set(self.registry()), {"process_manager", name})
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)
        self.assertEqual(self.processes(), [])

    def test_with_auto_heal_off_who_has_crashed_is_shown_so_until_a_person_starts_it(self):
        self.configure("[console]\nauto_heal_workers = false\n")
        console = self.start_console()
        name = console.wait_for_match(r"▸ [✓⚠] ● (\w+) ").group(1)
        os.kill(self.worker_pid(name), signal.SIGKILL)
        console.wait_for_match(rf"▸ ✗ ○ {name} +failed")
        console.wait_for_match(r"crashed \(exit code: -9\), auto-heal off")
        console.press("x")
        console.wait_for_match(rf"▸ [✓⚠] ● {name} ")
        os.kill(self.worker_pid("process_manager"), signal.SIGKILL)
        console.wait_for_text("the process manager failed: crashed (exit code: -9), auto-heal off")


class Apps(ConsoleTestCase):
    def test_an_app_that_is_not_installed_says_what_to_set(self):
        self.configure('[app.synesthesia]\ncommand = ["no_such_synesthesia"]\nmatch = "no_such_synesthesia"\n')
        console = self.start_console()
        console.wait_for_match(r"○ Synesthesia +not installed: set +│")
        console.press("s")
        console.wait_for_text("there is no program no_such_synesthesia: set 'command' in")
        console.wait_for_text("✗ Synesthesia was not started: there is no program no_such_synesthesia: set 'command'")
        self.assertNotIn("Synesthesia ON", console.screen())


class Leaving(ConsoleTestCase):
    def test_q_stops_everything_and_leaves_no_process(self):
        console = self.start_console()
        self.assertGreaterEqual(len(self.processes()), 3)
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)
        self.assertEqual(self.processes(), [])
        self.assertTrue(console.modes_are_restored())
        self.assertNotIn("VJ Bus Workers", console.screen())

    def test_q_also_stops_workers_whose_process_manager_was_killed(self):
        self.configure("[console]\nrestart_delay = 60\n")
        console = self.start_console()
        os.kill(self.worker_pid("process_manager"), signal.SIGKILL)
        console.wait_for_match(r"process manager restart in \d+ s")
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)
        self.assertEqual(self.processes(), [])

    def test_q_also_stops_a_process_manager_that_hangs(self):
        self.configure("[process_manager]\nstop_timeout = 0.5\n")
        console = self.start_console()
        os.kill(self.worker_pid("process_manager"), signal.SIGSTOP)
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)
        self.assertEqual(self.processes(), [])

    def test_after_a_stop_of_everything_is_suspended_nobody_is_killed_whoever_wakes_first(self):
        self.configure("[process_manager]\nheartbeat_timeout = 6.0\n")
        console = self.start_console()
        before = {name: entry["pid"] for name, entry in self.registry().items()}
        everybody = [console.pid, *before.values()]
        for pid in everybody:
            os.kill(pid, signal.SIGSTOP)
        let_pass(8)
        os.kill(console.pid, signal.SIGCONT)
        let_pass(1)  # in which the process manager must look hung to it
        for pid in everybody[1:]:
            os.kill(pid, signal.SIGCONT)
        let_pass(7)
        self.assertEqual({name: entry["pid"] for name, entry in self.registry().items()}, before)
        console.press("5")
        console.wait_for_text("Application Logs")
        self.assertNotIn("crashed", console.screen())

    def test_d_leaves_the_show_running_and_the_next_console_finds_it(self):
        self.configure('[[worker]]\nname = "picture"\nkind = "app"\ncommand = ["sleep", "100"]\nenabled = true\n'
                       'stop_on_quit = true\n')
        console = self.start_console()
        before = self.registry()
        console.press("d")
        self.assertEqual(console.wait_for_end(), 0)
        self.assertTrue(console.modes_are_restored())
        self.assertIn("The show goes on. vj_console shows it again, vjctl shutdown ends it.", console.screen())
        again = self.start_console()
        self.assertEqual(self.registry()["process_manager"]["pid"], before["process_manager"]["pid"])
        self.assertEqual(self.worker_pid("log_aggregator"), before["log_aggregator"]["pid"])
        again.press("5")
        again.wait_for_text("✓ picture already runs")
        again.press("q")
        self.assertEqual(again.wait_for_end(), 0)
        self.assertEqual(self.processes(), [])

    def test_who_leaves_another_home_than_the_usual_one_is_told_how_to_come_back_to_it(self):
        home = self.home / "show"
        home.symlink_to(self.vj_home)
        console = self.start_console("--home", home)
        console.press("d")
        self.assertEqual(console.wait_for_end(), 0)
        text = console.screen().replace("\n", "")
        self.assertIn(f"vj_console --home {home} shows it again, vjctl --home {home} shutdown ends it.", text)

    def test_who_leaves_in_fallback_mode_is_told_that_nobody_supervises_and_the_next_console_adopts(self):
        self.configure("[console]\nrestart_delay = 0.05\nmax_restarts = 1\n")
        for keys, code in (("d", 0), ("C-c", 130)):
            with self.subTest(keys=keys):
                console = self.start_console()
                worker = self.worker_pid("log_aggregator")
                self.kill_process_managers(2)
                console.wait_for_match(r"FALLBACK (\d+)/\1 [✓⚠]")
                console.press(keys)
                self.assertEqual(console.wait_for_end(), code)
                self.assertIn("nobody supervises them any more", console.screen())
                self.assertNotIn("vjctl", console.screen())
                self.assertEqual(self.worker_pid("log_aggregator"), worker)
        again = self.start_console()
        self.assertEqual(self.worker_pid("log_aggregator"), worker)
        again.press("q")
        self.assertEqual(again.wait_for_end(), 0)
        self.assertEqual(self.processes(), [])

    def test_the_show_outlives_a_killed_console_and_a_closed_terminal(self):
        console = self.start_console()
        os.kill(console.pid, signal.SIGKILL)
        self.assertEqual(console.wait_for_end(), 137)
        self.assertEqual(len(self.processes("process_manager_daemon")), 1)
        other = self.start_console()
        pid = other.pid
        other.close()
        wait_for(lambda: pid not in self.processes("vj_console"), "the console's end")
        self.assertEqual(len(self.processes("process_manager_daemon")), 1)

    def test_every_signal_gives_the_terminal_back_and_says_its_number(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGSEGV, signal.SIGABRT,
                       signal.SIGBUS):
            with self.subTest(signal=number.name):
                console = self.console("--no-auto-start")
                console.wait_for_text("VJ Bus Workers")
                os.kill(console.pid, number)
                self.assertEqual(console.wait_for_end(), 128 + number)
                self.assertTrue(console.modes_are_restored())
                self.assertNotIn("VJ Bus Workers", console.screen())

    def test_control_c_is_an_interrupt(self):
        console = self.console("--no-auto-start")
        console.wait_for_text("VJ Bus Workers")
        console.press("C-c")
        self.assertEqual(console.wait_for_end(), 130)
        self.assertTrue(console.modes_are_restored())

    def test_control_z_gives_the_terminal_back_and_fg_goes_on(self):
        shell = self.console(program="bash --norc --noprofile -i")
        shell.wait_for_text("bash-")
        before, meanwhile = self.home / "modes-before", self.home / "modes-meanwhile"
        shell.press(f"stty -g > {before}; {BIN}/vj_console --no-auto-start", "Enter")
        shell.wait_for_text("VJ Bus Workers")
        shell.press("C-z")
        shell.wait_for_text("Stopped")
        self.assertNotIn("VJ Bus Workers", shell.screen())
        shell.press(f"stty -g > {meanwhile}; echo done", "Enter")
        shell.wait_for_match(r"\ndone")
        self.assertEqual(before.read_text(), meanwhile.read_text())
        shell.press("fg", "Enter")
        shell.wait_for_text("VJ Bus Workers")
        shell.press("5")
        shell.wait_for_text("Application Logs")
        shell.press("q")
        shell.wait_for_absence("Application Logs")


class Calm(ConsoleTestCase):
    def cpu_seconds(self, pid):
        total = 0
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        return total / 1e9

    def test_while_nothing_changes_no_frame_is_drawn(self):
        console = self.start_console()
        console.press("5")
        console.wait_for_match(r"Discovered [1-9]")
        console.wait_for_calm()
        wait_for(lambda: time.time() % 60 < 50, "a minute that does not end", deadline=15)
        drawn = console.record()
        cpu_before, began = self.cpu_seconds(console.pid), time.monotonic()
        wait_for(lambda: time.monotonic() - began > 5, "five quiet seconds")
        self.assertEqual(drawn.read_bytes(), b"")
        self.assertLess((self.cpu_seconds(console.pid) - cpu_before) / 5, 0.02)


if __name__ == "__main__":
    unittest.main()
