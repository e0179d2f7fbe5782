#include <numeric>

#include "nn/SizeText.h"
#include "scene/Labels.h"
#include "scene/Plane.h"

namespace scene {
namespace {

constexpr float kColumnHeight = 8.0f;  // that the highest layer takes where the network is read from left to right
constexpr float kTileGap = 0.7f;       // between kernels, in weights
constexpr float kLevelGap = 0.60f;
constexpr float kSiblingGap = 2.8f;  // between blocks on one level, when they share the room
constexpr float kLeastRoom = 3.0f;   // of one of many blocks on a level
constexpr float kArcRadius = 24.0f;
constexpr float kLean = 0.74f;  // radians, from upright backwards, or from facing the person to the left

// Places blocks level by level along the flow, which goes up or to the right, and those of one level beside (below) each other.
// t counts along the flow; s across it, from left to right or downwards.
class Builder {
 public:
  Builder(const std::shared_ptr<const nn::Network>& network, Arrangement arrangement, const std::set<int>& folded)
      : m_network(network), m_folded(folded), m_turned(arrangement == Arrangement::Rightward) {
    m_layout.network = network;
    m_layout.arrangement = arrangement;
    m_lean = arrangement == Arrangement::Flat ? 0 : kLean;
  }

  Layout build() {
    findBlocks(m_layout);
    std::vector<int> siblings;
    for (const Block& block : m_layout.blocks) {
      siblings.resize(std::max(siblings.size(), std::size_t(block.level + 1)));
      ++siblings[std::size_t(block.level)];
    }
    const float most = m_turned ? kColumnHeight : kRowWidth, gap = m_turned ? 1.0f : kSiblingGap;
    for (std::size_t b = 0; b < m_layout.blocks.size(); ++b) {
      Block& block = m_layout.blocks[b];
      block.folded = m_folded.contains(block.node);
      const float beside = float(siblings[std::size_t(block.level)]);
      const float room = std::max((most - gap * (beside - 1)) / beside, m_turned ? 2.0f : kLeastRoom);
      m_maps.push_back(block.folded ? slabPlane(block, int(b), m_turned) : unitPlane(block, int(b), room, m_turned, isInColor(block)));
      m_kernels.push_back(block.folded ? Plane{} : kernelPlane(int(b)));
    }
    place();
    m_layout.sheets.insert(m_layout.sheets.end(), m_pictures.begin(), m_pictures.end());
    countCells();
    return std::move(m_layout);
  }

 private:
  // What the model says of its input is about the first.
  bool isInColor(const Block& block) const {
    return block.isInput && block.node == m_network->inputs().front() && !block.shape.isVector() &&
           nn::takesColors(m_network->spec().input, block.shape);
  }

