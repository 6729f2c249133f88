#include "support/left_behind.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

#include <signal.h>
#include <unistd.h>

namespace vj::test {
namespace {

constexpr const char* kVariable = "VJ_UNIT_TEST";

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A process as nobody else will ever be called: its pid and when it started, "123-45678". Nothing if it does not run.
std::string name_of(const std::string& pid) {
  const auto stat = text_of("/proc/" + pid + "/stat");
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream fields(stat.substr(name_end + 1));
  std::string state, field;
  fields >> state;
  for (int number = 4; number <= 22; ++number) fields >> field;  // proc(5)
  return state == "Z" || state == "X" ? std::string() : pid + '-' + field;
}

// By whom a process was started; nothing if by no test.
std::optional<std::string> starter_of(const std::filesystem::path& process) {
  const auto environment = '\0' + text_of(process / "environ");
  const auto assignment = std::string(1, '\0') + kVariable + '=';
  const auto found = environment.find(assignment);
  if (found == std::string::npos) return std::nullopt;
  const auto begin = found + assignment.size();
  return environment.substr(begin, environment.find('\0', begin) - begin);
}

void end_what_belongs_to_nobody() {
  std::error_code gone;
  auto process = std::filesystem::directory_iterator("/proc", gone);
  for (; !gone && process != std::filesystem::directory_iterator(); process.increment(gone)) {
    const int pid = std::atoi(process->path().filename().c_str());
    const auto starter = pid > 0 ? starter_of(process->path()) : std::nullopt;
    if (starter && name_of(starter->substr(0, starter->find('-'))) != *starter) ::kill(pid, SIGKILL);
  }
}

}  // namespace

LeftBehind::LeftBehind() {
  end_what_belongs_to_nobody();
  ::setenv(kVariable, name_of(std::to_string(::getpid())).c_str(), 1);
}

}  // namespace vj::test
