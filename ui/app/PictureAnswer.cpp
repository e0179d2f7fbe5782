#include "ui/app/PictureAnswer.h"

#include <algorithm>
#include <cmath>

#include "scene/text/Text.h"
#include "tasks/Pictures.h"
#include "tasks/Task.h"
#include "ui/app/Workbench.h"
#include "ui/base/ColorPicture.h"

namespace ui {

namespace {

// The mean over the channels.
data::GrayImage inkOf(const data::InputPipeline& pipeline, std::span<const float> values) {
  const nn::Shape& shape = pipeline.picture();
  const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width);
  std::vector<float> cells(values.begin(), values.end());
  pipeline.inputToInk(cells);
  data::GrayImage image{shape.width, shape.height, std::vector<float>(area, 0.0f)};
  for (std::size_t i = 0; i < cells.size(); ++i) image.ink[i % area] += cells[i] / float(shape.channels);
  return image;
}

QImage colorsOf(const data::InputPipeline& pipeline, std::span<const float> values) {
  std::vector<float> cells(values.begin(), values.end());
  pipeline.inputToLight(cells);
  data::ColorImage colors{pipeline.picture(), {}};
  for (const float light : cells) colors.pixels.push_back(std::uint8_t(std::lround(std::clamp(light, 0.0f, 1.0f) * 255)));
  return imageOf(colors);
}

}  // namespace

std::optional<PictureAnswer> pictureAnswer(const Workbench& workbench) {
  const LiveInference& inference = workbench.inference();
  const std::shared_ptr<const scene::Values> values = inference.values();
  if (!values || !inference.upToDate()) return std::nullopt;
  const nn::Network& network = *values->network;
  const tasks::Task& task = tasks::taskOf(network);
  const bool generates = task.shows == tasks::Shows::Generated, blank = inference.blank();
  if (task.shows == tasks::Shows::Classes || (blank && !generates)) return std::nullopt;
  const tasks::Generation nodes = generates ? task.generation(network) : tasks::Generation{network.outputs().front()};
  if (nodes.picture < 0) return std::nullopt;
  const std::span<const float> given = values->of(network.inputs().front()), made = values->of(nodes.picture);
  if (given.size() != made.size()) return std::nullopt;
  const data::InputPipeline& pipeline = workbench.model().runner->pipeline();
  PictureAnswer answer;
  answer.made = inkOf(pipeline, made);
  answer.madeName = generates ? QObject::tr("generated") : QObject::tr("reconstruction");
  if (!blank) answer.given = inkOf(pipeline, given);
  answer.givenName = generates ? QObject::tr("drawing") : QObject::tr("input");
  if (!generates) answer.error = tasks::meanSquaredInk(pipeline, given, made);
  if (!generates)
    answer.words = QObject::tr("mean squared error %1").arg(QString::number(answer.error, 'g', 3));
  else if (blank)
    answer.words = QObject::tr("made from noise");
  else if (nodes.score >= 0)
    answer.words = QObject::tr("drawing: real with %1")
                       .arg(QString::fromStdString(scene::percent(nodes.probability(values->of(nodes.score).front()), 1)));
  if (!inference.drawing().colors || !pipeline.takesColors()) return answer;
  answer.givenColors = colorsOf(pipeline, given);
  answer.madeColors = colorsOf(pipeline, made);
  return answer;
}

}  // namespace ui
