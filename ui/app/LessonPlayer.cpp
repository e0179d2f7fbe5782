#include "ui/app/LessonPlayer.h"

#include <algorithm>
#include <utility>

namespace ui {

void LessonPlayer::open(std::shared_ptr<const lessons::Lesson> lesson) {
  close();
  m_lesson = std::move(lesson);
  m_picked.assign(m_lesson->steps.size(), kNothing);
  m_index = 0;
  emit opened();
  if (isOpen()) emit moved();
}

void LessonPlayer::close() {
  if (!isOpen()) return;
  m_lesson.reset();
  m_away = false;
  emit closed();
}

void LessonPlayer::go(int index) {
  if (!isOpen() || index < 0 || index >= count()) return;
  m_index = index;
  emit moved();
}

void LessonPlayer::next() {
  if (!isOpen()) return;
  if (!asks()) return go(m_index + 1);
  m_picked[std::size_t(m_index)] = kTold;
  emit moved();
}

void LessonPlayer::pick(int choice) {
  if (!isOpen() || !asks() || choice < 0 || choice >= int(step().question->choices.size())) return;
  m_picked[std::size_t(m_index)] = choice;
  emit moved();
}

void LessonPlayer::back() {
  if (isOpen()) go(m_index - 1);
}

void LessonPlayer::resume() {
  if (isOpen()) emit moved();
}

void LessonPlayer::setAway(bool away) {
  if (away == m_away) return;
  m_away = away;
  emit awayChanged();
}

}  // namespace ui
