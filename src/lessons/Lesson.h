// A lesson as plain data: steps of text, what each does to the window, a question to predict what will happen, and what must hold. Read
// from a Markdown file by parseLesson(); who shows it takes the places and numbers in it from the network that is open. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace lessons {

// What stands between braces in a text, and on either side of an expectation: "value conv1 1 7 5". Names and numbers as they were written;
// maps, rows and columns count from 1, as the window counts them. A number alone is one too.
struct Expression {
  std::string function;  // a name of expressionForms(), or the number itself
  std::vector<std::string> arguments;
  int line = 0;
  std::string text() const;
};

// A piece of a sentence: words, or a value that is computed when it is shown.
struct Piece {
  std::string words;
  bool bold = false, emphasized = false, code = false;
  std::optional<Expression> value;  // in place of words
};
using Paragraph = std::vector<Piece>;

// One line of what a step does: "camera conv1 kernels".
struct Verb {
  std::string name;  // of verbForms()
  std::vector<std::string> arguments;
  int line = 0;
};

struct Choice {
  Paragraph text;
  bool right = false;
  Paragraph reply;  // to whom picks it; may be empty
  int line = 0;
};

// To be predicted before it is shown.
struct Question {
  Paragraph text;
  std::vector<Choice> choices;
  std::vector<Paragraph> answer;  // told once a choice was picked
  std::vector<Verb> verbs;        // done then
};

struct Expectation {
  Expression left, right;
  std::string comparison;  // <, >, =, <=, >=
  int line = 0;
};

struct Step {
  std::string title;
  std::vector<Paragraph> text;
  std::vector<Verb> verbs;
  std::optional<Question> question;
  std::vector<Expectation> expectations;  // once its verbs are done, those of the question too
  int line = 0;
};

struct Lesson {
  std::string id;  // the name of its file, without the ending
  std::string title;
  std::string summary;  // one sentence, for the list and the menu
  std::string network;  // that it is about, by its name; empty: whichever is open
  int minutes = 0;      // that it takes; 0: not said
  std::vector<Step> steps;
};

}  // namespace lessons
