#include "cli/ThroughPad.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numbers>
#include <vector>

#include "nn/Error.h"
#include "train/WorkerPool.h"

namespace cli {

namespace {

data::PadPlacement placementOf(const PadJourney& journey, std::size_t index) {
  const double angle = double(index % 8) * std::numbers::pi / 4;
  data::PadPlacement placement;
  placement.shiftXPx = float(journey.shiftPx * std::cos(angle));
  placement.shiftYPx = float(journey.shiftPx * std::sin(angle));
  placement.scale = journey.scale;
  placement.rotateDegrees = index % 2 == 0 ? journey.rotateDegrees : -journey.rotateDegrees;
  return placement;
}

void convert(const data::Dataset& dataset, const PadJourney& journey, const data::InputPipeline& pipeline, std::size_t index,
             std::span<std::uint8_t> result) {
  data::GrayImage image{dataset.shape.width, dataset.shape.height, std::vector<float>(dataset.shape.size())};
  const std::span<const std::uint8_t> bytes = dataset.image(index);
  std::transform(bytes.begin(), bytes.end(), image.ink.begin(), [](std::uint8_t byte) { return float(byte) / 255.0f; });
  const data::GrayImage pad = data::enlargeToPad(image, journey.padPx, placementOf(journey, index));
  const data::PreparedDrawing prepared = pipeline.prepare(pad, journey.likeMnist);
  std::transform(prepared.result.ink.begin(), prepared.result.ink.end(), result.begin(),
                 [](float ink) { return std::uint8_t(std::lround(std::clamp(ink, 0.0f, 1.0f) * 255.0f)); });
}

}  // namespace

std::shared_ptr<const data::Dataset> throughPad(const data::Dataset& dataset, const PadJourney& journey,
                                                const data::InputPipeline& pipeline, std::size_t limit, int threads) {
  if (dataset.shape.channels != 1 || dataset.shape.height != dataset.shape.width) {
    throw nn::Error("only gray, square images can go through the pad", dataset.name, "Leave --through-pad out");
  }
  const std::size_t count = limit == 0 ? dataset.count() : std::min(limit, dataset.count());
  const int side = pipeline.drawingPx();
  auto result = std::make_shared<data::Dataset>();
  result->name = dataset.name;
  result->classNames = dataset.classNames;
  result->shape = {1, side, side};
  result->labels.assign(dataset.labels.begin(), dataset.labels.begin() + std::ptrdiff_t(count));
  result->pixels.resize(count * result->shape.size());
  train::WorkerPool pool(threads);
  std::atomic<std::size_t> next = 0;
  pool.run([&](int) {
    for (std::size_t i = next++; i < count; i = next++)
      convert(dataset, journey, pipeline, i, std::span(result->pixels).subspan(i * result->shape.size(), result->shape.size()));
  });
  return result;
}

}  // namespace cli
