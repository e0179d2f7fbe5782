// The inside of a paragraph: **bold**, *emphasized*, `code`, and values between braces. Used by the parser alone; any thread.
#pragma once

#include <functional>
#include <string>

#include "lessons/Lesson.h"

namespace lessons {

// issue: told what, and what to do. A backslash before a mark makes it an ordinary character.
Paragraph readInline(const std::string& text, int line, const std::function<void(const std::string&, const std::string&)>& issue);

}  // namespace lessons
