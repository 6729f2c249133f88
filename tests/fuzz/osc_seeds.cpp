// Writes every packet of the OSC corpus into a file of its own, as fuzzers want them: osc_seeds PACKETS.TXT FOLDER
#include <filesystem>
#include <fstream>
#include <string>

#include "support/osc_corpus.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::filesystem::path folder = argv[2];
  std::filesystem::create_directories(folder);
  std::size_t number = 0;
  for (const auto& packet : vj::test::osc_corpus(argv[1])) {
    std::ofstream out(folder / std::to_string(++number), std::ios::binary);
    out << packet.bytes;
    if (!out.flush()) return 1;
  }
  return 0;
}
