// What the reader of lessons makes of a file, and what it says of one that is wrong: the line, and what to write instead.
#include <gtest/gtest.h>

#include "lessons/Parser.h"

namespace {

using lessons::parseLesson;

const std::string kWhole = R"(# A small lesson

One sentence that the list
shows.

```lesson
network tiny
minutes 3
# a remark
```

<!-- For who teaches: take your time.
It takes two minutes. -->

## A first step

It has **bold**, *emphasized* and `code` words, and {value conv1 1 7 5}.

- a point

A second paragraph with \{ and \*.

```do
camera conv1 kernels
pin conv1 1 7 5
```

```expect
value conv1 1 7 5 > 0
brightest conv1 = 3
```

## Predict

First some text.

Which one?

- [ ] This
  No: {maps conv1} of them
  are there.
- [x] That

> It is that one.
>
> {window conv1 1 7 5}

```do
draw 140,20 140,260 ; 20,20 30,30
```
)";

std::string issuesOf(const std::string& text) {
  std::string all;
  for (const nn::Issue& issue : parseLesson(text, "x").issues) all += issue.where + ": " + issue.what + ". " + issue.hint + "\n";
  return all;
}

TEST(LessonParser, ReadsAllThatTheFormatHas) {
  const lessons::Parsed parsed = parseLesson(kWhole, "01-small");
  EXPECT_TRUE(parsed.issues.empty()) << issuesOf(kWhole);
  const lessons::Lesson& lesson = parsed.lesson;
  EXPECT_EQ(lesson.id, "01-small");
  EXPECT_EQ(lesson.title, "A small lesson");
  EXPECT_EQ(lesson.summary, "One sentence that the list shows.");
  EXPECT_EQ(lesson.network, "tiny");
  EXPECT_EQ(lesson.minutes, 3);
  ASSERT_EQ(lesson.steps.size(), 2u);
  const lessons::Step& first = lesson.steps[0];
  ASSERT_EQ(first.text.size(), 3u);
  EXPECT_TRUE(first.text[0][1].bold && first.text[0][3].emphasized && first.text[0][5].code);
  EXPECT_EQ(first.text[0][7].value->text(), "value conv1 1 7 5");
  EXPECT_EQ(first.text[1][0].words, "• a point");
  EXPECT_EQ(first.text[2][0].words, "A second paragraph with { and *.");
  ASSERT_EQ(first.verbs.size(), 2u);
  EXPECT_EQ(first.verbs[0].arguments, (std::vector<std::string>{"conv1", "kernels"}));
  ASSERT_EQ(first.expectations.size(), 2u);
  EXPECT_EQ(first.expectations[1].left.text(), "brightest conv1");
  EXPECT_EQ(first.expectations[1].comparison, "=");
  EXPECT_EQ(first.expectations[1].right.text(), "3");
  const lessons::Question& question = *lesson.steps[1].question;
  EXPECT_EQ(lesson.steps[1].text.size(), 1u);
  EXPECT_EQ(question.text[0].words, "Which one?");
  ASSERT_EQ(question.choices.size(), 2u);
  EXPECT_FALSE(question.choices[0].right);
  EXPECT_EQ(question.choices[0].reply.size(), 3u);
  EXPECT_TRUE(question.choices[1].right && question.choices[1].reply.empty());
  EXPECT_EQ(question.answer.size(), 2u);
  ASSERT_EQ(question.verbs.size(), 1u);
  EXPECT_EQ(question.verbs[0].line, 49);
}

TEST(LessonParser, LinesThatEndAsOnOtherSystemsAreTheSame) {
  std::string other = "\xEF\xBB\xBF";
  for (const char c : kWhole) other += c == '\n' ? "\r\n" : std::string(1, c);
  const lessons::Parsed parsed = parseLesson(other, "x");
  EXPECT_TRUE(parsed.issues.empty()) << issuesOf(other);
  EXPECT_EQ(parsed.lesson.steps[0].text[0][5].words, "code");
}

struct Wrong {
  const char* text;
  const char* told;  // in the order of where and what
};

TEST(LessonParser, TellsWhatIsWrongAndInWhichLine) {
  const std::string head = "# T\n\nS.\n\n";  // four lines
  const Wrong wrongs[] = {
      {"## Step\n\n", "x.md, line 5: the step 'Step' has no text"},
      {"## Step\ntext\n### Third\n", "x.md, line 7: no such heading"},
      {"##\ntext\n", "x.md, line 5: a heading without a title"},
      {"## Step\na {value conv1\n", "x.md, line 6: a brace is not closed"},
      {"## Step\na {} b\n", "x.md, line 6: there is nothing between the braces"},
      {"## Step\na **bold\n", "x.md, line 6: a mark of bold"},
      {"## Step\ntext\n```do\npin a\n", "x.md, line 7: a block is not closed"},
      {"## Step\ntext\n```python\n```\n", "x.md, line 7: there is no block 'python'"},
      {"## Step\ntext\n```lesson\n```\n", "x.md, line 7: the block of the lesson stands before"},
      {"```do\npin a\n```\n## Step\ntext\n", "x.md, line 5: this block stands in a step"},
      {"```lesson\nminutes soon\n```\n## Step\ntext\n", "x.md, line 6: 'minutes' must be"},
      {"```lesson\ncolor red\n```\n## Step\ntext\n", "x.md, line 6: a lesson has no 'color'"},
      {"## Step\ntext\n```expect\nvalue conv1\n```\n", "x.md, line 8: this compares nothing"},
      {"## Step\ntext\n```expect\n> 3\n```\n", "x.md, line 8: this compares nothing"},
      {"## Step\n- [ ] a\n", "x.md, line 6: there is no question above the answers"},
      {"## Step\nwhich?\n\n- [ ] a\n- [ ] b\n", "x.md, line 5: none of the answers is the right one"},
      {"## Step\nwhich?\n\n- [x] a\n", "x.md, line 5: a question has two to six answers"},
      {"## Step\nwhich?\n\n- [y] a\n", "x.md, line 8: an answer to pick begins with"},
      {"## Step\nwhich?\n\n- [x] a\n- [ ] b\n\nmore\n", "x.md, line 11: text behind the answers"},
      {"## Step\ntext\n> told\n", "x.md, line 7: a line with > tells the answer"},
      {"- [ ] a\n", "x.md, line 5: an answer to pick without a question"},
      {"## Step\ntext\n<!-- never ends\n", "x.md, line 7: a comment is not closed"},
  };
  for (const Wrong& wrong : wrongs)
    EXPECT_NE(issuesOf(head + wrong.text).find(wrong.told), std::string::npos) << wrong.text << issuesOf(head + wrong.text);
  EXPECT_NE(issuesOf("").find("the lesson has no title"), std::string::npos);
  EXPECT_NE(issuesOf("# T\n").find("the lesson has no summary"), std::string::npos);
  EXPECT_NE(issuesOf("# T\n\nS.\n").find("the lesson has no step"), std::string::npos);
  EXPECT_NE(issuesOf(std::string(lessons::kMostBytes + 1, 'a')).find("more than a megabyte"), std::string::npos);
}

TEST(LessonParser, EveryIssueSaysWhatToDo) {
  for (std::size_t cut = 0; cut < kWhole.size(); ++cut)
    for (const nn::Issue& issue : parseLesson(kWhole.substr(0, cut), "x").issues) {
      EXPECT_FALSE(issue.where.empty() || issue.what.empty() || issue.hint.empty()) << cut;
      EXPECT_TRUE(issue.where.starts_with("x.md")) << issue.where;
    }
}

}  // namespace
