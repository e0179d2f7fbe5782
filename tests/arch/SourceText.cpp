#include "arch/SourceText.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <regex>
#include <utility>

namespace arch {

namespace fs = std::filesystem;

std::string SourceFile::text() const {
  std::string text;
  for (const auto& line : lines) text += line + '\n';
  return text;
}

std::vector<SourceFile> sourcesBelow(const fs::path& root, const std::vector<std::string>& folders) {
  std::vector<SourceFile> files;
  for (const auto& folder : folders) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const auto extension = entry.path().extension();
      if (!entry.is_regular_file() || (extension != ".h" && extension != ".cpp")) continue;
      SourceFile file{fs::relative(entry.path(), root).generic_string(), {}};
      std::ifstream stream(entry.path());
      for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
      files.push_back(std::move(file));
    }
  }
  std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

std::string foldersOf(const std::string& path, int count) {
  std::size_t end = 0;
  for (int i = 0; i < count; ++i) {
    const auto next = path.find('/', end == 0 ? 0 : end + 1);
    if (next == std::string::npos) break;
    end = next;
  }
  return path.substr(0, end);
}

std::string codeOf(const std::string& text) {
  static const std::regex other(
      R"re(//[^\n]*|/\*[^]*?\*/|R"(\w*)\([^]*?\)\1"|"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])+'|(^|\n)[ \t]*#(\\\n|[^\n])*)re");
  std::string code;
  auto from = text.begin();
  for (std::sregex_iterator match(text.begin(), text.end(), other), end; match != end; ++match) {
    const auto& found = (*match)[0];
    // A mark between the digits of a number begins no character.
    const bool digits = *found.first == '\'' && found.first != text.begin() && std::isalnum(static_cast<unsigned char>(found.first[-1]));
    code.append(from, found.first);
    for (auto c = found.first; c != found.second; ++c) code += digits ? *c : *c == '\n' ? '\n' : ' ';
    from = found.second;
  }
  return code.append(from, text.end());
}

std::size_t behindBrace(const std::string& code, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < code.size(); ++i) {
    if (code[i] == '{') ++depth;
    if (code[i] == '}' && --depth == 0) return i + 1;
  }
  return code.size();
}

std::string inOneLine(std::string statement) {
  static const std::regex macros(R"(\bQ_[A-Z_]+\b(\s*\([^)]*\))?)"), attributes(R"(\[\[[^\]]*\]\])"), blanks(R"(\s+)");
  statement = std::regex_replace(statement, macros, "");
  statement = std::regex_replace(statement, attributes, "");
  statement = std::regex_replace(statement, blanks, " ");
  const auto first = statement.find_first_not_of(' ');
  return first == std::string::npos ? std::string() : statement.substr(first, statement.find_last_not_of(' ') - first + 1);
}

std::string outsideAngles(const std::string& statement) {
  std::string outside;
  int depth = 0;
  for (const char c : statement) {
    if (c == '>' && depth > 0 && (outside.empty() || outside.back() != '-')) --depth;
    if (depth == 0 && c != '>') outside += c;
    if (c == '<') ++depth;
  }
  return outside;
}

}  // namespace arch
