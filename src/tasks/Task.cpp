#include "tasks/Task.h"

#include <algorithm>
#include <cmath>

#include "nn/Counted.h"
#include "nn/Error.h"

namespace tasks {

namespace {

const Task& meantBy(const nn::Network& network, int output) {
  const auto row = std::find_if(allTasks().begin(), allTasks().end(), [&](const Task& task) { return task.isMeantBy(network, output); });
  return row == allTasks().end() ? allTasks().back() : *row;
}

}  // namespace

double Generation::probability(float value) const {
  return isLogit ? 1 / (1 + std::exp(-double(value))) : double(value);
}

std::size_t pictureInputs(const nn::Network& network) {
  return std::size_t(std::count_if(network.inputs().begin(), network.inputs().end(),
                                   [&](int input) { return !nn::drawsNoise(*network.node(input).layer); }));
}

const Task* findTask(std::string_view id) {
  const auto row = std::find_if(allTasks().begin(), allTasks().end(), [&](const Task& task) { return task.id == id; });
  return row == allTasks().end() ? nullptr : &*row;
}

void requireKnownTask(std::string_view id, const std::string& where) {
  if (id.empty() || findTask(id)) return;
  throw nn::Error("there is no task '" + std::string(id) + "'", where,
                  "The tasks are " + nn::joined(allTasks(), &Task::id) + "; left out, it is chosen by the shapes");
}

const Task& taskOf(const nn::Network& network) {
  return taskOf(network, network.outputs().front());
}

const Task& taskOf(const nn::Network& network, int output) {
  const Task* said = findTask(network.spec().task);
  return said && (said->allOutputs || output == network.outputs().front()) ? *said : meantBy(network, output);
}

int classCount(const nn::Network& network) {
  const Task& task = taskOf(network);
  if (task.yesOrNo) return 2;
  return task.firstClass < 0 ? 0 : std::max(1, network.outputShape().channels - task.firstClass);
}

std::string taskAssumption(const nn::Network& network) {
  return findTask(network.spec().task) ? std::string() : taskOf(network).assumption;
}

}  // namespace tasks
