#include "render/Lines.h"

#include "render/Instances.h"

namespace render {
namespace {

using scene::Vec3;

constexpr int kEdgeSteps = 14;
constexpr float kThinnest = 0.9f, kThickest = 3.2f;  // pixels, of an edge
constexpr float kLeastColor = 0.5f;                  // of the way from the middle of the color map to its end
constexpr float kLineLift = 0.025f;                  // lines float a little in front of their sheet

Vec3 bezier(const Vec3& a, const Vec3& b, const Vec3& c, const Vec3& d, float t) {
  const Vec3 ab = mix(a, b, t), bc = mix(b, c, t), cd = mix(c, d, t);
  return mix(mix(ab, bc, t), mix(bc, cd, t), t);
}

// otherStage: the end may lie before the beginning, which the curve leaves along the flow all the same.
std::vector<Vec3> curve(const Vec3& from, const Vec3& to, const Vec3& flow, float bulge, bool otherStage) {
  const float along = dot(to - from, flow);
  const Vec3 rise = flow * (otherStage ? std::abs(along) * 0.2f + 1 : along * 0.42f), out{0, 0, bulge};
  const Vec3 first = from + rise + out, second = to - rise + out;
  std::vector<Vec3> points;
  for (int i = 0; i <= kEdgeSteps; ++i) points.push_back(bezier(from, first, second, to, float(i) / kEdgeSteps));
  return points;
}

Line frame(const scene::Layout& layout, int sheet, const std::array<Vec3, 4>& corners, const QColor& color, float width) {
  const Vec3 lift = layout.sheets[std::size_t(sheet)].normal() * kLineLift;
  Line line;
  for (const Vec3& corner : corners) line.points.push_back(corner + lift);
  line.color = color;
  line.widthPx = width;
  line.closed = true;
  return line;
}

// The diverging map, from a distance to its middle on: a weak edge is still orange or blue.
QColor signedColor(const SceneStyle& style, float strength) {
  const float away = kLeastColor + (1 - kLeastColor) * std::abs(strength);
  const scene::Rgb c = scene::ColorMap::diverging(style.dark).at(0.5f + (strength < 0 ? -0.5f : 0.5f) * away);
  return {c.r, c.g, c.b};
}

void addEdges(const scene::SceneState& state, const SceneStyle& style, std::vector<Line>& lines) {
  const scene::Layout& layout = *state.layout();
  const scene::Highlight& highlight = *state.highlight();
  // Hundreds of edges stay readable when each is lighter.
  const float crowd = std::clamp(60.0f / float(std::max<std::size_t>(highlight.edges.size(), 1)), 0.35f, 1.0f);
  const float bulge = layout.arrangement == scene::Arrangement::Flat ? 0 : 0.25f;
  const auto place = [&](const scene::CellRef& cell) {
    return layout.center(cell) + layout.sheets[std::size_t(cell.sheet)].normal() * kLineLift;
  };
  for (const scene::DrawnEdge& edge : highlight.edges) {
    const float share = std::abs(edge.strength);
    Line line;
    const bool otherStage = layout.blockOf(edge.from).stage != layout.blockOf(edge.to).stage;
    line.points = curve(place(edge.from), place(edge.to), layout.flow(), bulge, otherStage);
    line.color = share < 1e-4f ? style.neutral : signedColor(style, edge.strength);
    line.color.setAlphaF(share < 1e-4f ? 0.22f * crowd + 0.05f : std::min(1.0f, (0.25f + 0.7f * share) * (crowd + (1 - crowd) * share)));
    line.widthPx = kThinnest + (kThickest - kThinnest) * share;
    if (highlight.kind == scene::Highlight::Kind::Weight) {  // side by side they would be one solid band
      line.color.setAlphaF(line.color.alphaF() * 0.4f);
      line.widthPx = kThinnest;
    }
    line.grows = true;
    lines.push_back(std::move(line));
  }
}

constexpr std::size_t kMostThreads = 1200;  // per block; beyond that they would be a fog
constexpr float kThreadAlpha = 0.34f;
constexpr float kRouteAlpha = 0.6f, kRouteWidth = 1.6f;

// The middle of the side where the flow leaves a sheet, and where it enters.
Vec3 leaving(const scene::Layout& layout, const scene::Sheet& sheet) {
  if (layout.arrangement == scene::Arrangement::Rightward)
    return sheet.origin + sheet.right * sheet.width() + sheet.down * (sheet.height() / 2);
  return sheet.origin + sheet.right * (sheet.width() / 2);
}
Vec3 entering(const scene::Layout& layout, const scene::Sheet& sheet) {
  if (layout.arrangement == scene::Arrangement::Rightward) return sheet.origin + sheet.down * (sheet.height() / 2);
  return leaving(layout, sheet) + sheet.down * sheet.height();
}

// The sheets that the middle cell of a sheet reads.
std::vector<int> sourcesOf(const scene::Layout& layout, const scene::Block& block, int sheetIndex) {
  const scene::Sheet& sheet = layout.sheets[std::size_t(sheetIndex)];
  if (block.folded) {
    std::vector<int> all;
    for (const int source : block.sources)
      for (int i = 0; i < layout.blocks[std::size_t(source)].sheetCount; ++i)
        all.push_back(layout.blocks[std::size_t(source)].firstSheet + i);
    return all;
  }
  const int middle = std::min(sheet.rows / 2 * sheet.columns + sheet.columns / 2, sheet.count - 1);
  const scene::UnitId unit = layout.unitAt({sheetIndex, middle / sheet.columns, middle % sheet.columns, 0});
  const nn::Network::Node& node = layout.network->node(block.node);
  nn::CellLinks links;
  node.layer->linksInto(unit.cell, links);
  std::vector<int> sheets;
  for (const nn::Link& link : links.terms) {
    const int source = layout.locate({node.inputs[std::size_t(link.input)], link.cell})->sheet;
    if (sheets.empty() || sheets.back() != source) sheets.push_back(source);
  }
  std::sort(sheets.begin(), sheets.end());
  sheets.erase(std::unique(sheets.begin(), sheets.end()), sheets.end());
  return sheets;
}

void addThreads(const scene::Layout& layout, const scene::Block& block, const QColor& color, std::vector<Line>& lines) {
  std::size_t pairs = 0;
  for (const int source : block.sources)
    pairs += std::size_t(layout.blocks[std::size_t(source)].sheetCount) * std::size_t(block.sheetCount);
  const bool crowded = pairs > kMostThreads && !block.kernelDims.empty();
  std::vector<Line> own;
  for (int i = 0; i < block.sheetCount && own.size() <= kMostThreads; ++i) {
    const int sheet = block.firstSheet + i;
    Vec3 to = entering(layout, layout.sheets[std::size_t(sheet)]);
    if (block.kernelSheetCount > 0) {
      const scene::Sheet& kernel = layout.sheets[std::size_t(block.firstKernelSheet + i)];
      own.push_back({{leaving(layout, kernel), to}, color, 1.2f});
      to = entering(layout, kernel);
    }
    if (crowded) continue;
    for (const int source : sourcesOf(layout, block, sheet)) {
      const scene::Sheet& from = layout.sheets[std::size_t(source)];
      if (layout.blocks[std::size_t(from.block)].stage == block.stage) own.push_back({{leaving(layout, from), to}, color, 1.0f});
    }
  }
  if (own.size() > kMostThreads) own.clear();
  // Many threads are lighter each, so that every layer has the same calm.
  const float alpha = kThreadAlpha * std::clamp(9.0f / std::sqrt(float(std::max<std::size_t>(own.size(), 1))) / 1.5f, 0.12f, 1.0f);
  for (Line& line : own) {
    line.color.setAlphaF(alpha);
    lines.push_back(std::move(line));
  }
  // From another stage one line stands for all.
  for (const scene::Route& route : layout.routes) {
    if (&layout.blocks[std::size_t(route.to)] != &block) continue;
    lines.push_back({route.points, color, kRouteWidth});
    lines.back().color.setAlphaF(kRouteAlpha);
  }
}

}  // namespace

std::vector<Line> threads(const scene::SceneState& state, const SceneStyle& style) {
  std::vector<Line> lines;
  if (state.empty()) return lines;
  for (const scene::Block& block : state.layout()->blocks)
    if (!block.isInput) addThreads(*state.layout(), block, style.faint, lines);
  return lines;
}

namespace {

// Dead maps and dead units of a vector are struck through.
void addDeadMarks(const scene::SceneState& state, const SceneStyle& style, std::vector<Line>& lines) {
  const scene::Layout& layout = *state.layout();
  QColor ink = style.muted;
  ink.setAlphaF(state.highlight() ? 0.75f * (1 - kDimmed) : 0.75f);  // steps back with the cells
  const auto strike = [&](const scene::Sheet& sheet, const Vec3& from, const Vec3& to) {
    const Vec3 lift = sheet.normal() * kLineLift;
    lines.push_back({{from + lift, to + lift}, ink, 1.4f});
  };
  for (std::size_t b = 0; b < layout.blocks.size(); ++b) {
    const scene::Block& block = layout.blocks[b];
    if (state.resting() || block.folded || state.deadUnits().deadCount(layout, int(b)) == 0) continue;
    const std::size_t features = std::size_t(block.shape.channels), area = block.shape.size() / features;
    for (std::size_t f = 0; f < features; ++f) {
      if (!state.deadUnits().dead(layout, int(b), f * area)) continue;
      const scene::CellRef cell = *layout.locate({block.node, nn::cellAt(layout.network->node(block.node).shape, f * area)});
      const scene::Sheet& sheet = layout.sheets[std::size_t(cell.sheet)];
      const float x = block.shape.isVector() ? float(cell.column) : 0, y = block.shape.isVector() ? float(cell.row) : 0;
      const float width = block.shape.isVector() ? 1 : float(sheet.columns), height = block.shape.isVector() ? 1 : float(sheet.rows);
      strike(sheet, sheet.point(x, y + height), sheet.point(x + width, y));
    }
  }
}

// The accent of what is pinned, where several are the color of the one; the color of type for what is only pointed at.
QColor colorOfHighlighted(const scene::SceneState& state, const SceneStyle& style) {
  const scene::CellRef cell = state.highlight()->cell;
  if (state.selection().heldWeight && state.selection().heldWeight->cell == cell) return style.accent;
  const std::vector<scene::UnitId> pinned = state.selection().pins.all();
  for (std::size_t i = 0; i < pinned.size(); ++i)
    if (state.layout()->locate(pinned[i]) == cell) return pinned.size() > 1 ? style.pin(i) : style.accent;
  return style.text;
}

constexpr std::size_t kFewThreads = 60;
constexpr int kMostRims = 48;  // sheets of a layer that each get a rim; of more, the threads alone show it

void addHovered(const scene::SceneState& state, const SceneStyle& style, std::vector<Line>& lines) {
  if (!state.selection().hovered) return;
  const scene::CellRef cell = state.selection().hovered->cell;
  lines.push_back(frame(*state.layout(), cell.sheet, state.layout()->corners(cell), style.text, 2.0f));
}

// What an animation's step frames: windows on maps, their cells in the padding, what is being worked out, and the cell that it is about.
void addFrames(const scene::SceneState& state, const SceneStyle& style, std::vector<Line>& lines) {
  const scene::Layout& layout = *state.layout();
  const scene::Highlight& highlight = *state.highlight();
  for (const scene::PatchFrame& border : highlight.borders) lines.push_back(frame(layout, border.sheet, border.corners, style.faint, 1.2f));
  for (const scene::PatchFrame& cell : highlight.padding) lines.push_back(frame(layout, cell.sheet, cell.corners, style.muted, 1.0f));
  addEdges(state, style, lines);
  for (const scene::PatchFrame& patch : highlight.patches) lines.push_back(frame(layout, patch.sheet, patch.corners, style.accent, 3.0f));
  for (const scene::PatchFrame& cell : highlight.now) lines.push_back(frame(layout, cell.sheet, cell.corners, style.text, 2.6f));
  if (highlight.reachedBlock < 0) lines.push_back(frame(layout, highlight.cell.sheet, layout.corners(highlight.cell), style.accent, 3.4f));
}

// The layer that the data have just reached, and the threads along which they came.
void addReached(const scene::SceneState& state, const SceneStyle& style, std::vector<Line>& lines) {
  const scene::Layout& layout = *state.layout();
  const scene::Block& block = layout.blocks[std::size_t(state.highlight()->reachedBlock)];
  const std::size_t before = lines.size();
  if (!block.isInput) addThreads(layout, block, style.accent, lines);
  for (std::size_t i = before; i < lines.size(); ++i) {
    const bool few = lines.size() - before < kFewThreads;  // many, drawn strongly, would be one solid sheet
    lines[i].color.setAlphaF(std::min(1.0f, (few ? 2.6f : 1.7f) * float(lines[i].color.alphaF())));
    if (few) lines[i].widthPx *= 1.5f;
  }
  for (int i = 0; i < block.sheetCount && block.sheetCount <= kMostRims; ++i) {
    const scene::Sheet& sheet = layout.sheets[std::size_t(block.firstSheet + i)];
    const float right = sheet.width() / sheet.pitch, bottom = sheet.height() / sheet.pitch;
    lines.push_back(frame(layout, block.firstSheet + i,
                          {sheet.point(0, 0), sheet.point(right, 0), sheet.point(right, bottom), sheet.point(0, bottom)}, style.accent,
                          2.4f));
  }
}

}  // namespace

std::vector<Line> highlightLines(const scene::SceneState& state, const SceneStyle& style) {
  std::vector<Line> lines;
  if (state.empty()) return lines;
  const scene::Layout& layout = *state.layout();
  if (state.animation()) {
    if (!state.highlight()) return lines;
    if (state.highlight()->reachedBlock >= 0) addReached(state, style, lines);
    addFrames(state, style, lines);
    addHovered(state, style, lines);
    return lines;
  }
  addDeadMarks(state, style, lines);
  if (state.highlight()) {
    const scene::Highlight& highlight = *state.highlight();
    QColor around = colorOfHighlighted(state, style);
    around.setAlphaF(0.85f);
    QColor further = style.text;
    further.setAlphaF(0.6f);
    for (const scene::PatchFrame& patch : highlight.receptiveFields)
      lines.push_back(frame(layout, patch.sheet, patch.corners, further, 1.2f));
    for (const scene::PatchFrame& patch : highlight.patches) lines.push_back(frame(layout, patch.sheet, patch.corners, around, 1.6f));
    addEdges(state, style, lines);
  }
  if (state.tracing() && !state.selection().pinned()) {
    const scene::CellRef cell = state.highlight()->cell;
    lines.push_back(frame(layout, cell.sheet, layout.corners(cell), style.text, 2.0f));
  }
  const std::vector<scene::UnitId> pinned = state.selection().pins.all();
  for (std::size_t i = 0; i < pinned.size(); ++i) {
    const scene::CellRef cell = *layout.locate(pinned[i]);
    const QColor color = pinned.size() > 1 ? style.pin(i) : style.accent;
    lines.push_back(frame(layout, cell.sheet, layout.corners(cell), color, pinned[i] == state.selection().pinned() ? 3.0f : 2.2f));
  }
  if (state.selection().heldWeight) {
    const scene::CellRef cell = state.selection().heldWeight->cell;
    lines.push_back(frame(layout, cell.sheet, layout.corners(cell), style.accent, 3.0f));
  }
  addHovered(state, style, lines);
  return lines;
}

}  // namespace render
