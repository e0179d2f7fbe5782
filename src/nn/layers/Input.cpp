#include <cmath>
#include <numbers>

#include "nn/SplitMix64.h"
#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

const char* const kNoise = "noise";

// Two numbers of the standard normal distribution (Box and Muller 1958).
std::pair<float, float> normalsOf(std::uint64_t key) {
  const double u = (double(mixed(key) >> 11) + 1) * 0x1p-53, v = double(mixed(key + kSplitMixStep) >> 11) * 0x1p-53;
  const double radius = std::sqrt(-2 * std::log(u)), angle = 2 * std::numbers::pi * v;
  return {float(radius * std::cos(angle)), float(radius * std::sin(angle))};
}

// Where values enter the network: the Workspace writes its output, or it is noise.
class Input : public Layer {
 public:
  Input(const Shape& shape, bool noise) : Layer({}, shape), m_noise(noise) {}
  bool drawsNoise() const { return m_noise; }
  std::string_view type() const override { return "input"; }
  Combine combineKind() const override { return Combine::Input; }
  std::optional<Window> window() const override { return Window{}; }
  void linksInto(const Cell&, CellLinks& links) const override { links.clear(); }
  // A function of key, lane and cell: the same noise however many samples are computed side by side, and by whichever thread.
  void forward(const ForwardCall& call) const override {
    if (!m_noise) return;
    const Tensor& to = call.output;
    fillCells(to, 0.0f);
    for (int lane = 0; lane < call.samples; ++lane) {
      const std::uint64_t key = mixed(call.randomKey + std::uint64_t(lane));
      std::pair<float, float> pair;
      for (std::size_t i = 0; i < to.shape.size(); ++i) {
        if (i % 2 == 0) pair = normalsOf(key + i * kSplitMixStep);
        const Cell cell = cellAt(to.shape, i);
        to.at(cell.channel, cell.row, cell.column)[lane] = i % 2 == 0 ? pair.first : pair.second;
      }
    }
  }
  void backward(const BackwardCall&) const override {}

 private:
  bool m_noise;
};

FieldInfo sizeField(std::string name, std::string label, std::string tooltip) {
  return {std::move(name), std::move(label), std::move(tooltip), std::int64_t(1), 1, 65536};
}

std::shared_ptr<const Layer> createInput(const LayerRequest& request) {
  const auto channels = wholeField(request.fields, "channels");
  const auto height = wholeField(request.fields, "height");
  const auto width = wholeField(request.fields, "width");
  if (!checkShape(request, channels, height, width)) return nullptr;
  return std::make_shared<Input>(Shape{int(channels), int(height), int(width)}, textField(request.fields, "source") == kNoise);
}

}  // namespace

bool drawsNoise(const Layer& layer) {
  const auto* input = dynamic_cast<const Input*>(&layer);
  return input && input->drawsNoise();
}

LayerType describeInput() {
  LayerType type{"input", "Input", "Where the picture enters the network.", createInput, 0, 0};
  type.fields = {
      sizeField("channels", "Channels", "1 for gray pictures, 3 for color."), sizeField("height", "Height", "Rows of the picture."),
      sizeField("width", "Width", "Columns of the picture."),
      choiceField("source", "Source", "The data, or noise: numbers of the standard normal distribution, drawn anew for each picture.",
                  {"data", kNoise})};
  return type;
}

}  // namespace nn
