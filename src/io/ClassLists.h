// The names of a model's classes from where people have them: a list in a file, a few words, or a data set whose classes are common
// knowledge. Free functions; throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <string>
#include <vector>

#include <QString>

namespace io {

struct ClassList {
  const char* word;   // as files call it: "fashion"
  const char* title;  // "Fashion-MNIST"
  std::vector<std::string> names;
};
const std::vector<ClassList>& knownClassLists();
const ClassList* findClassList(const QString& word);  // null when there is none

// From a text file with a name on each line, its number before it or not; a JSON list, or an object that gives each number its name or each
// name its number; or a table whose first column is the number or the name. In the order of the numbers.
std::vector<std::string> readClassNames(const QString& path);
// The same of a text that may also be written as Python writes a list or a dict, or be one line with commas. `where`: for messages.
std::vector<std::string> classNamesIn(const QByteArray& text, const std::string& where);
// The word of a known list, the path of a file, or the names themselves with commas between them.
std::vector<std::string> classNamesOf(const QString& words);
// Throws where that many names are not one for each class, or one stands twice.
void requireClassNames(const std::vector<std::string>& names, std::size_t classes, const std::string& where);

}  // namespace io
