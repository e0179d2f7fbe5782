#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QObject>
#include <QPainter>

#include "scene/text/Formula.h"
#include "ui/base/Widgets.h"
#include "ui/panels/inspector/GridParts.h"

namespace ui {

namespace {

using scene::Patch;

constexpr Part kParts[] = {Part::Input, Part::Weight, Part::Product};

// Input patch, kernel and products of the chosen input map with their numbers: in one row where the cells are large enough, else
// in two.
class PatchSection : public Section {
 public:
  AccessibleSection reading(const SectionView& view) const override {
    const Patch& patch = view.e.patches[view.patch];
    const QString words = QObject::tr("input\n%1\nkernel\n%2\nproducts\n%3\nsum of the products: %4")
                              .arg(gridWords(patch, Part::Input), gridWords(patch, Part::Weight), gridWords(patch, Part::Product),
                                   sumTexts(view)[view.patch]);
    const QString name = heading(view), title = QObject::tr("input × kernel");
    return {name.isEmpty() ? title : QObject::tr("%1: %2").arg(mapName(view.e, patch), title), words};
  }

  double height(const SectionView& view) const override {
    return places(view).back().frame().bottom() + captionHeight(view) + view.theme.grid;
  }

  void paint(QPainter& painter, const SectionView& view) const override {
    const Patch& patch = view.e.patches[view.patch];
    const std::vector<GridGeometry> grids = places(view);
    const Theme& theme = view.theme;
    const double caption = captionHeight(view);
    paintCaption(painter, view, 0, heading(view));
    for (std::size_t i = 0; i < 3; ++i) paintPart(painter, grids[i], view, patch, kParts[i]);
    const QString signs[] = {QStringLiteral("×"), QStringLiteral("=")};
    const QString names[] = {inputWord(), QObject::tr("kernel"), QObject::tr("products")};
    painter.setFont(theme.title);
    painter.setPen(theme.muted);
    for (std::size_t i = 0; i < 2; ++i) {
      const QRectF right = grids[i + 1].frame();
      painter.drawText(QRectF(right.left() - gap(view), right.top(), gap(view), right.height()), Qt::AlignCenter, signs[i]);
    }
    painter.setFont(theme.small);
    for (std::size_t i = 0; i < 3; ++i) {
      const QRectF frame = grids[i].frame();
      painter.drawText(QRectF(frame.left() - 12, frame.bottom() + 1, frame.width() + 24, caption), Qt::AlignCenter,
                       withUnit(names[i], grids[i], numbersOf(view, grids[i], patch, kParts[i])));
    }
    paintSum(painter, view, grids);
  }

  int termAt(QPointF position, const SectionView& view) const override {
    for (const GridGeometry& grid : places(view)) {
      if (const int cell = grid.at(position); cell >= 0) return view.e.patches[view.patch].cells[std::size_t(cell)].term;
    }
    return -1;
  }

 private:
  static double gap(const SectionView& view) { return view.theme.grid * 2.5; }
  static QString inputWord() { return QObject::tr("input"); }
  // Which map it is; nothing where the word below the grid says the same, as for the first layer of most networks.
  static QString heading(const SectionView& view) {
    const std::size_t count = view.e.patches.size();
    const QString name = mapName(view.e, view.e.patches[view.patch]);
    if (count > 1) return QObject::tr("%1 (%2 of %3)").arg(name).arg(view.patch + 1).arg(count);
    return name == inputWord() ? QString() : name;
  }

  // Beside the products where they stand in a row of their own, else above them.
  static void paintSum(QPainter& painter, const SectionView& view, const std::vector<GridGeometry>& grids) {
    const Theme& theme = view.theme;
    const QString sum = sumTexts(view)[view.patch];
    if (grids[2].frame().top() == grids[0].frame().top()) {
      painter.setPen(theme.text);
      painter.drawText(QRectF(0, 0, view.width, captionHeight(view)), Qt::AlignRight | Qt::AlignVCenter, QObject::tr("sum %1").arg(sum));
      return;
    }
    const QRectF area(0, grids[2].frame().center().y() - theme.title.pixelSize() * 1.6, grids[2].frame().left() - gap(view),
                      theme.title.pixelSize() * 1.6);
    const QString words = QObject::tr("sum of the products");
    const bool room = QFontMetricsF(theme.small).horizontalAdvance(words) <= area.width();
    drawWords(painter, area, Qt::AlignCenter, room ? words : QObject::tr("sum"), theme.small, theme.muted);
    drawWords(painter, area.translated(0, theme.title.pixelSize() * 1.4), Qt::AlignCenter, sum, theme.title, theme.text);
  }

