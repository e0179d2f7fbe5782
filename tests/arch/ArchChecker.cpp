#include "arch/ArchChecker.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <regex>
#include <sstream>
#include <utility>

#include "arch/ClassSizes.h"
#include "arch/SourceText.h"

namespace arch {
namespace fs = std::filesystem;
namespace {

// "src/nn/layers/Dense.cpp" -> "nn", "ui/panels/drawing/Pad.h" -> "ui/panels", "ui/main.cpp" -> "ui"
std::string roomOf(const std::string& path) {
  if (!path.starts_with("src/")) return foldersOf(path, 2);
  return path.find('/', 4) == std::string::npos ? "" : foldersOf(path.substr(4), 1);
}

// The same of a header as it is included: "nn/layers/Dense.h", "ui/base/Theme.h".
std::string targetOf(const std::string& header) {
  return foldersOf(header, header.starts_with("ui/") ? 2 : 1);
}

// Panels know nothing of each other.
bool isOtherPanel(const std::string& path, const std::string& header) {
  return path.starts_with("ui/panels/") && header.starts_with("ui/panels/") && foldersOf(path, 3) != foldersOf(header, 3);
}

struct Include {
  std::string header;
  bool quoted = false;
};

std::optional<Include> includeOn(const std::string& line) {
  static const std::regex pattern(R"re(^\s*#\s*include\s*(["<])([^">]+)[">])re");
  std::smatch match;
  if (!std::regex_search(line, match, pattern)) return std::nullopt;
  return Include{match[2], match[1] == "\""};
}

bool isGenerated(const std::string& header) {
  return header.starts_with("ui_") || header.starts_with("moc_") || header.ends_with(".moc") || header.starts_with("generated/");
}

bool isQt(const std::string& header) {
  return header.size() > 1 && header[0] == 'Q' && (std::isupper(static_cast<unsigned char>(header[1])) || header[1] == 't');
}

bool isOpenGl(const std::string& header) {
  return header.starts_with("QOpenGL") || header.starts_with("QtOpenGL") || header.starts_with("GL/") || header.starts_with("GLES") ||
         header.starts_with("KHR/") || header.starts_with("EGL/");
}

bool isWidget(const std::string& header, const Rules& rules) {
  const auto slash = header.find('/');
  const auto module = slash == std::string::npos ? std::string{} : header.substr(0, slash);
  const auto name = slash == std::string::npos ? header : header.substr(slash + 1);
  return module == "QtWidgets" || header == "qcustomplot.h" || rules.widgetHeaders.contains(name);
}

std::string objectionTo(const Include& include, const SourceFile& file, const std::string& room, const Rules& rules) {
  const auto& header = include.header;
  if (include.quoted) {
    if (isGenerated(header)) return {};
    const auto target = targetOf(header);
    if (!rules.arrows.contains(target)) return "\"" + header + "\" is not an include by path from the root";
    if (target != room && !rules.arrows.at(room).contains(target)) return room + " must not include " + target + " (" + header + ")";
    if (isOtherPanel(file.path, header)) return "a panel must not include another panel (" + header + ")";
    return {};
  }
  if (rules.qtFreeRooms.contains(room) && isQt(header)) return room + " is free of Qt, yet includes <" + header + ">";
  if (!rules.widgetRooms.contains(room) && isWidget(header, rules)) return room + " has no widgets, yet includes <" + header + ">";
  const auto mayUseGl = [&](const std::string& folder) { return file.path.starts_with(folder); };
  if (isOpenGl(header) && std::none_of(rules.glFolders.begin(), rules.glFolders.end(), mayUseGl))
    return "OpenGL has no place here: <" + header + ">";
  return {};
}

std::size_t indentationOf(const std::string& line) {
  const auto first = line.find_first_not_of(' ');
  return first == std::string::npos ? line.size() : first;
}

// A block with a parameter list that opens here: a function, or a control statement, which is never longer than its function.
bool opensFunction(const std::string& line) {
  static const std::regex pattern(R"(\)[^;]*\{\s*$)");
  const auto first = line.find_first_not_of(' ');
  if (first == std::string::npos || line[first] == '#' || line[first] == '/' || line[first] == '}') return false;
  return std::regex_search(line, pattern) ||
         (line.ends_with(" {") && line.find("::") != std::string::npos && line.find(" : ") != std::string::npos);
}

bool closes(const std::string& line, std::size_t indentation) {
  return indentationOf(line) == indentation && indentation < line.size() && line[indentation] == '}';
}

// A declaration that spans lines opens its block deeper than it began; the closing brace stands where it began. clang-format
// puts that brace at a multiple of two, so the search takes the next closing brace that is not deeper than the opening line.
std::size_t endOfBlock(const std::vector<std::string>& lines, std::size_t start) {
  const auto opened = indentationOf(lines[start]);
  for (std::size_t i = start + 1; i < lines.size(); ++i)
    for (std::size_t indentation = 0; indentation <= opened; indentation += 2)
      if (closes(lines[i], indentation)) return i;
  return lines.size() - 1;
}

std::vector<Violation> longFunctions(const SourceFile& file, int limit) {
  std::vector<Violation> found;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    if (!opensFunction(file.lines[i])) continue;
    const auto end = endOfBlock(file.lines, i);
    const int length = static_cast<int>(end - i) + 1;
    if (length <= limit) continue;
    found.push_back(
        {file.path, static_cast<int>(i) + 1, "a function of " + std::to_string(length) + " lines (limit " + std::to_string(limit) + ")"});
    i = end;
  }
  return found;
}

