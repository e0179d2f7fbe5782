// What the window is to show at a step, as a function of the step alone: so that a step looks the same whether one comes from before it or
// from behind it. Pure functions; any thread.
#pragma once

#include <optional>
#include <vector>

#include "lessons/Lesson.h"

namespace lessons {

struct StepState {
  // In force since the last step that said so.
  std::optional<Verb> camera, draw, data;
  std::vector<Verb> set;
  // Of this step alone.
  std::vector<Verb> pins, run;
  std::optional<Verb> spotlight, play;
};

// answered: its question, if it has one, has been; those of the steps before it always count as answered.
StepState stateAt(const Lesson& lesson, std::size_t step, bool answered);

}  // namespace lessons
