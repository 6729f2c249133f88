#include "vj_bus/directory.hpp"

namespace vj::bus {

Directory::Directory(platform::EventLoop& loop, const platform::Path& home, Callback changed)
    : registry_(home), changed_(std::move(changed)), watch_(loop, registry_.file(), [this] {
        refresh();
        if (changed_) changed_(snapshot_);
      }) {
  refresh();
}

std::optional<ServiceEntry> Directory::alive(std::string_view name) const {
  const auto* entry = snapshot_.find(name);
  if (entry == nullptr || !is_alive(*entry)) return std::nullopt;
  return *entry;
}

void Directory::refresh() {
  auto snapshot = registry_.read();
  problem_ = snapshot ? std::nullopt : std::optional(snapshot.error().message);
  // What was known stays known while the file is unreadable: its services write it again within seconds.
  if (snapshot) snapshot_ = std::move(*snapshot);
}

}  // namespace vj::bus
