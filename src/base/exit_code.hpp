// With what a program of ours ends.
#pragma once

namespace vj {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;           // the command line is wrong
inline constexpr int kExitNobodyThere = 3;     // nothing to talk to
inline constexpr int kExitConfiguration = 78;  // EX_CONFIG: trying again would not help

}  // namespace vj
