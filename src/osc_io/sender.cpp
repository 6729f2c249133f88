#include "osc_io/sender.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "osc/address.hpp"
#include "osc/packet_writer.hpp"

namespace vj::osc_io {
namespace {

constexpr std::string_view kTapHost = "127.0.0.1";

// What fits into one Ethernet frame with its headers: a bundle that is split on the way is lost whole with any of its
// fragments.
constexpr std::size_t kLargestBundle = 1400;
// To our own debugger no network is crossed.
constexpr std::size_t kLargestTapBundle = 32768;
constexpr std::size_t kBundleHeader = 16, kElementHeader = 4;

std::string_view address_of(std::string_view message) { return message.substr(0, message.find('\0')); }

}  // namespace

struct Sender::Target {
  Target(platform::EventLoop& loop, config::OscTarget target, bool is_on, Peer::Changed changed)
      : settings(std::move(target)), enabled(is_on), peer(loop, settings.host, settings.port, std::move(changed)) {}

  [[nodiscard]] bool wants(std::string_view message) const {
    return osc::is_below_any(address_of(message), settings.filter);
  }

  config::OscTarget settings;
  bool enabled;
  Peer peer;
};

Sender::Sender(platform::EventLoop& loop, const config::Osc& osc, const TargetSwitches& switches,
               std::function<void()> changed)
    : loop_(loop), changed_(std::move(changed)), tap_port_(osc.tap) {
  for (const auto& target : osc.targets) {
    const auto found = switches.find(target.name);
    const bool is_on = found == switches.end() ? target.enabled : found->second;
    targets_.push_back(std::make_unique<Target>(loop, target, is_on, teller()));
  }
  tap_ = std::make_unique<Peer>(loop_, std::string(kTapHost), tap_port_, teller());
}

Sender::~Sender() = default;

Peer::Changed Sender::teller() const {
  return [this] {
    if (changed_) changed_();
  };
}

void Sender::send(std::string_view message) noexcept {
  for (auto& target : targets_) {
    if (!target->enabled || !target->wants(message)) continue;
    if (target->settings.ascii) {
      if (const auto ascii = osc::ascii_message(message)) {
        target->peer.send(*ascii);
        continue;
      }
    }
    target->peer.send(message);
  }
  tap_->send(message);
}

void Sender::send_together(std::span<const std::string_view> messages) noexcept { send_to_all(messages, false); }

void Sender::stream(std::span<const std::string_view> messages) noexcept { send_to_all(messages, true); }

void Sender::send_to_all(std::span<const std::string_view> messages, bool may_wait) noexcept {
  const auto is_tried = [&](const Peer& peer) { return !may_wait || !peer.rests(); };
  for (auto& target : targets_) {
    if (target->enabled && is_tried(target->peer)) send_to(*target, messages);
  }
  if (is_tried(*tap_)) send_bundled(*tap_, messages, kLargestTapBundle);
}

void Sender::send_to(Target& target, std::span<const std::string_view> messages) noexcept {
  passing_.clear();
  rewritten_.clear();
  rewritten_.reserve(messages.size());  // so that views of them stay valid
  for (const auto message : messages) {
    if (!target.wants(message)) continue;
    auto ascii = target.settings.ascii ? osc::ascii_message(message) : std::nullopt;
    passing_.push_back(ascii ? rewritten_.emplace_back(std::move(*ascii)) : message);
  }
  if (!target.settings.bundles) return target.peer.send_all(passing_);
  send_bundled(target.peer, passing_, kLargestBundle);
}

void Sender::send_bundled(Peer& peer, std::span<const std::string_view> messages, std::size_t largest) noexcept {
  while (!messages.empty()) {
    std::size_t count = 0, size = kBundleHeader;
    while (count < messages.size() && (count == 0 || size + kElementHeader + messages[count].size() <= largest)) {
      size += kElementHeader + messages[count++].size();
    }
    osc::encode_bundle_into(bundle_, osc::TimeTag{}, messages.first(count));
    peer.send(bundle_);
    messages = messages.subspan(count);
  }
}

Result<void> Sender::switch_target(std::string_view name, bool on) {
  std::string names;
  for (auto& target : targets_) {
    if (target->settings.name != name) {
      names += (names.empty() ? "" : ", ") + target->settings.name;
      continue;
    }
    target->enabled = on;
    if (changed_) changed_();
    return {};
  }
  return fail(ErrorCode::kNotFound, format("no OSC target '{}'; there are {}", name, names.empty() ? "none" : names));
}

void Sender::set_tap(std::uint16_t port) {
  if (port == tap_port_) return;
  tap_port_ = port;
  tap_ = std::make_unique<Peer>(loop_, std::string(kTapHost), port, teller());
}

bool Sender::is_ready() const {
  return std::ranges::all_of(
      targets_, [](const auto& target) { return target->peer.local_port() > 0 || !target->peer.problem().empty(); });
}

std::vector<TargetState> Sender::targets() const {
  std::vector<TargetState> states;
  states.reserve(targets_.size());
  for (const auto& target : targets_) {
    states.push_back({target->settings.name, target->peer.address(), target->enabled, target->peer.problem()});
  }
  return states;
}

}  // namespace vj::osc_io
