// Watches VirtualDJ's history files and publishes what plays as `virtualdj.state`: when a file tells something new, and
// each second. It decides nothing about playback; playback/virtualdj_playback.hpp does.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/event_loop.hpp"
#include "platform/file_watch.hpp"
#include "platform/files.hpp"
#include "vj_bus/worker_host.hpp"
#include "workers/virtualdj_monitor/history_search.hpp"
#include "workers/virtualdj_monitor/history_table.hpp"

namespace vj::virtualdj_monitor {

class VirtualDjMonitor final : public bus::Worker {
 public:
  explicit VirtualDjMonitor(bus::WorkerHost& host);

  [[nodiscard]] wire::Value settings() const override;
  [[nodiscard]] wire::Value metrics() const override;

 private:
  struct Seen {
    std::optional<platform::FileStatus> status;
    Time unchanged_since;
    bool is_taken = false;  // false: it looked unfinished
    std::string problem;    // why it could not be read, as it was told
  };

  void look_soon();
  void look();
  void watch(const std::vector<Path>& folders);
  void read(const Path& file);
  void tell_health();
  void publish();
  [[nodiscard]] std::vector<Path> places() const;
  [[nodiscard]] playback::PlaybackState state() const;

  bus::WorkerHost& host_;
  HistoryTable table_;
  FoundHistory found_;
  std::map<Path, Seen> seen_;
  std::map<Path, platform::FileWatch> watches_;
  std::string trouble_;  // nothing can be read at all: why, and how to mend it
  platform::EventLoop::Timer look_timer_;
  platform::EventLoop::Timer search_timer_;
  platform::EventLoop::Timer settle_timer_;
  platform::EventLoop::Timer publish_timer_;
};

}  // namespace vj::virtualdj_monitor
