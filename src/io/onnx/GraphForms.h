// What other programs write in several forms, in the one that is read: functions of the file in place of their calls, each node behind
// those that it reads, and outputs that only decide, count or compare in favor of the scores that they do so with. Free functions over a
// file in memory. Thread: any.
#pragma once

#include <onnx/onnx_pb.h>
#include <string>
#include <vector>

namespace io::onnxfile {

// Throws nn::Error where they call each other without an end, or become more than `mostNodes`.
void inlineFunctions(onnx::ModelProto& model, int mostNodes, const std::string& where);
void sortNodes(onnx::GraphProto& graph);
// QuantizedForms.cpp: convolutions and the like of whole numbers as those of fractions, between conversions.
void spellOutQuantized(onnx::GraphProto& graph);
// The notes to what was changed.
std::vector<std::string> readUpToScores(onnx::GraphProto& graph);

}  // namespace io::onnxfile
