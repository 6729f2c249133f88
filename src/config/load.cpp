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
  // Line of section.key, the nearest there is where the key is not written.
  [[nodiscard]] int line(std::string_view section, std::string_view key) const {
    const auto found = std::ranges::find(document_, section, &Entry::key);
    if (found == document_.end()) return 0;
    const auto* table = std::get_if<Table>(&found->node.value);
    if (!table) return found->line;
    const auto entry = std::ranges::find(*table, key, &Entry::key);
    return entry == table->end() ? found->line : entry->line;
  }

  void problem(std::string_view section, std::string_view key, std::string what) {
    context_.problems.push_back(
        {context_.file, line(section, key), vj::format("{}.{}", section, key), std::move(what)});
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
    const Osc& osc = config_.osc;
    std::map<int, std::string> receivers;  // UDP ports that processes of ours bind
    const auto bind = [&](int port, std::string_view section, std::string_view key, std::string name) {
      const auto [other, is_new] = receivers.emplace(port, name);
      if (is_new) return;
      problem(section, key,
              vj::format("{} and {} are both port {}; each needs one of its own", other->second, name, port));
    };
    bind(osc.tap, "osc", "tap", "'tap' in [osc]");
    for (const std::uint16_t port : osc.listen) bind(port, "osc", "listen", "'listen' in [osc]");
    for (const OscRelay& relay : osc.relay) {
      bind(relay.from, "osc", "relay", "'from' in [[osc.relay]]");
      if (next_relay(relay) == &relay) {
        problem("osc", "relay", vj::format("an [[osc.relay]] sends port {} to itself", relay.from));
      } else if (leads_back(relay)) {
        problem("osc", "relay",
                vj::format("what the [[osc.relay]] of port {} sends comes back to it, round and round", relay.from));
      }
    }
    if (const int port = config_.virtualdj.osc_listen; port != 0) {
      bind(port, "virtualdj", "osc_listen", "'osc_listen' in [virtualdj]");
    }
    std::vector<std::string> names;
    for (const OscTarget& target : osc.targets) {
      if (std::ranges::find(names, target.name) != names.end()) {
        problem("osc", "target", vj::format("two entries of [[osc.target]] are named \"{}\"", printable(target.name)));
      }
      names.push_back(target.name);
      if (target.port == osc.tap && is_this_machine(target.host)) {
        problem("osc", "tap",
                vj::format("'tap' in [osc] must not be {}, the port of the target \"{}\": the debugger would "
                           "take what is meant for it",
                           osc.tap, printable(target.name)));
      }
    }
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
