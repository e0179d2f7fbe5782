// The operators of the standard that are read: a row each, in the file that has the function of its kind. A row also says what a node of
// it may hold beside its first inputs by the standard, and what becomes of that here, so that nothing is passed over without a word. To
// read another operator: write its function, and its row in the table below it. Pure functions. Thread: any.
#pragma once

#include <onnx/onnx_pb.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace io::onnxfile {

struct ImportContext;

inline constexpr int kAny = 1 << 20;

// Names of attributes stand in lists divided by spaces.
struct Operator {
  std::string_view name;
  // Adds what the node computes to the network. Null: only computed with constants and shapes, or read as part of another.
  void (*read)(ImportContext& context, const onnx::NodeProto& node) = nullptr;
  int inputs = 1;                      // as many as are looked at
  std::string_view attributes = {};    // that are looked at
  std::string_view harmless = {};      // that change nothing that is computed here
  std::string_view withDefaults = {};  // of which only the default is computed here
};

std::span<const Operator> layerOperators();
std::span<const Operator> mapOperators();
std::span<const Operator> joinOperators();
std::span<const Operator> moveOperators();
std::span<const Operator> normOperators();
std::span<const Operator> reduceOperators();
std::span<const Operator> activationOperators();
std::span<const Operator> curveOperators();
std::span<const Operator> arithmeticOperators();
std::span<const Operator> shapeOperators();
std::span<const Operator> otherOperators();

const Operator* findOperator(std::string_view name);  // null: there is no row

// Whether the operator is the standard's own, not one of the same name from elsewhere.
bool isStandard(const onnx::NodeProto& node);

// Why what the node says cannot be meant: an attribute of another type than the standard's, given twice, or NaN. Empty: nothing.
std::string contradiction(const onnx::NodeProto& node);

// What the node says and nothing here looks at, each as the end of "node 'conv1' (Conv): ..." with what is assumed instead. Nothing of
// operators that are not read, of which all is told.
std::vector<std::string> overlooked(const onnx::NodeProto& node);

}  // namespace io::onnxfile
