#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QPainter>

#include "ui/inspector/Figures.h"
#include "ui/inspector/Sections.h"

namespace ui {

namespace {

using scene::Patch;
using scene::PatchCell;

enum class Part { Input, Weight, Product };

float partOf(const PatchCell& cell, Part part) {
  return part == Part::Input ? cell.input : part == Part::Weight ? cell.weight : cell.product;
}

// One scale for all patches, so that maps can be compared, and with those of other sheets.
ValueScale scaleOf(const SectionView& view, Part part) {
  ValueScale scale{0, false};
  const auto add = [&](const scene::Explanation& e) {
    for (const Patch& patch : e.patches)
      for (const PatchCell& cell : patch.cells) scale.add(partOf(cell, part));
  };
  add(view.e);
  for (const scene::Explanation* other : view.beside) add(*other);
  if (part != Part::Input) scale.diverging = true;
  return scale;
}

void paintPart(QPainter& painter, const GridGeometry& grid, const SectionView& view, const Patch& patch, Part part) {
  paintGrid(painter, grid, scaleOf(view, part), view.theme, [&](int i) {
    const PatchCell& cell = patch.cells[std::size_t(i)];
    const bool worked = view.isWorked(patch, std::size_t(i)), now = view.isNow(patch, std::size_t(i));
    const bool inside = part == Part::Weight || (cell.inside && (part == Part::Input || worked));
    const bool wins = cell.winner && part == Part::Input && view.worked < 0;
    return GridCell{partOf(cell, part), inside, wins, now || view.isLit(cell.term)};
  });
}

QString mapName(const scene::Explanation& e, const Patch& patch) {
  for (const scene::Source& source : e.sources) {
    if (source.node != patch.inputNode) continue;
    const QString name = QString::fromStdString(source.name);
    return source.shape.channels == 1 ? name : QObject::tr("%1, map %2").arg(name).arg(patch.inputChannel + 1);
  }
  return QObject::tr("map %1").arg(patch.inputChannel + 1);
}

// Row by row; "padding" where the window lies beyond the border.
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

constexpr Part kParts[] = {Part::Input, Part::Weight, Part::Product};

double captionHeight(const SectionView& view) {
  return view.theme.small.pixelSize() * 1.7;
}

// Input patch, kernel and products of the chosen input map with their numbers: in one row where the cells are large enough, else
// in two.
class PatchSection : public Section {
 public:
  Reading reading(const SectionView& view) const override {
    const Patch& patch = view.e.patches[view.patch];
    const QString words =
        QObject::tr("input\n%1\nkernel\n%2\nproducts\n%3\nsum of the products: %4")
            .arg(gridWords(patch, Part::Input), gridWords(patch, Part::Weight), gridWords(patch, Part::Product), number(patch.sum));
    return {QObject::tr("%1: input × kernel").arg(mapName(view.e, patch)), words};
  }

  double height(const SectionView& view) const override {
    return places(view).back().frame().bottom() + captionHeight(view) + view.theme.grid;
  }

