"""The VirtualDJ monitor reads real files as VirtualDJ writes them."""

import datetime
import os
import time
import unittest

from vj_testing import BusTestCase, wait_for

STATE = "virtualdj.state"


def clock(minutes_ago=0):
    return (datetime.datetime.now() - datetime.timedelta(minutes=minutes_ago)).strftime("%H:%M")


def today():
    return datetime.date.today()


def append(path, text):
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)


def title_is(title):
    return lambda state: state["track"] is not None and state["track"]["title"] == title


class VirtualDjMonitor(BusTestCase):
    def setUp(self):
        super().setUp()
        self.history = self.user_home / "Documents" / "VirtualDJ" / "History"

    def make_history(self):
        self.history.mkdir(parents=True)
        tracklist = self.history / "tracklist.txt"
        tracklist.write_text(f"VirtualDJ History {today():%Y/%m/%d}\n" + "-" * 30 + "\n")
        return tracklist

    def start_monitor(self):
        self.start_worker("virtualdj_monitor")
        return self.subscribe("virtualdj_monitor", STATE)

    def test_an_appended_line_is_published_at_once(self):
        tracklist = self.make_history()
        states = self.start_monitor()
        states.wait_for(lambda s: not s["is_playing"], "the first state")
        at_once = 0
        for number in range(8):
            states.next()  # the next second's; who only looks now and then has told half of the lines after another one
            append(tracklist, f"{clock()} : Artist {number} - Song - Part {number}\r\n")
            is_new = title_is(f"Song - Part {number}")
            state = states.next()[1]["payload"]
            at_once += is_new(state)
            if not is_new(state):
                state = states.wait_for(is_new, "the new track")
        self.assertGreaterEqual(at_once, 7)
        self.assertTrue(state["is_playing"])
        self.assertEqual(state["source"], "virtualdj")
        self.assertEqual(state["track"]["artist"], "Artist 7")
        self.assertAlmostEqual(state["position"], 45, delta=2)
        self.assertLess(state["position_confidence"], 0.5)
        answer = self.result_of("virtualdj_monitor", "get_playback")
        self.assertEqual(answer["track"], state["track"])

    def test_the_state_is_published_each_second_and_the_position_moves(self):
        tracklist = self.make_history()
        append(tracklist, f"{clock()} : A - Song\n")
        states = self.start_monitor()
        first = states.wait_for(title_is("Song"), "the track")
        later = states.wait_for(lambda s: s["position_at"] >= first["position_at"] + 1.5, "a later state")
        self.assertAlmostEqual(later["position"] - first["position"], later["position_at"] - first["position_at"], delta=0.05)

    def test_an_m3u_history_tells_the_length_too(self):
        self.make_history()
        states = self.start_monitor()
        states.next()
        append(self.history / f"{today():%Y-%m-%d}.m3u",
               f"#EXTVDJ:<time>{clock()}</time><lastplaytime>{int(time.time())}</lastplaytime><filesize>1</filesize>"
               "<artist>Simon & Garfunkel</artist><title>Rock &amp; Roll</title><songlength>212.5</songlength>\n"
               "C:\\Music\\x.mp3\n")
        state = states.wait_for(title_is("Rock & Roll"), "the track")
        self.assertEqual(state["track"]["artist"], "Simon & Garfunkel")
        self.assertEqual(state["track"]["duration"], 212.5)
        self.assertTrue(state["is_playing"])

    def test_an_entry_older_than_its_length_is_not_playing(self):
        tracklist = self.make_history()
        append(tracklist, f"{clock(minutes_ago=40)} : A - Over\n")
        os.utime(tracklist, (time.time() - 2400, time.time() - 2400))
        states = self.start_monitor()
        state = states.wait_for(lambda s: "Over" in s["reason"], "the reason")
        self.assertFalse(state["is_playing"])
        self.assertIsNone(state["track"])

    def test_without_a_folder_it_is_degraded_says_how_to_mend_it_and_finds_one_that_appears(self):
        states = self.start_monitor()
        state = states.wait_for(lambda s: s["reason"], "a reason")
        self.assertIn("[virtualdj]", state["reason"])
        wait_for(lambda: self.registry()["virtualdj_monitor"]["status"] == "degraded", "the degraded status")
        tracklist = self.make_history()
        append(tracklist, f"{clock()} : A - Found\n")
        states.wait_for(title_is("Found"), "the track in the new folder")
        wait_for(lambda: self.registry()["virtualdj_monitor"]["status"] == "running", "the running status")

    def test_a_folder_in_a_wine_prefix_is_found(self):
        self.history = self.user_home / ".wine" / "drive_c" / "users" / "dj" / "AppData" / "Local" / "VirtualDJ" / "History"
        append(self.make_history(), f"{clock()} : A - Wine\n")
        self.start_monitor().wait_for(title_is("Wine"), "the track")

    def test_configured_files_are_read_instead_of_the_usual_places(self):
        append(self.make_history(), f"{clock()} : A - Usual\n")
        overlay = self.home / "overlay.txt"
        overlay.write_text("B - Configured")
        self.configure(f'[virtualdj]\npaths = ["{overlay}"]\n')
        states = self.start_monitor()
        states.wait_for(title_is("Configured"), "the configured file's track")
        replacement = self.home / "overlay.new"
        replacement.write_text("B - Replaced")
        replacement.rename(overlay)
        state = states.wait_for(title_is("Replaced"), "the replaced file's track")
        self.assertAlmostEqual(state["position"], 0, delta=2)

    def test_bad_text_is_warned_about_once_and_changes_nothing(self):
        tracklist = self.make_history()
        append(tracklist, f"{clock()} : A - Good\n")
        states = self.start_monitor()
        states.wait_for(title_is("Good"), "the track")
        append(tracklist, "no such line\n")
        wait_for(lambda: "tracklist.txt:4" in self.programs[0].output(), "a warning")
        append(tracklist, "\n")
        tracklist.unlink()
        for _ in range(3):
            self.assertEqual(states.next()[1]["payload"]["track"]["title"], "Good")
        self.assertEqual(self.programs[0].output().count("no such line"), 1)


if __name__ == "__main__":
    unittest.main()
