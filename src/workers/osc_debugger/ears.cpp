#include "workers/osc_debugger/ears.hpp"

#include <algorithm>

#include "base/format.hpp"

namespace vj::osc_debugger {
namespace {

constexpr Duration kRetry = 5s;
constexpr int kTapAlternatives = 10;  // the next ports, which a person finds, before any free one

// Copies of our own services come from this machine; a fader box on the network must be heard from outside.
constexpr const char* kThisMachine = "127.0.0.1";
constexpr const char* kAnywhere = "0.0.0.0";

}  // namespace

Ears::Ears(platform::EventLoop& loop, platform::Logger& log, const config::Osc& osc, Heard heard,
           std::function<void()> changed)
    : loop_(loop),
      log_(log),
      heard_(std::move(heard)),
      changed_(std::move(changed)),
      retry_(loop.timer([this] { try_again(); })) {
  ears_.push_back({Kind::kTap, osc.tap, {}, nullptr, ""});
  for (const auto port : osc.listen) ears_.push_back({Kind::kListen, port, {}, nullptr, ""});
  for (const auto& relay : osc.relay) ears_.push_back({Kind::kRelay, relay.from, relay.to, nullptr, ""});
  for (auto& ear : ears_) open(ear);
}

Result<std::unique_ptr<osc_io::Receiver>> Ears::listen(Kind kind, std::uint16_t port) {
  const auto address = platform::UdpAddress::numeric(kind == Kind::kTap ? kThisMachine : kAnywhere, port);
  return osc_io::Receiver::listen(
      loop_, *address,
      [this](std::span<const platform::Datagram> datagrams) {
        for (const auto& datagram : datagrams) heard_(datagram);
      },
      [this](const Error& error) { log_.error("{}", error.message); });
}

void Ears::open(Ear& ear) {
  auto receiver = listen(ear.kind, ear.wanted);
  if (receiver) {
    ear.receiver = std::move(*receiver);
    if (ear.relay_to) ear.receiver->relay_to(*ear.relay_to);
    ear.problem.clear();
    return;
  }
  const auto problem = receiver.error().message;
  if (problem != ear.problem) log_.warning("{}", problem);
  ear.problem = problem;
  if (ear.kind == Kind::kTap) return open_tap(ear);
  retry_.after(kRetry);
}

void Ears::open_tap(Ear& ear) {
  for (int i = 1; i <= kTapAlternatives + 1; ++i) {
    const int next = ear.wanted + i;
    const auto port = static_cast<std::uint16_t>(i > kTapAlternatives || next > 65535 ? 0 : next);
    const bool is_spoken_for = std::ranges::any_of(ears_, [&](const Ear& other) { return other.wanted == port; });
    if (is_spoken_for) continue;
    if (auto receiver = listen(ear.kind, port)) {
      ear.receiver = std::move(*receiver);
      ear.problem += format("; the tap listens on {} instead", ear.receiver->port());
      log_.warning("the tap listens on port {} instead of {}", ear.receiver->port(), ear.wanted);
      return;
    }
  }
  retry_.after(kRetry);
}

void Ears::try_again() {
  for (auto& ear : ears_) {
    if (ear.receiver) continue;
    open(ear);
    if (ear.receiver) log_.info("listening on port {} now", ear.receiver->port());
  }
  changed_();
}

std::optional<std::uint16_t> Ears::tap() const {
  const auto& tap = ears_.front();
  return tap.receiver ? std::optional(tap.receiver->port()) : std::nullopt;
}

std::vector<std::string> Ears::problems() const {
  std::vector<std::string> problems;
  for (const auto& ear : ears_) {
    if (!ear.problem.empty()) problems.push_back(ear.problem);
  }
  return problems;
}

std::uint64_t Ears::dropped() {
  std::uint64_t dropped = 0;
  for (auto& ear : ears_) {
    if (ear.receiver) dropped += ear.receiver->dropped();
  }
  return dropped;
}

wire::Value Ears::ports() const {
  auto all = wire::Value::array();
  for (const auto& ear : ears_) {
    auto port = wire::Value::object({{"port", ear.receiver ? ear.receiver->port() : ear.wanted},
                                     {"kind", ear.kind == Kind::kTap      ? "tap"
                                              : ear.kind == Kind::kListen ? "listen"
                                                                          : "relay"}});
    auto problem = ear.problem;
    if (ear.relay_to) {
      port.set("relay_to", format("{}:{}", ear.relay_to->host, ear.relay_to->port));
      if (problem.empty() && ear.receiver) problem = ear.receiver->relay()->problem();
    }
    port.set("problem", std::move(problem));
    all.append(std::move(port));
  }
  return all;
}

}  // namespace vj::osc_debugger
