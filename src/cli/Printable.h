// What a terminal is given. Names of files, layers and classes come from anybody: a control character in one of them could color or clear
// the terminal, begin a line of its own or turn the text that follows around. Free functions; any thread.
#pragma once

#include <string>

#include <QString>

namespace cli {

// As UTF-8 in one line: control characters, separators of lines and what overrides the direction of writing stand as \u001b, which JSON
// reads again as what they were.
std::string printable(const QString& text);
QString inOneLine(const QString& name);  // the same, for a name in a text of several lines
// The same of a text of several lines.
std::string printableLines(const QString& text);

}  // namespace cli
