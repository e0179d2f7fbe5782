#include "nn/layers/LayerTools.h"

#include <sstream>

#include "nn/Initialization.h"
#include "nn/SizeText.h"

namespace nn {

std::int64_t wholeField(const Fields& fields, const std::string& name) {
  return std::get<std::int64_t>(fields.at(name));
}
double realField(const Fields& fields, const std::string& name) {
  return std::get<double>(fields.at(name));
}
bool boolField(const Fields& fields, const std::string& name) {
  return std::get<bool>(fields.at(name));
}
const std::string& textField(const Fields& fields, const std::string& name) {
  return std::get<std::string>(fields.at(name));
}

std::pair<int, int> pairField(const Fields& fields, const std::string& name, std::pair<int, int> fallback) {
  const auto& list = std::get<std::vector<std::int64_t>>(fields.at(name));
  if (list.empty()) return fallback;
  return {int(list.front()), int(list.back())};
}

std::optional<Halo> borderOf(const LayerRequest& request, const std::string& name) {
  const auto& list = std::get<std::vector<std::int64_t>>(request.fields.at(name));
  const auto side = [&](std::size_t i) { return int(list[i]); };
  if (list.size() == 1) return Halo{side(0), side(0), side(0), side(0)};
  if (list.size() == 2) return Halo{side(0), side(1), side(0), side(1)};
  if (list.size() == 4) return Halo{side(0), side(1), side(2), side(3)};
  request.report("Its " + name + " has " + std::to_string(list.size()) + " numbers",
                 "Give one number, two (above and below, left and right) or four (above, left, below, right)");
  return std::nullopt;
}

FieldInfo sidesField(std::string name, std::string label, std::string tooltip, std::vector<std::int64_t> standard, int minimum,
                     int maximum) {
  FieldInfo info{std::move(name), std::move(label), std::move(tooltip), std::move(standard), double(minimum), double(maximum)};
  info.maximumCount = 2;
  return info;
}

FieldInfo filtersField() {
  FieldInfo info{"filters", "Filters", "How many feature maps the layer makes.", std::int64_t(8), 1, 65536};
  info.required = true;
  return info;
}

FieldInfo activationField() {
  std::vector<std::string> names;
  for (int i = 0; i < kActivationCount; ++i) names.emplace_back(activationName(Activation(i)));
  return choiceField("activation", "Activation", "The function that is applied to each weighted sum.", names);
}

FieldInfo initializationField() {
  std::vector<std::string> names;
  for (const Initialization kind : initializations()) names.emplace_back(initializationName(kind));
  return choiceField("initialization", "Initialization", "How the weights are drawn before training.", names);
}

FieldInfo constantField() {
  return {"constant", "Constant", "What every weight starts with where the initialization is constant.", 0.1, -1e6, 1e6};
}

Activation activationOf(const Fields& fields) {
  for (int i = 0; i < kActivationCount; ++i)
    if (activationName(Activation(i)) == textField(fields, "activation")) return Activation(i);
  return Activation::None;
}

FieldInfo kernelField(int size, std::string tooltip) {
  return sidesField("kernel", "Kernel", std::move(tooltip), {size});
}

FieldInfo strideField(std::vector<std::int64_t> standard, std::string tooltip) {
  return sidesField("stride", "Stride", std::move(tooltip), std::move(standard));
}

FieldInfo paddingField() {
  FieldInfo info{"padding",
                 "Padding",
                 "Cells added around the input: none (valid), as many as keep its size at stride 1 (same), or a number; two for above "
                 "and below, left and right; four for above, left, below, right.",
                 std::string("valid"),
                 0,
                 4096};
  info.choices = {"valid", "same"};
  info.numberAllowed = true;
  info.maximumCount = 4;
  return info;
}

FieldInfo epsilonField() {
  return {"epsilon", "Epsilon", "What is added to the variance, so that nothing is divided by zero.", 1e-5, 1e-12, 1.0};
}

std::optional<std::int64_t> checkedProduct(std::initializer_list<std::int64_t> sizes) {
  std::int64_t product = 1;
  for (const std::int64_t size : sizes) {
    if (size < 0 || size > kMaximumCount) return std::nullopt;
    product *= size;  // both at most 2^31
    if (product > kMaximumCount) return std::nullopt;
  }
  return product;
}

bool checkShape(const LayerRequest& request, std::int64_t channels, std::int64_t height, std::int64_t width) {
  if (checkedProduct({channels, height, width})) return true;
  request.report("Its output would have more than 2^31 values", "Make it smaller");
  return false;
}

namespace {

// extent: rows or columns that the kernel covers, the gaps of dilation included.
struct Axis {
  int size, extent, stride;
  int before = 0, after = 0, output = 0;
};

// What the field "padding" says; same: as many as keep the size.
struct Padding {
  bool same = false;
  Halo border;
};

Padding paddingOf(const std::string& text) {
  Padding padding;
  padding.same = text == "same";
  if (text == "same" || text == "valid") return padding;
  std::istringstream stream(text);
  std::vector<int> sides;
  for (int side = 0; stream >> side;) sides.push_back(side);
  const std::size_t last = sides.size() - 1;  // one, two or four
  padding.border = {sides[0], sides[std::min<std::size_t>(1, last)], sides[last < 2 ? 0 : 2], sides[last]};
  return padding;
}

// Returns false when no window fits.
bool planAxis(Axis& axis, bool same) {
  if (same) {
    axis.output = (axis.size + axis.stride - 1) / axis.stride;
    const int total = std::max((axis.output - 1) * axis.stride + axis.extent - axis.size, 0);
    axis.before = total / 2;
    axis.after = total - axis.before;
    return true;
  }
  const int room = axis.size + axis.before + axis.after - axis.extent;
  if (room < 0) return false;
  axis.output = room / axis.stride + 1;
  // The last window may end before the padding does.
  axis.after = std::max(0, (axis.output - 1) * axis.stride + axis.extent - axis.before - axis.size);
  return true;
}

}  // namespace

std::optional<WindowPlan> planWindow(const LayerRequest& request, const Shape& input, bool strideIsKernelByDefault) {
  const auto [kernelHeight, kernelWidth] = pairField(request.fields, "kernel", {1, 1});
  const auto [strideY, strideX] =
      pairField(request.fields, "stride", strideIsKernelByDefault ? std::pair(kernelHeight, kernelWidth) : std::pair(1, 1));
  const auto [dilationY, dilationX] = request.fields.contains("dilation") ? pairField(request.fields, "dilation", {1, 1}) : std::pair(1, 1);
  const std::string& text = textField(request.fields, "padding");
  const auto [same, border] = paddingOf(text);
  Axis y{input.height, (kernelHeight - 1) * dilationY + 1, strideY, border.top, border.bottom};
  Axis x{input.width, (kernelWidth - 1) * dilationX + 1, strideX, border.left, border.right};
  const std::string size = sizeText(y.extent, x.extent);
  if (std::max(border.top, border.bottom) >= y.extent || std::max(border.left, border.right) >= x.extent) {
    request.report("A padding of " + text + " is not smaller than the kernel of " + size,
                   "Use a padding below the kernel's size, or \"same\"");
    return std::nullopt;
  }
  const int paddedHeight = input.height + y.before + y.after, paddedWidth = input.width + x.before + x.after;
  if (!planAxis(y, same) || !planAxis(x, same)) {
    request.report("The kernel of " + size + " is larger than its padded input of " + sizeText(paddedHeight, paddedWidth),
                   "Use a smaller kernel, more padding, or a larger input");
    return std::nullopt;
  }
  WindowPlan plan;
  plan.window = {kernelHeight, kernelWidth, strideY, strideX, y.before, x.before, dilationY, dilationX};
  plan.outputHeight = y.output;
  plan.outputWidth = x.output;
  plan.halo = {y.before, x.before, y.after, x.after};
  return plan;
}

void averageContributions(const CellLinks& links, std::span<const float> parameters, std::span<float> weights) {
  const float scale = links.scale < 0 ? 1.0f : parameters[std::size_t(links.scale)];
  std::fill(weights.begin(), weights.end(), scale / float(weights.size()));
}

void maximumContributions(std::span<const float> inputs, std::span<float> weights) {
  std::fill(weights.begin(), weights.end(), 0.0f);
  if (!inputs.empty()) weights[std::size_t(std::max_element(inputs.begin(), inputs.end()) - inputs.begin())] = 1;
}

}  // namespace nn
