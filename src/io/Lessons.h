// Where lessons come from: the Markdown files inside the program, found by listing as networks and data sets are, and files of the
// person's. What they say is read by src/lessons. Free functions; thread: any.
#pragma once

#include <string>
#include <vector>

#include <QString>

#include "lessons/Parser.h"

namespace io {

struct LessonText {
  QString id;  // the file's name without its ending: "01-convolution"
  std::string text;
};
// In the order of their names.
const std::vector<LessonText>& shippedLessons();
bool isLessonFile(const QString& path);  // by its name
// Throws nn::Error where the file cannot be read; what is wrong inside is in the issues.
lessons::Parsed readLessonFile(const QString& path);

}  // namespace io
