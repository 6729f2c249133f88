"""A real terminal for end-to-end tests: tmux with a server of its own, in which a shell runs a program of ours."""

import os
import pathlib
import re
import signal
import subprocess
import time
import uuid

from vj_testing import BIN, BusTestCase, wait_for

# Says how the program ended and whether the terminal is as it was; then stays, so that the screen can be read.
SCRIPT = """
trap : INT QUIT
stty -g > {folder}/before
sh -c 'echo $$ > {folder}/pid; exec "$0" "$@"' {command}
echo $? > {folder}/code.new
stty -g > {folder}/after
mv {folder}/code.new {folder}/code
exec cat
"""


class Terminal:
    def __init__(self, folder, environment, columns, rows, command):
        self.folder = folder
        self.folder.mkdir()
        self.name = f"vj-{uuid.uuid4().hex[:12]}"
        self.environment = {"TERM": "xterm-256color", "LANG": "C.UTF-8", **environment}
        script = folder / "script.sh"
        script.write_text(SCRIPT.format(folder=folder, command=" ".join(str(part) for part in command)))
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), f"exec sh {script}")

    def tmux(self, *arguments):
        done = subprocess.run(["tmux", "-u", "-L", self.name, *arguments], env=self.environment, capture_output=True,
                              text=True, timeout=10)
        if done.returncode != 0:
            raise AssertionError(f"tmux {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def screen(self, *, colors=False):
        return self.tmux("capture-pane", "-p", *(["-e"] if colors else []))

    def press(self, *keys):
        self.tmux("send-keys", *keys)

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def record(self):
        """A file that gets every byte that the program sends from now on."""
        file = self.folder / "recorded"
        file.touch()
        self.tmux("pipe-pane", f"cat >> {file}")
        return file

    def close(self):
        subprocess.run(["tmux", "-L", self.name, "kill-server"], capture_output=True, timeout=10, check=False)

    @property
    def pid(self):
        return int(wait_for(lambda: self._read("pid"), "the program's pid"))

    def wait_for_text(self, text, what=None, **options):
        try:
            return wait_for(lambda: text in self.screen() and self.screen(), what or f"'{text}' on the screen", **options)
        except AssertionError as error:
            raise AssertionError(f"{error}; the screen is\n{self.screen()}") from None

    def wait_for_absence(self, text):
        try:
            wait_for(lambda: text not in self.screen(), f"no '{text}' on the screen")
        except AssertionError as error:
            raise AssertionError(f"{error}; the screen is\n{self.screen()}") from None

    def wait_for_match(self, pattern, **options):
        try:
            return wait_for(lambda: re.search(pattern, self.screen()), f"{pattern} on the screen", **options)
        except AssertionError as error:
            raise AssertionError(f"{error}; the screen is\n{self.screen()}") from None

    def wait_for_calm(self, seconds=2):
        """Until the screen has stayed the same for so long: what the start had to say is said."""
        last, since = self.screen(), time.monotonic()

        def is_calm():
            nonlocal last, since
            now = self.screen()
            if now != last:
                last, since = now, time.monotonic()
            return time.monotonic() - since > seconds

        wait_for(is_calm, f"a screen that stays the same for {seconds} s", deadline=30)

    def wait_for_end(self, **options):
        """The exit code, when the program has ended; 128 and the number for a signal."""
        try:
            return int(wait_for(lambda: self._read("code"), "the program's end", **options))
        except AssertionError as error:
            raise AssertionError(f"{error}; the screen is\n{self.screen()}") from None

    def modes_are_restored(self):
        return self._read("before") == self._read("after")

    def _read(self, name):
        try:
            return (self.folder / name).read_text().strip()
        except FileNotFoundError:
            return ""


class TerminalTestCase(BusTestCase):
    """What a console has started outlives it, so that everything of this test's home is ended when the test is over."""

    def setUp(self):
        super().setUp()
        self.terminals = []

    def tearDown(self):
        for terminal in self.terminals:
            terminal.close()
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        super().tearDown()

    def console(self, *arguments, columns=120, rows=40, program=BIN / "vj_console", environment=None):
        folder = self.home / f"terminal-{len(self.terminals)}"
        terminal = Terminal(folder, {**self.environment(), **(environment or {})}, columns, rows, [program, *arguments])
        self.terminals.append(terminal)
        return terminal

    def processes(self, name=""):
        """The pids of all programs of ours in this test's home, or of those whose path holds `name`."""
        found = []
        wanted = f"VJ_HOME={self.vj_home}".encode()
        for folder in pathlib.Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                program = os.readlink(folder / "exe")
                mine = wanted in (folder / "environ").read_bytes().split(b"\0")
            except (FileNotFoundError, PermissionError, ProcessLookupError):
                continue
            if mine and program.startswith(str(BIN)) and name in program:
                found.append(int(folder.name))
        return found
