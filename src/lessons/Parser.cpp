#include "lessons/Parser.h"

#include <algorithm>
#include <utility>

#include "lessons/Inline.h"
#include "nn/NumberText.h"

namespace lessons {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const auto first = text.find_first_not_of(kBlank);
  return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::vector<std::string> wordsOf(std::string_view text) {
  std::vector<std::string> words;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const auto end = std::min(text.find_first_of(" \t"), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

// The file line by line; `m_part` says what the next plain text belongs to.
class LessonReader {
 public:
  LessonReader(std::string_view text, const std::string& id) : m_text(text) { m_parsed.lesson.id = id; }

  Parsed read() {
    while (nextLine()) {
      if (m_fence) {
        readFenced();
      } else if (m_comment || m_line.starts_with("<!--")) {
        if (!m_comment) m_commentLine = m_number;
        m_comment = m_line.find("-->") == std::string_view::npos;
      } else {
        readLine();
      }
    }
    finish();
    return std::move(m_parsed);
  }

 private:
  enum class Part { Head, Step, Choices, Answer };
  enum class Fence { Lesson, Do, Expect, Unknown };

  bool nextLine() {
    if (m_at > m_text.size() || m_text.empty()) return false;
    const auto end = std::min(m_text.find('\n', m_at), m_text.size());
    m_raw = m_text.substr(m_at, end - m_at);
    m_line = trimmed(m_raw);
    m_at = end + 1;
    ++m_number;
    return true;
  }

  void issue(const std::string& what, const std::string& hint, int line = 0) {
    m_parsed.issues.push_back({lessonPlace(m_parsed.lesson.id, line > 0 ? line : m_number), what, hint});
  }
  Step* step() { return m_parsed.lesson.steps.empty() ? nullptr : &m_parsed.lesson.steps.back(); }

  void readLine() {
    if (m_line.starts_with("```")) return openFence();
    if (m_line.empty()) return endParagraph();
    if (m_line.starts_with("#")) return readHeading();
    if (m_line.starts_with("- [")) return readChoice();
    if (m_line.starts_with(">")) return readAnswer();
    const bool indented = m_raw.starts_with("  ");
    if (m_part == Part::Choices && indented) return take(trimmed(m_line), m_reply);
    if (m_part == Part::Choices || m_part == Part::Answer) {
      return issue("text behind the answers of a question is shown nowhere",
                   "Put > before what tells the answer, two spaces before a reply to the answer above, or begin the next step with ##");
    }
    if (m_line.starts_with("- ") || m_line.starts_with("* ")) {
      endParagraph();
      return take("• " + std::string(trimmed(m_line.substr(2))), m_paragraph);
    }
    take(m_line, m_paragraph);
  }

  void take(std::string_view words, std::string& into) {
    if (into.empty()) m_paragraphLine = m_number;
    into += into.empty() ? "" : " ";
    into += words;
  }

  Paragraph pieces(const std::string& text) {
    return readInline(text, m_paragraphLine,
                      [this](const std::string& what, const std::string& hint) { issue(what, hint, m_paragraphLine); });
  }

  void endReply() {
    if (m_reply.empty()) return;
    if (step() && step()->question && !step()->question->choices.empty()) step()->question->choices.back().reply = pieces(m_reply);
    m_reply.clear();
  }

  void endParagraph() {
    endReply();
    if (!m_paragraph.empty()) {
      const std::string text = std::exchange(m_paragraph, {});
      if (m_part == Part::Step)
        step()->text.push_back(pieces(text));
      else if (m_part == Part::Answer)
        step()->question->answer.push_back(pieces(text));
      else if (m_part == Part::Head && m_parsed.lesson.summary.empty())
        m_parsed.lesson.summary = text;
    }
  }

  void readHeading() {
    endParagraph();
    const auto level = std::min(m_line.find_first_not_of('#'), m_line.size());
    const std::string title(trimmed(m_line.substr(level)));
    if (title.empty()) return issue("a heading without a title", "Write the title behind the " + std::string(level, '#'));
    if (level == 1 && m_part == Part::Head && m_parsed.lesson.title.empty()) {
      m_parsed.lesson.title = title;
    } else if (level == 2) {
      finishStep();
      m_part = Part::Step;
      m_parsed.lesson.steps.emplace_back();
      step()->title = title;
      step()->line = m_number;
      if (m_parsed.lesson.steps.size() == kMostSteps + 1)
        issue("more than " + std::to_string(kMostSteps) + " steps", "Make two lessons of it");
    } else {
      issue("no such heading is known here", "One # with the lesson's title stands first; each step begins with ## and its title");
    }
  }

  // The paragraph before the first of them is the question.
  void readChoice() {
    endReply();
    endParagraph();
    if (!step() || (m_part != Part::Step && m_part != Part::Choices))
      return issue("an answer to pick without a question", "Put it below a question within a step");
    const bool right = m_line.starts_with("- [x]") || m_line.starts_with("- [X]");
    if (!right && !m_line.starts_with("- [ ]"))
      return issue("an answer to pick begins with - [ ], the right one with - [x]", "Write one of these");
    if (m_part == Part::Step) {
      if (step()->text.empty()) return issue("there is no question above the answers", "Write it as the paragraph before them");
      step()->question.emplace();
      step()->question->text = std::move(step()->text.back());
      step()->text.pop_back();
      m_part = Part::Choices;
    }
    m_paragraphLine = m_number;
    step()->question->choices.push_back({pieces(std::string(trimmed(m_line.substr(5)))), right, {}, m_number});
  }

  void readAnswer() {
    if (m_part != Part::Choices && m_part != Part::Answer) {
      issue("a line with > tells the answer to a question, and there is none above it", "Write the answers to pick first: - [ ] and - [x]");
      return;
    }
    if (m_part == Part::Choices) {
      endParagraph();
      m_part = Part::Answer;
    }
    const std::string_view words = trimmed(m_line.substr(1));
    words.empty() ? endParagraph() : take(words, m_paragraph);
  }

  void openFence() {
    endParagraph();
    const std::string kind(trimmed(m_line.substr(3)));
    m_fence = kind == "lesson" ? Fence::Lesson : kind == "do" ? Fence::Do : kind == "expect" ? Fence::Expect : Fence::Unknown;
    m_fenceLine = m_number;
    if (m_fence == Fence::Unknown)
      issue("there is no block '" + kind + "'", "Its word is one of lesson, do and expect, right behind the three marks");
    else if ((m_fence == Fence::Lesson) != (m_part == Part::Head))
      issue(m_fence == Fence::Lesson ? "the block of the lesson stands before its first step" : "this block stands in a step",
            "Move it there");
  }

  void readFenced() {
    if (m_line.starts_with("```")) {
      m_fence.reset();
      return;
    }
    if (m_line.empty() || m_line.starts_with("#")) return;  // a remark
    if (m_fence == Fence::Lesson) return readSetting();
    if (!step()) return;
    if (m_fence == Fence::Do) {
      std::vector<std::string> words = wordsOf(m_line);
      Verb verb{words.front(), {words.begin() + 1, words.end()}, m_number};
      (step()->question ? step()->question->verbs : step()->verbs).push_back(std::move(verb));
    } else if (m_fence == Fence::Expect) {
      readExpectation();
    }
  }

  void readSetting() {
    const std::vector<std::string> words = wordsOf(m_line);
    const std::string value = words.size() == 2 ? words[1] : "";
    if (words.front() == "network" && !value.empty()) {
      m_parsed.lesson.network = value;
    } else if (words.front() == "minutes") {
      const int minutes = nn::numberOf<int>(value).value_or(0);
      if (minutes < 1 || minutes > 600)
        return issue("'minutes' must be a whole number from 1 to 600", "Write how long the lesson takes: minutes 10");
      m_parsed.lesson.minutes = minutes;
    } else {
      issue("a lesson has no '" + words.front() + "' of this kind", "Its lines are: network NAME, minutes NUMBER");
    }
  }

  void readExpectation() {
    for (const char* comparison : {"<=", ">=", "<", ">", "="}) {
      const auto at = m_line.find(comparison);
      if (at == std::string_view::npos) continue;
      const std::string_view left = trimmed(m_line.substr(0, at)), right = trimmed(m_line.substr(at + std::string_view(comparison).size()));
      if (left.empty() || right.empty()) break;
      step()->expectations.push_back({parseExpression(left, m_number), parseExpression(right, m_number), comparison, m_number});
      return;
    }
    issue("this compares nothing", "Write two values with <, >, =, <= or >= between them: value conv1 1 7 5 > 0");
  }

  void finishStep() {
    endParagraph();
    if (!step()) return;
    const Step& last = *step();
    if (last.text.empty() && !last.question)
      issue("the step '" + last.title + "' has no text", "Write one or two sentences below its title", last.line);
    if (!last.question) return;
    const auto& choices = last.question->choices;
    if (choices.size() < 2 || choices.size() > 6)
      issue("a question has two to six answers to pick", "This one has " + std::to_string(choices.size()), last.line);
    if (std::none_of(choices.begin(), choices.end(), [](const Choice& choice) { return choice.right; }))
      issue("none of the answers is the right one", "Mark it with - [x]", last.line);
  }

  void finish() {
    finishStep();
    const Lesson& lesson = m_parsed.lesson;
    if (m_fence) issue("a block is not closed", "End it with a line of three marks: ```", m_fenceLine);
    if (m_comment) issue("a comment is not closed", "End it with -->", m_commentLine);
    if (lesson.title.empty()) issue("the lesson has no title", "Begin the file with # and the title", 1);
    if (lesson.summary.empty())
      issue("the lesson has no summary", "Write one sentence below the title, which the list of lessons shows", 1);
    if (lesson.steps.empty()) issue("the lesson has no step", "Begin each step with ## and its title");
  }

  std::string_view m_text, m_raw, m_line;
  std::size_t m_at = 0;
  int m_number = 0, m_fenceLine = 0, m_commentLine = 0, m_paragraphLine = 0;
  Part m_part = Part::Head;
  std::optional<Fence> m_fence;
  bool m_comment = false;
  std::string m_paragraph, m_reply;
  Parsed m_parsed;
};

}  // namespace

std::string lessonPlace(const std::string& id, int line) {
  return id + ".md, line " + std::to_string(line);
}

std::string Expression::text() const {
  std::string text = function;
  for (const std::string& argument : arguments) text += " " + argument;
  return text;
}

Expression parseExpression(std::string_view text, int line) {
  std::vector<std::string> words = wordsOf(text);
  if (words.empty()) return {"", {}, line};
  return {words.front(), {words.begin() + 1, words.end()}, line};
}

Parsed parseLesson(std::string_view text, const std::string& id) {
  if (text.size() > kMostBytes) {
    Parsed refused;
    refused.lesson.id = id;
    refused.issues.push_back({id + ".md", "a lesson of more than a megabyte", "A lesson is a text; is this the right file?"});
    return refused;
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // that editors of some systems put before a text
  return LessonReader(text, id).read();
}

}  // namespace lessons
