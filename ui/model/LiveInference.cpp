#include "ui/model/LiveInference.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <span>
#include <utility>

#include <QtConcurrentRun>

#include "analysis/Answer.h"
#include "tasks/EnergyScore.h"
#include "tasks/Task.h"
#include "ui/base/Timers.h"

namespace ui {

namespace {

constexpr int kAnswerPatienceMs = 400;

std::vector<float> probabilitiesOf(const scene::Values& values) {
  return analysis::classProbabilities(*values.network, values.of(values.network->outputs().front()));
}

QString sentence(const std::string& text) {
  QString result = QString::fromStdString(text);
  if (!result.isEmpty()) result[0] = result[0].toUpper();
  return result + u'.';
}

}  // namespace

LiveInference::LiveInference(const ModelSlot& model, QObject* parent) : QObject(parent), m_model(model) {
  runOnce(m_soon, 0, this, &LiveInference::recompute);
  runOnce(m_patience, kAnswerPatienceMs, this, &LiveInference::slowlyComputing);
  connect(&m_pass, &QFutureWatcherBase::finished, this, &LiveInference::inferred);
}

void LiveInference::setDrawing(const data::Picture& drawing) {
  m_drawing = drawing;
  if (!m_soon.isActive()) m_soon.start();
}

void LiveInference::setLikeMnist(bool likeMnist) {
  m_likeMnist = likeMnist;
  if (!m_soon.isActive()) m_soon.start();
}

void LiveInference::recompute() {
  m_soon.stop();
  m_inked = data::hasInk(m_drawing.ink);
  m_unprepared = m_model.runner && m_model.runner->hasLargeInput();
  if (m_unprepared) return infer();
  m_reception = m_model.runner ? receive(m_model.runner->pipeline(), m_drawing, m_likeMnist) : std::make_shared<const Reception>();
  const bool there = compute();
  emit drawingChanged();
  if (there) emit valuesChanged();
}

void LiveInference::recomputeValues() {
  if (compute()) emit valuesChanged();
}

// Whether the values are there; those of a slow network come later.
bool LiveInference::compute() {
  if (m_model.runner && m_model.runner->isSlow()) {
    infer();
    return false;
  }
  m_values = m_model.runner ? m_model.runner->run(prepared().result, m_drawing.colors.get()) : nullptr;
  m_valuesOfBlank = blank();
  return true;
}

void LiveInference::infer() {
  m_again = m_pass.isRunning();
  if (m_again) return;
  if (const std::optional<nn::Issue> none = Jobs::whyNoThread()) return emit messageRaised({Message::Kind::Failure, *none});
  m_patience.start();
  m_passOfBlank = blank();
  m_pass.setFuture(QtConcurrent::run([live = m_model.runner, parameters = m_model.parameters, drawing = m_drawing, likeMnist = m_likeMnist,
                                      reception = m_unprepared ? nullptr : m_reception]() -> Outcome {
    try {
      if (live->parameters() != parameters) live->setParameters(parameters);
      const auto received = reception ? reception : receive(live->pipeline(), drawing, likeMnist);
      return {received, live->run(received->prepared.result, drawing.colors.get())};
    } catch (const std::bad_alloc&) {
      return {};
    }
  }));
}

void LiveInference::inferred() {
  m_patience.stop();
  const auto [reception, values] = m_pass.result();
  if (!values) {
    Message message{Message::Kind::Failure,
                    {m_model.title.toStdString(), "There is not enough memory to compute this network",
                     "Close other programs, or open a smaller network."}};
    message.holds = [this, of = m_model.network()] { return m_model.network() == of; };
    emit messageRaised(message);
  } else if (values->network == m_model.network()) {
    m_values = values;
    m_reception = m_again && !m_unprepared ? m_reception : reception;
    m_unprepared = m_unprepared && m_again;
    m_valuesOfBlank = m_passOfBlank;
    emit drawingChanged();
    emit valuesChanged();
  }
  if (std::exchange(m_again, false) && m_model.runner->isSlow()) infer();
}

std::shared_ptr<const LiveInference::Reception> LiveInference::receive(const data::InputPipeline& pipeline, const data::Picture& drawing,
                                                                       bool likeMnist) {
  auto reception = std::make_shared<Reception>(Reception{pipeline.prepare(drawing.ink, likeMnist, drawing.strokes), {}});
  const nn::Shape& shape = pipeline.picture();
  const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width);
  std::vector<float> cells(area * std::size_t(shape.channels));
  pipeline.write(reception->prepared.result, drawing.colors.get(), cells);
  const bool inColor = drawing.colors && pipeline.takesColors();
  inColor ? pipeline.inputToLight(cells) : pipeline.inputToInk(cells);
  data::Picture& picture = reception->picture;
  picture.ink = {shape.width, shape.height, std::vector<float>(area, 0.0f)};
  for (std::size_t i = 0; i < cells.size(); ++i) picture.ink.ink[i % area] += cells[i] / float(shape.channels);
  if (!inColor) return reception;
  auto colors = std::make_shared<data::ColorImage>(data::ColorImage{shape, {}});
  for (const float light : cells) colors->pixels.push_back(std::uint8_t(std::lround(std::clamp(light, 0.0f, 1.0f) * 255)));
  picture.colors = std::move(colors);
  return reception;
}

