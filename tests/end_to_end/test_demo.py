"""The built-in show: real workers in a home of its own, and nothing of the user's touched."""

import subprocess
import unittest

from vj_terminal import TerminalTestCase
from vj_testing import BIN, wait_for


class Demo(TerminalTestCase):
    def test_it_plays_a_track_and_leaves_nothing_behind(self):
        runtime = self.home / "runtime"
        runtime.mkdir()
        console = self.console("--demo", environment={"XDG_RUNTIME_DIR": str(runtime)})
        console.wait_for_match(r"VJ Bus (\d+)/\1 ✓")
        console.press("1")
        console.wait_for_text("Title:  Demo Loop")
        self.assertTrue((runtime / "vj-demo" / "registry.json").exists())
        console.press("q")
        self.assertEqual(console.wait_for_end(), 0)
        wait_for(lambda: not (runtime / "vj-demo").exists(), "the demo's home to be removed")
        self.assertEqual(list(self.user_home.iterdir()), [])
        self.assertFalse((self.vj_home / "registry.json").exists())

    def test_a_home_of_one_s_own_is_refused(self):
        done = subprocess.run([BIN / "vj_console", "--demo", "--home", self.vj_home], env=self.environment(),
                              capture_output=True, text=True, timeout=10)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--demo has its own home", done.stderr)


if __name__ == "__main__":
    unittest.main()
