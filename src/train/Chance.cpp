#include "train/Chance.h"

#include <algorithm>

namespace train {

namespace {

constexpr std::uint64_t kFewSteps = 100;

bool givesOneAnswer(const Evaluation& evaluation) {
  const std::size_t classes = evaluation.classes();
  std::size_t given = 0;
  for (std::size_t answer = 0; answer < classes; ++answer) {
    std::size_t times = 0;
    for (std::size_t label = 0; label < classes; ++label) times += evaluation.confusion[label * classes + answer];
    given += times > 0;
  }
  return given == 1;
}

}  // namespace

std::string chanceText(const Evaluation& evaluation, const nn::Network& network, std::uint64_t steps, const std::string& images) {
  const std::optional<std::size_t> always = evaluation.asGoodAsAlways();
  if (steps < kFewSteps || !always) return {};
  const int index = int(*always) - std::max(0, tasks::taskOf(network).firstClass);
  const std::string name = index < 0 ? "the ground" : network.className(index);
  const std::string text = "the network ended no better than chance: on the " + images +
                           " images its answers are right no more often than if it always answered " + name;
  return text + (givesOneAnswer(evaluation) ? ", and all of them are the same, whatever it is shown" : "");
}

}  // namespace train
