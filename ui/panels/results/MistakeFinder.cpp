#include "ui/panels/results/MistakeFinder.h"

#include <algorithm>
#include <utility>

#include <QtConcurrentRun>

#include "analysis/Activity.h"
#include "analysis/Answer.h"
#include "data/InputPipeline.h"
#include "nn/Workspace.h"
#include "ui/base/Jobs.h"

namespace ui {

std::vector<float> certaintiesOfMistakes(const Measured& measured, const std::function<bool()>& goesOn) {
  const data::Dataset& images = *measured.images;
  const std::vector<std::uint16_t>& answers = measured.evaluation->answers;
  std::vector<std::size_t> wrong;
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i] != images.labels[i]) wrong.push_back(i);
  std::vector<float> result(images.count(), -1.0f);
  if (wrong.empty()) return result;
  const nn::Network& network = *measured.network;
  const data::InputPipeline pipeline(network);
  nn::Weights weights(measured.network);
  weights.assign(*measured.parameters);
  const auto atOnce = std::size_t(analysis::lanesFor(network));
  nn::Workspace workspace(measured.network, int(atOnce), false);
  const int output = network.outputs().front();
  std::vector<float> input(network.inputShape().size()), outputs(network.node(output).shape.size());
  for (std::size_t first = 0; first < wrong.size(); first += atOnce) {
    if (!goesOn()) return {};
    const std::size_t lanes = std::min(atOnce, wrong.size() - first);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      pipeline.write(images.image(wrong[first + lane]), images.shape, input);
      workspace.setInput(int(lane), input);
    }
    workspace.forward(weights, {false, 0, int(lanes)});
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      workspace.read(output, int(lane), outputs);
      const std::vector<float> probabilities = analysis::classProbabilities(network, outputs);
      const std::size_t sample = wrong[first + lane];
      if (answers[sample] < probabilities.size()) result[sample] = probabilities[answers[sample]];
    }
  }
  return result;
}

MistakeFinder::MistakeFinder(QObject* parent) : QObject(parent) {
  connect(&m_watcher, &QFutureWatcher<Certainties>::finished, this, &MistakeFinder::finish);
}

MistakeFinder::~MistakeFinder() {
  cancel();
  m_watcher.disconnect(this);
  m_watcher.waitForFinished();
}

void MistakeFinder::find(const Measured& measured) {
  cancel();
  m_next = measured;
  if (!m_running) begin();
}

void MistakeFinder::cancel() {
  m_next.reset();
  if (m_canceled) *m_canceled = true;
}

void MistakeFinder::begin() {
  if (Jobs::whyNoThread()) return m_next.reset();  // the pictures stay in the order of the data
  m_canceled = std::make_shared<std::atomic<bool>>(false);
  m_running = true;
  ++m_passes;
  const auto pass = [measured = *std::exchange(m_next, std::nullopt), canceled = m_canceled]() -> Certainties {
    try {
      std::vector<float> found = certaintiesOfMistakes(measured, [&canceled] { return !canceled->load(); });
      return found.empty() ? nullptr : std::make_shared<const std::vector<float>>(std::move(found));
    } catch (const std::exception&) {
      return std::make_shared<const std::vector<float>>();  // too little memory
    }
  };
  m_watcher.setFuture(QtConcurrent::run(&Jobs::threads(), pass));
}

void MistakeFinder::finish() {
  m_running = false;
  const Certainties certainties = m_watcher.result();
  if (!*m_canceled && certainties) emit found(certainties);
  if (m_next && !m_running) begin();
}

}  // namespace ui
