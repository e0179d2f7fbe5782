#include "lessons/StepState.h"

#include <algorithm>

namespace lessons {

namespace {

void take(StepState& state, const Verb& verb) {
  if (verb.name == "camera") state.camera = verb;
  if (verb.name == "draw") state.draw = verb;
  if (verb.name == "data") state.data = verb;
  if (verb.name == "spotlight") state.spotlight = verb;
  if (verb.name == "play") state.play = verb;
  if (verb.name == "pin") state.pins.push_back(verb);
  if (verb.name == "run") state.run.push_back(verb);
  if (verb.name != "set") return;
  const auto same = std::find_if(state.set.begin(), state.set.end(),
                                 [&](const Verb& other) { return other.arguments.front() == verb.arguments.front(); });
  same == state.set.end() ? state.set.push_back(verb) : void(*same = verb);
}

bool pins(const std::vector<Verb>& verbs) {
  return std::any_of(verbs.begin(), verbs.end(), [](const Verb& verb) { return verb.name == "pin"; });
}

}  // namespace

StepState stateAt(const Lesson& lesson, std::size_t step, bool answered) {
  StepState state;
  for (std::size_t i = 0; i <= std::min(step, lesson.steps.size() - 1); ++i) {
    const Step& each = lesson.steps[i];
    state.pins.clear();
    state.run.clear();
    state.spotlight.reset();
    state.play.reset();
    for (const Verb& verb : each.verbs) take(state, verb);
    if (!each.question || (i == step && !answered)) continue;
    if (pins(each.question->verbs)) state.pins.clear();  // the answer shows others
    for (const Verb& verb : each.question->verbs) take(state, verb);
  }
  return state;
}

}  // namespace lessons
