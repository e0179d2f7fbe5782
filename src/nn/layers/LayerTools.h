// What several layer files share: reading fields that the catalogue has checked, the sliding window of convolution and
// pooling, and sizes that cannot overflow.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nn/LayerCalls.h"
#include "nn/LayerCatalogue.h"
#include "nn/kernels/Kernels.h"

namespace nn {

inline constexpr std::int64_t kMaximumCount = std::int64_t(1) << 31;  // of activations or parameters

std::int64_t wholeField(const Fields& fields, const std::string& name);
double realField(const Fields& fields, const std::string& name);
bool boolField(const Fields& fields, const std::string& name);
const std::string& textField(const Fields& fields, const std::string& name);
// One or two numbers as height and width; `fallback` where the list is empty.
std::pair<int, int> pairField(const Fields& fields, const std::string& name, std::pair<int, int> fallback);

// One number for all sides, two (above and below, left and right) or four (above, left, below, right); nullopt after reporting
// any other count.
std::optional<Halo> borderOf(const LayerRequest& request, const std::string& name);

// A list of one number, for both, or two: height and width.
FieldInfo sidesField(std::string name, std::string label, std::string tooltip, std::vector<std::int64_t> standard, int minimum = 1,
                     int maximum = 4096);
FieldInfo filtersField();
FieldInfo activationField();
// How the weights start; nn/Initialization.h reads both.
FieldInfo initializationField();
FieldInfo constantField();
Activation activationOf(const Fields& fields);
FieldInfo kernelField(int size, std::string tooltip);
FieldInfo strideField(std::vector<std::int64_t> standard, std::string tooltip);
FieldInfo paddingField();
FieldInfo epsilonField();  // of normalizations

// The product of the sizes, or nullopt when it is more than kMaximumCount.
std::optional<std::int64_t> checkedProduct(std::initializer_list<std::int64_t> sizes);
// False after reporting when the shape has more than kMaximumCount cells.
bool checkShape(const LayerRequest& request, std::int64_t channels, std::int64_t height, std::int64_t width);

// Calls function<Lanes>() with the number of lanes, for loops over lanes of a length that the compiler knows.
template <typename Function>
void withLanes(int lanes, Function function) {
  if (lanes == 1)
    function.template operator()<1>();
  else
    function.template operator()<kLanes>();
}

// LayerType::create of a type without fields, whose class is made of the shape that it reads.
template <typename Class>
std::shared_ptr<const Layer> createOfShape(const LayerRequest& request) {
  return std::make_shared<Class>(request.inputs[0]);
}

// Hands the gradient on to an input cell by cell.
inline void passGradient(const ConstTensor& gradient, const GradientTarget& target) {
  if (!target.wanted) return;
  if (target.accumulate)
    addCells(gradient, target.tensor);
  else
    copyCells(gradient, target.tensor);
}

// Tensors and windows as the kernels take them.
template <typename T>
Maps<T> mapsOf(const BasicTensor<T>& tensor) {
  return {tensor.data, tensor.channelStride, tensor.rowStride, tensor.shape.channels, tensor.shape.height, tensor.shape.width};
}
inline WindowSize windowSize(const Window& window) {
  return {window.height, window.width, window.strideY, window.strideX, window.paddingTop, window.paddingLeft};
}

// Between these two; which maps and weights, the caller says.
inline ScatterCall scatterCall(const ConstTensor& from, const Tensor& to, const WindowSize& window) {
  ScatterCall scatter;
  scatter.gradientRowStride = from.rowStride;
  scatter.height = from.shape.height;
  scatter.width = from.shape.width;
  scatter.targetRowStride = to.rowStride;
  scatter.targetHeight = to.shape.height;
  scatter.targetWidth = to.shape.width;
  scatter.lanes = from.lanes;
  scatter.window = window;
  return scatter;
}

// Layer::contributions() of a mean, times its trained factor where it has one, and of a maximum: all of it is its winner's.
void averageContributions(const CellLinks& links, std::span<const float> parameters, std::span<float> weights);
void maximumContributions(std::span<const float> inputs, std::span<float> weights);

// Layer::combine() of a sum with fixed weights.
inline Layer::Combined sumByFactors(const CellLinks& links, std::span<const float> inputs) {
  double sum = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) sum += double(inputs[i]) * links.terms[i].factor;
  return {float(sum), float(sum)};
}

struct WindowPlan {
  Window window;
  int outputHeight = 0, outputWidth = 0;
  Halo halo;  // cells outside the input that some window covers

  int cells() const { return window.height * window.width; }
  // The rows (columns) of the window over output row `row` that lie inside an input of `height` rows: [first, last).
  std::pair<int, int> rowsInside(int row, int height) const {
    const int start = row * window.strideY - window.paddingTop;
    return {std::max(0, -start), std::min(window.height, height - start)};
  }
  std::pair<int, int> columnsInside(int column, int width) const {
    const int start = column * window.strideX - window.paddingLeft;
    return {std::max(0, -start), std::min(window.width, width - start)};
  }
  // Calls function(row, column, tap) for the cells of `input` under the window over an output cell, row by row, and returns how many
  // they are. tap: the cell's number in the window. Of windows without dilation.
  template <typename Function>
  int forEachTap(const Shape& input, int row, int column, Function function) const {
    const auto [firstY, lastY] = rowsInside(row, input.height);
    const auto [firstX, lastX] = columnsInside(column, input.width);
    const int top = row * window.strideY - window.paddingTop, left = column * window.strideX - window.paddingLeft;
    for (int y = firstY; y < lastY; ++y)
      for (int x = firstX; x < lastX; ++x) function(top + y, left + x, y * window.width + x);
    return (lastY - firstY) * (lastX - firstX);
  }
};
// From the fields kernel, stride and padding; nullopt after reporting what does not fit `input`.
std::optional<WindowPlan> planWindow(const LayerRequest& request, const Shape& input, bool strideIsKernelByDefault);

}  // namespace nn
