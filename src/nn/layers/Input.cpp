#include "nn/layers/LayerTools.h"

namespace nn {

namespace {

// Where values enter the network; the Workspace writes its output.
class Input : public Layer {
 public:
  explicit Input(const Shape& shape) { m_outputShape = shape; }
  std::string_view type() const override { return "input"; }
  Combine combineKind() const override { return Combine::Input; }
  std::optional<Window> window() const override { return Window{}; }
  void linksInto(const Cell&, CellLinks& links) const override { links = {}; }
  Combined combine(const Cell&, const CellLinks&, std::span<const float> inputs, std::span<const float>) const override {
    const float value = inputs.empty() ? 0.0f : inputs[0];
    return {value, value};
  }
  void forward(const ForwardCall&) const override {}
  void backward(const BackwardCall&) const override {}
};

FieldInfo sizeField(std::string name, std::string label, std::string tooltip) {
  FieldInfo info{std::move(name), std::move(label), std::move(tooltip), std::int64_t(1), 1, 65536};
  return info;
}

std::shared_ptr<const Layer> createInput(const LayerRequest& request) {
  const auto channels = wholeField(request.fields, "channels");
  const auto height = wholeField(request.fields, "height");
  const auto width = wholeField(request.fields, "width");
  if (!checkShape(request, channels, height, width)) return nullptr;
  return std::make_shared<Input>(Shape{int(channels), int(height), int(width)});
}

}  // namespace

LayerType describeInput() {
  LayerType type{"input", "Input", "Where the picture enters the network.", 0, 0, {}, createInput};
  type.fields = {sizeField("channels", "Channels", "1 for gray pictures, 3 for color."),
                 sizeField("height", "Height", "Rows of the picture."), sizeField("width", "Width", "Columns of the picture.")};
  return type;
}

}  // namespace nn