bool isWordCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

bool containsWord(const std::string& line, const std::string& word) {
  for (auto at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool openBefore = at == 0 || !isWordCharacter(word.front()) || !isWordCharacter(line[at - 1]);
    const bool openAfter = end == line.size() || !isWordCharacter(word.back()) || !isWordCharacter(line[end]);
    if (openBefore && openAfter) return true;
  }
  return false;
}

}  // namespace

Rules houseRules(const std::vector<fs::path>& widgetHeaderFolders) {
  Rules rules;
  const std::set<std::string> sources = {"nn", "data", "tasks", "train", "analysis", "scene", "render", "lessons", "io", "cli"};
  rules.arrows = {
      {"nn", {}},
      {"data", {"nn"}},
      {"tasks", {"nn", "data"}},
      {"train", {"nn", "data", "tasks"}},
      {"analysis", {"nn", "tasks"}},
      {"scene", {"nn", "analysis"}},
      {"render", {"nn", "analysis", "scene"}},
      {"lessons", {"nn"}},
      {"io", {"nn", "data", "tasks", "train", "lessons"}},
      {"cli", {"nn", "data", "tasks", "train", "analysis", "scene", "render", "lessons", "io"}},
      {"ui/base", sources},
      {"ui/model", sources},
      {"ui/app", sources},
      {"ui/panels", sources},
      {"ui/scene", sources},
      {"ui/shell", sources},
      {"ui/tour", sources},
      {"ui", sources},
  };
  const auto allow = [&](const std::string& room, const std::vector<std::string>& rooms) {
    for (const std::string& other : rooms) rules.arrows[room].insert(other);
  };
  allow("ui/model", {"ui/base"});
  allow("ui/app", {"ui/base", "ui/model"});
  allow("ui/panels", {"ui/base", "ui/model", "ui/app"});
  allow("ui/scene", {"ui/base", "ui/model", "ui/app"});
  allow("ui/shell", {"ui/base", "ui/model", "ui/app", "ui/panels", "ui/scene"});
  allow("ui/tour", {"ui/base", "ui/model", "ui/app", "ui/panels", "ui/scene", "ui/shell"});
  allow("ui", {"ui/base", "ui/shell", "ui/tour"});
  rules.qtFreeRooms = {"nn", "data", "tasks", "train", "analysis", "scene", "lessons"};
  rules.widgetRooms = {"ui/base", "ui/app", "ui/panels", "ui/scene", "ui/shell", "ui/tour", "ui"};
  rules.glFolders = {"src/render/", "ui/scene/"};
  for (const auto& folder : widgetHeaderFolders)
    for (const auto& entry : fs::directory_iterator(folder)) rules.widgetHeaders.insert(entry.path().filename().string());
  // Written in two halves, so that this file does not break its own rule.
  rules.bannedWords = {
      "TO"
      "DO",
      "FIX"
      "ME",
      "XX"
      "X",
      "/ro"
      "ot/",
      "/wo"
      "rk/"};
  return rules;
}

