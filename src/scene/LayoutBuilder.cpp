#include <numeric>

#include "scene/Layout.h"
#include "scene/Plane.h"

namespace scene {
namespace {

constexpr float kRowWidth = 12.0f;     // world units that the widest layer takes
constexpr float kMapsHeight = 1.3f;    // at most, for several rows of maps; one row may be as high as its maps
constexpr float kMapGap = 0.2f;        // between maps, of a map's larger side
constexpr float kTileGap = 0.7f;       // between kernels, in weights
constexpr float kVectorWidth = 10.4f;  // of the longest row of a dense layer
constexpr float kVectorCell = 0.152f;  // largest side of a dense unit
constexpr float kVectorArea = 11.0f;   // limits the height of very long dense layers
constexpr int kVectorPiece = 10;       // units beside each other before a small gap
constexpr float kTileCell = 0.66f;     // an output shown large
constexpr float kTilePitch = 0.92f;
constexpr int kMostTiles = 20;
constexpr float kLevelGap = 0.60f;
constexpr float kSiblingGap = 2.8f;  // between blocks on one level: room for the labels
constexpr float kLeastRoom = 3.0f;   // of one of many blocks on a level
constexpr float kArcRadius = 24.0f;
constexpr float kLean = 0.74f;  // radians, from upright backwards

std::string dimsText(const nn::Shape& shape) {
  if (shape.isVector()) return std::to_string(shape.channels);
  return std::to_string(shape.channels) + " × " + std::to_string(shape.height) + " × " + std::to_string(shape.width);
}

class Builder {
 public:
  Builder(const std::shared_ptr<const nn::Network>& network, Arrangement arrangement) : m_network(network) {
    m_layout.network = network;
    m_layout.arrangement = arrangement;
  }

  Layout build() {
    mergeNodes();
    findRanges();
    std::vector<Plane> maps, kernels;
    std::vector<int> siblings;
    for (const Block& block : m_layout.blocks) {
      siblings.resize(std::max(siblings.size(), std::size_t(block.level + 1)));
      ++siblings[std::size_t(block.level)];
    }
    for (std::size_t b = 0; b < m_layout.blocks.size(); ++b) {
      const float beside = float(siblings[std::size_t(m_layout.blocks[b].level)]);
      m_room = std::max((kRowWidth - kSiblingGap * (beside - 1)) / beside, kLeastRoom);
      maps.push_back(unitPlane(int(b)));
      kernels.push_back(kernelPlane(int(b), maps.back()));
    }
    place(maps, kernels);
    countCells();
    return std::move(m_layout);
  }

 private:
  bool merges(int node) const {
    const nn::Network::Node& n = m_network->node(node);
    if (!n.layer->isPointwise() || n.inputs.size() != 1) return false;
    const nn::Network::Node& before = m_network->node(n.inputs[0]);
    return before.consumers.size() == 1 && before.shape.size() == n.shape.size();
  }

  void mergeNodes() {
    const auto nodes = m_network->nodes();
    m_layout.blockOfNode.assign(nodes.size(), -1);
    for (int i = 0; i < int(nodes.size()); ++i) {
      const nn::Network::Node& node = nodes[std::size_t(i)];
      if (merges(i)) {
        const int b = m_layout.blockOfNode[std::size_t(node.inputs[0])];
        m_layout.blockOfNode[std::size_t(i)] = b;
        m_layout.blocks[std::size_t(b)].nodes.push_back(i);
        m_layout.blocks[std::size_t(b)].valueNode = i;
        continue;
      }
      Block block;
      block.node = block.valueNode = i;
      block.nodes = {i};
      block.shape = node.shape;
      block.name = node.name;
      block.dims = dimsText(node.shape);
      block.isInput = node.inputs.empty();
      for (const int input : node.inputs) {
        const int source = m_layout.blockOfNode[std::size_t(input)];
        block.sources.push_back(source);
        block.level = std::max(block.level, m_layout.blocks[std::size_t(source)].level + 1);
      }
      m_layout.blockOfNode[std::size_t(i)] = int(m_layout.blocks.size());
      m_layout.blocks.push_back(std::move(block));
    }
    for (const int output : m_network->outputs()) {
      Block& block = m_layout.blocks[std::size_t(m_layout.blockOfNode[std::size_t(output)])];
      block.isOutput = true;
      block.tiles = block.shape.isVector() && block.shape.channels <= kMostTiles;
    }
  }

