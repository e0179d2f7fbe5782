// Reads a lesson from Markdown. Everything that is wrong with a file is told at once, each with its line and what to write instead; what a
// person wrote is never a reason to throw. Whether the places and commands that it names exist is Checker's business. Any thread.
#pragma once

#include <string_view>
#include <vector>

#include "lessons/Lesson.h"
#include "nn/Error.h"

namespace lessons {

inline constexpr std::size_t kMostBytes = 1 << 20;  // of a file
inline constexpr std::size_t kMostSteps = 200;

struct Parsed {
  Lesson lesson;
  std::vector<nn::Issue> issues;  // empty: it can be played. where: "01-convolution.md, line 7"
};

// id: the file's name without its ending. The format is described in docs/CONTRIBUTING.md.
Parsed parseLesson(std::string_view text, const std::string& id);

// One side of an expectation, or what stands between braces.
Expression parseExpression(std::string_view text, int line);

// "01-convolution.md, line 7", where an issue of a lesson is.
std::string lessonPlace(const std::string& id, int line);

}  // namespace lessons
