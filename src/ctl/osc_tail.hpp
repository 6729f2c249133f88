// Follows everything that the OSC debugger hears, from a point on and without a gap: its telemetry says that there is
// something new, its ring is asked for all of it. Waits for a debugger that is not there, or comes back. Belongs to the
// loop's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vj_bus/client.hpp"
#include "vj_bus/directory.hpp"
#include "vj_bus/subscriber.hpp"
#include "wire/osc_payload.hpp"

namespace vj::ctl {

class OscTail {
 public:
  struct Options {
    std::string filter{};
    bool exact = false;        // with the bytes where JSON cannot give them back
    std::int64_t history = 0;  // how many of what is there already
  };
  // Oldest first; `lost` messages in front of them came and went before they could be asked for.
  using Handler = std::function<void(const std::vector<wire::OscMessage>& messages, std::uint64_t lost)>;
  using Problem = std::function<void(const Error&)>;

  OscTail(platform::EventLoop& loop, const platform::Path& home, Options options, Handler handler, Problem problem);

 private:
  void look();
  void begin(const wire::Value& answer);
  void take(const wire::Value& answer);

  Options options_;
  Handler handler_;
  Problem problem_;
  bool is_asking_ = false;
  bool is_new_ = true;                    // there is more than was asked for
  std::optional<std::uint64_t> through_;  // the number up to which all is known; nothing before the first answer
  bus::Context context_;
  bus::Subscriber subscriber_;
  bus::Directory directory_;
  bus::Client client_;
};

}  // namespace vj::ctl