  // Which values cannot be negative, whatever the parameters: decides between the two kinds of colour map.
  void findRanges() {
    const auto nodes = m_network->nodes();
    std::vector<bool> nonNegative(nodes.size()), unitRange(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const nn::Layer& layer = *nodes[i].layer;
      bool allNonNegative = true, allUnit = !nodes[i].inputs.empty();
      for (const int input : nodes[i].inputs) {
        allNonNegative = allNonNegative && nonNegative[std::size_t(input)];
        allUnit = allUnit && unitRange[std::size_t(input)];
      }
      const nn::Combine kind = layer.combineKind();
      const bool blends = kind == nn::Combine::Average || kind == nn::Combine::WeightedSum;  // bilinear upsampling among them
      const bool passes = kind == nn::Combine::Copy || kind == nn::Combine::Pointwise || kind == nn::Combine::Maximum ||
                          kind == nn::Combine::Input || (blends && layer.parameterBlocks().empty());
      const nn::Activation activation = layer.activation();
      const bool keepsSign = activation == nn::Activation::None || activation == nn::Activation::LeakyRelu ||
                             activation == nn::Activation::Elu || nn::derivativeNeedsInput(activation);
      unitRange[i] = kind == nn::Combine::Softmax || activation == nn::Activation::Sigmoid || activation == nn::Activation::BinaryStep ||
                     (passes && allUnit && keepsSign);
      nonNegative[i] = unitRange[i] || activation == nn::Activation::Relu ||
                       (keepsSign && allNonNegative && (passes || kind == nn::Combine::Sum || kind == nn::Combine::Product) &&
                        layer.parameterBlocks().empty());
    }
    for (Block& block : m_layout.blocks) {
      block.nonNegative = nonNegative[std::size_t(block.valueNode)];
      block.unitRange = unitRange[std::size_t(block.valueNode)];
    }
  }

  Plane unitPlane(int b) {
    Block& block = m_layout.blocks[std::size_t(b)];
    if (!block.shape.isVector()) return mapPlane(block, b);
    return block.tiles ? tilePlane(block, b) : vectorPlane(block, b);
  }

  // Maps beside each other, in as many rows as make them largest.
  Plane mapPlane(Block& block, int b) {
    const int h = block.shape.height, w = block.shape.width, n = block.shape.channels, longer = std::max(h, w);
    const float gap = kMapGap * float(longer);
    const float cap = std::clamp(1.9f * std::pow(float(longer) / 32.0f, 0.42f), 0.5f, 2.1f) / float(longer);
    float pitch = 0;
    int across = 1;
    for (int columns = 1; columns <= n; ++columns) {
      const int rows = (n + columns - 1) / columns;
      const float wide = m_room / (float(columns) * (float(w) + gap) - gap),
                  high = rows == 1 ? cap : kMapsHeight / (float(rows) * (float(h) + gap) - gap);
      const float fits = std::min({cap, wide, high});
      if (fits > pitch * 1.001f) pitch = fits, across = columns;
    }
    across = (n + (n + across - 1) / across - 1) / ((n + across - 1) / across);  // rows of equal length
    block.unitsPerSheet = h * w;
    Plane plane;
    const float stepX = (float(w) + gap) * pitch, stepY = (float(h) + gap) * pitch;
    for (int c = 0; c < n; ++c) {
      const int row = c / across, inRow = std::min(across, n - row * across);
      Placed placed;
      placed.sheet = {.kind = Sheet::Kind::Map, .block = b, .channel = c, .pitch = pitch, .rows = h, .columns = w, .count = h * w};
      placed.x = (float(c % across) - float(inRow) / 2) * stepX + gap * pitch / 2;
      placed.y = float(row) * stepY;
      plane.sheets.push_back(placed);
    }
    plane.width = float(std::min(across, n)) * stepX - gap * pitch;
    plane.height = float((n + across - 1) / across) * stepY - gap * pitch;
    return plane;
  }

