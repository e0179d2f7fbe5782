// What a network does, step by step: what a step shows, says and looks at is a function of the step alone. Each animation is a file of this
// folder and a row of the table (animationTypes), from which its command, its place in the menus and the bar, and its word for
// `convscope render --play` come. Immutable and without a clock, so any thread may ask; whoever plays it counts the steps.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "scene/Highlight.h"

namespace scene {

class Animation;

// A command as menus and the command line offer it.
struct AnimationCommand {
  const char* id;     // "sliding-window": the command animation.sliding-window
  const char* title;  // with the letter that a menu underlines behind an &
  const char* tip;
  const char* key;  // "Ctrl+L"
};

// Of an animation that is about one unit.
struct AnimationOfUnit {
  AnimationCommand fromHere;  // begins at the unit instead of where the animation begins
  const char* button;         // beside what can be asked of the unit: "Slide"
  const char* menu;           // in the menu of the unit
  const char* menuFromHere;
  const char* wanted;   // which unit: "a unit of the map that is written"
  const char* nowhere;  // why a network has no such unit
  const char* refusal;  // why it is not for one, without capital and stop
  const char* hint;     // what to do about that
};

// A choice of finer steps.
struct AnimationDetail {
  AnimationCommand command;
  const char* refusal;  // why there is no such choice for one, without capital and stop
};

struct AnimationStart {
  std::optional<UnitId> unit = std::nullopt;
  bool detailed = false;
};

// A row of the table.
struct AnimationType {
  AnimationCommand open;  // its id names the type
  const char* name;       // "Sliding window"
  // Of the layout's network; good in every layout of that. Null where there is nothing to play: no unit, or one that it is not for.
  std::unique_ptr<const Animation> (*create)(const Layout& layout, const AnimationStart& start);
  bool closeUp = false;  // the eye comes close to what a step is about, instead of going along with it
  std::optional<AnimationOfUnit> unit = std::nullopt;
  std::optional<AnimationDetail> detail = std::nullopt;
};

std::span<const AnimationType* const> animationTypes();
const AnimationType* findAnimation(std::string_view id);  // null: there is none of this name

// What is known of a step before there are any values.
struct AnimationPlace {
  std::size_t number = 1, count = 1;  // as it is said: "3 of 8"
  std::optional<UnitId> unit;         // that is explained beside the scene
  int products = -1;                  // of its explanation: how many are worked out, -1 for all
  Box focus;                          // where the eye goes
};

struct AnimationFrame {
  Highlight highlight;
  std::string caption;  // what happens, in a sentence
};

// What a frame is made of. Resting: nothing has been drawn yet.
struct AnimationScene {
  const Layout& layout;
  std::span<const float> parameters;
  const Values& values;
  bool resting = false;
  const ConnectionOptions& connectionOptions;
};

// Steps count from 0 and lie below steps().
class Animation {
 public:
  virtual ~Animation() = default;
  virtual const AnimationType& type() const = 0;
  virtual std::size_t steps() const = 0;  // at least 1
  virtual double stepsPerSecond() const = 0;
  virtual AnimationPlace place(const Layout& layout, std::size_t step) const = 0;
  virtual AnimationFrame frame(const AnimationScene& scene, std::size_t step) const = 0;
  virtual std::size_t stepOf(const UnitId&) const { return 0; }  // at which the unit's turn begins; of an animation that is about one
  virtual bool offersDetail() const { return false; }            // the type's finer steps are there for this one
};

// An animation at one of its steps.
struct AnimationStep {
  std::shared_ptr<const Animation> animation;
  std::size_t step = 0;
  bool operator==(const AnimationStep&) const = default;
  AnimationPlace place(const Layout& layout) const { return animation->place(layout, step); }
  // What the eye comes close to; empty where it does not.
  Box closeUp(const Layout& layout) const { return animation->type().closeUp ? place(layout).focus : Box{}; }
};

}  // namespace scene
