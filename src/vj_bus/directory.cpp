#include "vj_bus/directory.hpp"

#include <utility>

namespace vj::bus {

Directory::Directory(platform::EventLoop& loop, const platform::Path& home, Callback changed, Heartbeats heartbeats)
    : loop_(loop),
      registry_(home),
      changed_(std::move(changed)),
      watch_(loop, registry_.file(),
             [this] {
               refresh();
               if (changed_) changed_(services());
             },
             {.replaced_only = true,
              .pointed_out_only_unless_made = heartbeats == Heartbeats::kTold ? "" : kTemporaryOfOthers}) {
  registry_.set_written([this](bool pointed_out) {
    problem_.reset();
    // Of what others wrote before us nothing is missed: it was read before we wrote.
    [[maybe_unused]] const bool untold = watch_.take_untold(pointed_out);
    tell_later();
  });
  refresh();
}

void Directory::tell_later() {
  if (!changed_ || std::exchange(to_tell_, true)) return;
  loop_.post([this, alive = std::weak_ptr(alive_)] {
    if (alive.expired()) return;
    to_tell_ = false;
    changed_(services());
  });
}

std::optional<ServiceEntry> Directory::alive(std::string_view name) const {
  const auto* entry = services().find(name);
  if (entry == nullptr || !is_alive(*entry)) return std::nullopt;
  return *entry;
}

void Directory::refresh() {
  // What was known stays known while the file is unreadable: its services write it again within seconds.
  const auto read = registry_.refresh();
  problem_ = read ? std::nullopt : std::optional(read.error().message);
}

}  // namespace vj::bus
