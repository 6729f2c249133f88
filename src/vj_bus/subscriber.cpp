#include "vj_bus/subscriber.hpp"

#include <algorithm>

namespace vj::bus {

Subscriber::Subscriber(Context& context, platform::EventLoop& loop, std::vector<std::string> patterns, Handler handler,
                       Problem problem)
    : patterns_(std::move(patterns)),
      handler_(std::move(handler)),
      problem_(std::move(problem)),
      socket_(context, loop, SocketKind::kSubscriber, [this] { receive(); }) {
  for (const auto& pattern : patterns_) {
    // The empty prefix and not the letter `*`: publishers of ours would send everything twice.
    socket_.subscribe(pattern == "*" ? std::string_view() : wire::subscription_prefix(pattern));
  }
}

void Subscriber::follow(const RegistrySnapshot& services) {
  std::map<std::string, std::string> wanted;
  for (const auto& entry : services.services) {
    if (entry.telemetry_port > 0 && is_alive(entry)) {
      wanted.emplace(entry.name, tcp_endpoint(entry.address(), entry.telemetry_port));
    }
  }
  for (const auto& [name, endpoint] : endpoints_) {
    const auto still = wanted.find(name);
    if (still == wanted.end() || still->second != endpoint) socket_.disconnect(endpoint);
  }
  for (auto it = wanted.begin(); it != wanted.end();) {
    const auto known = endpoints_.find(it->first);
    const bool is_new = known == endpoints_.end() || known->second != it->second;
    const auto connected = is_new ? socket_.connect(it->second) : Result<void>{};
    if (!connected && problem_) problem_(connected.error());
    it = connected ? std::next(it) : wanted.erase(it);
  }
  endpoints_ = std::move(wanted);
}

void Subscriber::receive() {
  while (const auto frames = socket_.receive()) {
    const std::string_view frame = frames->front().text();
    const auto space = frame.find(' ');
    const auto text = space == std::string_view::npos ? std::string_view() : frame.substr(space + 1);
    const auto telemetry = wire::decode_telemetry(text);
    if (!telemetry) {
      if (problem_) problem_(telemetry.error());
      continue;
    }
    // `a.b` as a filter also lets `a.bc` pass.
    const bool asked =
        std::ranges::any_of(patterns_, [&](const auto& pattern) { return wire::matches(pattern, telemetry->topic); });
    if (asked) handler_(*telemetry, text);
  }
}

}  // namespace vj::bus
