#include <algorithm>
#include <cmath>

#include "scene/Labels.h"
#include "scene/Plane.h"
#include "scene/Stages.h"

namespace scene {
namespace {

constexpr float kColumnHeight = 8.0f;  // that the highest layer takes where the network is read from left to right
constexpr float kLevelGap = 0.60f;
constexpr float kSiblingGap = 2.8f;   // between blocks on one level, when they share the room
constexpr float kLeastRoom = 3.0f;    // of one of many blocks on a level
constexpr float kStageGap = 1.0f;     // between the labels of two stages
constexpr float kRouteGap = 0.22f;    // between the ways from one stage to the next
constexpr float kWorthShort = 1.15f;  // times as large must cells become by short rows
constexpr float kArcRadius = 24.0f;
constexpr float kLean = 0.74f;  // radians, from upright backwards, or from facing the person to the left

// Places blocks level by level along the flow, which goes up or to the right, and those of one level beside (below) each other.
// t counts along the flow; s across it, from left to right or downwards.
class Builder {
 public:
  Builder(const std::shared_ptr<const nn::Network>& network, Arrangement arrangement, const std::set<int>& folded, ViewShape shape)
      : m_network(network), m_folded(folded), m_shape(shape), m_turned(arrangement == Arrangement::Rightward) {
    m_layout.network = network;
    m_layout.arrangement = arrangement;
    m_bend.lean = arrangement == Arrangement::Flat ? 0 : kLean;
  }

  Layout build() {
    findBlocks(m_layout);
    for (std::size_t b = 0; b < m_layout.blocks.size(); ++b) {
      Block& block = m_layout.blocks[b];
      m_levels.resize(std::max(m_levels.size(), std::size_t(block.level + 1)));
      m_levels[std::size_t(block.level)].push_back(b);
      block.folded = m_folded.contains(block.node);
      m_kernelSheets.push_back(block.folded ? KernelSheets{} : kernelSheets(m_layout, int(b), m_turned));
    }
    fitToShape();
    place();
    m_layout.sheets.insert(m_layout.sheets.end(), m_pictures.begin(), m_pictures.end());
    countCells();
    return std::move(m_layout);
  }

 private:
  // Where the flow enters and leaves a block, and the places in the gaps before and behind its level, which lie there along the flow.
  struct Ends {
    Vec3 first, last, before, behind;
    float beforeAt = 0, behindAt = 0;
  };

  // In long rows, unless a tall picture shows cells larger in short ones.
  void fitToShape() {
    arrange(kLongRows);
    if (m_turned || aspectOf(m_shape) >= 1) return;
    const float longRows = cellSize();
    arrange(kShortRows);
    if (cellSize() < kWorthShort * longRows) arrange(kLongRows);
  }

  // The side of a cell in the picture, in the mean of all blocks.
  float cellSize() const {
    double sum = 0;
    for (const Plane& plane : m_maps) sum += std::log(double(plane.sheets.front().sheet.pitch));
    return m_stages.scale * float(std::exp(sum / double(m_maps.size())));
  }

  // Gives every block its planes, and the levels their stages.
  void arrange(const Proportions& proportions) {
    const float most = m_turned ? kColumnHeight : proportions.row, gap = m_turned ? 1.0f : kSiblingGap;
    m_bend.radius = kArcRadius * proportions.maps / kLongRows.maps;  // high sheets would lean into the labels beside them
    m_maps.clear();
    m_kernels.clear();
    for (std::size_t b = 0; b < m_layout.blocks.size(); ++b) {
      Block& block = m_layout.blocks[b];
      const float beside = float(m_levels[std::size_t(block.level)].size());
      const float room = std::max((most - gap * (beside - 1)) / beside, m_turned ? 2.0f : kLeastRoom);
      m_maps.push_back(block.folded ? slabPlane(block, int(b), m_turned)
                                    : unitPlane(block, int(b), room, proportions.maps, m_turned, isInColor(block)));
      m_kernels.push_back(kernelPlane(m_kernelSheets[b], m_maps.back(), proportions.kernels));
    }
    const std::vector<int> ways = waysOver();
    std::vector<LevelExtent> extents;
    for (std::size_t level = 0; level < m_levels.size(); ++level) extents.push_back(extentOf(level, ways[level]));
    m_stages = chooseStages(extents, m_shape, m_turned, kStageGap);
  }

  // What the model says of its input is about the first.
  bool isInColor(const Block& block) const {
    return block.isInput && block.node == m_network->inputs().front() && !block.shape.isVector() &&
           nn::takesColors(m_network->spec().input, block.shape);
  }

