// A step of a lesson as rich text: its words with the values of the moment, its tables, its question with the answers to pick. One
// document, so that all of it takes the same size of type. Pure functions; UI thread, for the fonts.
#pragma once

#include <functional>
#include <optional>

#include <QString>

#include "lessons/Values.h"
#include "ui/base/Theme.h"

namespace ui {

class LessonPlayer;

// What is asked for the values: nothing while there are none.
using LessonValues = std::function<std::optional<lessons::Value>(const lessons::Expression&)>;

struct LessonPage {
  const Theme& theme;
  int typePx = 20;    // of a sentence
  int widthPx = 400;  // that the page has
};

// The present step. The answers are links, "pick:0" for the first.
QString lessonHtml(const LessonPlayer& player, const LessonValues& values, const LessonPage& page);
// A value as it stands in a sentence: as the scene writes it.
QString lessonValue(const std::optional<lessons::Value>& value);

}  // namespace ui