  void paint(QPainter& painter, const SectionView& view) const override {
    const Patch& patch = view.e.patches[view.patch];
    const std::vector<GridGeometry> grids = places(view);
    const Theme& theme = view.theme;
    const double caption = captionHeight(view);
    const std::size_t count = view.e.patches.size();
    painter.setFont(theme.small);
    painter.setPen(theme.muted);
    const QString name =
        count > 1 ? QObject::tr("%1 (%2 of %3)").arg(mapName(view.e, patch)).arg(view.patch + 1).arg(count) : mapName(view.e, patch);
    painter.drawText(QRectF(0, 0, view.width, caption), Qt::AlignLeft | Qt::AlignVCenter, name);
    for (std::size_t i = 0; i < 3; ++i) paintPart(painter, grids[i], view, patch, kParts[i]);
    const QString signs[] = {QStringLiteral("×"), QStringLiteral("=")};
    const QString names[] = {QObject::tr("input"), QObject::tr("kernel"), QObject::tr("products")};
    painter.setFont(theme.title);
    painter.setPen(theme.muted);
    for (std::size_t i = 0; i < 2; ++i) {
      const QRectF right = grids[i + 1].frame();
      painter.drawText(QRectF(right.left() - gap(view), right.top(), gap(view), right.height()), Qt::AlignCenter, signs[i]);
    }
    painter.setFont(theme.small);
    for (std::size_t i = 0; i < 3; ++i) {
      const QRectF frame = grids[i].frame();
      painter.drawText(QRectF(frame.left() - 12, frame.bottom() + 1, frame.width() + 24, caption), Qt::AlignCenter, names[i]);
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

  // Beside the products where they stand in a row of their own, else above them.
  static void paintSum(QPainter& painter, const SectionView& view, const std::vector<GridGeometry>& grids) {
    const Theme& theme = view.theme;
    const QString sum = number(view.sumSoFar(view.e.patches[view.patch]));
    if (grids[2].frame().top() == grids[0].frame().top()) {
      painter.setPen(theme.text);
      painter.drawText(QRectF(0, 0, view.width, captionHeight(view)), Qt::AlignRight | Qt::AlignVCenter, QObject::tr("sum %1").arg(sum));
      return;
    }
    const QRectF area(0, grids[2].frame().center().y() - theme.title.pixelSize() * 1.6, grids[2].frame().left() - gap(view),
                      theme.title.pixelSize() * 1.6);
    painter.setPen(theme.muted);
    const QString words = QObject::tr("sum of the products");
    const bool room = QFontMetricsF(theme.small).horizontalAdvance(words) <= area.width();
    painter.drawText(area, Qt::AlignCenter, room ? words : QObject::tr("sum"));
    painter.setFont(theme.title);
    painter.setPen(theme.text);
    painter.drawText(area.translated(0, theme.title.pixelSize() * 1.4), Qt::AlignCenter, sum);
  }

  static std::vector<GridGeometry> places(const SectionView& view) {
    const Patch& patch = view.e.patches[view.patch];
    const double top = captionHeight(view);
    const double third = (view.width - 2 * gap(view)) / 3, half = (view.width - gap(view)) / 2;
    const bool oneRow = third / patch.columns >= 26;
    const double side = oneRow ? third : half;
    const double tall = std::min(side / patch.columns, 44.0) * patch.rows;
    const auto grid = [&](int column, double y) {
      return GridGeometry(QRectF(column * (side + gap(view)), y, side, tall), patch.rows, patch.columns, 44);
    };
    std::vector<GridGeometry> grids{grid(0, top), grid(1, top)};
    grids.push_back(oneRow ? grid(2, top) : grid(1, grids[0].frame().bottom() + top + 4));
    return grids;
  }
};

// All input maps: patch, kernel and products small, the sum of each and the running sum. A click works the map out above.
class OverviewSection : public Section {
 public:
  Reading reading(const SectionView& view) const override {
    QStringList lines;
    for (std::size_t i = 0; i < shown(view); ++i)
      lines << QObject::tr("map %1: sum %2").arg(view.e.patches[i].inputChannel + 1).arg(number(view.e.patches[i].sum));
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
    float running = 0;
    for (std::size_t i = 0; i < shown(view); ++i) {
      running += view.sumSoFar(view.e.patches[i]);
      paintRow(painter, view, i, running);
    }
    if (rest(view) == 0) return;
    float others = 0;
    for (std::size_t i = shown(view); i < view.e.patches.size(); ++i) others += view.sumSoFar(view.e.patches[i]);
    const QRectF line(0, caption + double(shown(view)) * rowHeight(view), view.width, caption);
    painter.setFont(theme.body);
    painter.setPen(theme.muted);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, QObject::tr("the other %1 maps").arg(rest(view)));
    painter.drawText(QRectF(0, line.top(), sumRight(view), caption), Qt::AlignRight | Qt::AlignVCenter, number(others));
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, number(running + others));
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
    return QFontMetricsF(view.theme.bold(view.theme.body)).horizontalAdvance(number(-88.88f)) + 4;
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

  static void paintRow(QPainter& painter, const SectionView& view, std::size_t row, float running) {
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
    painter.setFont(chosen ? theme.bold(theme.body) : theme.body);
    painter.setPen(chosen ? theme.text : theme.muted);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, QObject::tr("map %1").arg(patch.inputChannel + 1));
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, number(running));
    painter.setPen(theme.text);
    painter.drawText(QRectF(0, line.top(), sumRight(view), line.height()), Qt::AlignRight | Qt::AlignVCenter, number(view.sumSoFar(patch)));
  }
};

// A dense layer that reads maps: its weights and products as pictures, one for each input map.
class PicturesSection : public Section {
 public:
  Reading reading(const SectionView& view) const override {
    QStringList lines;
    for (std::size_t i = 0; i < shown(view); ++i)
      lines << QObject::tr("%1\n%2").arg(mapName(view.e, view.e.patches[i]), gridWords(view.e.patches[i], Part::Product));
    return {QObject::tr("Input × weight, map by map"), lines.join('\n')};
  }

  double height(const SectionView& view) const override { return 2 * blockHeight(view) + view.theme.grid; }

