#include "supervision/log_lines.hpp"

#include <doctest/doctest.h>

namespace vj::supervision {

TEST_CASE("a crash and its restart read as in the guide") {
  CHECK(worker_line("spotify_monitor", HasCrashed{1, "", 0}) ==
        LogLine{LogLevel::kWarning, "⚠️ Worker spotify_monitor crashed (exit code: 1)"});
  CHECK(worker_line("spotify_monitor", WillRestart{5s, 1, 10}) ==
        LogLine{LogLevel::kInfo, "🔄 Auto-restarting spotify_monitor in 5s (attempt 1/10)"});
  CHECK(worker_line("spotify_monitor", HasRestarted{Pid{12345}, 1, 5s}) ==
        LogLine{LogLevel::kInfo, "✓ Worker spotify_monitor restarted (PID: 12345)"});
}

TEST_CASE("a start reads as in the guide, and so does one that fails") {
  CHECK(worker_line("lyrics_fetcher", HasStarted{Pid{1}}) ==
        LogLine{LogLevel::kInfo, "✓ Worker lyrics_fetcher started"});
  CHECK(worker_line("spotify_monitor", CouldNotStart{"no such file", 0}) ==
        LogLine{LogLevel::kError, "✗ Failed to start spotify_monitor: no such file"});
}

TEST_CASE("the process manager's crash and restart read as in the guide") {
  CHECK(process_manager_line(HasCrashed{1, "", 0}) ==
        LogLine{LogLevel::kError, "❌ Process manager crashed (exit code: 1)"});
  CHECK(process_manager_line(WillRestart{2s, 1, 3}).text == "🔄 Restarting process manager in 2s...");
  CHECK(process_manager_line(HasRestarted{Pid{12346}, 1, 2s}).text == "✓ Process manager restarted (PID: 12346)");
}

TEST_CASE("a killed worker's exit code is the negative signal number") {
  CHECK(worker_line("lyrics_fetcher", HasCrashed{-11, "", 1}).text ==
        "⚠️ Worker lyrics_fetcher crashed (exit code: -11)");
}

TEST_CASE("without an exit code the reason stands in its place") {
  CHECK(worker_line("w", HasCrashed{std::nullopt, "no heartbeat for 15s", 0}).text ==
        "⚠️ Worker w crashed (no heartbeat for 15s)");
}

TEST_CASE("a delay below a second is written as it is") {
  CHECK(worker_line("w", WillRestart{250ms, 1, 10}).text == "🔄 Auto-restarting w in 0.25s (attempt 1/10)");
}

TEST_CASE("what will not come back by itself is an error") {
  CHECK(worker_line("w", HasFailed{"crashed (exit code: 1), 10 restarts used up"}) ==
        LogLine{LogLevel::kError, "❌ Worker w failed: crashed (exit code: 1), 10 restarts used up"});
}

TEST_CASE("what cannot be stopped is an error that says why") {
  CHECK(worker_line("w", CannotBeStopped{"signal process 55: Operation not permitted"}) ==
        LogLine{LogLevel::kError, "❌ Worker w cannot be stopped: signal process 55: Operation not permitted"});
}

}  // namespace vj::supervision
