// Every type of layer as one row: its words for menus, the fields a person can set, and how to make it. The rows come from
// the files in layers/, by the list in CMakeLists.txt. Read-only after the first call; any thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nn/Error.h"
#include "nn/Fields.h"
#include "nn/Layer.h"
#include "nn/Shape.h"

namespace nn {

// What a layer is made from. create() reports every reason why it cannot be made, and then returns null.
struct LayerRequest {
  const std::string& node;        // name, for issues
  const Fields& fields;           // complete: checked against the row's fields, defaults filled in
  std::span<const Shape> inputs;  // as many as the row allows
  std::vector<Issue>& issues;
  void report(std::string what, std::string hint) const { issues.push_back({node, std::move(what), std::move(hint)}); }
};

struct LayerType {
  std::string name;         // in specifications: "conv2d"
  std::string title;        // in menus: "Convolution"
  std::string description;  // one sentence
  std::shared_ptr<const Layer> (*create)(const LayerRequest& request) = nullptr;
  int minimumInputs = 1;
  int maximumInputs = 1;  // -1: any number
  std::vector<FieldInfo> fields = {};
};

const std::vector<LayerType>& layerTypes();
const LayerType* findLayerType(std::string_view name);  // null when there is none

// A given value in the type of the row's default; nullopt after an issue at `where`.
std::optional<FieldValue> readField(const FieldInfo& info, const FieldValue& given, const std::string& where, std::vector<Issue>& issues);
// The given fields checked against the row and completed by its defaults, each in the type of its default; nullopt after
// at least one issue. `where` names the node.
std::optional<Fields> completeFields(const LayerType& type, const Fields& given, const std::string& where, std::vector<Issue>& issues);

// A layer of one type alone, outside any network.
std::shared_ptr<const Layer> createLayer(const LayerType& type, const std::string& node, const Fields& given, std::span<const Shape> inputs,
                                         std::vector<Issue>& issues);

}  // namespace nn
