#include "io/onnx/ConstantFolding.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "io/onnx/ConstantParts.h"
#include "io/onnx/OnnxAttributes.h"
#include "io/onnx/OnnxTensor.h"

namespace io::onnxfile {

namespace {

std::optional<std::size_t> sizeOf(const Dims& dims, std::size_t most) {
  std::size_t size = 1;
  for (const std::int64_t dim : dims) {
    if (dim < 0) return std::nullopt;
    if (dim > 0 && size > most / std::size_t(dim)) return std::nullopt;
    size *= std::size_t(dim);
  }
  return size;
}

Dims stridesOf(const Dims& dims) {
  Dims strides(dims.size(), 1);
  for (std::size_t i = dims.size(); i-- > 1;) strides[i - 1] = strides[i] * dims[i];
  return strides;
}

// From a list of whole numbers, each cut to +-2^31; empty where the input is left out.
std::optional<Dims> wholeNumbers(const onnx::NodeProto& node, Inputs inputs, std::size_t which, std::string_view attribute) {
  if (which >= inputs.size() || !inputs[which]) return intsAttribute(node, attribute, {});
  if (!inputs[which]->whole) return std::nullopt;
  Dims result;
  for (const double value : inputs[which]->values) result.push_back(std::int64_t(std::clamp(value, -0x1p31, 0x1p31)));
  return result;
}

std::optional<std::size_t> axisOf(std::int64_t axis, std::size_t rank) {
  if (axis < 0) axis += std::int64_t(rank);
  if (axis < 0 || axis >= std::int64_t(rank)) return std::nullopt;
  return std::size_t(axis);
}

// The values from `base` on at steps of `strides`, as many as `dims` says. All of them must lie inside.
Folded walk(const Constant& from, Dims dims, const Dims& strides, std::int64_t base, std::size_t most) {
  const auto size = sizeOf(dims, most);
  if (!size) return std::nullopt;
  Constant result{std::move(dims), {}, from.whole};
  result.values.resize(*size);
  Dims at(result.dims.size(), 0);
  std::int64_t source = base;
  for (double& value : result.values) {
    value = from.values[std::size_t(source)];
    for (std::size_t axis = at.size(); axis-- > 0;) {
      source += strides[axis];
      if (++at[axis] < result.dims[axis]) break;
      source -= strides[axis] * result.dims[axis];
      at[axis] = 0;
    }
  }
  return result;
}

Folded foldReshape(const onnx::NodeProto& node, Inputs inputs, std::size_t) {
  if (inputs.empty() || !inputs[0]) return std::nullopt;
  std::optional<Dims> dims = wholeNumbers(node, inputs, 1, "shape");
  if (!dims) return std::nullopt;
  const std::size_t size = inputs[0]->values.size();
  if (node.op_type() == "Flatten") {
    const auto rank = std::int64_t(inputs[0]->dims.size()), axis = intAttribute(node, "axis", 1), first = axis < 0 ? axis + rank : axis;
    if (first < 0 || first > rank) return std::nullopt;
    const auto rows = sizeOf({inputs[0]->dims.begin(), inputs[0]->dims.begin() + first}, size);
    if (!rows || *rows == 0) return std::nullopt;
    dims = Dims{std::int64_t(*rows), std::int64_t(size / *rows)};
  }
  std::int64_t* open = nullptr;
  for (std::size_t i = 0; i < dims->size(); ++i) {
    std::int64_t& dim = (*dims)[i];
    if (dim == 0 && i < inputs[0]->dims.size() && intAttribute(node, "allowzero", 0) == 0) dim = inputs[0]->dims[i];
    if (dim == -1 && open) return std::nullopt;
    if (dim == -1) open = &dim;
  }
  if (open) {
    *open = 1;
    const auto known = sizeOf(*dims, size);
    if (!known || *known == 0 || size % *known != 0) return std::nullopt;
    *open = std::int64_t(size / *known);
  }
  if (sizeOf(*dims, size) != size) return std::nullopt;
  return Constant{*dims, inputs[0]->values, inputs[0]->whole};
}

// Squeeze and Unsqueeze.
Folded foldDimensionsOfOne(const onnx::NodeProto& node, Inputs inputs, std::size_t) {
  if (inputs.empty() || !inputs[0]) return std::nullopt;
  const std::optional<Dims> axes = wholeNumbers(node, inputs, 1, "axes");
  if (!axes || axes->size() > 8) return std::nullopt;
  const bool adds = node.op_type() == "Unsqueeze";
  const std::size_t rank = inputs[0]->dims.size() + (adds ? axes->size() : 0);
  std::vector<bool> chosen(rank, !adds && axes->empty());
  for (const std::int64_t axis : *axes) {
    const auto index = axisOf(axis, rank);
    if (!index || chosen[*index]) return std::nullopt;
    chosen[*index] = true;
  }
  Constant result{{}, inputs[0]->values, inputs[0]->whole};
  std::size_t next = 0;
  for (std::size_t i = 0; i < rank; ++i) {
    if (adds) {
      result.dims.push_back(chosen[i] ? 1 : inputs[0]->dims[next++]);
      continue;
    }
    const std::int64_t dim = inputs[0]->dims[i];
    if (chosen[i] && dim != 1 && !axes->empty()) return std::nullopt;
    if (!chosen[i] || dim != 1) result.dims.push_back(dim);
  }
  return result;
}

Folded foldTranspose(const onnx::NodeProto& node, Inputs inputs, std::size_t most) {
  if (inputs.size() != 1 || !inputs[0]) return std::nullopt;
  const std::size_t rank = inputs[0]->dims.size();
  Dims order = intsAttribute(node, "perm", {});
  if (order.empty()) {
    for (std::size_t i = rank; i-- > 0;) order.push_back(std::int64_t(i));
  }
  Dims sorted = order;
  std::sort(sorted.begin(), sorted.end());
  if (order.size() != rank) return std::nullopt;
  for (std::size_t i = 0; i < rank; ++i) {
    if (sorted[i] != std::int64_t(i)) return std::nullopt;
  }
  const Dims own = stridesOf(inputs[0]->dims);
  Dims dims, strides;
  for (const std::int64_t axis : order) {
    dims.push_back(inputs[0]->dims[std::size_t(axis)]);
    strides.push_back(own[std::size_t(axis)]);
  }
  return walk(*inputs[0], dims, strides, 0, most);
}

Folded foldSlice(const onnx::NodeProto& node, Inputs inputs, std::size_t most) {
  if (inputs.empty() || !inputs[0]) return std::nullopt;
  const auto starts = wholeNumbers(node, inputs, 1, "starts"), ends = wholeNumbers(node, inputs, 2, "ends");
  auto axes = wholeNumbers(node, inputs, 3, "axes"), steps = wholeNumbers(node, inputs, 4, "steps");
  if (!starts || !ends || !axes || !steps || starts->size() != ends->size() || starts->size() > inputs[0]->dims.size()) return std::nullopt;
  if (steps->empty()) steps->assign(starts->size(), 1);
  for (std::size_t i = axes->size(); axes->size() < starts->size(); ++i) axes->push_back(std::int64_t(i));
  if (axes->size() != starts->size() || steps->size() != starts->size()) return std::nullopt;
  Dims dims = inputs[0]->dims, strides = stridesOf(dims);
  const Dims own = dims;
  std::vector<bool> cut(dims.size(), false);
  std::int64_t base = 0;
  for (std::size_t i = 0; i < starts->size(); ++i) {
    const auto axis = axisOf((*axes)[i], dims.size());
    if (!axis || cut[*axis] || (*steps)[i] == 0) return std::nullopt;
    cut[*axis] = true;
    const std::int64_t size = own[*axis], step = (*steps)[i];
    const auto within = [&](std::int64_t at) {
      if (at < 0) at += size;
      return step > 0 ? std::clamp<std::int64_t>(at, 0, size) : std::clamp<std::int64_t>(at, -1, size - 1);
    };
    const std::int64_t first = within((*starts)[i]), last = within((*ends)[i]);
    const std::int64_t count = step > 0 ? (last - first + step - 1) / step : (first - last - step - 1) / -step;
    dims[*axis] = std::max<std::int64_t>(0, count);
    base += first * strides[*axis];
    strides[*axis] *= step;
  }
  return walk(*inputs[0], dims, strides, base, most);
}

Folded foldGather(const onnx::NodeProto& node, Inputs inputs, std::size_t most) {
  if (inputs.size() != 2 || !inputs[0] || !inputs[1] || inputs[1]->dims.size() > 1) return std::nullopt;
  const Constant &from = *inputs[0], &which = *inputs[1];
  const auto axis = axisOf(intAttribute(node, "axis", 0), from.dims.size());
  if (!axis || !which.whole) return std::nullopt;
  Dims dims = from.dims;
  dims[*axis] = std::int64_t(which.values.size());
  const auto size = sizeOf(dims, most);
  if (!size) return std::nullopt;
  const auto length = double(from.dims[*axis]);
  const auto inner = std::size_t(stridesOf(from.dims)[*axis]);
  const std::size_t outer = *size == 0 ? 0 : *size / which.values.size() / inner;
  Constant result{dims, {}, from.whole};
  result.values.reserve(*size);
  for (std::size_t block = 0; block < outer; ++block) {
    for (const double wanted : which.values) {
      const double index = wanted < 0 ? wanted + length : wanted;
      if (!(index >= 0 && index < length)) return std::nullopt;
      const auto first = from.values.begin() + std::ptrdiff_t((block * std::size_t(length) + std::size_t(index)) * inner);
      result.values.insert(result.values.end(), first, first + std::ptrdiff_t(inner));
    }
  }
  if (which.dims.empty()) result.dims.erase(result.dims.begin() + std::ptrdiff_t(*axis));
  return result;
}

Folded foldConcat(const onnx::NodeProto& node, Inputs inputs, std::size_t most) {
  if (inputs.empty() || !inputs[0]) return std::nullopt;
  const auto axis = axisOf(intAttribute(node, "axis", 0), inputs[0]->dims.size());
  if (!axis) return std::nullopt;
  Constant result{inputs[0]->dims, {}, inputs[0]->whole};
  result.dims[*axis] = 0;
  for (const Constant* input : inputs) {
    if (!input || input->dims.size() != result.dims.size()) return std::nullopt;
    for (std::size_t i = 0; i < result.dims.size(); ++i) {
      if (i != *axis && input->dims[i] != result.dims[i]) return std::nullopt;
    }
    result.dims[*axis] += input->dims[*axis];
  }
  const auto size = sizeOf(result.dims, most);
  if (!size) return std::nullopt;
  result.values.reserve(*size);
  const auto innerOf = [&](const Constant& input) { return std::size_t(stridesOf(input.dims)[*axis] * input.dims[*axis]); };
  const std::size_t rows = *size == 0 ? 0 : *size / innerOf(result);
  for (std::size_t row = 0; row < rows; ++row) {
    for (const Constant* input : inputs) {
      const auto first = input->values.begin() + std::ptrdiff_t(row * innerOf(*input));
      result.values.insert(result.values.end(), first, first + std::ptrdiff_t(innerOf(*input)));
    }
  }
  return result;
}

Folded foldShape(const onnx::NodeProto& node, Inputs inputs, std::size_t) {
  if (inputs.size() != 1 || !inputs[0]) return std::nullopt;
  const Dims& dims = inputs[0]->dims;
  const auto [first, last] = shapePart(node, std::int64_t(dims.size()));
  return Constant{{last - first}, {dims.begin() + first, dims.begin() + last}, true};
}

// The numbers that whole ones of a few bits stand for: (x - zero) scale, with one of both for all, or for each along an axis.
Folded foldDequantize(const onnx::NodeProto& node, Inputs inputs, std::size_t most) {
  if (inputs.size() < 2 || !inputs[0] || !inputs[1] || sizeOf(inputs[0]->dims, most) != inputs[0]->values.size()) return std::nullopt;
  Constant result{inputs[0]->dims, inputs[0]->values, false};
  const Constant &scale = *inputs[1], *zero = inputs.size() > 2 ? inputs[2] : nullptr;
  const std::size_t count = scale.values.size();
  std::size_t inner = 1;
  if (count != 1) {
    const auto axis = axisOf(intAttribute(node, "axis", 1), result.dims.size());
    if (!axis || result.dims[*axis] != std::int64_t(count)) return std::nullopt;
    inner = std::size_t(stridesOf(result.dims)[*axis]);
  }
  if (count == 0 || (zero && zero->values.size() != count)) return std::nullopt;
  for (std::size_t i = 0; i < result.values.size(); ++i) {
    const std::size_t which = i / inner % count;
    result.values[i] = (result.values[i] - (zero ? zero->values[which] : 0)) * scale.values[which];
  }
  return result;
}

Folded foldExpand(const onnx::NodeProto& node, Inputs inputs, std::size_t most) {
  const auto wanted = inputs.size() == 2 && inputs[0] && inputs[1] ? wholeNumbers(node, inputs, 1, "") : std::nullopt;
  if (!wanted) return std::nullopt;
  const std::optional<Dims> dims = commonDims(inputs[0]->dims, *wanted);
  return dims ? broadcast(*inputs[0], *dims, most) : std::nullopt;
}

Folded foldRange(const onnx::NodeProto&, Inputs inputs, std::size_t most) {
  for (const Constant* input : inputs)
    if (!input || input->values.size() != 1) return std::nullopt;
  if (inputs.size() != 3 || inputs[2]->values[0] == 0) return std::nullopt;
  const double first = inputs[0]->values[0], step = inputs[2]->values[0], count = std::ceil((inputs[1]->values[0] - first) / step);
  if (!(count <= double(most))) return std::nullopt;
  Constant result{{}, {}, inputs[0]->whole};
  for (double i = 0; i < count; ++i) result.values.push_back(first + i * step);
  result.dims = {std::int64_t(result.values.size())};
  return result;
}

Folded foldSize(const onnx::NodeProto&, Inputs inputs, std::size_t) {
  if (inputs.size() != 1 || !inputs[0]) return std::nullopt;
  return Constant{{}, {double(inputs[0]->values.size())}, true};
}

Folded foldConstantOfShape(const onnx::NodeProto& node, Inputs inputs, std::size_t most) {
  const auto dims = inputs.size() == 1 && inputs[0] ? wholeNumbers(node, inputs, 0, "") : std::nullopt;
  const auto size = dims ? sizeOf(*dims, most) : std::nullopt;
  for (const onnx::AttributeProto& attribute : node.attribute()) {
    if (attribute.name() != "value") continue;
    const onnx::TensorProto& value = attribute.t();
    if (!size || !isNumeric(value) || value.dims_size() > 1) return std::nullopt;
    const Tensor number = readTensor(value, node.name());
    if (number.values.size() != 1) return std::nullopt;
    return Constant{*dims, std::vector<double>(*size, double(number.values[0])), isInteger(value)};
  }
  if (!size) return std::nullopt;
  return Constant{*dims, std::vector<double>(*size, 0.0), false};
}

}  // namespace

Folded broadcast(const Constant& from, const Dims& dims, std::size_t most) {
  const Dims own = stridesOf(from.dims);
  Dims strides(dims.size(), 0);
  const std::size_t missing = dims.size() - from.dims.size();
  for (std::size_t i = 0; i < from.dims.size(); ++i) {
    if (from.dims[i] != 1) strides[missing + i] = own[i];
  }
  return walk(from, dims, strides, 0, most);
}

Folded fold(const onnx::NodeProto& node, Inputs inputs, std::size_t most) {
  static const std::map<std::string_view, Folded (*)(const onnx::NodeProto&, Inputs, std::size_t)> table{
      {"Cast", foldCast},
      {"Reshape Flatten", foldReshape},
      {"Squeeze Unsqueeze", foldDimensionsOfOne},
      {"Transpose", foldTranspose},
      {"Slice", foldSlice},
      {"Gather", foldGather},
      {"Concat", foldConcat},
      {"Shape", foldShape},
      {"ConstantOfShape", foldConstantOfShape},
      {"DequantizeLinear", foldDequantize},
      {"Expand", foldExpand},
      {"Range", foldRange},
      {"Size", foldSize},
      {"Add Sub Mul Div Pow Mod Min Max Equal Less Greater LessOrEqual GreaterOrEqual And Or", foldArithmetic},
      {"Clip", foldClip},
      {"Where", foldWhere},
      {"Neg Sqrt Reciprocal Floor Ceil Round Exp Log Erf Sin Cos Tanh Sign Abs Not", foldOfEach}};
  const auto found = std::find_if(table.begin(), table.end(), [&](const auto& row) { return holds(row.first, node.op_type()); });
  if (found == table.end()) return std::nullopt;
  for (const Constant* input : inputs) {
    if (input && (input->dims.size() > 8 || sizeOf(input->dims, most) != input->values.size())) return std::nullopt;
  }
  Folded result = found->second(node, inputs, most);
  const bool broken = result && result->whole &&
                      !std::all_of(result->values.begin(), result->values.end(), [](double value) { return std::isfinite(value); });
  return broken ? std::nullopt : result;
}

}  // namespace io::onnxfile
