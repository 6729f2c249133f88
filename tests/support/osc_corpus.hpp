// Reads src/osc/testdata/packets.txt: named packets, and the lines that must be read from them. The file says its form.
#pragma once

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace vj::test {

struct CorpusPacket {
  std::string name;
  std::string bytes;
  std::string lines;  // each ended by a line break
};

inline void append_corpus_bytes(const std::string& line, std::string& bytes) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"') {
      quoted = !quoted;
    } else if (quoted && c == '\\') {
      const char escaped = line.at(++i);
      bytes.push_back(escaped == '0' ? '\0' : escaped == 'r' ? '\r' : '\n');
    } else if (quoted) {
      bytes.push_back(c);
    } else if (c != ' ') {
      bytes.push_back(static_cast<char>(std::stoi(line.substr(i++, 2), nullptr, 16)));
    }
  }
}

inline std::vector<CorpusPacket> osc_corpus(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file);
  std::vector<CorpusPacket> packets;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == '[') {
      packets.push_back({.name = line.substr(1, line.size() - 2), .bytes = {}, .lines = {}});
    } else if (line.starts_with("= ")) {
      packets.back().lines += line.substr(2) + '\n';
    } else {
      append_corpus_bytes(line, packets.back().bytes);
    }
  }
  return packets;
}

}  // namespace vj::test
