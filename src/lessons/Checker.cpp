#include "lessons/Checker.h"

#include <algorithm>
#include <array>

#include "lessons/Parser.h"
#include "nn/NumberText.h"

namespace lessons {

namespace {

constexpr std::array kCell = {Argument::Layer, Argument::Map, Argument::Row, Argument::Column};

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string joined(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i) text.append(i == 0 ? "" : ", ").append(names[i]);
  return names.size() > kMost ? text + " and others" : text;
}

// The name that begins most alike; for commands, of which there are many.
std::string nearestTo(const std::string& name, const std::vector<std::string>& names) {
  std::string nearest;
  std::size_t most = 0;
  for (const std::string& each : names) {
    const auto [a, b] = std::mismatch(name.begin(), name.end(), each.begin(), each.end());
    const std::size_t alike = std::size_t(a - name.begin());
    if (alike > most) {
      most = alike;
      nearest = each;
    }
  }
  return nearest;
}

class LessonChecker {
 public:
  LessonChecker(const Lesson& lesson, const Known& known) : m_lesson(lesson), m_known(known) {}

  std::vector<nn::Issue> check() {
    if (!m_lesson.network.empty() && !m_known.network)
      m_issues.push_back(
          {m_lesson.id + ".md", "there is no network '" + m_lesson.network + "'", "Name one of " + joined(m_known.networks)});
    for (const Step& step : m_lesson.steps) checkStep(step);
    return std::move(m_issues);
  }

 private:
  std::string at(int line) const { return lessonPlace(m_lesson.id, line); }
  void issue(int line, const std::string& what, const std::string& hint) { m_issues.push_back({at(line), what, hint}); }

  void checkStep(const Step& step) {
    for (const Paragraph& paragraph : step.text) checkValues(paragraph, true);
    for (const Verb& verb : step.verbs) checkVerb(verb);
    if (step.question) {
      checkValues(step.question->text, false);
      for (const Choice& choice : step.question->choices) {
        checkValues(choice.text, false);
        checkValues(choice.reply, false);
      }
      for (const Paragraph& paragraph : step.question->answer) checkValues(paragraph, true);
      for (const Verb& verb : step.question->verbs) checkVerb(verb);
    }
    for (const Expectation& expectation : step.expectations)
      for (const Expression* side : {&expectation.left, &expectation.right}) checkValue(*side, false);
  }

  void checkValues(const Paragraph& paragraph, bool figures) {
    for (const Piece& piece : paragraph)
      if (piece.value) checkValue(*piece.value, figures && paragraph.size() == 1);
  }

  void checkValue(const Expression& value, bool figures) {
    if (!m_known.network) return;
    const std::size_t before = m_issues.size();
    checkExpression(value, *m_known.network, at(value.line), m_issues);
    const ExpressionForm* form = findExpressionForm(value.function);
    if (m_issues.size() == before && form && form->figure && !figures)
      issue(value.line, "'" + value.function + "' is shown as tables, not within a sentence",
            "Make it a paragraph of its own in the text or the answer");
  }

  void checkVerb(const Verb& verb) {
    const auto forms = verbForms();
    const auto form = std::find_if(forms.begin(), forms.end(), [&](const VerbForm& f) { return f.name == verb.name; });
    if (form == forms.end()) {
      std::vector<std::string> names;
      for (const VerbForm& each : forms) names.emplace_back(each.name);
      return issue(verb.line, "a step cannot '" + verb.name + "'", "It can " + joined(names));
    }
    const std::vector<std::string>& words = verb.arguments;
    if (words.empty())
      return issue(verb.line, "'" + verb.name + "' does not say what", std::string("Write ") + form->name + " " + form->arguments);
    checkArguments(verb, words);
  }

  void checkArguments(const Verb& verb, const std::vector<std::string>& words) {
    if (verb.name == "camera" && words.front() == "all" && words.size() == 1) return;
    if (verb.name == "spotlight" && words.size() == 1 && contains(m_known.panels, words.front())) return;
    if (verb.name == "camera" || verb.name == "spotlight") {
      if (m_known.network) readTarget(words, *m_known.network, at(verb.line), m_issues);
    } else if (verb.name == "pin") {
      checkUnit(verb, words);
    } else if (verb.name == "play") {
      if (!contains(m_known.animations, words.front()))
        return issue(verb.line, "there is no animation '" + words.front() + "'", "Animations are " + joined(m_known.animations));
      if (words.size() > 1) checkUnit(verb, {words.begin() + 1, words.end()});
    } else if (verb.name == "draw") {
      if (words.size() > 1 || words.front() != "nothing") readStrokes(words, at(verb.line), m_issues);
    } else if (verb.name == "run") {
      checkCommand(verb, words);
    } else if (verb.name == "set") {
      const std::string why = words.size() != 2   ? "write the field and its value"
                              : m_known.whyNotSet ? m_known.whyNotSet(words[0], words[1])
                                                  : "";
      if (!why.empty())
        issue(verb.line, "'" + words.front() + "' cannot be set like this: " + why,
              "Write set FIELD VALUE, as in a recipe: set learning-rate 0.01");
    } else if (verb.name == "data") {
      if (words.size() != 1 || !contains(m_known.dataSets, words.front()))
        issue(verb.line, "there is no data set '" + words.front() + "'", "Data sets are " + joined(m_known.dataSets));
    }
  }

