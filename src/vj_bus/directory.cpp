#include "vj_bus/directory.hpp"

namespace vj::bus {

Directory::Directory(platform::EventLoop& loop, const platform::Path& home, Callback changed)
    : registry_(home),
      changed_(std::move(changed)),
      watch_(loop, registry_.file(),
             [this] {
               refresh();
               if (changed_) changed_(services());
             },
             {.replaced_only = true}) {
  refresh();
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