  // maps: of the same block.
  Plane kernelPlane(const KernelSheets& kernels, Plane maps, float high) const {
    if (kernels.most == 0) return {};
    Plane plane = kernels.plane;
    if (m_turned) turn(maps);
    arrangeKernels(plane, maps, kernels.most, high);
    if (m_turned) turn(plane);
    return plane;
  }

  // A point of the world; s counts from the middle of the stage that is placed. depth: towards the person.
  Vec3 world(float s, float t, float depth = 0) const {
    if (m_turned) return {t, -s - m_stageAt, depth};
    if (m_layout.arrangement == Arrangement::Flat) return {s + m_stageAt, t, 0};
    const float angle = s / m_bend.radius;
    const Vec3 back{std::sin(angle), 0, -std::cos(angle)};
    return Vec3{m_bend.radius * std::sin(angle) + m_stageAt, t, m_bend.radius * (1 - std::cos(angle))} - back * depth;
  }

  // What a plane takes across the flow and along it.
  float across(const Plane& plane) const { return m_turned ? plane.height : plane.width; }
  float along(const Plane& plane) const { return (m_turned ? plane.width : plane.height) * std::cos(m_bend.lean); }

  void orient(Sheet& sheet, float s) const {
    const float cosine = std::cos(m_bend.lean), sine = std::sin(m_bend.lean);
    if (m_turned) {
      sheet.right = {cosine, 0, sine};
      sheet.down = {0, -1, 0};
      return;
    }
    const float angle = m_layout.arrangement == Arrangement::Flat ? 0 : s / m_bend.radius;
    sheet.right = {std::cos(angle), 0, std::sin(angle)};
    sheet.down = Vec3{0, -cosine, 0} - Vec3{std::sin(angle), 0, -std::cos(angle)} * sine;
  }

