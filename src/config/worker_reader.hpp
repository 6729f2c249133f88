// Lays the entries of [[worker]] and [app.NAME] over the built-in list: a known name changes, a new one adds.
#pragma once

#include <vector>

#include "config/config.hpp"
#include "config/document.hpp"
#include "config/table_reader.hpp"

namespace vj::config {

// `config` has its other sections read: workers inherit from [process_manager] and [log], and count ports from [bus].
[[nodiscard]] std::vector<Worker> read_workers(const Table& document, const Config& config, TableReader& top,
                                               ReadingContext& context);

}  // namespace vj::config
