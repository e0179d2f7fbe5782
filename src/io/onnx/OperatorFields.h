// What a node of a graph may say beside its first inputs: for each operator that is read, the attributes and the number of inputs that
// the standard gives it, and what becomes of them here. What stands in no row is told rather than passed over without a word. Pure
// functions. Thread: any.
#pragma once

#include <onnx/onnx_pb.h>
#include <string>
#include <vector>

namespace io::onnxfile {

// Whether the operator is the standard's own, not one of the same name from elsewhere.
bool isStandard(const onnx::NodeProto& node);

// Why what the node says cannot be meant: an attribute of another type than the standard's, or given twice. Empty: nothing.
std::string contradiction(const onnx::NodeProto& node);

// What the node says and nothing here looks at, each as the end of "node 'conv1' (Conv): ..." with what is assumed instead. Nothing of
// operators that are not read, of which all is told.
std::vector<std::string> overlooked(const onnx::NodeProto& node);

}  // namespace io::onnxfile