  void paint(QPainter& painter, const SectionView& view) const override {
    const QString names[] = {QObject::tr("weights"), QObject::tr("input × weight")};
    const Part parts[] = {Part::Weight, Part::Product};
    for (int block = 0; block < 2; ++block) {
      const double top = block * blockHeight(view);
      painter.setFont(view.theme.small);
      painter.setPen(view.theme.muted);
      painter.drawText(QRectF(0, top, view.width, caption(view)), Qt::AlignLeft | Qt::AlignVCenter, names[block]);
      for (std::size_t i = 0; i < shown(view); ++i) paintPart(painter, grid(view, block, i), view, view.e.patches[i], parts[block]);
    }
  }

  int termAt(QPointF position, const SectionView& view) const override {
    for (int block = 0; block < 2; ++block) {
      for (std::size_t i = 0; i < shown(view); ++i) {
        if (const int cell = grid(view, block, i).at(position); cell >= 0) return view.e.patches[i].cells[std::size_t(cell)].term;
      }
    }
    return -1;
  }

 private:
  static double caption(const SectionView& view) { return view.theme.small.pixelSize() * 1.7; }
  static std::size_t shown(const SectionView& view) { return std::min<std::size_t>(view.e.patches.size(), 64); }
  static int across(const SectionView& view) { return view.e.patches.size() == 1 ? 1 : view.e.patches.size() <= 6 ? 3 : 8; }
  static double side(const SectionView& view) {
    const double most = view.e.patches.size() == 1 ? std::min(view.width, 224.0) : view.width;
    return (most - (across(view) - 1) * 6.0) / across(view);
  }
  static double blockHeight(const SectionView& view) {
    const auto lines = (shown(view) + std::size_t(across(view)) - 1) / std::size_t(across(view));
    return caption(view) + double(lines) * (side(view) + 6) + 6;
  }
  static GridGeometry grid(const SectionView& view, int block, std::size_t i) {
    const double s = side(view);
    const QRectF area(double(i % std::size_t(across(view))) * (s + 6),
                      block * blockHeight(view) + caption(view) + double(i / std::size_t(across(view))) * (s + 6), s, s);
    return {area, view.e.patches[i].rows, view.e.patches[i].columns, 200};
  }
};

// The window of a pooling layer.
class WindowSection : public Section {
 public:
  Reading reading(const SectionView& view) const override {
    const Patch& patch = view.e.patches.front();
    return {QObject::tr("Window on %1").arg(mapName(view.e, patch)), gridWords(patch, Part::Input)};
  }

  double height(const SectionView& view) const override {
    return caption(view) + gridOf(view).frame().height() + caption(view) + view.theme.grid * 2;
  }
  void paint(QPainter& painter, const SectionView& view) const override {
    const Patch& patch = view.e.patches.front();
    const GridGeometry grid = gridOf(view);
    painter.setFont(view.theme.small);
    painter.setPen(view.theme.muted);
    painter.drawText(QRectF(0, 0, view.width, caption(view)), Qt::AlignLeft | Qt::AlignVCenter, mapName(view.e, patch));
    paintPart(painter, grid, view, patch, Part::Input);
    const QString says =
        view.worked >= 0 ? QObject::tr("so far: %1").arg(runningText(view.e, view.worked))
        : view.e.kind == nn::Combine::Maximum
            ? QObject::tr("the largest of %1 is passed on").arg(view.e.terms.size())
            : QObject::tr("mean of %1 cells: %2").arg(view.e.terms.size()).arg(number(view.e.sum / float(view.e.terms.size())));
    painter.setFont(view.theme.small);
    painter.setPen(view.theme.text);
    painter.drawText(QRectF(0, grid.frame().bottom() + 4, view.width, caption(view)), Qt::AlignCenter, says);
  }
  int termAt(QPointF position, const SectionView& view) const override {
    const int cell = gridOf(view).at(position);
    return cell < 0 ? -1 : view.e.patches.front().cells[std::size_t(cell)].term;
  }

 private:
  static double caption(const SectionView& view) { return view.theme.small.pixelSize() * 1.7; }
  static GridGeometry gridOf(const SectionView& view) {
    const Patch& patch = view.e.patches.front();
    const double side = std::min(view.width / patch.columns, 64.0);
    return {QRectF(0, caption(view), view.width, side * patch.rows), patch.rows, patch.columns, 64};
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
std::unique_ptr<Section> makePicturesSection() {
  return std::make_unique<PicturesSection>();
}
std::unique_ptr<Section> makeWindowSection() {
  return std::make_unique<WindowSection>();
}

}  // namespace ui