  // Puts a plane at s (its middle) and t (where it begins along the flow); returns the box around it.
  Box stand(const Plane& plane, float s, float t, int& first, int& count) {
    const float cosine = std::cos(m_bend.lean), sine = std::sin(m_bend.lean);
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

  float own(std::size_t b) const { return std::max(across(m_maps[b]), across(m_kernels[b])); }

  // Blocks of a level beside each other, without the labels at both ends.
  float widthOf(const std::vector<std::size_t>& here) const {
    float width = 0;
    for (std::size_t i = 0; i < here.size(); ++i) width += own(here[i]) + (i > 0 ? gapBefore(here[i - 1], here[i]) : 0);
    return width;
  }
  float mapsOf(const std::vector<std::size_t>& here) const {
    float room = 0;
    for (const std::size_t b : here) room = std::max(room, alongMaps(b));
    return room;
  }
  float kernelsOf(const std::vector<std::size_t>& here) const {
    float room = 0;
    for (const std::size_t b : here) room = std::max(room, alongKernels(b));
    return room > 0 ? room + kLevelGap : 0;
  }

  LevelExtent extentOf(std::size_t level, int ways) const {
    const std::vector<std::size_t>& here = m_levels[level];
    const Block &first = m_layout.blocks[here.front()], &last = m_layout.blocks[here.back()];
    return {kernelsOf(here) + mapsOf(here) + kLevelGap,
            widthOf(here) / 2,
            m_turned ? roomAfter(last) : roomBefore(first),
            m_turned ? roomBefore(first) : roomAfter(last),
            resizes(level, true) || (level > 0 && resizes(level - 1, false)),
            ways};
  }

  // How many blocks below each level are read on it or above.
  std::vector<int> waysOver() const {
    std::vector<int> lastReader(m_layout.blocks.size()), ways(m_levels.size());
    for (const Block& block : m_layout.blocks)
      for (const int source : block.sources) lastReader[std::size_t(source)] = std::max(lastReader[std::size_t(source)], block.level);
    for (const Block& block : m_layout.blocks) {
      const int last = lastReader[std::size_t(&block - m_layout.blocks.data())];
      for (int level = block.level + 1; level <= last; ++level) ++ways[std::size_t(level)];
    }
    return ways;
  }

  // The level has maps of another size than what it reads, by weights that it learns, or without (pooling, enlarging).
  bool resizes(std::size_t level, bool byWeights) const {
    const std::vector<std::size_t>& here = m_levels[level];
    return std::any_of(here.begin(), here.end(), [&](std::size_t b) {
      const Block& block = m_layout.blocks[b];
      if (block.sources.empty()) return false;
      const nn::Shape& before = m_layout.blocks[std::size_t(block.sources.front())].shape;
      return (block.shape.height != before.height || block.shape.width != before.width) &&
             m_network->node(block.node).layer->parameterBlocks().empty() != byWeights;
    });
  }

  void place() {
    const std::vector<Stage>& stages = m_stages.stages;
    m_ends.resize(m_layout.blocks.size());
    const auto before = [this](const Stage& stage) { return m_turned ? stage.legends : stage.names; };
    float all = kStageGap * float(stages.size() - 1);
    for (const Stage& stage : stages) all += stage.names + 2 * stage.half + stage.legends;
    float at = -all / 2;
    for (std::size_t i = 0; i < stages.size(); ++i) {
      const Stage& stage = stages[i];
      m_stageAt = stages.size() > 1 ? at + before(stage) + stage.half : 0;
      at += stage.names + 2 * stage.half + stage.legends + kStageGap;
      m_stageEnds.push_back(at - kStageGap / 2);
      placeStage(int(i), std::size_t(stage.first), i + 1 < stages.size() ? std::size_t(stages[i + 1].first) : m_levels.size());
    }
    addRoutes();
  }

  void placeStage(int stage, std::size_t begin, std::size_t end) {
    float t = 0;
    for (std::size_t level = begin; level < end; ++level) {
      const std::vector<std::size_t>& here = m_levels[level];
      const float kernelRoom = kernelsOf(here), forMaps = mapsOf(here);
      float s = -widthOf(here) / 2;
      for (std::size_t i = 0; i < here.size(); ++i) {
        if (i > 0) s += gapBefore(here[i - 1], here[i]);
        m_layout.blocks[here[i]].stage = stage;
        const float middle = s + own(here[i]) / 2, before = t - kLevelGap / 2, behind = t + kernelRoom + forMaps + kLevelGap / 2;
        placeBlock(here[i], middle, t, t + kernelRoom, std::max(0.0f, kernelRoom - kLevelGap), forMaps);
        Ends& ends = m_ends[here[i]];
        ends.before = world(middle, ends.beforeAt = before);
        ends.behind = world(middle, ends.behindAt = behind);
        s += own(here[i]);
      }
      t += kernelRoom + forMaps + kLevelGap;
    }
  }

  // The middle of the edge where the flow enters a plane that begins at t, or leaves it.
  Vec3 edge(const Plane& plane, float s, float t, bool leaves) const {
    const float depth = (m_turned ? plane.width : plane.height) / 2 * std::sin(m_bend.lean);
    return world(s, leaves ? t + along(plane) : t, leaves == m_turned ? depth : -depth);
  }

  // From a block into the gap behind its level, in the gap beside its stage to before the level that reads it, and into that.
  void addRoutes() {
    std::vector<int> ways(m_stages.stages.size());  // beside each stage
    for (std::size_t to = 0; to < m_layout.blocks.size(); ++to) {
      for (const int from : m_layout.blocks[to].sources) {
        const Block& source = m_layout.blocks[std::size_t(from)];
        if (source.stage == m_layout.blocks[to].stage) continue;
        const float beside = m_stageEnds[std::size_t(source.stage)] + kRouteGap * float(ways[std::size_t(source.stage)]++);
        const auto gap = [&](float t) { return m_turned ? Vec3{t, -beside, 0} : Vec3{beside, t, 0}; };
        const Ends &leaves = m_ends[std::size_t(from)], &enters = m_ends[to];
        m_layout.routes.push_back(
            {from, int(to), {leaves.last, leaves.behind, gap(leaves.behindAt), gap(enters.beforeAt), enters.before, enters.first}});
      }
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
    Ends& ends = m_ends[b];
    const bool hasKernels = !m_kernels[b].sheets.empty();
    ends.first = edge(hasKernels ? m_kernels[b] : m_maps[b], s, hasKernels ? kernelsAt : mapsAt, false);
    ends.last = edge(m_maps[b], s, mapsAt, true);
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
  ViewShape m_shape;
  Layout m_layout;
  bool m_turned = false;
  struct {
    float lean = 0, radius = kArcRadius;
  } m_bend;                                        // of the sheets
  std::vector<std::vector<std::size_t>> m_levels;  // their blocks
  std::vector<KernelSheets> m_kernelSheets;        // per block
  std::vector<Plane> m_maps, m_kernels;            // per block
  Stages m_stages;
  float m_stageAt = 0;             // across the flow: the middle of the stage that is placed
  std::vector<Ends> m_ends;        // per block
  std::vector<float> m_stageEnds;  // the middle of the gap behind each stage
  std::vector<Sheet> m_pictures;
};

}  // namespace

std::shared_ptr<const Layout> buildLayout(const std::shared_ptr<const nn::Network>& network, Arrangement arrangement,
                                          const std::set<int>& folded, ViewShape shape) {
  return std::make_shared<const Layout>(Builder(network, arrangement, folded, shape).build());
}

}  // namespace scene
