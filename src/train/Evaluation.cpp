#include "train/Evaluation.h"

#include <algorithm>
#include <cmath>

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

std::size_t Evaluation::classes() const {
  return std::size_t(std::lround(std::sqrt(double(confusion.size()))));
}

std::optional<std::size_t> Evaluation::asGoodAsAlways() const {
  constexpr std::size_t kFew = 100;
  const std::size_t classes = this->classes();
  if (answerCount < kFew || classes < 2) return std::nullopt;
  std::size_t most = 0, largest = 0;
  for (std::size_t label = 0; label < classes; ++label) {
    std::size_t asked = 0;
    for (std::size_t answer = 0; answer < classes; ++answer) asked += confusion[label * classes + answer];
    if (asked > most) most = asked, largest = label;
  }
  const double share = double(most) / double(answerCount);
  if (most == answerCount) return std::nullopt;  // nothing else was asked
  const double luck = 3 * std::sqrt(share * (1 - share) / double(answerCount));
  return accuracy() <= share + luck ? std::optional(largest) : std::nullopt;
}

std::vector<tasks::Measure> Evaluation::measures(const tasks::Task& task) const {
  tasks::Outcome outcome{{}, classes(), confusion};
  for (std::size_t i = 0; i < outcome.means.size(); ++i) outcome.means[i] = mean(i);
  return task.measures(outcome);
}

std::optional<Confusion> Evaluation::mostConfused() const {
  const std::size_t classes = this->classes();
  Confusion most;
  for (std::size_t label = 0; label < classes; ++label)
    for (std::size_t answer = 0; answer < classes; ++answer) {
      const std::uint32_t times = confusion[label * classes + answer];
      if (label != answer && times > most.count) most = {label, answer, times};
    }
  return most.count > 0 ? std::optional(most) : std::nullopt;
}

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
