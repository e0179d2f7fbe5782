#include "analysis/Assumptions.h"

#include "analysis/Answer.h"
#include "nn/Counted.h"
#include "tasks/Labels.h"
#include "tasks/Task.h"

namespace analysis {

std::string whichOutputAnswers(const nn::Network& network) {
  const auto& outputs = network.outputs();
  if (outputs.size() < 2 || tasks::taskOf(network).allOutputs) return {};
  return "The answer is the first of its " + std::to_string(outputs.size()) +
         " outputs: " + nn::joined(outputs, [&](int output) { return network.node(output).name; }) + ".";
}

std::string unreadInputs(const nn::Network& network) {
  std::string names;
  for (const int input : network.inputs())
    if (network.node(input).consumers.empty()) names += (names.empty() ? "" : ", ") + network.node(input).name;
  return names.empty() ? names : "Nothing reads its input " + names + ", which plays no part.";
}

std::vector<std::string> answerAssumptions(const nn::Network& network, bool whole) {
  std::vector<std::string> all;
  const nn::Network::Node& last = network.node(network.outputs().front());
  const bool answers = whole && whyNoClass(network).empty();
  const tasks::Task& task = tasks::taskOf(network);
  if (answers && task.perPixel)
    all.push_back("Shares of all pixels that are not ground, which is channel 0 of " + last.name + ".");
  else if (const std::string assumed = tasks::taskAssumption(network); whole && task.shows == tasks::Shows::Picture && !assumed.empty())
    all.push_back(assumed);
  else if (const std::string note = tasks::scoresNote(network, network.outputs().front()); answers && !note.empty())
    all.push_back(note);
  if (const std::string which = whichOutputAnswers(network); whole && !which.empty()) all.push_back(which);
  if (const std::string unread = unreadInputs(network); !unread.empty()) all.push_back(unread);
  if (!task.remark.empty()) all.push_back(task.remark);
  if (const std::size_t inputs = tasks::pictureInputs(network); inputs > 1)
    all.push_back("Of its " + std::to_string(inputs) + " inputs the drawing goes to " + network.node(network.inputs().front()).name +
                  "; the others are zero.");
  return all;
}

}  // namespace analysis
