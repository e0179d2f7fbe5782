// The reader of ONNX models: our own files and, without our description of them, as those of any other program. Seeds hold every
// layer of the catalogue, and what PyTorch exported.
#include <algorithm>
#include <cmath>
#include <google/protobuf/message.h>
#include <onnx/onnx_pb.h>

#include <QDir>
#include <QFile>

#include "fuzz/FuzzTarget.h"
#include "io/onnx/OnnxReader.h"
#include "io/onnx/OnnxWriter.h"
#include "support/LayerCases.h"

namespace fuzz {

namespace {

namespace pb = google::protobuf;

// Every field of a message and of those inside it.
struct Place {
  pb::Message* message;
  const pb::FieldDescriptor* field;
};

void collect(pb::Message& message, std::vector<Place>& places, int depth = 0) {
  if (depth > 12 || places.size() > 20000) return;
  const pb::Reflection& reflection = *message.GetReflection();
  std::vector<const pb::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    places.push_back({&message, field});
    if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      collect(*reflection.MutableMessage(&message, field), places, depth + 1);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i)
      collect(*reflection.MutableRepeatedMessage(&message, field, i), places, depth + 1);
  }
}

std::int64_t wildNumber(std::int64_t old, data::Random& random) {
  static constexpr std::int64_t kEdges[] = {0, 1, -1, 2, 3, 7, 64, 65535, 65537, 1 << 30, INT32_MAX, INT64_MAX, INT64_MIN};
  return random.chance(0.4f) ? std::int64_t(std::uint64_t(old) + random.below(5) - 2) : kEdges[random.below(std::size(kEdges))];
}

void changeText(const Place& place, const std::vector<std::string>& texts, data::Random& random) {
  const std::string& text = texts[random.below(texts.size())];
  const pb::Reflection& reflection = *place.message->GetReflection();
  if (place.field->is_repeated())
    reflection.SetRepeatedString(place.message, place.field,
                                 int(random.below(std::size_t(reflection.FieldSize(*place.message, place.field)))), text);
  else
    reflection.SetString(place.message, place.field, text);
}

void changeNumber(const Place& place, data::Random& random) {
  const pb::Reflection& reflection = *place.message->GetReflection();
  const bool many = place.field->is_repeated();
  const int at = many ? int(random.below(std::size_t(reflection.FieldSize(*place.message, place.field)))) : 0;
  switch (place.field->cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT64:
      if (many)
        reflection.SetRepeatedInt64(place.message, place.field, at,
                                    wildNumber(reflection.GetRepeatedInt64(*place.message, place.field, at), random));
      else
        reflection.SetInt64(place.message, place.field, wildNumber(reflection.GetInt64(*place.message, place.field), random));
      return;
    case pb::FieldDescriptor::CPPTYPE_INT32:
      if (many)
        reflection.SetRepeatedInt32(place.message, place.field, at, std::int32_t(wildNumber(1, random)));
      else
        reflection.SetInt32(place.message, place.field, std::int32_t(wildNumber(1, random)));
      return;
    case pb::FieldDescriptor::CPPTYPE_FLOAT: {
      static constexpr float kEdges[] = {0, -1, 6, 1e-30f, 3e38f, HUGE_VALF, NAN};
      if (many)
        reflection.SetRepeatedFloat(place.message, place.field, at, kEdges[random.below(std::size(kEdges))]);
      else
        reflection.SetFloat(place.message, place.field, kEdges[random.below(std::size(kEdges))]);
      return;
    }
    default:
      return;
  }
}

void changeList(const Place& place, data::Random& random) {
  const pb::Reflection& reflection = *place.message->GetReflection();
  const auto count = std::size_t(reflection.FieldSize(*place.message, place.field));
  if (random.chance(0.5f) || count < 2)
    reflection.RemoveLast(place.message, place.field);
  else
    reflection.SwapElements(place.message, place.field, int(random.below(count)), int(random.below(count)));
}