  Plane tilePlane(Block& block, int b) {
    block.unitsPerSheet = 1;
    const int n = block.shape.channels;
    const float step = std::min(kTilePitch, m_room / float(n));
    Plane plane;
    for (int c = 0; c < n; ++c) {
      Placed placed;
      placed.sheet = {.kind = Sheet::Kind::Vector, .block = b, .channel = c, .pitch = kTileCell * step / kTilePitch, .count = 1};
      placed.x = (float(c) - float(n) / 2) * step + (step - placed.sheet.pitch) / 2;
      plane.sheets.push_back(placed);
    }
    plane.width = float(n) * step;
    plane.height = kTileCell * step / kTilePitch;
    return plane;
  }

  // A dense layer: pieces of ten columns, each filled row by row before the next piece begins.
  Plane vectorPlane(Block& block, int b) {
    const int n = block.shape.channels;
    const float pitch = std::min(kVectorCell, std::sqrt(kVectorArea / float(n)));
    const int most = std::max(1, int(kVectorWidth * m_room / kRowWidth / (pitch * (kVectorPiece + 0.7f))));
    const int rows = std::max(1, (n + most * kVectorPiece - 1) / (most * kVectorPiece));
    const int perPiece = rows * kVectorPiece, pieces = (n + perPiece - 1) / perPiece;
    const float step = (kVectorPiece + 0.7f) * pitch;
    block.unitsPerSheet = perPiece;
    Plane plane;
    plane.width = float(pieces) * step - 0.7f * pitch;
    plane.height = float(rows) * pitch;
    for (int p = 0; p < pieces; ++p) {
      Placed placed;
      const int count = std::min(perPiece, n - p * perPiece);
      placed.sheet = {.kind = Sheet::Kind::Vector,
                      .block = b,
                      .channel = p,
                      .pitch = pitch,
                      .rows = (count + kVectorPiece - 1) / kVectorPiece,
                      .columns = std::min(count, kVectorPiece),
                      .count = count};
      placed.x = -plane.width / 2 + float(p) * step;
      plane.sheets.push_back(placed);
    }
    return plane;
  }

  Plane kernelPlane(int b, const Plane& maps) {
    Block& block = m_layout.blocks[std::size_t(b)];
    const nn::Network::Node& node = m_network->node(block.node);
    const std::optional<nn::Window> window = node.layer->window();
    Plane plane;
    if (!window || node.layer->combineKind() != nn::Combine::WeightedSum) return plane;
    const int inputs = node.layer->inputShapes()[0].channels;
    int most = 0;
    for (int c = 0; c < block.shape.channels; ++c) {
      Placed placed;
      placed.sheet = {
          .kind = Sheet::Kind::Kernels, .block = b, .channel = c, .rows = window->height, .columns = window->width, .tileCount = 0};
      placed.sheet.tileGap = window->height * window->width == 1 ? 0 : kTileGap;
      placed.sheet.firstTile = m_layout.tiles.size();
      for (int i = 0; i < inputs; ++i) {
        const std::ptrdiff_t offset = node.layer->kernelOffset(c, i);
        if (offset < 0) continue;
        m_layout.tiles.push_back({i, node.parameterOffset + std::size_t(offset)});
        ++placed.sheet.tileCount;
      }
      placed.sheet.count = placed.sheet.tileCount * window->height * window->width;
      most = std::max(most, placed.sheet.tileCount);
      plane.sheets.push_back(placed);
    }
    if (most == 0) return Plane{};
    block.kernelDims = std::to_string(most) + " × " + std::to_string(window->height) + " × " + std::to_string(window->width);
    arrangeKernels(plane, maps, most);
    return plane;
  }

