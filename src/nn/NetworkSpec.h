// A network as pure data: what a JSON file, the network editor and an ONNX import produce. It round-trips through JSON
// (io/NetworkJson.h). validate() says what is wrong with it, as a list to show; it never throws.
#pragma once

#include <string>
#include <vector>

#include "nn/Error.h"
#include "nn/Fields.h"
#include "nn/InputSpec.h"
#include "nn/Scores.h"

namespace nn {

struct NodeSpec {
  std::string name;                 // unique; shown in the scene
  std::string type;                 // a name of the layer catalogue: "input", "conv2d", "max-pool", "dense", ...
  std::vector<std::string> inputs;  // names of the nodes it reads; empty (and not an "input"): the node listed before it
  Fields fields;                    // absent fields take the catalogue's default
  std::string group = {};           // of nodes that are trained together: "generator"; empty: none
  bool operator==(const NodeSpec&) const = default;
};

struct NetworkSpec {
  std::string name;         // short, file-name like: "harley"
  std::string title;        // for menus
  std::string description;  // one or two sentences
  std::vector<NodeSpec> nodes;
  std::vector<std::string> outputs;     // empty: every node that nobody reads
  std::vector<std::string> classNames;  // empty: "0", "1", ...
  InputSpec input = {};                 // how a picture becomes the values of the first input
  std::string task = {};                // what the outputs mean (tasks/Task.h); empty: chosen by the shapes
  Scores scores = Scores::ByLayers;     // what the numbers of the first output are
  bool operator==(const NetworkSpec&) const = default;
};

// Everything that keeps `spec` from being a network: unknown types and fields, names used twice, cycles, shapes that do
// not fit, numbers out of range, more than 2^31 parameters or activations. Empty when it can be built.
std::vector<Issue> validate(const NetworkSpec& spec);

}  // namespace nn