  Plane kernelPlane(int b) {
    Block& block = m_layout.blocks[std::size_t(b)];
    const nn::Network::Node& node = m_network->node(block.node);
    const std::optional<nn::Window> window = node.layer->window();
    Plane plane;
    if (!window || node.layer->combineKind() != nn::Combine::WeightedSum) return plane;
    const int inputs = node.layer->inputShapes()[0].channels;
    int most = 0;
    for (int c = 0; c < block.shape.channels; ++c) {
      Placed placed;
      placed.sheet = {.kind = Sheet::Kind::Kernels,
                      .block = b,
                      .channel = c,
                      .rows = m_turned ? window->width : window->height,
                      .columns = m_turned ? window->height : window->width,
                      .tileCount = 0};
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
    block.kernelDims = (most > 1 ? std::to_string(most) + " × " : "") + nn::sizeText(window->height, window->width);
    Plane maps = m_maps[std::size_t(b)];
    if (m_turned) turn(maps);
    arrangeKernels(plane, maps, most);
    if (m_turned) turn(plane);
    return plane;
  }

  // A point of the world. depth: towards the person.
  Vec3 world(float s, float t, float depth = 0) const {
    if (m_turned) return {t, -s, depth};
    if (m_layout.arrangement == Arrangement::Flat) return {s, t, 0};
    const float angle = s / kArcRadius;
    const Vec3 back{std::sin(angle), 0, -std::cos(angle)};
    return Vec3{kArcRadius * std::sin(angle), t, kArcRadius * (1 - std::cos(angle))} - back * depth;
  }

  // What a plane takes across the flow and along it.
  float across(const Plane& plane) const { return m_turned ? plane.height : plane.width; }
  float along(const Plane& plane) const { return (m_turned ? plane.width : plane.height) * std::cos(m_lean); }

  void orient(Sheet& sheet, float s) const {
    const float cosine = std::cos(m_lean), sine = std::sin(m_lean);
    if (m_turned) {
      sheet.right = {cosine, 0, sine};
      sheet.down = {0, -1, 0};
      return;
    }
    const float angle = m_layout.arrangement == Arrangement::Flat ? 0 : s / kArcRadius;
    sheet.right = {std::cos(angle), 0, std::sin(angle)};
    sheet.down = Vec3{0, -cosine, 0} - Vec3{std::sin(angle), 0, -std::cos(angle)} * sine;
  }

  // Puts a plane at s (its middle) and t (where it begins along the flow); returns the box around it.
  Box stand(const Plane& plane, float s, float t, int& first, int& count) {
    const float cosine = std::cos(m_lean), sine = std::sin(m_lean);
    Box box;
    first = int(m_layout.sheets.size());
    for (const Placed& placed : plane.sheets) {
      Sheet sheet = placed.sheet;
      if (m_turned) {
        const float in = placed.x + plane.width / 2;
        orient(sheet, s);
        sheet.origin = world(s - plane.height / 2 + placed.y, t + in * cosine, (in - plane.width / 2) * sine);
      } else {
        const float middle = s + placed.x + sheet.width() / 2, up = plane.height - placed.y;
        orient(sheet, middle);
        sheet.origin = world(middle, t + up * cosine, (plane.height / 2 - up) * sine) - sheet.right * (sheet.width() / 2);
      }
      for (const float x : {0.0f, sheet.width()})
        for (const float y : {0.0f, sheet.height()}) box.add(sheet.origin + sheet.right * x + sheet.down * y);
      (sheet.kind == Sheet::Kind::Picture ? m_pictures : m_layout.sheets).push_back(sheet);
    }
    count = int(m_layout.sheets.size()) - first;
    return box;
  }

  // Room for the labels of a block: before it and after it across the flow.
  float roomBefore(const Block& block) const {
    if (m_turned) return legendExtent(m_layout.arrangement).y + kLabelMargin;
    return std::max(nameExtent(block).x, kernelExtent(block).x) + kLabelMargin;
  }
  float roomAfter(const Block& block) const {
    if (m_turned) return std::max(nameExtent(block).y, kernelExtent(block).y) + kLabelMargin;
    return legendExtent(m_layout.arrangement).x + kLabelMargin;
  }
  // What the block takes along the flow. Names below and above a block may be longer than the block is wide.
  float alongMaps(std::size_t b) const {
    if (!m_turned) return along(m_maps[b]);
    return std::max({along(m_maps[b]), nameExtent(m_layout.blocks[b]).x, legendExtent(m_layout.arrangement).x});
  }
  float alongKernels(std::size_t b) const {
    if (m_kernels[b].sheets.empty()) return 0;
    if (!m_turned) return along(m_kernels[b]);
    return std::max({along(m_kernels[b]), kernelExtent(m_layout.blocks[b]).x, legendExtent(m_layout.arrangement).x});
  }

  void place() {
    int levels = 0;
    for (const Block& block : m_layout.blocks) levels = std::max(levels, block.level + 1);
    float t = 0;
    for (int level = 0; level < levels; ++level) {
      std::vector<std::size_t> here;
      float width = 0, forKernels = 0, forMaps = 0;
      for (std::size_t b = 0; b < m_layout.blocks.size(); ++b) {
        if (m_layout.blocks[b].level != level) continue;
        here.push_back(b);
        width += std::max(across(m_maps[b]), across(m_kernels[b])) + (here.size() > 1 ? gapBefore(here[here.size() - 2], b) : 0);
        forMaps = std::max(forMaps, alongMaps(b));
        forKernels = std::max(forKernels, alongKernels(b));
      }
      const float kernelRoom = forKernels > 0 ? forKernels + kLevelGap : 0;
      float s = -width / 2;
      for (std::size_t i = 0; i < here.size(); ++i) {
        const float own = std::max(across(m_maps[here[i]]), across(m_kernels[here[i]]));
        if (i > 0) s += gapBefore(here[i - 1], here[i]);
        placeBlock(here[i], s + own / 2, t, t + kernelRoom, forKernels, forMaps);
        s += own;
      }
      t += kernelRoom + forMaps + kLevelGap;
    }
  }

  float gapBefore(std::size_t left, std::size_t right) const {
    return roomAfter(m_layout.blocks[left]) + roomBefore(m_layout.blocks[right]) + kLabelMargin;
  }

  // Upwards every block of a level begins at the same height; to the right they stand in the middle of what their level takes.
  void placeBlock(std::size_t b, float s, float kernelsAt, float mapsAt, float forKernels, float forMaps) {
    Block& block = m_layout.blocks[b];
    const float maps = along(m_maps[b]), kernels = along(m_kernels[b]);
    if (m_turned) mapsAt += (forMaps - maps) / 2, kernelsAt += (forKernels - kernels) / 2;
    block.kernelBounds = stand(m_kernels[b], s, kernelsAt, block.firstKernelSheet, block.kernelSheetCount);
    block.bounds = stand(m_maps[b], s, mapsAt, block.firstSheet, block.sheetCount);
    // The name before the block, or below it; the legend on the other side.
    const float half = across(m_maps[b]) / 2, kernelHalf = m_turned ? across(m_kernels[b]) / 2 : half;
    const float side = m_turned ? 1.0f : -1.0f;
    block.labelAnchor = world(s + side * half, mapsAt + maps / 2);
    block.legendAnchor = world(s - side * half, mapsAt + maps / 2);
    block.kernelLabelAnchor = world(s + side * kernelHalf, kernelsAt + kernels / 2);
    block.kernelLegendAnchor = world(s - side * kernelHalf, kernelsAt + kernels / 2);
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
    for (Sheet& sheet : m_layout.sheets) {
      if (sheet.kind != Sheet::Kind::Picture) continue;
      sheet.firstCell = cell;
      cell += 3 * std::size_t(sheet.count);
    }
    m_layout.firstKernelCell = cell;
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
  const std::set<int>& m_folded;
  Layout m_layout;
  bool m_turned = false;
  float m_lean = 0;
  std::vector<Plane> m_maps, m_kernels;  // per block
  std::vector<Sheet> m_pictures;
};

}  // namespace

std::shared_ptr<const Layout> buildLayout(const std::shared_ptr<const nn::Network>& network, Arrangement arrangement,
                                          const std::set<int>& folded) {
  return std::make_shared<const Layout>(Builder(network, arrangement, folded).build());
}

}  // namespace scene
