// One run of vjctl: whom it talks to, how it prints, and the ways in which a command ends. Belongs to one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/command_line.hpp"
#include "base/exit_code.hpp"
#include "base/result.hpp"
#include "config/load.hpp"
#include "ctl/hints.hpp"
#include "ctl/style.hpp"
#include "platform/files.hpp"
#include "platform/standard_output.hpp"
#include "wire/envelope.hpp"

namespace vj::ctl {

class Session {
 public:
  // Reads --home, --config and --json, and what the environment says of them.
  [[nodiscard]] static Result<Session> open(const CommandLine& line, platform::StandardOutput& output);

  [[nodiscard]] const platform::Path& home() const { return home_; }
  [[nodiscard]] const platform::Path& config_file() const { return config_file_; }
  [[nodiscard]] bool json() const { return json_; }
  [[nodiscard]] const Style& style() const { return style_; }
  [[nodiscard]] const platform::StandardOutput& output() const { return *output_; }

  // Read anew each time; a command that does not need the configuration works with a broken one.
  [[nodiscard]] config::Loaded load_config() const;

  // Asks one service and waits as long as that command may take.
  [[nodiscard]] Result<wire::Response> ask(std::string_view service, std::string_view command,
                                           wire::Value payload = wire::Value::object()) const;

  // What a stop of every worker may take.
  [[nodiscard]] Duration longest_stop() const;

  // To standard output, at once. False when nobody reads it any more, or it cannot be written; main makes that a
  // failure.
  bool print(std::string_view text) const { return output_->print(text); }
  bool print_line(std::string_view text) const;
  void complain(std::string_view text) const;  // to standard error, with the program's name in front

  // For hints.
  [[nodiscard]] Place place() const;
  [[nodiscard]] std::string vjctl() const;  // how this program is called for this home

  struct KnownWorker {
    std::string name;
    bool is_app = false;
  };
  // As the process manager has them, else the configuration.
  [[nodiscard]] std::vector<KnownWorker> known_workers() const;
  [[nodiscard]] bool has_process_manager() const;
  // What there is, for a person who named a worker that there is not; see hints.hpp.
  [[nodiscard]] std::string instead_of_worker(std::string_view wrong) const;

  // The end of a command that got no answer: complains, and says how to start what is missing.
  [[nodiscard]] int no_answer(std::string_view service, const Error& error) const;
  [[nodiscard]] int wrong_usage(std::string_view text) const;

 private:
  Session(platform::StandardOutput& output, platform::Path home, platform::Path config_file, bool config_is_named,
          bool home_is_named, bool json, Style style)
      : output_(&output),
        home_(std::move(home)),
        config_file_(std::move(config_file)),
        config_is_named_(config_is_named),
        home_is_named_(home_is_named),
        json_(json),
        style_(style) {}

  platform::StandardOutput* output_;
  platform::Path home_;
  platform::Path config_file_;
  bool config_is_named_;
  bool home_is_named_;  // on the command line
  bool json_;
  Style style_;
};

}  // namespace vj::ctl
