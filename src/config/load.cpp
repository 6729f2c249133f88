#include "config/load.hpp"

#include <algorithm>
#include <map>

#include "base/format.hpp"
#include "base/text.hpp"
#include "config/built_in.hpp"
#include "config/document.hpp"
#include "config/schema.hpp"
#include "config/table_reader.hpp"
#include "config/text_file.hpp"
#include "config/worker_reader.hpp"

namespace vj::config {
namespace {

class Rules {
 public:
  Rules(const Config& config, const Table& document, ReadingContext& context)
      : config_(config), document_(document), context_(context) {}

  void check() {
    check_backoff();
    check_bus();
    check_osc();
  }

 private:
  void problem(const Place& place, std::string what) {
    context_.problems.push_back(
        {context_.file, line_of(document_, place), vj::format("{}.{}", place.section, place.key), std::move(what)});
  }
  void problem(std::string_view section, std::string_view key, std::string what) {
    problem({.section = section, .key = key}, std::move(what));
  }

  void check_backoff() {
    const Supervision& all = config_.process_manager;
    if (all.base_backoff > all.max_backoff) {
      problem("process_manager", "base_backoff",
              vj::format("'base_backoff' in [process_manager] ({} s) must not be longer than 'max_backoff' ({} s)",
                         to_seconds(all.base_backoff), to_seconds(all.max_backoff)));
    }
  }

  void check_bus() {
    const Bus& bus = config_.bus;
    if (!is_loopback(bus.bind)) {
      problem(
          "bus", "bind",
          vj::format("'bind' in [bus] must be a loopback address such as \"127.0.0.1\", not \"{}\": whoever reaches "
                     "the bus can start programs, so any other address needs an encrypted and authenticated bus "
                     "(ZeroMQ CURVE), which this version does not have",
                     bus.bind));
    }
    constexpr int kHighestBase = 65535 - 100;
    for (const auto& [key, base] : {std::pair("base_command_port", bus.base_command_port),
                                    std::pair("base_telemetry_port", bus.base_telemetry_port)}) {
      if (base > kHighestBase) {
        problem(
            "bus", key,
            vj::format("'{}' in [bus] must be at most {}, so that the workers' ports fit above it", key, kHighestBase));
      }
    }
  }

  // The relay that takes what this one sends; null where none of ours does.
  [[nodiscard]] const OscRelay* next_relay(const OscRelay& relay) const {
    if (!is_this_machine(relay.to.host)) return nullptr;
    const auto next = std::ranges::find(config_.osc.relay, relay.to.port, &OscRelay::from);
    return next == config_.osc.relay.end() ? nullptr : &*next;
  }

  [[nodiscard]] bool leads_back(const OscRelay& first) const {
    const OscRelay* relay = &first;
    for (std::size_t steps = 0; relay != nullptr && steps < config_.osc.relay.size(); ++steps) {
      relay = next_relay(*relay);
      if (relay == &first) return true;
    }
    return false;
  }

  void check_osc() {
    check_receivers();
    check_relays();
    check_targets();
  }

  // No two processes of ours bind the same UDP port.
  void check_receivers() {
    const Osc& osc = config_.osc;
    std::map<int, std::string> receivers;
    const auto bind = [&](int port, const Place& place, std::string name) {
      const auto [other, is_new] = receivers.emplace(port, name);
      if (is_new) return;
      problem(place, vj::format("{} and {} are both port {}; each needs one of its own", other->second, name, port));
    };
    bind(osc.tap, {.section = "osc", .key = "tap"}, "'tap' in [osc]");
    for (std::size_t i = 0; i < osc.listen.size(); ++i) {
      bind(osc.listen[i], {.section = "osc", .key = "listen", .item = i}, "'listen' in [osc]");
    }
    for (std::size_t i = 0; i < osc.relay.size(); ++i) {
      bind(osc.relay[i].from, {.section = "osc", .key = "relay", .item = i, .key_of_item = "from"},
           "'from' in [[osc.relay]]");
    }
    if (const int port = config_.virtualdj.osc_listen; port != 0) {
      bind(port, {.section = "virtualdj", .key = "osc_listen"}, "'osc_listen' in [virtualdj]");
    }
  }

