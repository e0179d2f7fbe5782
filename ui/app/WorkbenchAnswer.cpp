// What the open network computes and answers, and what is refused of a model of which operators could not be read.
#include <algorithm>
#include <cmath>

#include <QDir>
#include <QFileInfo>
#include <QtConcurrentRun>

#include "analysis/Answer.h"
#include "tasks/Task.h"
#include "train/WorkerPool.h"
#include "ui/app/Workbench.h"

namespace ui {

namespace {

std::vector<float> probabilitiesOf(const scene::Values& values) {
  return analysis::classProbabilities(*values.network, values.of(values.network->outputs().front()));
}

QString sentence(const std::string& text) {
  QString result = QString::fromStdString(text);
  if (!result.isEmpty()) result[0] = result[0].toUpper();
  return result + u'.';
}

}  // namespace

// One pass at a time, beside the window, with what is newest when it begins.
void Workbench::infer() {
  m_inferAgain = m_inference.isRunning();
  if (m_inferAgain) return;
  try {
    train::requireThread();
  } catch (const nn::Error& error) {
    return tell({Message::Kind::Failure, error.issue(), {}, {}});
  }
  m_patience.start();
  m_inferringBlank = blank();
  m_inference.setFuture(QtConcurrent::run([live = m_model.runner, parameters = m_model.parameters, drawing = m_prepared.result,
                                           colors = m_drawing.colors]() -> std::shared_ptr<const scene::Values> {
    try {
      if (live->parameters() != parameters) live->setParameters(parameters);
      return live->run(drawing, colors.get());
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }));
}

void Workbench::inferred() {
  m_patience.stop();
  const std::shared_ptr<const scene::Values> values = m_inference.result();
  if (!values) {
    Message message{Message::Kind::Failure,
                    {m_model.title.toStdString(), "There is not enough memory to compute this network",
                     "Close other programs, or open a smaller network."},
                    {},
                    {}};
    message.holds = [this, of = network()] { return network() == of; };
    tell(message);
  } else if (values->network == network()) {
    useValues(values, m_inferringBlank);
    emit drawingChanged();  // what the network received
    emit valuesChanged();
  }
  if (m_inferAgain && m_model.runner->isSlow()) infer();
}

bool Workbench::takesColors() const {
  return m_drawing.colors && m_model.runner && m_model.runner->pipeline().takesColors();
}

data::Picture Workbench::received() const {
  if (!m_model.runner) return {};
  const data::InputPipeline& pipeline = m_model.runner->pipeline();
  const nn::Shape& shape = pipeline.picture();
  const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width);
  std::vector<float> cells(network()->inputShape().size());
  pipeline.write(m_prepared.result, m_drawing.colors.get(), cells);
  takesColors() ? pipeline.inputToLight(cells) : pipeline.inputToInk(cells);
  data::Picture picture{{shape.width, shape.height, std::vector<float>(area, 0.0f)}};
  for (std::size_t i = 0; i < cells.size(); ++i) picture.ink.ink[i % area] += cells[i] / float(shape.channels);
  if (!takesColors()) return picture;
  auto colors = std::make_shared<data::ColorImage>(data::ColorImage{shape, {}});
  for (const float light : cells) colors->pixels.push_back(std::uint8_t(std::lround(std::clamp(light, 0.0f, 1.0f) * 255)));
  picture.colors = std::move(colors);
  return picture;
}

void Workbench::useValues(const std::shared_ptr<const scene::Values>& values, bool ofBlank) {
  m_values = values;
  m_valuesOfBlank = ofBlank;
}

bool Workbench::upToDate() const {
  return !m_soon.isActive() && !m_inference.isRunning() && !m_inferAgain;
}

QString Workbench::whyNoAnswer() const {
  if (!m_model.runner) return {};
  if (!m_model.unread.isEmpty())
    return sentence(m_model.unread.toStdString()) + u' ' + tr("What is computed here is not the network's answer.");
  if (const tasks::Task& task = tasks::taskOf(*network()); task.shows != tasks::Shows::Classes) {
    const int node = task.generation ? task.generation(*network()).picture : network()->outputs().front();
    if (node < 0) return sentence("it is to generate pictures, and has no output in the group generator");
    const std::span<const float> made = m_values ? m_values->of(node) : std::span<const float>();
    const bool finite = std::all_of(made.begin(), made.end(), [](float value) { return std::isfinite(value); });
    return finite || (blank() && !task.generation) ? QString() : sentence("its outputs are no finite numbers");
  }
  if (const std::string why = analysis::whyNoClass(*network()); !why.empty()) return sentence(why);
  if (!m_values || blank() || m_valuesOfBlank) return {};
  const std::string why = analysis::whyNoWinner(probabilitiesOf(*m_values));
  return why.empty() ? QString() : sentence(why);
}

std::vector<float> Workbench::probabilities() const {
  if (!m_values || blank() || m_valuesOfBlank || !m_model.unread.isEmpty()) return {};
  std::vector<float> probabilities = probabilitiesOf(*m_values);
  if (analysis::winnerOf(probabilities) < 0) probabilities.clear();
  return probabilities;
}

bool Workbench::refusesTraining() {
  if (m_model.unread.isEmpty()) return false;
  tell(untilNext(Jobs::Lane::Models,
                 {Message::Kind::Failure,
                  {m_model.title.toStdString(), tr("It is not trained: %1").arg(m_model.unread).toStdString(),
                   tr("Trained, it would become another network than the file's. Export it without these operators, or open another one.")
                       .toStdString()},
                  {},
                  {}}));
  return true;
}

bool Workbench::refusesSaving(const QString& path) {
  if (m_model.unread.isEmpty() || !QFileInfo::exists(path) || QFileInfo(path) != QFileInfo(m_model.name)) return false;
  tell(untilNext(Jobs::Lane::Saving, {Message::Kind::Failure,
                                      {m_model.title.toStdString(), tr("Not saved over the original: %1").arg(m_model.unread).toStdString(),
                                       tr("The file would lack them. Choose another name.").toStdString()},
                                      {},
                                      {}}));
  return true;
}

Message Workbench::savedMessage(const QString& path) {
  const std::string where = QDir::toNativeSeparators(path).toStdString();
  if (m_model.unread.isEmpty()) return {Message::Kind::Info, {where, tr("Saved").toStdString(), ""}, {}, {}};
  const nn::Issue issue{where, tr("Saved without what could not be read: %1").arg(m_model.unread).toStdString(),
                        tr("The file is not the network that was opened.").toStdString()};
  return untilNext(Jobs::Lane::Models, {Message::Kind::Warning, issue, {}, {}});
}

}  // namespace ui
