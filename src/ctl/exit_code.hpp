// What vjctl tells the shell.
#pragma once

namespace vj::ctl {

enum ExitCode : int {
  kDone = 0,
  kFailed = 1,
  kWrongUsage = 2,
  kNobodyThere = 3,     // nothing to talk to
  kConfiguration = 78,  // EX_CONFIG
};

}  // namespace vj::ctl