QString LiveInference::whyNoAnswer() const {
  if (!m_model.runner) return {};
  if (!m_model.unread.isEmpty())
    return sentence(m_model.unread.toStdString()) + u' ' + tr("What is computed here is not the network's answer.");
  const nn::Network& network = *m_model.network();
  if (const tasks::Task& task = tasks::taskOf(network); task.shows != tasks::Shows::Classes) {
    const int node = task.generation ? task.generation(network).picture : network.outputs().front();
    if (node < 0) return sentence("it is to generate pictures, and has no output in the group generator");
    const std::span<const float> made = m_values ? m_values->of(node) : std::span<const float>();
    const bool finite = std::all_of(made.begin(), made.end(), [](float value) { return std::isfinite(value); });
    return finite || (blank() && !task.generation) ? QString() : sentence("its outputs are no finite numbers");
  }
  if (const std::string why = analysis::whyNoClass(network); !why.empty()) return sentence(why);
  if (!m_values || blank() || m_valuesOfBlank) return {};
  const std::string why = analysis::whyNoWinner(probabilitiesOf(*m_values));
  return why.empty() ? QString() : sentence(why);
}

std::vector<float> LiveInference::probabilities() const {
  if (!m_values || blank() || m_valuesOfBlank || !m_model.unread.isEmpty()) return {};
  std::vector<float> probabilities = probabilitiesOf(*m_values);
  if (analysis::winnerOf(probabilities) < 0) probabilities.clear();
  return probabilities;
}

tasks::EnergyCalibration LiveInference::calibration() const {
  if (m_model.isUntrained() || !m_model.runner) return {};
  if (m_model.calibrated == m_model.parameters && !m_model.calibration.empty()) return m_model.calibration;
  return m_calibrated.lock() == m_model.network() ? m_calibration : tasks::EnergyCalibration();
}

void LiveInference::calibrate(const std::shared_ptr<const nn::Network>& network, const tasks::EnergyCalibration& calibration) {
  const std::optional<double> before = familiarity();
  m_calibrated = network;
  m_calibration = calibration;
  if (familiarity() != before) emit valuesChanged();
}

std::optional<double> LiveInference::familiarity() const {
  if (!m_values || blank() || m_valuesOfBlank || !m_model.unread.isEmpty()) return std::nullopt;
  const int scored = tasks::energyNode(*m_values->network);
  return scored < 0 ? std::nullopt : calibration().shareBelow(tasks::energyScore(*m_values->network, m_values->of(scored)));
}

}  // namespace ui