  // Puts a plane at arc length s (its middle) and height y (its lower edge); returns the box around it.
  Box stand(const Plane& plane, float s, float y, int& first, int& count) {
    const bool flat = m_layout.arrangement == Arrangement::Flat;
    const float lean = flat ? 0 : kLean;
    Box box;
    first = int(m_layout.sheets.size());
    count = int(plane.sheets.size());
    for (const Placed& placed : plane.sheets) {
      Sheet sheet = placed.sheet;
      const float middle = s + placed.x + sheet.width() / 2;
      const float up = plane.height - placed.y;  // of the sheet's upper edge, along the plane
      const float angle = flat ? 0 : middle / kArcRadius;
      const Vec3 right{std::cos(angle), 0, std::sin(angle)}, back{std::sin(angle), 0, -std::cos(angle)};
      Vec3 at{flat ? middle : kArcRadius * std::sin(angle), y + up * std::cos(lean), flat ? 0 : kArcRadius * (1 - std::cos(angle))};
      at = at + back * ((up - plane.height / 2) * std::sin(lean));
      sheet.right = right;
      sheet.down = Vec3{0, -std::cos(lean), 0} - back * std::sin(lean);
      sheet.origin = at - right * (sheet.width() / 2);
      for (const float x : {0.0f, sheet.width()})
        for (const float v : {0.0f, sheet.height()}) box.add(sheet.origin + sheet.right * x + sheet.down * v);
      m_layout.sheets.push_back(sheet);
    }
    return box;
  }

  Vec3 beside(float s, float y) const {
    if (m_layout.arrangement == Arrangement::Flat) return {s, y, 0};
    return {kArcRadius * std::sin(s / kArcRadius), y, kArcRadius * (1 - std::cos(s / kArcRadius))};
  }

  void place(const std::vector<Plane>& maps, const std::vector<Plane>& kernels) {
    const float cosine = m_layout.arrangement == Arrangement::Flat ? 1 : std::cos(kLean);
    int levels = 0;
    for (const Block& block : m_layout.blocks) levels = std::max(levels, block.level + 1);
    float y = 0;
    for (int level = 0; level < levels; ++level) {
      float width = -kSiblingGap, kernelHeight = 0, height = 0;
      for (std::size_t b = 0; b < m_layout.blocks.size(); ++b) {
        if (m_layout.blocks[b].level != level) continue;
        width += maps[b].width + kSiblingGap;
        height = std::max(height, maps[b].height);
        kernelHeight = std::max(kernelHeight, kernels[b].height);
      }
      const float kernelRoom = kernelHeight > 0 ? kernelHeight * cosine + kLevelGap : 0;
      float s = -width / 2;
      for (std::size_t b = 0; b < m_layout.blocks.size(); ++b) {
        Block& block = m_layout.blocks[b];
        if (block.level != level) continue;
        const float middle = s + maps[b].width / 2, half = maps[b].width / 2, base = y + kernelRoom;
        block.kernelBounds = stand(kernels[b], middle, y, block.firstKernelSheet, block.kernelSheetCount);
        block.bounds = stand(maps[b], middle, base, block.firstSheet, block.sheetCount);
        block.labelAnchor = beside(middle - half, base + maps[b].height * cosine / 2);
        block.legendAnchor = beside(middle + half, base + maps[b].height * cosine / 2);
        block.kernelLabelAnchor = beside(middle - half, y + kernels[b].height * cosine / 2);
        block.kernelLegendAnchor = beside(middle + half, y + kernels[b].height * cosine / 2);
        s += maps[b].width + kSiblingGap;
      }
      y += kernelRoom + height * cosine + kLevelGap;
    }
  }

  void countCells() {
    std::size_t cell = 0;
    for (Block& block : m_layout.blocks) {
      block.firstCell = cell;
      for (int i = 0; i < block.sheetCount; ++i) {
        Sheet& sheet = m_layout.sheets[std::size_t(block.firstSheet + i)];
        sheet.firstCell = cell;
        cell += std::size_t(sheet.count);
      }
    }
    m_layout.unitCells = cell;
    for (const Block& block : m_layout.blocks) {
      for (int i = 0; i < block.kernelSheetCount; ++i) {
        Sheet& sheet = m_layout.sheets[std::size_t(block.firstKernelSheet + i)];
        sheet.firstCell = cell;
        cell += std::size_t(sheet.count);
      }
      for (const Box& box : {block.bounds, block.kernelBounds})
        if (!box.empty()) m_layout.bounds.add(box.low), m_layout.bounds.add(box.high);
    }
    m_layout.cellCount = cell;
  }

  std::shared_ptr<const nn::Network> m_network;
  Layout m_layout;
  float m_room = kRowWidth;  // that the block at hand may take
};

}  // namespace

std::shared_ptr<const Layout> buildLayout(const std::shared_ptr<const nn::Network>& network, Arrangement arrangement) {
  return std::make_shared<const Layout>(Builder(network, arrangement).build());
}

}  // namespace scene
