// Whether what a lesson names is there: layers, maps and places of its network, commands, recipe fields, data sets, panels, animations. And
// the verbs themselves, as a table. Pure functions; any thread.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/Lesson.h"
#include "lessons/Values.h"
#include "nn/Error.h"

namespace lessons {

// What there is for a lesson to name.
struct Known {
  const nn::Network* network = nullptr;  // the one that the lesson is about; null: there is none of its name
  std::vector<std::string> networks;     // by name
  std::vector<std::string> commands, dataSets, panels, animations;
  // Why a recipe field cannot be set to this, empty where it can.
  std::function<std::string(const std::string& field, const std::string& value)> whyNotSet;
};

struct VerbForm {
  const char* name;
  const char* arguments;  // as a person reads them: "LAYER [kernels [MAP] | MAP [ROW COLUMN]] | all"
  const char* help;
};
std::span<const VerbForm> verbForms();

// A place in the scene that camera, spotlight and pin speak of.
struct Target {
  Place place;           // node and, where they are given, map, row and column
  bool kernels = false;  // those of the layer, or the one that makes the map
};
std::optional<Target> readTarget(std::span<const std::string> words, const nn::Network& network, const std::string& where,
                                 std::vector<nn::Issue>& issues);

// Strokes of a drawing: corners in pad pixels, 0 to 280 from above left; a new stroke after each ";".
struct DrawnPoint {
  double x = 0, y = 0;
};
using Strokes = std::vector<std::vector<DrawnPoint>>;
std::optional<Strokes> readStrokes(std::span<const std::string> words, const std::string& where, std::vector<nn::Issue>& issues);
inline constexpr double kPadPixels = 280;

// Everything that is wrong with it.
std::vector<nn::Issue> checkLesson(const Lesson& lesson, const Known& known);

}  // namespace lessons