void changeField(const Place& place, const std::vector<std::string>& texts, data::Random& random) {
  const pb::Reflection& reflection = *place.message->GetReflection();
  if (place.field->is_repeated() && reflection.FieldSize(*place.message, place.field) == 0) return;
  if (place.field->is_repeated() && random.chance(0.2f)) return changeList(place, random);
  if (random.chance(0.05f)) return reflection.ClearField(place.message, place.field);
  if (place.field->cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING) return changeText(place, texts, random);
  changeNumber(place, random);
}

std::vector<std::string> textsOf(const onnx::ModelProto& model) {
  std::vector<std::string> texts = words();
  for (const onnx::NodeProto& node : model.graph().node()) {
    texts.insert(texts.end(), node.input().begin(), node.input().end());
    texts.insert(texts.end(), node.output().begin(), node.output().end());
  }
  return texts;
}

void addForeign(std::vector<std::string>& result) {
  const QDir folder(QString(CONVSCOPE_SOURCE_DIR) + "/tests/io/foreign");
  for (const QString& name : folder.entryList({"*.onnx"}, QDir::Files, QDir::Name)) {
    QFile file(folder.filePath(name));
    require(file.open(QIODevice::ReadOnly), "the foreign models can be opened");
    const QByteArray bytes = file.readAll();
    std::string model(bytes.constData(), std::size_t(bytes.size()));
    if (read(model)) result.push_back(std::move(model));
  }
}

}  // namespace

bool read(const std::string& bytes) {
  try {
    const io::Model model = io::onnxfile::readModel(QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size())), "fuzz", "fuzz");
    require(model.parameters.size() == model.network->parameterCount(), "a model has all of its parameters");
    require(std::all_of(model.parameters.begin(), model.parameters.end(), [](float value) { return std::isfinite(value); }),
            "every parameter is a number");
    return true;
  } catch (const nn::Error& error) {
    require(!error.issue().what.empty(), "a refusal says why");
    return false;
  }
}

std::vector<std::string> seeds() {
  std::vector<std::string> result;
  for (const nntest::LayerCase& layerCase : nntest::layerCases()) {
    const auto network = nn::Network::create(nntest::specOf(layerCase));
    onnx::ModelProto model;
    try {
      model = io::onnxfile::writeModel(*network, network->initialParameters(1));
    } catch (const nn::Error&) {
      continue;  // a layer that ONNX cannot say
    }
    result.push_back(model.SerializeAsString());
    model.clear_metadata_props();
    std::string bare = model.SerializeAsString();
    if (read(bare)) result.push_back(std::move(bare));
  }
  addForeign(result);
  return result;
}

std::vector<std::string> words() {
  return {"Conv",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "Gemm",
          "MatMul",
          "BatchNormalization",
          "Relu",
          "LeakyRelu",
          "Clip",
          "ReduceMean",
          "Neg",
          "Sqrt",
          "ConstantOfShape",
          "Identity",
          "Cast",
          "Dropout",
          "Pad",
          "Flatten",
          "Reshape",
          "Squeeze",
          "Unsqueeze",
          "Concat",
          "Transpose",
          "Softmax",
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Shape",
          "Gather",
          "Slice",
          "Constant",
          "SAME_UPPER",
          "SAME_LOWER",
          "VALID",
          "constant",
          "pads",
          "strides",
          "kernel_shape",
          "axis",
          "axes",
          "keepdims",
          "count_include_pad",
          "perm",
          "group",
          "dilations"};
}

std::string changedInside(const std::string& bytes, data::Random& random) {
  onnx::ModelProto model;
  if (!model.ParseFromString(bytes)) return {};
  const std::vector<std::string> texts = textsOf(model);
  for (std::size_t changes = 1 + random.below(3); changes > 0; --changes) {
    std::vector<Place> places;
    collect(model, places);
    changeField(places[random.below(places.size())], texts, random);
  }
  return model.SerializeAsString();
}

}  // namespace fuzz