  static std::vector<GridGeometry> places(const SectionView& view) {
    const Patch& patch = view.e.patches[view.patch];
    const double top = captionHeight(view);
    const double third = (view.width - 2 * gap(view)) / 3, half = (view.width - gap(view)) / 2;
    const bool oneRow = third / patch.columns >= 26;
    const double side = oneRow ? third : half;
    const double tall = std::min(side / patch.columns, 44.0) * patch.rows;
    const double first = oneRow || !heading(view).isEmpty() ? top : 0;  // beside the row's heading stands the sum
    const auto grid = [&](int column, double y) {
      return GridGeometry(QRectF(column * (side + gap(view)), y, side, tall), patch.rows, patch.columns, 44);
    };
    std::vector<GridGeometry> grids{grid(0, first), grid(1, first)};
    grids.push_back(oneRow ? grid(2, first) : grid(1, grids[0].frame().bottom() + top + 4));
    return grids;
  }
};

// All input maps: patch, kernel and products small, the sum of each and the running sum. A click works the map out above.
class OverviewSection : public Section {
 public:
  AccessibleSection reading(const SectionView& view) const override {
    QStringList lines;
    const std::vector<QString> sums = sumTexts(view);
    for (std::size_t i = 0; i < shown(view); ++i)
      lines << QObject::tr("map %1: sum %2").arg(view.e.patches[i].inputChannel + 1).arg(sums[i]);
    return {QObject::tr("All input maps"), lines.join('\n')};
  }

  double height(const SectionView& view) const override {
    return captionHeight(view) + double(shown(view)) * rowHeight(view) + (rest(view) > 0 ? captionHeight(view) : 0) + view.theme.grid;
  }

  void paint(QPainter& painter, const SectionView& view) const override {
    const Theme& theme = view.theme;
    const double caption = captionHeight(view);
    const QString heads[] = {QObject::tr("input"), QObject::tr("kernel"), QObject::tr("products")};
    painter.setFont(theme.small);
    painter.setPen(theme.muted);
    const bool room = QFontMetricsF(theme.small).horizontalAdvance(heads[2]) <= side(view) + 4;  // they also stand above
    for (int i = 0; room && i < 3; ++i) {
      const QRectF frame = grid(view, 0, i).frame();
      painter.drawText(QRectF(frame.left() - 12, 0, frame.width() + 24, caption), Qt::AlignCenter, heads[i]);
    }
    painter.drawText(QRectF(0, 0, sumRight(view), caption), Qt::AlignRight | Qt::AlignVCenter, QObject::tr("sum"));
    painter.drawText(QRectF(0, 0, view.width, caption), Qt::AlignRight | Qt::AlignVCenter, QObject::tr("running"));
    const std::vector<QString> sums = sumTexts(view);
    const int decimals = scene::totalWords(view.e).decimals;
    const auto figure = [decimals](double value) { return QString::fromStdString(scene::fixedNumber(float(value), decimals)); };
    double running = 0, others = 0;
    for (std::size_t i = 0; i < shown(view); ++i) {
      running += written(sums[i]);
      paintRow(painter, view, i, sums[i], figure(running));
    }
    if (rest(view) == 0) return;
    for (std::size_t i = shown(view); i < sums.size(); ++i) others += written(sums[i]);
    const QRectF line(0, caption + double(shown(view)) * rowHeight(view), view.width, caption);
    drawWords(painter, line, Qt::AlignLeft | Qt::AlignVCenter,
              rest(view) == 1 ? QObject::tr("the other map") : QObject::tr("the other %1 maps").arg(rest(view)), theme.body, theme.muted);
    painter.drawText(QRectF(0, line.top(), sumRight(view), caption), Qt::AlignRight | Qt::AlignVCenter, figure(others));
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, figure(running + others));
  }

