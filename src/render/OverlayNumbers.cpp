#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <QFontMetricsF>

#include "analysis/Answer.h"
#include "render/Instances.h"
#include "render/LevelOfDetail.h"
#include "render/OverlayWriter.h"
#include "scene/text/Text.h"
#include "scene/text/UnitText.h"

namespace render {

using scene::Sheet;
using scene::Vec3;

namespace {

constexpr float kNumbersFromPx = 27;  // a cell's width on the screen that holds a number
constexpr float kThreeDigitsFromPx = 48;
constexpr float kMapNamesFromPx = 84;
constexpr float kMapNameType = 11;
constexpr float kSmallestNumber = 8, kLargestNumber = 22;
constexpr float kWholeNumber = 16;  // the type from which on a number is written as it stands alone
constexpr std::size_t kMostNumbers = 4000;

QPointF middle(const scene::Camera& camera, const Vec3& a, const Vec3& b) {
  const Vec3 at = camera.project(mix(a, b, 0.5f));
  return {at.x, at.y};
}

qreal apart(const QPointF& a, const QPointF& b) {
  return std::hypot(a.x() - b.x(), a.y() - b.y());
}

}  // namespace

// Black or white, whichever stands out from the cell as it is drawn.
QColor Writer::inkOn(const Sheet& sheet, int index, float value, const Motion& motion, bool lit) const {
  const scene::Scale& scale = m_state.shown().scaleOf(index);
  const scene::Rgb color = m_style.map(scale).at(scale.position(value));
  const float dimming = lit ? 0 : dimmingOf(m_state, sheet, motion);
  const QColor fade = m_style.fade();
  const auto mixed = [dimming](int a, int b) { return std::uint8_t(float(a) + float(b - a) * dimming); };
  const scene::Rgb seen{mixed(color.r, fade.red()), mixed(color.g, fade.green()), mixed(color.b, fade.blue())};
  QColor ink = scene::lightnessOf(seen) > 0.62f ? QColor(Qt::black) : QColor(Qt::white);
  ink.setAlphaF(0.92f - 0.5f * dimming);
  return ink;
}

// Nothing of another sheet lies before it.
bool Writer::inReceptiveField(const scene::CellRef& cell, const QPointF& at) const {
  if (m_layout.arrangement == scene::Arrangement::Flat) return true;
  const std::optional<scene::Pick> first = scene::pick(m_layout, m_camera.rayThrough({float(at.x()), float(at.y())}));
  return first && first->cell == cell;
}

// The side of a cell on the screen, the shorter ways of its middle lines; nothing where a corner lies behind the eye.
std::optional<QSizeF> Writer::cellSize(const scene::CellRef& cell) const {
  const std::array<Vec3, 4> corners = m_layout.corners(cell);
  for (const Vec3& corner : corners)
    if (m_camera.project(corner).z <= 0) return std::nullopt;
  return QSizeF(apart(middle(m_camera, corners[0], corners[3]), middle(m_camera, corners[1], corners[2])),
                apart(middle(m_camera, corners[0], corners[1]), middle(m_camera, corners[3], corners[2])));
}

// The type in which the longest number fits a cell, if that can be read.
std::optional<QFont> Writer::typeFor(const QSizeF& cell, const QString& longest) const {
  if (cell.width() < kNumbersFromPx) return std::nullopt;
  const qreal fits =
      std::min({cell.height() * 0.52, cell.width() / (0.72 * std::max<double>(3.0, double(longest.size()))), double(kLargestNumber)});
  for (int size = int(fits); size >= int(kSmallestNumber); --size) {
    const QFont font = m_style.font(float(size) / m_style.textScale);
    if (QFontMetricsF(font).tightBoundingRect(longest).width() <= cell.width() - 3) return font;
  }
  return std::nullopt;
}

// Where there is room for any number as the tag and the unit's sheet write it.
std::optional<CellType> Writer::wholeType(const QSizeF& cell) const {
  const auto font = typeFor(cell, QStringLiteral("−1.23e-05"));
  if (!font || float(font->pixelSize()) < kWholeNumber * m_style.textScale) return std::nullopt;
  return CellType{{.alone = true}, *font};
}

// All cells of a kernel are written alike or not at all: its smallest cell decides, and the largest weight that leads into its map.
std::optional<CellType> Writer::kernelType(const Sheet& sheet, int index, int tile) const {
  std::optional<QSizeF> smallest;
  for (const int row : {0, sheet.rows - 1})
    for (const int column : {0, sheet.columns - 1}) {
      const std::optional<QSizeF> size = cellSize({index, row, column, tile});
      if (!size) return std::nullopt;
      smallest = smallest ? smallest->boundedTo(*size) : *size;
    }
  float largest = 0;
  for (const float weight : m_state.shown().cells().subspan(sheet.firstCell, std::size_t(sheet.count)))
    if (std::isfinite(weight)) largest = std::max(largest, std::abs(weight));
  if (const auto whole = wholeType(*smallest)) return whole;
  for (const scene::CellNumbers& numbers : {scene::CellNumbers::of(largest, 3, true), scene::CellNumbers::compact(largest, true)}) {
    if (const auto font = typeFor(*smallest, QString::fromStdString(numbers.text(-largest)))) return CellType{numbers, *font};
  }
  return std::nullopt;
}

// Values that reach neither 0 nor 1; while the cells show something else they may.
bool Writer::isShare(const Sheet& sheet) const {
  if (sheet.kind == Sheet::Kind::Kernels || m_state.shown().showsField(sheet.block)) return false;
  const nn::Layer& layer = *m_layout.network->node(m_layout.blocks[std::size_t(sheet.block)].valueNode).layer;
  return layer.combineKind() == nn::Combine::Softmax || layer.activation() == nn::Activation::Sigmoid;
}

// Of sheets whose cells are written alike, among those in the picture.
std::optional<QSizeF> Writer::smallestCell(int firstSheet, int sheetCount) const {
  std::optional<QSizeF> smallest;
  for (int i = firstSheet; i < firstSheet + sheetCount; ++i) {
    const Sheet& sheet = m_layout.sheets[std::size_t(i)];
    for (int c = 0; c < sheet.count; ++c) {
      const scene::CellRef cell{i, c / sheet.columns, c % sheet.columns, 0};
      const Vec3 at = m_camera.project(m_layout.center(cell));
      if (at.z <= 0 || !m_area.contains(QPointF(at.x, at.y))) continue;
      const std::optional<QSizeF> size = cellSize(cell);
      if (!size) return std::nullopt;
      smallest = smallest ? smallest->boundedTo(*size) : *size;
    }
  }
  return smallest;
}

// By the sheet's scale, with the digits that the unit's sheet has, too. whole: all of its cells have room for any number.
std::optional<CellType> Writer::typeOf(const Sheet& sheet, int index, const QSizeF& size, bool whole) const {
  if (whole) return wholeType(size);
  const scene::Scale& scale = m_state.shown().scaleOf(index);
  const float largest = std::max(scale.high, -scale.low);
  const bool share = isShare(sheet);
  const bool large = m_camera.pixelsPerUnit(sheet.center()) * sheet.pitch >= kThreeDigitsFromPx;
  const scene::CellNumbers numbers = share || large ? scene::CellNumbers::of(largest, 3, true) : scene::CellNumbers::compact(largest, true);
  const QString longest = share ? QStringLiteral("> 0.99") : QString::fromStdString(numbers.text(scale.diverging ? -largest : largest));
  const auto font = typeFor(size, longest);
  return font ? std::optional(CellType{numbers, *font}) : std::nullopt;
}

// As it reads on the tag and on the unit's sheet where there is room for any number, else with fewer digits.
QString Writer::wordsIn(const scene::CellRef& cell, float value, const CellType& type) const {
  const Sheet& sheet = m_layout.sheets[std::size_t(cell.sheet)];
  if (!isShare(sheet)) return QString::fromStdString(type.numbers.text(value));
  const int classes = m_layout.blocks[std::size_t(sheet.block)].shape.channels;
  return QString::fromStdString(type.numbers.alone ? scene::valueWords(m_state, m_layout.unitAt(cell), value)
                                                   : scene::probabilityFigure(double(value), classes, 2));
}

void Writer::number(int index, const scene::CellRef& cell, const CellType& type, const Motion& motion) {
  const Vec3 at = m_camera.project(m_layout.center(cell));
  const QPointF center(at.x, at.y);
  const float value = m_state.shown().cells()[m_layout.cellIndex(cell)];
  if (value == 0 && m_layout.sheets[std::size_t(index)].kind != Sheet::Kind::Kernels &&
      m_state.shown().showsField(m_layout.sheets[std::size_t(index)].block))
    return;  // has no part in it
  const Sheet& on = m_layout.sheets[std::size_t(index)];
  const QString words = wordsIn(cell, value, type);
  const QFontMetricsF metrics(type.font);
  const QRectF tight = metrics.tightBoundingRect(words);
  const QPointF baseline(center.x() - metrics.horizontalAdvance(words) / 2, center.y() - tight.center().y());
  if (!isFree(tight.translated(baseline)) || !inReceptiveField(cell, center)) return;
  bool lit = false;
  if (m_state.highlight()) {
    const scene::SheetFocus& focus = m_state.highlight()->focus[std::size_t(index)];
    if (focus.blank(cell.row * on.columns + cell.column)) return;
    lit = focus.whole() || (focus.lit && cell.column >= focus.firstColumn && cell.column <= focus.lastColumn &&
                            cell.row >= focus.firstRow && cell.row <= focus.lastRow);
  }
  text(baseline, words, type.font, inkOn(on, index, value, motion, lit));
  m_digits.push_back(tight.translated(baseline));
}

void Writer::numbers(const Motion& motion) {
  int measured = -1;               // the first of the sheets that `smallest` is of
  std::optional<QSizeF> smallest;  // cell of what is written alike: an output, or a map in itself
  for (std::size_t i = 0; i < m_layout.sheets.size() && m_digits.size() < kMostNumbers; ++i) {
    const Sheet& sheet = m_layout.sheets[i];
    // The nearest corner decides: a sheet may reach from far away to the eye.
    float nearest = 0;
    for (const float x : {0.0f, sheet.width()})
      for (const float y : {0.0f, sheet.height()})
        nearest = std::max(nearest, m_camera.pixelsPerUnit(sheet.origin + sheet.right * x + sheet.down * y));
    const bool kernels = sheet.kind == Sheet::Kind::Kernels;
    if (m_state.resting() && !kernels) continue;  // there is nothing to tell yet
    if (sheet.kind == Sheet::Kind::Slab || sheet.kind == Sheet::Kind::Picture || nearest * sheet.pitch < kNumbersFromPx) continue;
    const int area = sheet.rows * sheet.columns;
    std::optional<CellType> type;
    int typed = -1;  // the kernel that it is of
    const scene::Block& block = m_layout.blocks[std::size_t(sheet.block)];
    const bool together = sheet.kind == Sheet::Kind::Vector && block.tiles;
    const int first = together ? block.firstSheet : int(i), count = together ? block.sheetCount : 1;
    if (!kernels && std::exchange(measured, first) != first) smallest = smallestCell(first, count);
    const bool whole = smallest && wholeType(*smallest);
    if (together && smallest) type = typeOf(sheet, int(i), *smallest, whole);
    for (int c = 0; c < sheet.count && m_digits.size() < kMostNumbers; ++c) {
      const scene::CellRef cell{int(i), c % area / sheet.columns, c % sheet.columns, kernels ? c / area : 0};
      const Vec3 at = m_camera.project(m_layout.center(cell));
      if (at.z <= 0 || !m_area.contains(QPointF(at.x, at.y))) continue;
      if (!kernels && !together) {
        const std::optional<QSizeF> size = cellSize(cell);
        type = size ? typeOf(sheet, int(i), *size, whole) : std::nullopt;
      } else if (kernels && cell.tile != typed) {
        type = kernelType(sheet, int(i), typed = cell.tile);
      }
      if (type) number(int(i), cell, *type, motion);
    }
  }
}

// Of the maps that the picture shows whole.
float Writer::narrowestMap(const scene::Block& block) const {
  float narrowest = std::numeric_limits<float>::infinity();
  for (int i = block.firstSheet; i < block.firstSheet + block.sheetCount; ++i) {
    const Sheet& sheet = m_layout.sheets[std::size_t(i)];
    const Vec3 corner = m_camera.project(sheet.origin), other = m_camera.project(sheet.origin + sheet.right * sheet.width());
    const QPointF at(corner.x, corner.y), end(other.x, other.y);
    if (corner.z > 0 && other.z > 0 && m_area.contains(at) && m_area.contains(end)) narrowest = std::min(narrowest, float(apart(at, end)));
  }
  return narrowest;
}

// Which map it is, at its corner above left, where maps are large enough to be looked at one by one. The maps of a layer are named
// together: most of them, or none.
void Writer::mapNames() {
  for (const scene::Block& block : m_layout.blocks) {
    if (block.shape.channels < 2 || m_layout.sheets[std::size_t(block.firstSheet)].kind != Sheet::Kind::Map) continue;
    const float narrowest = narrowestMap(block);
    std::vector<MapName> names;
    std::size_t seen = 0;
    for (int i = block.firstSheet; i < block.firstSheet + block.sheetCount; ++i) {
      const Vec3 middle = m_camera.project(m_layout.sheets[std::size_t(i)].center());
      seen += middle.z > 0 && m_area.contains(QPointF(middle.x, middle.y));
      if (const std::optional<MapName> name = mapName(m_layout.sheets[std::size_t(i)], narrowest)) names.push_back(*name);
    }
    if (2 * names.size() < seen) continue;
    for (const MapName& name : names)
      if (claim(name.rect)) text(name.baseline, name.words, m_style.font(kMapNameType), m_style.faint);
  }
}

// narrowest: pixels, of the maps of its layer. Nothing where there is no room for the name.
std::optional<MapName> Writer::mapName(const Sheet& sheet, float narrowest) const {
  const QFontMetricsF metrics(m_style.font(kMapNameType));
  const scene::Block& block = m_layout.blocks[std::size_t(sheet.block)];
  const Vec3 corner = m_camera.project(sheet.origin), other = m_camera.project(sheet.origin + sheet.right * sheet.width());
  if (corner.z <= 0 || other.z <= 0) return std::nullopt;
  const QPointF at(corner.x, corner.y), end(other.x, other.y);
  if (std::min(float(apart(at, end)), narrowest) < kMapNamesFromPx * m_style.textScale) return std::nullopt;
  const std::string answer = block.isOutput ? analysis::answerWords(*m_layout.network, block.node, sheet.channel) : std::string();
  MapName name;
  name.words = answer.empty() ? QStringLiteral("map %1").arg(sheet.channel + 1) : QString::fromStdString(answer);
  name.baseline = {at.x(), std::min(at.y(), (at.y() * 2 + end.y()) / 3) - 4};
  const QRectF ink = metrics.tightBoundingRect(name.words);
  // A little higher where the upper rim rises; not at all where it would cover the maps of the layer above.
  for (int tries = 0; tries < 3 && coversCells(ink.translated(name.baseline)); ++tries) name.baseline.ry() -= 4;
  name.rect = QRectF(name.baseline.x(), name.baseline.y() - metrics.ascent(), metrics.horizontalAdvance(name.words), metrics.height());
  if (!m_area.contains(name.rect) || coversCells(ink.translated(name.baseline)) || !isFree(name.rect)) return std::nullopt;
  return name;
}

}  // namespace render
