#include "console/mailbox.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/format.hpp"

namespace vj::console {

template <class Put>
void Mailbox::change(Put put) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    put(content_);
    was_empty = !std::exchange(has_something_, true);
  }
  if (was_empty) wake_();
}

void Mailbox::put(ManagerChanged manager) {
  change([&](Content& content) { content.manager = std::move(manager); });
}

void Mailbox::put(WorkersChanged workers) {
  change([&](Content& content) { content.workers = std::move(workers); });
}

void Mailbox::put(playback::PlaybackState state) {
  change([&](Content& content) {
    std::string source = state.source;
    content.sources[std::move(source)] = std::move(state);
  });
}

void Mailbox::put(ActiveSourceChanged source) {
  change([&](Content& content) { content.active = std::move(source); });
}

void Mailbox::put(MetricsChanged metrics) {
  change([&](Content& content) { content.metrics = std::move(metrics); });
}

void Mailbox::put(AudioNews news) {
  change([&](Content& content) {
    if (!content.audio) content.audio.emplace();
    AudioNews& kept = *content.audio;
    if (news.heard) kept.heard = std::move(news.heard);
    if (news.stats) kept.stats = std::move(news.stats);
    if (news.benchmark) kept.benchmark = std::move(news.benchmark);
    if (news.inputs) kept.inputs = std::move(news.inputs);
    std::ranges::move(news.answers, std::back_inserter(kept.answers));
  });
}

void Mailbox::put(Answered answer) {
  change([&](Content& content) { content.answers.emplace_back(std::move(answer)); });
}

void Mailbox::put(EverythingStopped stopped) {
  change([&](Content& content) { content.answers.emplace_back(std::move(stopped)); });
}

void Mailbox::put(const LogRecord& record) {
  change([&](Content& content) {
    content.records.push_back(record);
    if (content.records.size() <= kLinesKept) return;
    content.records.pop_front();
    ++content.lost_records;
  });
}

void Mailbox::put(OscHeard heard) {
  change([&](Content& content) {
    content.missed_osc += heard.missed;
    for (auto& row : heard.rows) {
      content.osc_bytes += row.bytes();
      content.osc_rows.push_back(std::move(row));
    }
    while (content.osc_rows.size() > kOscRowsKept || content.osc_bytes > kOscBytesKept) {
      content.osc_bytes -= content.osc_rows.front().bytes();
      content.osc_rows.pop_front();
      ++content.missed_osc;
    }
  });
}

void Mailbox::put(OscAddressesTold told) {
  change([&](Content& content) { content.osc_addresses = std::move(told); });
}

void Mailbox::put(OscStatsChanged stats) {
  change([&](Content& content) { content.osc_stats = std::move(stats); });
}

std::vector<Message> Mailbox::take() {
  Content content;
  {
    const std::lock_guard lock(mutex_);
    content = std::exchange(content_, Content{});
    has_something_ = false;
  }
  std::vector<Message> messages;
  if (content.manager) messages.emplace_back(std::move(*content.manager));
  if (content.workers) messages.emplace_back(std::move(*content.workers));
  for (auto& [source, state] : content.sources) messages.emplace_back(SourceReported{std::move(state)});
  if (content.active) messages.emplace_back(std::move(*content.active));
  if (content.metrics) messages.emplace_back(std::move(*content.metrics));
  if (content.osc_stats) messages.emplace_back(std::move(*content.osc_stats));
  if (content.osc_addresses) messages.emplace_back(std::move(*content.osc_addresses));
  if (!content.osc_rows.empty() || content.missed_osc > 0) {
    messages.emplace_back(
        OscHeard{{std::make_move_iterator(content.osc_rows.begin()), std::make_move_iterator(content.osc_rows.end())},
                 content.missed_osc});
  }
  if (content.audio) messages.emplace_back(std::move(*content.audio));
  for (auto& answer : content.answers) messages.push_back(std::move(answer));
  if (content.records.empty()) return messages;

  Logged logged;
  if (content.lost_records > 0) {
    logged.lines.push_back({.level = LogLevel::kWarning,
                            .source = {},
                            .text = format("… {} lines came too fast to show", content.lost_records)});
  }
  std::ranges::stable_sort(content.records, {}, &LogRecord::timestamp);
  for (const auto& record : content.records) {
    logged.lines.push_back({.level = record.level, .source = record.logger, .text = format_log_line(record)});
  }
  messages.emplace_back(std::move(logged));
  return messages;
}

}  // namespace vj::console
