// The reader of lessons, the checker and the values that they name: whatever a file holds, it is read without a throw, and what the checker
// takes can be computed.
#include <algorithm>

#include "fuzz/FuzzTarget.h"
#include "io/Lessons.h"
#include "io/Model.h"
#include "lessons/Checker.h"
#include "lessons/Parser.h"

namespace fuzz {

bool read(const std::string& bytes) {
  static const auto network = nn::Network::create(io::loadNetworkSpec("edges"));
  static const std::vector<float> parameters = network->initialParameters(1);
  static const std::vector<float> values(100000, 0.5f);
  const lessons::Parsed parsed = lessons::parseLesson(bytes, "fuzz");
  for (const nn::Issue& issue : parsed.issues) require(!issue.where.empty() && !issue.what.empty(), "an issue says where and what");
  for (const nn::Issue& issue : lessons::checkLesson(parsed.lesson, {network.get(), {}, {}, {}, {}, {}, {}}))
    require(!issue.where.empty() && !issue.what.empty(), "an issue of the checker says where and what");
  const lessons::Live live{*network, parameters, [](int node) { return std::span(values).first(network->node(node).shape.size()); }};
  for (const lessons::Step& step : parsed.lesson.steps)
    for (const lessons::Paragraph& paragraph : step.text)
      for (const lessons::Piece& piece : paragraph) {
        if (!piece.value) continue;
        std::vector<nn::Issue> wrong;
        lessons::checkExpression(*piece.value, *network, "fuzz", wrong);
        require(wrong.empty() == lessons::evaluate(*piece.value, live).has_value(), "what the checker takes has a value");
      }
  return parsed.issues.empty();  // this target knows no commands and panels
}

std::vector<std::string> seeds() {
  std::vector<std::string> result;
  for (const io::LessonText& lesson : io::shippedLessons()) result.push_back(lesson.text);
  return result;
}

std::vector<std::string> words() {
  std::vector<std::string> result{"# ", "## ", "```", "```do\n", "```expect\n", "```lesson\n", "- [ ] ", "- [x] ", "> ",      "**",
                                  "*",  "`",   "{",   "}",       "\\",          "<!--",        "-->",    "conv1",  "kernels", "0",
                                  "1",  "16",  "-1",  "1e9",     "nan",         " = ",         " < ",    ";",      "140,140"};
  for (const lessons::VerbForm& form : lessons::verbForms()) result.push_back(form.name);
  for (const lessons::ExpressionForm& form : lessons::expressionForms()) result.push_back(form.name);
  return result;
}

std::string changedInside(const std::string&, data::Random&) {
  return {};
}

}  // namespace fuzz
