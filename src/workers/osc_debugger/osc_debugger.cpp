#include "workers/osc_debugger/osc_debugger.hpp"

#include <algorithm>
#include <ranges>

#include "base/format.hpp"
#include "base/text.hpp"
#include "wire/names.hpp"
#include "workers/osc_debugger/message_query.hpp"

namespace vj::osc_debugger {
namespace {

using wire::Value;

constexpr std::size_t kCapturesKept = 20000;
constexpr std::size_t kBytesKept = 16 << 20;
constexpr std::size_t kAddressesKept = 2000;

// A list that moves thirty times a second looks as if it flowed. Faster than kLegibleRate nobody can read it, and what
// would cost most, waking every listener, is done less often.
constexpr Duration kPublishInterval = 34ms, kLoudPublishInterval = 100ms;
constexpr double kLegibleRate = 200;  // a second

// What one osc.messages holds. The numbers show what was left out, and get_messages has it.
constexpr std::size_t kMostPublished = 300;
constexpr std::size_t kMostPublishedBytes = 256 << 10;

// An answer is one message on the bus, which may hold a megabyte.
constexpr std::size_t kMostReplyBytes = 900 << 10;
constexpr std::size_t kAddressEntryBytes = 80;  // the numbers beside the last message

constexpr Duration kStatsInterval = 1s;
constexpr std::size_t kMostRates = 100;

Value to_value(const std::vector<wire::OscMessage>& messages) {
  auto array = Value::array();
  for (const auto& message : messages) array.append(wire::to_value(message));
  return array;
}

}  // namespace

OscDebugger::OscDebugger(bus::WorkerHost& host)
    : host_(host),
      ring_(kCapturesKept, kBytesKept),
      addresses_(kAddressesKept),
      publish_timer_(host.loop().timer([this] { publish_messages(); })),
      stats_timer_(host.loop().timer([this] { publish_stats(); })),
      senders_(host.config().osc.targets),
      ears_(
          host.loop(), host.log(), host.config().osc, [this](const platform::Datagram& datagram) { hear(datagram); },
          [this] { tell_ports(); }) {
  host_.on_command(wire::command::kGetMessages, [this](bus::Request request) { answer_messages(std::move(request)); });
  host_.on_command(wire::command::kGetAddresses,
                   [this](bus::Request request) { answer_addresses(std::move(request)); });
  host_.on_command(wire::command::kClear, [this](bus::Request request) { clear(std::move(request)); });
  host_.follow_registry([this](const bus::RegistrySnapshot& services) { follow(services); });
  tell_ports();
  publish_stats();
}

Value OscDebugger::settings() const {
  return Value::object({{"ports", ears_.ports()}, {"messages_kept", kCapturesKept}});
}

Value OscDebugger::metrics() const {
  return Value::object({{"total_count", ring_.total()},
                        {"malformed", malformed_},
                        {"addresses", addresses_.addresses().size()},
                        {"messages_of_further_addresses", addresses_.uncounted()},
                        {"per_second", rate_.per_second(host_.loop().now())}});
}

void OscDebugger::tell_ports() {
  host_.set_metadata(wire::metadata::kOscTap, ears_.tap() ? Value(*ears_.tap()) : Value());
  std::string reasons;
  for (const auto& problem : ears_.problems()) reasons += (reasons.empty() ? "" : "; ") + problem;
  if (reasons.empty()) {
    host_.set_running();
  } else {
    host_.set_degraded(std::move(reasons));
  }
}

void OscDebugger::follow(const bus::RegistrySnapshot& services) {
  const auto before = senders_.targets();
  senders_.update(services);
  // A target that goes, comes or is switched is news also while nothing is sent.
  if (senders_.targets() != before) stats_timer_.after(0ns);
}

bool OscDebugger::is_ours(const platform::UdpAddress& peer) {
  return peer.is_loopback() && senders_.is_ours(peer.port(), [this] {
    host_.directory().refresh();
    follow(host_.directory().services());
  });
}

void OscDebugger::hear(const platform::Datagram& datagram) {
  const bool is_out = is_ours(datagram.peer);
  const auto capture = [&](std::string_view bytes) {
    return Capture{.time = datagram.received_at, .is_out = is_out, .peer = datagram.peer, .bytes = std::string(bytes)};
  };
  osc::PacketReader reader(datagram.bytes);
  while (const auto item = reader.next()) {
    if (const auto* message = std::get_if<osc::MessageView>(&*item)) {
      auto one = capture(message->bytes);
      // The bundle that copies of ours come in is not what the targets get.
      if (is_out) {
        one.targets = senders_.targets_of(datagram.peer.port(), message->address);
      } else {
        one.time_tag = message->time_tag;
      }
      add(message->address, std::move(one));
    } else if (const auto* malformed = std::get_if<osc::Malformed>(&*item)) {
      ++malformed_;
      auto one = capture(malformed->bytes);
      one.error = malformed->reason();
      add("", std::move(one));
    } else {
      auto one = capture("");
      one.time_tag = std::get<osc::EmptyBundle>(*item).time_tag;
      one.is_empty_bundle = true;
      add("", std::move(one));
    }
  }
}

void OscDebugger::add(std::string_view address, Capture capture) {
  const auto now = host_.loop().now();
  rate_.add(now);
  if (capture.is_out) out_rate_.add(now);
  capture.seq = ring_.total() + 1;  // the one that the ring is about to give it
  if (!address.empty()) addresses_.add(address, capture, now);
  ring_.add(std::move(capture));
  if (!publish_timer_.armed()) {
    const bool is_loud = rate_.per_second(now) > kLegibleRate;
    publish_timer_.at(std::max(now, last_publish_ + (is_loud ? kLoudPublishInterval : kPublishInterval)));
  }
  if (!stats_timer_.armed()) stats_timer_.after(kStatsInterval);
}

void OscDebugger::publish_messages() {
  last_publish_ = host_.loop().now();
  host_.made_progress();
  const auto last_seq = std::exchange(published_seq_, ring_.total());
  if (!host_.publisher().is_wanted(wire::topic::kOscMessages)) return;
  std::vector<wire::OscMessage> messages;
  std::size_t bytes = 0;
  const auto& captures = ring_.captures();
  for (auto capture = captures.rbegin(); capture != captures.rend() && capture->seq > last_seq; ++capture) {
    auto message = message_of(*capture);
    bytes += json_size(message);
    if (messages.size() == kMostPublished || (bytes > kMostPublishedBytes && !messages.empty())) break;
    messages.push_back(std::move(message));
  }
  std::ranges::reverse(messages);
  host_.publisher().publish(
      wire::topic::kOscMessages,
      Value::object({{"messages", to_value(messages)}, {"total_count", ring_.total()}, {"dropped", ears_.dropped()}}));
}

void OscDebugger::publish_stats() {
  host_.publisher().publish_state(wire::topic::kOscStats, stats());
  // Once more after the last message, so that every rate comes down to nothing; then there is nothing new to say.
  if (rate_.per_second(host_.loop().now()) > 0) stats_timer_.after(kStatsInterval);
}

Value OscDebugger::stats() {
  const auto now = host_.loop().now();
  std::vector<std::pair<double, std::string_view>> fastest;
  for (const auto& [address, stats] : addresses_.addresses()) {
    if (const auto rate = stats.rate.per_second(now); rate > 0) fastest.emplace_back(rate, address);
  }
  std::ranges::sort(fastest, std::greater());
  auto rates = Value::object();
  for (const auto& [rate, address] : fastest | std::views::take(kMostRates)) rates.set(valid_utf8(address), rate);
  return Value::object({{"per_second", rate_.per_second(now)},
                        {"out_per_second", out_rate_.per_second(now)},
                        {"total_count", ring_.total()},
                        {"dropped", ears_.dropped()},
                        {"malformed", malformed_},
                        {"rates", std::move(rates)},
                        {"targets", wire::to_value(senders_.targets())},
                        {"ports", ears_.ports()}});
}

void OscDebugger::answer_messages(bus::Request request) {
  const auto query = message_query_from(request.payload());
  if (!query) return request.fail(query.error().message);
  const auto found = find(ring_, *query);
  request.reply(Value::object({{"messages", to_value(found.messages)},
                               {"through", found.through},
                               {"total_count", ring_.total()},
                               {"dropped", ears_.dropped()}}));
}

void OscDebugger::answer_addresses(bus::Request request) {
  const auto now = host_.loop().now();
  std::vector<const AddressTable::Map::value_type*> sorted;
  for (const auto& address : addresses_.addresses()) sorted.push_back(&address);
  std::ranges::sort(sorted, {}, [](const auto* entry) -> const std::string& { return entry->first; });
  auto all = Value::array();
  std::size_t bytes = 0;
  bool is_complete = true;
  for (const auto* entry : sorted) {
    const auto last = message_of(entry->second.last);
    bytes += json_size(last) + kAddressEntryBytes;
    if (bytes > kMostReplyBytes) {
      is_complete = false;
      break;
    }
    all.append(Value::object({{"address", valid_utf8(entry->first)},
                              {"count", entry->second.count},
                              {"per_second", entry->second.rate.per_second(now)},
                              {"last", wire::to_value(last)}}));
  }
  request.reply(Value::object({{"addresses", std::move(all)}, {"complete", is_complete}}));
}

void OscDebugger::clear(bus::Request request) {
  const auto cleared = ring_.captures().size();
  ring_.clear();
  addresses_.clear();
  request.reply(Value::object({{"cleared", cleared}}));
}

}  // namespace vj::osc_debugger
