// How large the classes of a source are, counted from its text: what a caller may ask of one, and what one has to keep in order. Classes
// are meant, and structs named Impl; other structs are data. Used by the checker of the house.
#pragma once

#include <string>
#include <vector>

namespace arch {

struct ClassSize {
  std::string name;         // "SceneHost", "Workspace::Impl"
  int line = 0;             // from 1
  int publicFunctions = 0;  // and public slots; without constructors, the destructor and signals
  int members = 0;          // data members that are not static, in every section
};

// In the order of the text, nested ones after the class around them.
std::vector<ClassSize> classSizes(const std::string& text);

}  // namespace arch
