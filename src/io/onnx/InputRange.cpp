#include "io/onnx/InputRange.h"

#include <algorithm>
#include <cmath>

#include "nn/NumberText.h"

namespace io::onnxfile {

namespace {

constexpr double kByte = 255;

// The first layer's work on each channel: value * scale + shift.
struct First {
  std::vector<double> scale, shift;
  bool bytes = false;  // the file says that it takes whole numbers
};

// White, where black is 0. A factor that makes numbers much smaller is for bytes, and so is a mean beyond 1.
double whiteOf(const First& first) {
  double scale = 0, mean = 0;
  for (std::size_t c = 0; c < first.scale.size(); ++c) {
    scale += std::abs(first.scale[c]) / double(first.scale.size());
    if (first.scale[c] != 0) mean += -first.shift[c] / first.scale[c] / double(first.scale.size());
  }
  constexpr double kSmall = 0.02, kUsual = 0.5, kBeyondOne = 1.5;
  if (first.bytes || scale <= kSmall || std::abs(mean) > kBeyondOne) return kByte;
  return scale < kUsual && mean == 0 ? std::round(1 / scale) : 1;  // such as 1/16, for pictures of 0 to 16
}

std::vector<int> readersOf(const ImportContext& context, int index) {
  std::vector<int> readers;
  const std::string& name = context.drafts[std::size_t(index)].spec.name;
  for (std::size_t i = 0; i < context.drafts.size(); ++i) {
    const auto& inputs = context.drafts[i].spec.inputs;
    if (std::find(inputs.begin(), inputs.end(), name) != inputs.end()) readers.push_back(int(i));
  }
  return readers;
}

bool isOutput(const ImportContext& context, int index) {
  return std::any_of(context.graph.output().begin(), context.graph.output().end(), [&](const onnx::ValueInfoProto& output) {
    const auto found = context.tensorValues.find(output.name());
    return found != context.tensorValues.end() && found->second.node == index;
  });
}

std::vector<double> asDoubles(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

// What a layer does with each of its channels or cells, where that is no more than scaling and shifting.
std::optional<First> workOf(const Draft& draft) {
  const auto block = [&](const char* name) { return asDoubles(draft.blocks.at(name)); };
  const bool scales = (draft.spec.type == "average-pool" && draft.blocks.contains("scale")) || draft.spec.type == "affine";
  if (scales) return First{block("scale"), block("bias")};
  if (draft.spec.type != "batch-norm") return std::nullopt;
  First first{block("scale"), block("bias")};
  const std::vector<double> mean = block("mean"), variance = block("variance");
  for (std::size_t c = 0; c < mean.size(); ++c) {
    first.scale[c] /= std::sqrt(variance[c] + 1e-12);
    first.shift[c] -= mean[c] * first.scale[c];
  }
  return first;
}

// As a person wrote it, where the file's floats lost its last digits.
double asWritten(double value) {
  constexpr double kDigits = 1e4, kFloat = 1e-6;
  const double written = std::round(value * kDigits) / kDigits;
  return std::abs(written - value) <= kFloat * std::abs(value) ? written : value;
}

std::vector<double> shortened(std::vector<double> values, double none) {
  if (std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); })) values.resize(1);
  return values == std::vector<double>{none} ? std::vector<double>() : values;
}

// Takes a layer out whose input becomes that of its readers.
void remove(ImportContext& context, int index, int source) {
  const std::string name = context.drafts[std::size_t(index)].spec.name, before = context.drafts[std::size_t(source)].spec.name;
  for (Draft& draft : context.drafts) std::replace(draft.spec.inputs.begin(), draft.spec.inputs.end(), name, before);
  context.drafts.erase(context.drafts.begin() + index);
  for (auto& [tensor, value] : context.tensorValues) {
    if (value.node == index) value.node = source;
    if (value.node > index) --value.node;
  }
}

// Into range, mean and deviation; nothing where they cannot say it.
std::optional<nn::InputSpec> specOf(const First& first, const nn::Shape& input) {
  const nn::Shape picture = nn::pictureShape(input);
  const bool same = shortened(first.scale, 1).size() <= 1 && shortened(first.shift, 0).size() <= 1;
  if (picture.isVector() || (first.scale.size() != std::size_t(picture.channels) && !same)) return std::nullopt;
  const bool negative = first.scale.front() < 0;
  nn::InputSpec spec;
  for (std::size_t c = 0; c < first.scale.size(); ++c) {
    if (first.scale[c] == 0 || (first.scale[c] < 0) != negative) return std::nullopt;
    spec.deviation.push_back(asWritten(1 / std::abs(first.scale[c])));
    spec.mean.push_back(first.shift[c] == 0 ? 0 : asWritten(-first.shift[c] / std::abs(first.scale[c])));
  }
  spec.high = whiteOf(first) * (negative ? -1 : 1);
  spec.mean = shortened(spec.mean, 0);
  spec.deviation = shortened(spec.deviation, 1);
  return spec;
}

std::string listed(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) text += (text.empty() ? "" : ", ") + nn::shortestText(std::round(value * 1e4) / 1e4);
  return text;
}

std::string sentence(const nn::InputSpec& spec) {
  std::string text = "its first operators became what the model says of its input: black is 0 and white " + listed({spec.high});
  if (!spec.mean.empty()) text += ", less " + listed(spec.mean);
  if (!spec.deviation.empty()) text += ", divided by " + listed(spec.deviation);
  return text;
}

}  // namespace

nn::InputSpec takeInputSpec(ImportContext& context) {
  int input = -1;
  for (std::size_t i = 0; i < context.drafts.size(); ++i)
    if (context.drafts[i].spec.type == "input") input = input == -1 ? int(i) : -2;
  if (input < 0) return {};
  const bool bytes = context.wholeInputs.contains(context.drafts[std::size_t(input)].spec.name);
  const std::vector<int> readers = readersOf(context, input);
  std::optional<First> first = readers.size() == 1 ? workOf(context.drafts[std::size_t(readers[0])]) : std::nullopt;
  nn::InputSpec spec;
  if (!first) {
    spec.high = bytes ? kByte : 1;
    return spec;
  }
  first->bytes = bytes;
  const Draft& draft = context.drafts[std::size_t(readers[0])];
  const std::vector<int> next = readersOf(context, readers[0]);
  const bool movable = draft.spec.type == "average-pool" && draft.layer->activation() == nn::Activation::None && !next.empty() &&
                       !isOutput(context, readers[0]);
  const std::optional<nn::InputSpec> said =
      movable ? specOf(*first, context.drafts[std::size_t(input)].layer->outputShape()) : std::nullopt;
  if (said) {
    context.notes.push_back(sentence(*said));
    remove(context, readers[0], input);
    return *said;
  }
  spec.high = whiteOf(*first);
  if (spec.high != 1 && !bytes)
    context.notes.push_back("its first layer, " + draft.spec.name + ", is taken to read pictures where black is 0 and white " +
                            listed({spec.high}));
  return spec;
}

}  // namespace io::onnxfile
