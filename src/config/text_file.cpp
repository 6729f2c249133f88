#include "config/text_file.hpp"

#include <fstream>
#include <iterator>

namespace vj::config {

Result<std::filesystem::file_status> regular_file_status(const std::filesystem::path& file) {
  using std::filesystem::file_type;
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (status.type() == file_type::not_found) return fail(ErrorCode::kNotFound, "there is no such file");
  if (error) return fail(ErrorCode::kIo, error.message());
  if (status.type() == file_type::directory) return fail(ErrorCode::kInvalid, "it is a folder");
  if (status.type() != file_type::regular) return fail(ErrorCode::kInvalid, "it is no regular file");
  return status;
}

Result<std::string> read_whole_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) return fail(ErrorCode::kIo, "no permission, or the disk refuses");
  return text;
}

}  // namespace vj::config
