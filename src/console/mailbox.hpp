// Between the bus thread and the screen: the latest value of everything that has one, and the newest log lines. It
// never grows: what is not fetched is replaced, and lines beyond its bounds are counted. Thread-safe: yes, all of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/log_record.hpp"
#include "console/message.hpp"

namespace vj::console {

class Mailbox {
 public:
  static constexpr std::size_t kLinesKept = 5000;
  static constexpr std::size_t kOscRowsKept = 5000;
  static constexpr std::size_t kOscBytesKept = 8 << 20;

  // `wake` is called, on the thread that puts something in, when there was nothing before.
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  void put(ManagerChanged manager);
  void put(WorkersChanged workers);
  void put(playback::PlaybackState state);
  void put(ActiveSourceChanged source);
  void put(MetricsChanged metrics);
  void put(AudioNews news);  // merged with what is there: of each the newest
  void put(Answered answer);
  void put(EverythingStopped stopped);
  void put(const LogRecord& record);
  void put(OscHeard heard);
  void put(OscAddressesTold told);
  void put(OscStatsChanged stats);

  // Everything that came since the last time, as messages: log lines in one, in the order of their times, and OSC
  // messages in one, in the order in which they came.
  [[nodiscard]] std::vector<Message> take();

 private:
  struct Content {
    std::optional<ManagerChanged> manager;
    std::optional<WorkersChanged> workers;
    std::map<std::string, playback::PlaybackState> sources;
    std::optional<ActiveSourceChanged> active;
    std::optional<MetricsChanged> metrics;
    std::optional<AudioNews> audio;
    std::vector<Message> answers;
    std::deque<LogRecord> records;
    std::size_t lost_records = 0;
    std::deque<OscRow> osc_rows;
    std::size_t osc_bytes = 0;
    std::uint64_t missed_osc = 0;
    std::optional<OscAddressesTold> osc_addresses;
    std::optional<OscStatsChanged> osc_stats;
  };

  template <class Put>
  void change(Put put);

  std::function<void()> wake_;
  std::mutex mutex_;
  bool has_something_ = false;
  Content content_;
};

}  // namespace vj::console
