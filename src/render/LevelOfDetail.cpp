#include "render/LevelOfDetail.h"

#include <algorithm>
#include <compare>
#include <optional>

namespace render {
namespace {

using scene::Sheet;
using scene::Vec3;

constexpr int kMostPieces = 8;
constexpr float kMapOverlap = 0.6f;  // of a map: how far a piece reaches below the next one
constexpr std::size_t kManySheets = 500;
constexpr float kSmallMapPx = 40;  // among many sheets a layer whose maps are smaller is drawn in one go

}  // namespace

std::vector<bool> farBlocks(const scene::SceneState& state, const scene::Camera& camera) {
  const scene::Layout& layout = *state.layout();
  std::vector<bool> far(layout.blocks.size());
  for (std::size_t b = 0; b < far.size(); ++b) {
    const scene::Block& block = layout.blocks[b];
    const Sheet& sheet = layout.sheets[std::size_t(block.firstSheet)];
    if (sheet.kind != Sheet::Kind::Map || block.sheetCount < 2) continue;
    const float longer = std::max(sheet.width(), sheet.height()) * camera.pixelsPerUnit(block.bounds.center());
    far[b] = longer < kSmallestMapPx && !hasLitCell(state, block);
  }
  return far;
}

std::vector<FarSlab> slabsOf(const scene::Layout& layout, int block) {
  const scene::Block& of = layout.blocks[std::size_t(block)];
  // The sheets at the outer ends of every piece, in the direction in which they stand beside each other.
  const Vec3 along = layout.arrangement == scene::Arrangement::Rightward ? Vec3{0, -1, 0} : Vec3{1, 0, 0};
  const Sheet& first = layout.sheets[std::size_t(of.firstSheet)];
  float low = 1e30f, high = -1e30f;
  for (int i = of.firstSheet; i < of.firstSheet + of.sheetCount; ++i) {
    const float at = dot(layout.sheets[std::size_t(i)].center(), along);
    low = std::min(low, at);
    high = std::max(high, at);
  }
  const bool arc = layout.arrangement == scene::Arrangement::Space;
  const int pieces = arc ? std::min(kMostPieces, of.sheetCount) : 1;
  const float step = (high - low) / float(pieces);
  std::vector<FarSlab> slabs;
  for (int p = 0; p < pieces; ++p) {
    // Measured on the plane of the piece's first sheet.
    const Sheet* own = nullptr;
    float left = 1e30f, right = -1e30f, top = 1e30f, bottom = -1e30f;
    for (int i = of.firstSheet; i < of.firstSheet + of.sheetCount; ++i) {
      const Sheet& sheet = layout.sheets[std::size_t(i)];
      const float at = dot(sheet.center(), along) - low;
      if (at < step * float(p) - 1e-4f || (at >= step * float(p + 1) - 1e-4f && p + 1 < pieces)) continue;
      if (!own) own = &sheet;
      const Vec3 from = sheet.origin - own->origin;
      left = std::min(left, dot(from, own->right));
      right = std::max(right, dot(from, own->right) + sheet.width());
      top = std::min(top, dot(from, own->down));
      bottom = std::max(bottom, dot(from, own->down) + sheet.height());
    }
    if (!own) continue;
    // No gap to the next piece, which stands at another angle: it begins below it.
    if (p + 1 < pieces) right = std::max(right, left + step) + kMapOverlap * own->width();
    slabs.push_back({block, own->origin + own->right * left + own->down * top, own->right, own->down, right - left, bottom - top});
  }
  if (slabs.empty()) slabs.push_back({block, first.origin, first.right, first.down, first.width(), first.height()});
  return slabs;
}

bool drawnAlone(const Sheet& sheet, const std::vector<bool>& far) {
  return sheet.count > 0 && !far[std::size_t(sheet.block)];
}

bool hasLitCell(const scene::SceneState& state, const scene::Block& block) {
  if (!state.highlight()) return false;
  for (int i = block.firstSheet; i < block.firstSheet + block.sheetCount; ++i)
    if (state.highlight()->focus[std::size_t(i)].lit) return true;
  return false;
}

BackToFront::BackToFront(const scene::SceneState& state, const scene::Camera& camera) : sheetCount(int(state.layout()->sheets.size())) {
  const Vec3 eye = camera.eye(), forward = camera.forward();
  const auto& sheets = state.layout()->sheets;
  const std::vector<bool> far = farBlocks(state, camera);
  for (std::size_t b = 0; b < far.size(); ++b) {
    if (!far[b]) continue;
    const std::vector<FarSlab> own = slabsOf(*state.layout(), int(b));
    slabs.insert(slabs.end(), own.begin(), own.end());
  }
  const auto depthOf = [&](const Vec3& point) { return -dot(point - eye, forward); };
  // Of a deep network, layer by layer and kind by kind: each change of the shader costs a tenth of a millisecond, and sheets that are
  // sorted one by one alternate hundreds of times.
  std::vector<std::optional<float>> together(far.size());
  for (std::size_t b = 0; sheets.size() > kManySheets && b < far.size(); ++b) {
    const scene::Block& block = state.layout()->blocks[b];
    const Sheet& sheet = sheets[std::size_t(block.firstSheet)];
    const float longer = std::max(sheet.width(), sheet.height()) * camera.pixelsPerUnit(block.bounds.center());
    if (sheet.kind == Sheet::Kind::Map && block.sheetCount > 1 && longer < kSmallMapPx) together[b] = depthOf(block.bounds.center());
  }
  struct Place {
    float ofLayer;
    int layer, kind;
    float own;
    int index;
    auto operator<=>(const Place&) const = default;
  };
  std::vector<Place> places;
  places.reserve(slabs.size() + sheets.size());
  const auto add = [&](int block, Sheet::Kind kind, const Vec3& center, int index) {
    const float own = depthOf(center);
    const std::optional<float> layer = together[std::size_t(block)];
    places.push_back({layer.value_or(own), layer ? block : -1, layer ? -int(kind) : 0, own, index});
  };
  for (std::size_t i = 0; i < slabs.size(); ++i) add(slabs[i].block, Sheet::Kind::Slab, slabs[i].center(), sheetCount + int(i));
  for (std::size_t i = 0; i < sheets.size(); ++i)
    if (drawnAlone(sheets[i], far)) add(sheets[i].block, sheets[i].kind, sheets[i].center(), int(i));
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return (a <=> b) < 0; });
  order.reserve(places.size());
  for (const Place& place : places) order.push_back({place.own, place.index});
}

}  // namespace render
