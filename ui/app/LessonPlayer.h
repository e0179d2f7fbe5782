// Where a lesson stands: which step, what was picked at its question, whether the answer is shown. It counts and tells; what a step does to
// the window is LessonStage's (ui/shell), how it reads LessonPanel's (ui/panels/lessons), which owns it. UI thread.
#pragma once

#include <memory>
#include <vector>

#include <QObject>

#include "lessons/Lesson.h"

namespace ui {

class LessonPlayer : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;

  bool isOpen() const { return m_lesson != nullptr; }
  const lessons::Lesson& lesson() const { return *m_lesson; }  // of an open one, as all that follows
  const lessons::Step& step() const { return m_lesson->steps[std::size_t(m_index)]; }
  int index() const { return m_index; }
  int count() const { return int(m_lesson->steps.size()); }
  bool asks() const { return step().question.has_value() && !answered(); }  // its question has not been answered yet
  bool answered() const { return m_picked[std::size_t(m_index)] != kNothing; }
  int picked() const { return m_picked[std::size_t(m_index)]; }  // an index of the choices; negative: none was
  bool away() const { return m_away; }

  void open(std::shared_ptr<const lessons::Lesson> lesson);
  void close();
  // The next step; where a question stands open, its answer, without a pick. Nothing at the end.
  void next();
  void back();
  void pick(int choice);    // of the question that stands open
  void resume();            // the window has been left to itself, and is to show the step again
  void setAway(bool away);  // the window shows something else than the step does

 signals:
  void opened();
  void closed();
  void moved();  // another step, its answer, or the same again: the window is to show it
  void awayChanged();

 private:
  static constexpr int kNothing = -2, kTold = -1;
  void go(int index);

  std::shared_ptr<const lessons::Lesson> m_lesson;
  std::vector<int> m_picked;  // a step each
  int m_index = 0;
  bool m_away = false;
};

}  // namespace ui
