// The layers that move cells, or draw in between them, as nodes of ONNX.
#include <algorithm>
#include <array>

#include "io/onnx/GraphWriter.h"

namespace io::onnxfile {

void GraphWriter::writeZeroPad(int index) {
  const nn::Window window = *node(index).layer->window();
  const nn::Shape &from = node(index).layer->inputShapes()[0], &to = node(index).shape;
  const int top = window.paddingTop, left = window.paddingLeft;
  const std::string& name = node(index).name;
  const std::string pads = integers(name + ".pads", {0, 0, top, left, 0, 0, to.height - from.height - top, to.width - from.width - left});
  add(name, "Pad", {source(index, 0, false), pads});
}

void GraphWriter::writeUpsample(int index) {
  const nn::Window window = *node(index).layer->window();
  const bool bilinear = node(index).layer->combineKind() == nn::Combine::WeightedSum;
  const std::string& name = node(index).name;
  const std::array<float, 4> scales{1, 1, float(window.shrinkY), float(window.shrinkX)};
  const std::array<std::int64_t, 1> four{4}, none{0};
  const std::string region = constant(name + ".roi", none, {}), factors = constant(name + ".scales", four, scales);
  onnx::NodeProto& proto = add(name, "Resize", {source(index, 0, false), region, factors});
  addText(proto, "mode", bilinear ? "linear" : "nearest");
  addText(proto, "coordinate_transformation_mode", bilinear ? "half_pixel" : "asymmetric");
  if (!bilinear) addText(proto, "nearest_mode", "floor");
}

void GraphWriter::writeReshape(int index) {
  const nn::Shape& to = node(index).shape;
  const std::string &name = node(index).name, &from = node(node(index).inputs[0]).name;
  m_flat[std::size_t(index)] = to.isVector();
  const std::string shape =
      to.isVector() ? integers(name + ".shape", {0, to.channels}) : integers(name + ".shape", {0, to.channels, to.height, to.width});
  add(name, "Reshape", {from, shape});
}

void GraphWriter::writeSlice(int index) {
  const nn::Layer& layer = *node(index).layer;
  const nn::Shape &from = layer.inputShapes()[0], &to = node(index).shape;
  nn::CellLinks links;
  layer.linksInto({}, links);
  const nn::Cell first = links.terms[0].cell;
  const std::string& name = node(index).name;
  const bool channels = to.channels != from.channels, rows = to.height != from.height;
  const int axis = channels ? 1 : rows ? 2 : 3;
  const int start = channels ? first.channel : rows ? first.row : first.column;
  const int count = channels ? to.channels : rows ? to.height : to.width;
  const std::string input = source(index, 0, false);
  const std::string starts = integers(name + ".starts", {start}), ends = integers(name + ".ends", {start + count});
  add(name, "Slice", {input, starts, ends, integers(name + ".axes", {axis})});
}

void GraphWriter::writeRearrange(int index) {
  const std::string& name = node(index).name;
  const nn::Shape& to = node(index).shape;
  List box = std::get<List>(field(index, "box")), order = std::get<List>(field(index, "order"));
  box.insert(box.begin(), 0);
  for (std::int64_t& side : order) ++side;
  order.insert(order.begin(), 0);
  add(name + "/box", "Reshape", {node(node(index).inputs[0]).name, integers(name + ".box", box)});
  addInts(add(name + "/turned", "Transpose", {name + "/box"}), "perm", order);
  add(name, "Reshape", {name + "/turned", integers(name + ".shape", {0, to.channels, to.height, to.width})});
}

// Zeros are one channel, row or column more, behind the others.
void GraphWriter::writeSelect(int index) {
  static constexpr std::array<const char*, 3> kSides{"channels", "rows", "columns"};
  const nn::Shape& from = node(index).layer->inputShapes()[0];
  const std::array<int, 3> sizes{from.channels, from.height, from.width};
  std::string tensor = source(index, 0, false);
  for (int side = 0; side < 3; ++side) {
    const std::string name = node(index).name + "/" + kSides[std::size_t(side)];
    List numbers = std::get<List>(field(index, kSides[std::size_t(side)]));
    if (numbers.empty()) continue;
    if (*std::min_element(numbers.begin(), numbers.end()) < 0) {
      List pads(8, 0);
      pads[std::size_t(side) + 5] = 1;
      add(name + "-padded", "Pad", {tensor, integers(name + ".pads", pads)});
      tensor = name + "-padded";
      std::replace(numbers.begin(), numbers.end(), std::int64_t(-1), std::int64_t(sizes[std::size_t(side)]));
    }
    addInt(add(name, "Gather", {tensor, integers(name + ".numbers", numbers)}), "axis", side + 1);
    tensor = name;
  }
  add(node(index).name, "Identity", {tensor});
}

void GraphWriter::writeResize(int index) {
  const nn::Shape &from = node(index).layer->inputShapes()[0], &to = node(index).shape;
  const std::string& name = node(index).name;
  const double rows = realField(index, "scale-rows"), columns = realField(index, "scale-columns");
  const std::array<std::int64_t, 1> four{4}, none{0};
  const std::string region = constant(name + ".roi", none, {});
  const std::array<float, 4> scales{1, 1, rows > 0 ? float(rows) : float(to.height) / float(from.height),
                                    columns > 0 ? float(columns) : float(to.width) / float(from.width)};
  const bool scaled = rows > 0 || columns > 0;
  const std::string factors = scaled ? constant(name + ".scales", four, scales) : constant(name + ".no-scales", none, {});
  Names inputs{source(index, 0, false), region, factors};
  if (!scaled) inputs.push_back(integers(name + ".sizes", {1, to.channels, to.height, to.width}));
  onnx::NodeProto& proto = add(name, "Resize", inputs);
  std::string centers = std::get<std::string>(field(index, "centers"));
  std::replace(centers.begin(), centers.end(), '-', '_');
  addText(proto, "mode", std::get<std::string>(field(index, "mode")).c_str());
  addText(proto, "coordinate_transformation_mode", centers.c_str());
  addFloat(proto, "cubic_coeff_a", float(realField(index, "bend")));
  addInt(proto, "exclude_outside", std::get<bool>(field(index, "exclude-outside")) ? 1 : 0);
}

}  // namespace io::onnxfile
