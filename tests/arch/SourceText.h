// The sources of a tree as text, and what of a text is code: what the checkers of the house read.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace arch {

struct SourceFile {
  std::string path;  // relative to the root
  std::vector<std::string> lines;
  bool isHeader() const { return path.ends_with(".h"); }
  std::string text() const;
};

// All .h and .cpp below these folders of the root, in the order of their paths. Folders that are not there are left out.
std::vector<SourceFile> sourcesBelow(const std::filesystem::path& root, const std::vector<std::string>& folders);

// The first `count` folders of a path: ("ui/panels/training/Curve.h", 2) -> "ui/panels"; fewer where there are no more.
std::string foldersOf(const std::string& path, int count);

// Comments, texts and preprocessor lines become blank; line breaks stay where they are.
std::string codeOf(const std::string& text);

// Behind the brace that closes the one at `open`.
std::size_t behindBrace(const std::string& code, std::size_t open);

// A statement in one line with single blanks, without attributes and the words that are macros of Qt.
std::string inOneLine(std::string statement);

// What of a statement stands outside of <>.
std::string outsideAngles(const std::string& statement);

}  // namespace arch
