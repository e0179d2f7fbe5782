#include "io/onnx/OnnxTensor.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "nn/Counted.h"
#include "nn/Error.h"

namespace io::onnxfile {

namespace {

static_assert(std::endian::native == std::endian::little, "ONNX raw data is little-endian");

constexpr std::int64_t kMostValues = std::int64_t(1) << 31;

std::string placeOf(const onnx::TensorProto& proto, const std::string& where) {
  return where + ", tensor '" + proto.name() + "'";
}

std::size_t elementCount(const onnx::TensorProto& proto, const std::string& where) {
  std::int64_t count = 1;
  for (const std::int64_t dim : proto.dims()) {
    if (dim < 0) throw nn::Error("a dimension is negative", placeOf(proto, where));
    if (dim > 0 && count > kMostValues / dim) throw nn::Error("the tensor is larger than 2^31 values", placeOf(proto, where));
    count *= dim;
  }
  return std::size_t(count);
}

void checkHere(const onnx::TensorProto& proto, const std::string& where) {
  if (proto.data_location() == onnx::TensorProto::EXTERNAL || proto.external_data_size() > 0) {
    throw nn::Error("its values lie in another file", placeOf(proto, where), "Save the model as one file, without external data");
  }
  if (proto.has_segment()) throw nn::Error("tensors in segments are not supported", placeOf(proto, where));
}

[[noreturn]] void sizeMismatch(const onnx::TensorProto& proto, std::size_t wanted, std::size_t found, const std::string& where) {
  throw nn::Error("it should hold " + nn::counted(wanted, "value", "values") + ", but the file holds " + std::to_string(found),
                  placeOf(proto, where), "The file is incomplete or damaged");
}

// The elements one by one converted: raw little-endian bytes, or else those of the field.
template <typename Stored, typename Field, typename To, typename Convert>
void copy(const onnx::TensorProto& proto, const Field& field, std::vector<To>& to, const std::string& where, Convert convert) {
  const bool raw = proto.has_raw_data();
  const std::size_t count = elementCount(proto, where), bytes = proto.raw_data().size();
  const std::size_t found = raw ? bytes / sizeof(Stored) : std::size_t(field.size());
  if (found != count || (raw && bytes % sizeof(Stored) != 0)) sizeMismatch(proto, count, found, where);
  to.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    Stored value{};
    if (raw)
      std::memcpy(&value, proto.raw_data().data() + i * sizeof(Stored), sizeof(Stored));
    else
      value = Stored(field.Get(int(i)));
    to[i] = convert(value);
  }
}

float floatOfHalf(std::uint16_t half) {
  const int exponent = (half >> 10) & 31;
  const int mantissa = half & 1023;
  float value = 0;
  if (exponent == 0) {
    value = std::ldexp(float(mantissa), -24);
  } else if (exponent == 31) {
    value = mantissa ? std::nanf("") : HUGE_VALF;
  } else {
    value = std::ldexp(float(mantissa + 1024), exponent - 25);
  }
  return half & 0x8000 ? -value : value;
}

template <typename To>
bool readWholeNumbers(const onnx::TensorProto& proto, std::vector<To>& to, const std::string& where) {
  const auto convert = [](auto value) { return To(value); };
  switch (proto.data_type()) {
    case onnx::TensorProto::INT64:
      copy<std::int64_t>(proto, proto.int64_data(), to, where, convert);
      return true;
    case onnx::TensorProto::INT32:
      copy<std::int32_t>(proto, proto.int32_data(), to, where, convert);
      return true;
    case onnx::TensorProto::INT16:
      copy<std::int16_t>(proto, proto.int32_data(), to, where, convert);
      return true;
    case onnx::TensorProto::INT8:
      copy<std::int8_t>(proto, proto.int32_data(), to, where, convert);
      return true;
    case onnx::TensorProto::UINT16:
      copy<std::uint16_t>(proto, proto.int32_data(), to, where, convert);
      return true;
    case onnx::TensorProto::UINT8:
    case onnx::TensorProto::BOOL:
      copy<std::uint8_t>(proto, proto.int32_data(), to, where, convert);
      return true;
    default:
      return false;
  }
}

}  // namespace

bool isInteger(const onnx::TensorProto& proto) {
  switch (proto.data_type()) {
    case onnx::TensorProto::INT64:
    case onnx::TensorProto::INT32:
    case onnx::TensorProto::INT16:
    case onnx::TensorProto::INT8:
    case onnx::TensorProto::UINT16:
    case onnx::TensorProto::UINT8:
    case onnx::TensorProto::BOOL:
      return true;
    default:
      return false;
  }
}

bool isNumeric(const onnx::TensorProto& proto) {
  const auto type = proto.data_type();
  return isInteger(proto) || type == onnx::TensorProto::FLOAT || type == onnx::TensorProto::DOUBLE || type == onnx::TensorProto::FLOAT16 ||
         type == onnx::TensorProto::BFLOAT16;
}

Tensor readTensor(const onnx::TensorProto& proto, const std::string& where) {
  checkHere(proto, where);
  Tensor result;
  result.name = proto.name();
  result.dims.assign(proto.dims().begin(), proto.dims().end());
  const auto same = [](auto value) { return float(value); };
  switch (proto.data_type()) {
    case onnx::TensorProto::FLOAT:
      copy<float>(proto, proto.float_data(), result.values, where, same);
      break;
    case onnx::TensorProto::DOUBLE:
      copy<double>(proto, proto.double_data(), result.values, where, same);
      break;
    case onnx::TensorProto::FLOAT16:
      copy<std::uint16_t>(proto, proto.int32_data(), result.values, where, floatOfHalf);
      break;
    case onnx::TensorProto::BFLOAT16:
      copy<std::uint16_t>(proto, proto.int32_data(), result.values, where,
                          [](std::uint16_t upper) { return std::bit_cast<float>(std::uint32_t(upper) << 16); });
      break;
    default:
      if (readWholeNumbers(proto, result.values, where)) break;
      throw nn::Error("numbers of type " + std::to_string(proto.data_type()) + " are not supported", placeOf(proto, where),
                      "Export the model with float32 weights");
  }
  for (const float value : result.values) {
    if (!std::isfinite(value))
      throw nn::Error("it holds values that are not finite numbers", placeOf(proto, where),
                      "The training had diverged, or the file is damaged");
  }
  return result;
}

std::vector<std::int64_t> readIntegers(const onnx::TensorProto& proto, const std::string& where) {
  checkHere(proto, where);
  std::vector<std::int64_t> result;
  if (!readWholeNumbers(proto, result, where)) throw nn::Error("whole numbers were expected", placeOf(proto, where));
  return result;
}

void writeTensor(onnx::TensorProto& proto, const std::string& name, std::span<const std::int64_t> dims, std::span<const float> values) {
  proto.set_name(name);
  proto.set_data_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t dim : dims) proto.add_dims(dim);
  proto.set_raw_data(values.data(), values.size_bytes());
}

void writeIntegers(onnx::TensorProto& proto, const std::string& name, std::span<const std::int64_t> values) {
  proto.set_name(name);
  proto.set_data_type(onnx::TensorProto::INT64);
  proto.add_dims(std::int64_t(values.size()));
  proto.set_raw_data(values.data(), values.size_bytes());
}

}  // namespace io::onnxfile
