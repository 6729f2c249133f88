// The name of the environment variable by which a supervised process, and everything it starts, can be told from
// others.
#pragma once

namespace vj::bus {

inline constexpr const char* kSpawnTokenVariable = "VJ_SPAWN_TOKEN";

}  // namespace vj::bus