  void check_relays() {
    const auto& relays = config_.osc.relay;
    for (std::size_t i = 0; i < relays.size(); ++i) {
      const Place place{.section = "osc", .key = "relay", .item = i, .key_of_item = "to"};
      if (next_relay(relays[i]) == &relays[i]) {
        problem(place, vj::format("an [[osc.relay]] sends port {} to itself", relays[i].from));
      } else if (leads_back(relays[i])) {
        problem(place, vj::format("what the [[osc.relay]] of port {} sends comes back to it, round and round",
                                  relays[i].from));
      }
    }
  }

  void check_targets() {
    const Osc& osc = config_.osc;
    const bool are_written = has_targets();
    std::map<std::string_view, int> lines;  // of the names
    for (std::size_t i = 0; i < osc.targets.size(); ++i) {
      const OscTarget& target = osc.targets[i];
      const std::string name = printable(target.name);
      const Place named{.section = "osc", .key = "target", .item = i, .key_of_item = "name"};
      const auto [first, is_new] = lines.emplace(target.name, line_of(document_, named));
      if (!is_new && !target.name.empty()) {
        problem(named, vj::format("two entries of [[osc.target]] are named \"{}\"; the first in line {}", name,
                                  first->second));
      }
      if (target.port != osc.tap || !is_this_machine(target.host)) continue;
      if (are_written) {
        problem({.section = "osc", .key = "target", .item = i, .key_of_item = "port"},
                vj::format("'port' of the target \"{}\" must not be {}, where the OSC debugger listens ('tap' in "
                           "[osc]): it would take what is meant for the target",
                           name, osc.tap));
      } else {
        problem("osc", "tap",
                vj::format("'tap' in [osc] must not be {}, the port of the target \"{}\": the debugger would "
                           "take what is meant for it",
                           osc.tap, name));
      }
    }
  }

  // Else they are the built-in ones.
  [[nodiscard]] bool has_targets() const {
    const Entry* section = find_entry(document_, "osc");
    const auto* keys = section ? std::get_if<Table>(&section->node.value) : nullptr;
    return keys && find_entry(*keys, "target");
  }

  const Config& config_;
  const Table& document_;
  ReadingContext& context_;
};

}  // namespace

Loaded load(std::string_view text, std::string_view file, std::string_view user_home) {
  ReadingContext context{std::string(file), std::string(user_home), {}};
  const auto document = parse_toml(text);
  if (!document) {
    return std::unexpected(std::vector<Problem>{{context.file, document.error().line, "", document.error().what}});
  }
  Config config;
  TableReader reader(*document, 0, "", "", context);
  describe(reader, config);
  config.workers = read_workers(*document, config, reader, context);
  reader.finish();
  Rules(config, *document, context).check();
  if (context.problems.empty()) return config;
  std::ranges::stable_sort(context.problems, {}, &Problem::line);
  return std::unexpected(std::move(context.problems));
}

Loaded load_file(const std::filesystem::path& file, IfMissing if_missing, std::string_view user_home) {
  const auto cannot_read = [&](std::string_view why) -> Loaded {
    return std::unexpected(std::vector<Problem>{{file.string(), 0, "", vj::format("cannot be read: {}", why)}});
  };
  const auto status = regular_file_status(file);
  if (!status) {
    const bool is_missing = status.error().code == ErrorCode::kNotFound;
    return is_missing && if_missing == IfMissing::kDefaults ? Loaded(default_config())
                                                            : cannot_read(status.error().message);
  }
  const auto text = read_whole_file(file);
  if (!text) return cannot_read(text.error().message);
  return load(*text, file.string(), user_home);
}

}  // namespace vj::config
