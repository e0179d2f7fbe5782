// Names that sources hide in anonymous namespaces. A unity build compiles many sources of a target as one, where a hidden name that stands
// twice is an error, or changes what a call means; a plain build shows neither. Used by the tests of the house.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "arch/ArchChecker.h"

namespace arch {

struct DeclaredName {
  std::string name;
  int line = 0;         // from 1, where its declaration begins
  bool hidden = false;  // in an anonymous namespace, or static
  std::string alias;    // what it is another name for
};

// What a source declares outside of classes and functions, each time it does: constants and variables (all of one declaration), types,
// values of enumerations without a scope of their own, aliases and functions. Members that are defined outside of their class, operators
// and what macros make are left out.
std::vector<DeclaredName> declaredNames(const std::string& text);

// No name that a source of a target (src/X, ui, tests/X) hides is declared by another source or header of the target, nor by its own
// header; also not for a function of other parameters, which would be chosen between. An alias may
// stand twice for the same. What begins with one of `separate` is compiled alone.
std::vector<Violation> checkHiddenNames(const std::filesystem::path& root, const std::set<std::string>& separate);

}  // namespace arch