std::vector<Violation> checkIncludes(const fs::path& root, const Rules& rules) {
  std::vector<Violation> found;
  for (const auto& file : sourcesBelow(root, {"src", "ui"})) {
    const auto room = roomOf(file.path);
    if (!rules.arrows.contains(room)) {
      found.push_back({file.path, 0, "this folder is not a room of the house"});
      continue;
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto include = includeOn(file.lines[i]);
      const auto objection = include ? objectionTo(*include, file, room, rules) : std::string{};
      if (!objection.empty()) found.push_back({file.path, static_cast<int>(i) + 1, objection});
    }
  }
  return found;
}

std::vector<Violation> checkSizes(const fs::path& root, const Rules& rules) {
  std::vector<Violation> found;
  for (const auto& file : sourcesBelow(root, {"src", "ui", "tests"})) {
    const int length = static_cast<int>(file.lines.size());
    if (length > rules.fileLines)
      found.push_back({file.path, 0, std::to_string(length) + " lines (limit " + std::to_string(rules.fileLines) + ")"});
    if (file.path.starts_with("tests/")) continue;
    for (auto& violation : longFunctions(file, rules.functionLines)) found.push_back(std::move(violation));
  }
  return found;
}

std::vector<Violation> checkClasses(const fs::path& root, const Rules& rules) {
  std::vector<Violation> found;
  for (const auto& file : sourcesBelow(root, {"src", "ui"}))
    for (const ClassSize& size : classSizes(file.text())) {
      const auto limit = [&](int count, int most, const char* of) {
        if (count > most)
          found.push_back(
              {file.path, size.line, size.name + " has " + std::to_string(count) + " " + of + " (limit " + std::to_string(most) + ")"});
      };
      limit(size.publicFunctions, rules.classes.publicFunctions, "public functions");
      limit(size.members, rules.classes.members, "data members");
    }
  return found;
}

std::vector<Violation> checkTexts(const fs::path& root, const Rules& rules) {
  std::vector<Violation> found;
  for (const auto& file : sourcesBelow(root, {"src", "ui", "tests"})) {
    if (file.isHeader() && std::find(file.lines.begin(), file.lines.end(), "#pragma once") == file.lines.end())
      found.push_back({file.path, 0, "no #pragma once"});
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      for (const auto& word : rules.bannedWords)
        if (containsWord(file.lines[i], word)) found.push_back({file.path, static_cast<int>(i) + 1, "says \"" + word + "\""});
  }
  return found;
}

std::vector<Violation> checkTestsAreBuilt(const fs::path& root, const std::set<std::string>& builtSources) {
  std::vector<Violation> found;
  for (const auto& file : sourcesBelow(root, {"tests"}))
    if (file.path.ends_with("Test.cpp") && !builtSources.contains(file.path)) found.push_back({file.path, 0, "is in no target"});
  return found;
}

std::string describe(const std::vector<Violation>& violations) {
  std::ostringstream text;
  for (const auto& [file, line, what] : violations) text << "\n  " << file << (line ? ":" + std::to_string(line) : "") << ": " << what;
  return text.str();
}

}  // namespace arch
