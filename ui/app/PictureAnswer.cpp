#include "ui/app/PictureAnswer.h"

#include <algorithm>
#include <cmath>

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
  const std::shared_ptr<const scene::Values> values = workbench.values();
  if (!values || workbench.blank() || !workbench.upToDate()) return std::nullopt;
  const nn::Network& network = *values->network;
  if (tasks::taskOf(network).shows != tasks::Shows::Picture) return std::nullopt;
  const std::span<const float> given = values->of(network.inputs().front()), made = values->of(network.outputs().front());
  if (given.size() != made.size()) return std::nullopt;
  const data::InputPipeline& pipeline = workbench.model().runner->pipeline();
  PictureAnswer answer{inkOf(pipeline, given), inkOf(pipeline, made), {}, {}, tasks::meanSquaredInk(pipeline, given, made)};
  if (!workbench.drawing().colors || !pipeline.takesColors()) return answer;
  answer.givenColors = colorsOf(pipeline, given);
  answer.madeColors = colorsOf(pipeline, made);
  return answer;
}

}  // namespace ui
