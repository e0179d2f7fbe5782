#include "ui/panels/inspector/GridParts.h"

#include <algorithm>
#include <cmath>

#include <QObject>

#include "scene/text/Formula.h"

namespace ui {

using scene::Patch;
using scene::PatchCell;

namespace {

float partOf(const PatchCell& cell, Part part) {
  return part == Part::Input ? cell.input : part == Part::Weight ? cell.weight : cell.product;
}

float largestWeight(const Patch& patch) {
  float largest = 0;
  for (const PatchCell& cell : patch.cells)
    if (std::isfinite(cell.weight)) largest = std::max(largest, std::abs(cell.weight));
  return largest;
}

bool knowsInputs(const scene::Explanation& e) {
  return !e.patches.empty() && e.inputScales.size() == e.patches.size();
}

void addCells(const scene::Explanation& e, Part part, ValueScale& scale) {
  for (const Patch& patch : e.patches)
    for (const PatchCell& cell : patch.cells) scale.add(partOf(cell, part));
}

// chosen: the patch whose input is colored, where each map can have a scale of its own; null: any of them.
void addScale(const scene::Explanation& e, const Patch* chosen, Part part, ValueScale& scale) {
  const bool known = part == Part::Weight ? e.kernelScale.has_value() : knowsInputs(e);
  if (!known) return addCells(e, part, scale);
  if (part == Part::Weight) return scale.add(*e.kernelScale);
  for (std::size_t i = 0; i < e.patches.size(); ++i) {
    const scene::Scale& input = e.inputScales[i];
    if (part == Part::Input && (!chosen || chosen == &e.patches[i])) scale.add(input);
    if (part == Part::Product) scale.add(std::max(input.high, -input.low) * largestWeight(e.patches[i]));  // no product is larger
  }
}

}  // namespace

ValueScale scaleOf(const SectionView& view, const Patch& patch, Part part) {
  ValueScale scale{0, part != Part::Input, view.palette};
  addScale(view.e, &patch, part, scale);
  for (const scene::Explanation* other : view.beside) addScale(*other, nullptr, part, scale);
  return scale;
}

scene::CellNumbers numbersOf(const SectionView& view, const GridGeometry& grid, const Patch& patch, Part part) {
  if (part == Part::Input) {
    const ValueScale scale = scaleOf(view, patch, part);
    return cellNumbers(grid, scale.largest, scale.diverging);
  }
  float largest = 0;
  const auto add = [&](const Patch& of) {
    for (const PatchCell& cell : of.cells)
      if (std::isfinite(partOf(cell, part))) largest = std::max(largest, std::abs(partOf(cell, part)));
  };
  if (part == Part::Product) add(patch);
  for (const Patch& each : view.e.patches)
    if (part == Part::Weight) add(each);
  return cellNumbers(grid, largest);
}

void paintPart(QPainter& painter, const GridGeometry& grid, const SectionView& view, const Patch& patch, Part part) {
  paintGrid(painter, grid, scaleOf(view, patch, part), numbersOf(view, grid, patch, part), view.theme, [&](int i) {
    const PatchCell& cell = patch.cells[std::size_t(i)];
    const bool worked = view.isWorked(patch, std::size_t(i)), now = view.isNow(patch, std::size_t(i));
    const bool inside = part == Part::Weight || (cell.inside && (part == Part::Input || worked));
    const bool wins = cell.winner && part == Part::Input && view.worked < 0;
    return GridCell{partOf(cell, part), inside, wins, now || view.isLit(cell.term)};
  });
}

std::vector<QString> sumTexts(const SectionView& view) {
  std::vector<float> sums;
  for (const Patch& patch : view.e.patches) sums.push_back(view.sumSoFar(patch));
  const int decimals = scene::totalWords(view.e).decimals;
  std::vector<QString> texts;
  if (view.worked >= 0) {
    for (const float sum : sums) texts.push_back(QString::fromStdString(scene::fixedNumber(sum, decimals)));
    return texts;
  }
  const std::size_t loose = sums.size();
  if (view.e.hasBias) sums.push_back(view.e.bias);
  for (const std::string& text : scene::sumWords(sums, view.e.preActivation, loose, decimals).addends)
    texts.push_back(QString::fromStdString(text));
  texts.resize(loose);
  return texts;
}

double written(QString text) {
  return text.replace(QChar(0x2212), QLatin1Char('-')).toDouble();
}

QString mapName(const scene::Explanation& e, const Patch& patch) {
  for (const scene::Source& source : e.sources) {
    if (source.node != patch.inputNode) continue;
    const QString name = QString::fromStdString(source.name);
    return source.shape.channels == 1 ? name : QObject::tr("%1, map %2").arg(name).arg(patch.inputChannel + 1);
  }
  return QObject::tr("map %1").arg(patch.inputChannel + 1);
}

QString gridWords(const Patch& patch, Part part) {
  QStringList rows;
  for (int row = 0; row < patch.rows; ++row) {
    QStringList cells;
    for (int column = 0; column < patch.columns; ++column) {
      const PatchCell& cell = patch.cells[std::size_t(row * patch.columns + column)];
      cells << (cell.inside || part == Part::Weight ? number(partOf(cell, part)) : QObject::tr("padding"));
    }
    rows << QObject::tr("row %1: %2").arg(row + 1).arg(cells.join(QStringLiteral(", ")));
  }
  return rows.join('\n');
}

}  // namespace ui