  int termAt(QPointF position, const SectionView& view) const override {
    const int row = patchAt(position, view);
    for (int i = 0; row >= 0 && i < 3; ++i) {
      if (const int cell = grid(view, std::size_t(row), i).at(position); cell >= 0)
        return view.e.patches[std::size_t(row)].cells[std::size_t(cell)].term;
    }
    return -1;
  }

  int patchAt(QPointF position, const SectionView& view) const override {
    const double row = (position.y() - captionHeight(view)) / rowHeight(view);
    return row >= 0 && row < double(shown(view)) ? int(row) : -1;
  }

 private:
  static std::size_t shown(const SectionView& view) { return std::min<std::size_t>(view.e.patches.size(), 32); }
  static std::size_t rest(const SectionView& view) { return view.e.patches.size() - shown(view); }
  static double nameWidth(const SectionView& view) {
    return QFontMetricsF(view.theme.body).horizontalAdvance(QObject::tr("map 88")) + view.theme.grid;
  }
  static double figureWidth(const SectionView& view) {
    return QFontMetricsF(view.theme.bold(view.theme.body))
               .horizontalAdvance(
                   QString::fromStdString(scene::fixedNumber(-8.8888f, std::clamp(scene::totalWords(view.e).decimals, 2, 5)))) +
           4;
  }
  static double sumRight(const SectionView& view) { return view.width - figureWidth(view) - view.theme.grid; }
  static double side(const SectionView& view) {
    const double room = view.width - nameWidth(view) - 2 * figureWidth(view) - view.theme.grid;
    return std::min(56.0 * view.theme.body.pixelSize() / 13, room / 3 - 6);
  }
  static double rowHeight(const SectionView& view) {
    const Patch& patch = view.e.patches.front();
    return std::max(captionHeight(view), std::floor(side(view) / patch.columns) * patch.rows + 6);
  }
  static GridGeometry grid(const SectionView& view, std::size_t row, int part) {
    const Patch& patch = view.e.patches[row];
    const double top = captionHeight(view) + double(row) * rowHeight(view);
    return {QRectF(nameWidth(view) + part * (side(view) + 6), top, side(view), rowHeight(view) - 6), patch.rows, patch.columns};
  }

  static void paintRow(QPainter& painter, const SectionView& view, std::size_t row, const QString& sum, const QString& running) {
    const Theme& theme = view.theme;
    const Patch& patch = view.e.patches[row];
    const bool chosen = row == view.patch;
    const QRectF line(0, captionHeight(view) + double(row) * rowHeight(view), view.width, rowHeight(view) - 6);
    if (chosen) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(theme.accentSoft);
      painter.drawRoundedRect(line.adjusted(-5, -3, 5, 3), 4, 4);
    }
    for (int i = 0; i < 3; ++i) paintPart(painter, grid(view, row, i), view, patch, kParts[i]);
    drawWords(painter, line, Qt::AlignLeft | Qt::AlignVCenter, QObject::tr("map %1").arg(patch.inputChannel + 1),
              chosen ? theme.bold(theme.body) : theme.body, chosen ? theme.text : theme.muted);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, running);
    painter.setPen(theme.text);
    painter.drawText(QRectF(0, line.top(), sumRight(view), line.height()), Qt::AlignRight | Qt::AlignVCenter, sum);
  }
};

}  // namespace

std::unique_ptr<Section> makePatchSection() {
  return std::make_unique<PatchSection>();
}
std::unique_ptr<Section> makeOverviewSection() {
  return std::make_unique<OverviewSection>();
}
std::size_t strongestPatch(const scene::Explanation& e) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < e.patches.size(); ++i) {
    if (std::abs(e.patches[i].sum) > std::abs(e.patches[best].sum)) best = i;
  }
  return best;
}

}  // namespace ui