  void checkCommand(const Verb& verb, const std::vector<std::string>& words) {
    if (words.size() > 2 || (words.size() == 2 && words[1] != "on" && words[1] != "off"))
      return issue(verb.line, "'run' takes a command, and on or off where it is switched", "Write run COMMAND [on | off]");
    if (!contains(m_known.commands, words.front())) {
      const std::string near = nearestTo(words.front(), m_known.commands);
      issue(verb.line, "there is no command '" + words.front() + "'", near.empty() ? "" : "Did you mean " + near + "?");
    }
  }

  void checkUnit(const Verb& verb, const std::vector<std::string>& words) {
    if (!m_known.network) return;
    const std::optional<Target> target = readTarget(words, *m_known.network, at(verb.line), m_issues);
    if (!target) return;
    const bool vector = m_known.network->node(target->place.node).shape.isVector();
    if (target->place.cell.channel < 0 || (!vector && target->place.cell.column < 0) || target->kernels)
      issue(verb.line, "this names no single unit", "Write LAYER MAP ROW COLUMN");
  }

  const Lesson& m_lesson;
  const Known& m_known;
  std::vector<nn::Issue> m_issues;
};

std::optional<DrawnPoint> pointOf(std::string_view word) {
  const auto comma = word.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  DrawnPoint point;
  const auto read = [](std::string_view text, double& number) {
    number = nn::numberOf<double>(text).value_or(-1);
    return number >= 0 && number <= kPadPixels;
  };
  return read(word.substr(0, comma), point.x) && read(word.substr(comma + 1), point.y) ? std::optional(point) : std::nullopt;
}

}  // namespace

std::span<const VerbForm> verbForms() {
  static const std::vector<VerbForm> forms = {
      {"camera", "all | LAYER [kernels [MAP] | MAP [ROW COLUMN]]", "where the eye goes; it stays there for the steps that follow"},
      {"spotlight", "PANEL | LAYER [kernels [MAP] | MAP [ROW COLUMN]]", "a frame around a place, while the rest steps back; for this step"},
      {"pin", "LAYER MAP [ROW COLUMN]", "the unit that edges are shown of; several lines pin several; for this step"},
      {"play", "ANIMATION [LAYER MAP ROW COLUMN]", "starts an animation, at a unit; for this step"},
      {"draw", "nothing | X,Y X,Y ... [; X,Y ...]", "what is on the pad from this step on"},
      {"set", "FIELD VALUE", "a field of the recipe from this step on"},
      {"data", "NAME", "the data set from this step on"},
      {"run", "COMMAND [on | off]", "a command of the window, each time the step is reached"},
  };
  return forms;
}

std::optional<Target> readTarget(std::span<const std::string> words, const nn::Network& network, const std::string& where,
                                 std::vector<nn::Issue>& issues) {
  Target target;
  target.kernels = words.size() >= 2 && words[1] == "kernels";
  std::vector<std::string> numbers(words.begin(), words.end());
  if (target.kernels) numbers.erase(numbers.begin() + 1);
  if (numbers.size() > (target.kernels ? 2 : kCell.size()) || numbers.size() == 3) {
    issues.push_back({where, "a place has a layer, and perhaps a map, and perhaps a row and a column",
                      "Write LAYER [kernels [MAP] | MAP [ROW COLUMN]]"});
    return std::nullopt;
  }
  const std::optional<Place> place = readPlace(numbers, kCell, network, where, issues);
  if (!place) return std::nullopt;
  target.place = *place;
  const nn::Network::Node& node = network.node(place->node);
  if (target.kernels && (!node.layer->window() || node.layer->kernelOffset(0, 0) < 0)) {
    issues.push_back({where, node.name + " has no kernels", "Name a convolution"});
    return std::nullopt;
  }
  return target;
}

std::optional<Strokes> readStrokes(std::span<const std::string> words, const std::string& where, std::vector<nn::Issue>& issues) {
  Strokes strokes(1);
  for (const std::string& word : words) {
    if (word == ";") {
      strokes.emplace_back();
      continue;
    }
    const std::optional<DrawnPoint> point = pointOf(word);
    if (!point) {
      issues.push_back({where, "'" + word + "' is no place on the pad", "Write X,Y with numbers from 0 to 280, and ; between two strokes"});
      return std::nullopt;
    }
    strokes.back().push_back(*point);
  }
  if (std::none_of(strokes.begin(), strokes.end(), [](const auto& stroke) { return stroke.empty(); })) return strokes;
  issues.push_back({where, "a stroke without a point", "Write X,Y X,Y, and ; between two strokes"});
  return std::nullopt;
}

std::vector<nn::Issue> checkLesson(const Lesson& lesson, const Known& known) {
  return LessonChecker(lesson, known).check();
}

}  // namespace lessons
