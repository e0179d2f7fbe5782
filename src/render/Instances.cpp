#include "render/Instances.h"

#include "render/LevelOfDetail.h"

namespace render {
namespace {

using scene::Sheet;
using scene::Vec3;

constexpr float kEverywhere = 1e9f;
constexpr float kSlabThickness = 0.075f;
constexpr float kThinPx = 0.75f;      // sides of a slab that are thinner are not drawn
constexpr float kSmallCellPx = 3.5f;  // from here on shaders/sheet.frag draws lines between cells
constexpr float kSmallCells = 5;      // its KIND of maps with cells that are smaller

void put(float (&to)[4], float a, float b, float c, float d) {
  to[0] = a, to[1] = b, to[2] = c, to[3] = d;
}

SlabInstance instanceOf(const scene::SceneState& state, std::size_t index, float dimming, float pixelsPerUnit) {
  const scene::Layout& layout = *state.layout();
  const Sheet& sheet = layout.sheets[index];
  const scene::Scale& scale = state.shown().scaleOf(int(index));
  SlabInstance i;
  put(i.origin, sheet.origin.x, sheet.origin.y, sheet.origin.z, sheet.pitch);
  put(i.right, sheet.right.x, sheet.right.y, sheet.right.z, float(sheet.columns));
  put(i.down, sheet.down.x, sheet.down.y, sheet.down.z, float(sheet.rows));
  put(i.extent, sheet.width() / sheet.pitch, sheet.height() / sheet.pitch, slabThickness(sheet, layout.blocks[std::size_t(sheet.block)]),
      sheet.tileGap);
  put(i.scale, scale.low, 1 / (scale.high - scale.low), scale.diverging ? 1 : 0, float(sheet.kind));
  // Blank paper is no dark picture: it looks as its channels do.
  if (sheet.kind == Sheet::Kind::Picture && state.resting()) put(i.scale, 0, 0, 0, float(Sheet::Kind::Map));
  put(i.focus, kEverywhere, kEverywhere, -kEverywhere, -kEverywhere);
  put(i.tone, dimming, cornerRadius(sheet), float(sheet.tilesAcross), -1);
  put(i.limits, -kEverywhere, kEverywhere, kEverywhere, 0);
  const std::optional<scene::Limits> limits = saturationOf(state, sheet);
  if (limits) put(i.limits, limits->low, limits->high, kEverywhere, 0);
  if (state.highlight()) {
    const scene::SheetFocus& focus = state.highlight()->focus[index];
    if (focus.whole()) put(i.focus, -kEverywhere, -kEverywhere, kEverywhere, kEverywhere);
    if (focus.lit && !focus.whole())
      put(i.focus, float(focus.firstColumn), float(focus.firstRow), float(focus.lastColumn), float(focus.lastRow));
    i.tone[3] = float(focus.tile);
    if (focus.written >= 0) i.limits[2] = float(focus.written);
  }
  // Most of what a deep network has to draw: neither its sides nor what is in a cell can be seen.
  if (i.extent[2] * pixelsPerUnit < kThinPx) i.extent[2] = 0;
  if (sheet.kind == Sheet::Kind::Map && sheet.pitch * pixelsPerUnit < kSmallCellPx) i.scale[3] = kSmallCells;
  i.cells[0] = std::int32_t(sheet.firstCell);
  i.cells[1] = std::int32_t(sheet.kind == Sheet::Kind::Picture ? 3 * sheet.count : sheet.count);
  return i;
}

SlabInstance instanceOf(const FarSlab& slab, float dimming) {
  SlabInstance i{};
  put(i.origin, slab.origin.x, slab.origin.y, slab.origin.z, 1);
  put(i.right, slab.right.x, slab.right.y, slab.right.z, 1);
  put(i.down, slab.down.x, slab.down.y, slab.down.z, 1);
  put(i.extent, slab.width, slab.height, kSlabThickness, 0);
  put(i.scale, 0, 1, 0, float(Sheet::Kind::Slab));
  put(i.focus, kEverywhere, kEverywhere, -kEverywhere, -kEverywhere);
  put(i.tone, dimming, 0, 1, -1);
  put(i.limits, -kEverywhere, kEverywhere, kEverywhere, 0);
  i.cells[1] = 1;
  return i;
}

}  // namespace

std::optional<scene::Limits> saturationOf(const scene::SceneState& state, const Sheet& sheet) {
  const bool ofUnits = sheet.kind == Sheet::Kind::Map || sheet.kind == Sheet::Kind::Vector;
  if (!ofUnits || state.deadUnits().saturatedCount(sheet.block) == 0) return std::nullopt;
  return saturationLimits(*state.layout(), state.layout()->blocks[std::size_t(sheet.block)]);
}

float slabThickness(const Sheet& sheet, const scene::Block& block) {
  if (sheet.kind == Sheet::Kind::Kernels) return 0;
  if (block.tiles) return 0.12f;
  return sheet.kind == Sheet::Kind::Vector ? 0.05f : kSlabThickness;
}

float cornerRadius(const Sheet& sheet) {
  const float shorter = std::min(sheet.width(), sheet.height()) / sheet.pitch;
  if (sheet.kind == Sheet::Kind::Kernels) return 0;
  return std::min({0.035f / sheet.pitch, shorter * 0.12f, 0.5f});
}

float dimmingOf(const scene::SceneState& state, const scene::Sheet& sheet, const Motion& motion) {
  const bool rests = state.resting() && !state.highlight() && sheet.kind != Sheet::Kind::Kernels;
  return std::max(kDimmed * motion.dimming, rests ? kResting : 0.0f);
}

void slabInstances(const scene::SceneState& state, const scene::Camera& camera, const Motion& motion, float pixelRatio,
                   std::vector<SlabInstance>& instances) {
  const BackToFront all(state, camera);
  instances.clear();
  instances.reserve(all.order.size());
  for (const auto& [depth, index] : all.order) {
    if (all.isSheet(index)) {
      const Sheet& sheet = state.layout()->sheets[std::size_t(index)];
      const float pixels = camera.pixelsPerUnit(sheet.center()) * pixelRatio;
      instances.push_back(instanceOf(state, std::size_t(index), dimmingOf(state, sheet, motion), pixels));
    } else {
      instances.push_back(instanceOf(all.slab(index), kDimmed * motion.dimming));
    }
  }
}

Ribbons ribbonsOf(const std::vector<Line>& lines) {
  Ribbons result;
  for (const Line& line : lines) {
    const int n = int(line.points.size()), segments = line.closed ? n : n - 1;
    for (int s = 0; s < segments; ++s) {
      // Closed lines have sharp corners: each side is a ribbon of its own. Open ones share their vertices.
      const bool fresh = line.closed || s == 0;
      const Vec3 &a = line.points[std::size_t(s)], &b = line.points[std::size_t((s + 1) % n)];
      for (int end = fresh ? 0 : 1; end < 2; ++end) {
        const int at = s + end;
        Vec3 tangent = normalized(b - a);
        if (!line.closed && at > 0 && at < n - 1) tangent = normalized(line.points[std::size_t(at + 1)] - line.points[std::size_t(at - 1)]);
        const Vec3& point = end == 0 ? a : b;
        for (const float side : {-1.0f, 1.0f}) {
          RibbonVertex v{};
          put(v.point, point.x, point.y, point.z, side);
          put(v.tangent, tangent.x, tangent.y, tangent.z, line.grows ? float(at) / float(n - 1) : -1);
          put(v.color, line.color.redF(), line.color.greenF(), line.color.blueF(), line.color.alphaF());
          v.width = line.widthPx;
          result.vertices.push_back(v);
        }
      }
      const std::uint32_t base = std::uint32_t(result.vertices.size()) - 4;
      for (const std::uint32_t k : {0u, 1u, 2u, 2u, 1u, 3u}) result.indices.push_back(base + k);
    }
  }
  return result;
}

}  // namespace render
