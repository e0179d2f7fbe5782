// The rules of the house that a compiler does not know: which room may include which, sizes of files and functions,
// words that have no place in a source. Works on the text of a tree, so that the tests can lay one out themselves.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace arch {

struct Violation {
  std::string file;  // relative to the root of the tree
  int line = 0;      // from 1; 0 when the whole file is meant
  std::string what;
};

struct ClassLimits {
  int publicFunctions = 25;
  int members = 15;
};

struct Rules {
  // room -> rooms whose headers it may include, apart from its own.
  std::map<std::string, std::set<std::string>> arrows;
  std::set<std::string> qtFreeRooms;
  std::set<std::string> widgetRooms;
  // Folders that may include OpenGL headers.
  std::vector<std::string> glFolders;
  // Names of headers that belong to Qt's widget modules (<QLabel>).
  std::set<std::string> widgetHeaders;
  std::vector<std::string> bannedWords;
  int fileLines = 400;
  int functionLines = 60;
  ClassLimits classes;
};

// The rules of ConvScope. `widgetHeaderFolders` are the include folders of QtWidgets and its like.
Rules houseRules(const std::vector<std::filesystem::path>& widgetHeaderFolders);

// Arrows between rooms, Qt and OpenGL where they belong, includes by path from the root. Reads src/ and ui/.
std::vector<Violation> checkIncludes(const std::filesystem::path& root, const Rules& rules);

// Lines of files in src/, ui/ and tests/; lines of functions in src/ and ui/.
std::vector<Violation> checkSizes(const std::filesystem::path& root, const Rules& rules);

// Public functions and data members of classes in src/ and ui/ (see ClassSizes.h).
std::vector<Violation> checkClasses(const std::filesystem::path& root, const Rules& rules);

// `#pragma once` in every header, no banned word.
std::vector<Violation> checkTexts(const std::filesystem::path& root, const Rules& rules);

// Every *Test.cpp below tests/ is among the sources that CMake gave to a target.
std::vector<Violation> checkTestsAreBuilt(const std::filesystem::path& root, const std::set<std::string>& builtSources);

std::string describe(const std::vector<Violation>& violations);

}  // namespace arch
