#include <algorithm>

#include <QObject>
#include <QPainter>

#include "ui/base/Widgets.h"
#include "ui/panels/inspector/GridParts.h"

namespace ui {

namespace {

using scene::Patch;

// A dense layer that reads maps: its weights and products as pictures, one for each input map.
class PicturesSection : public Section {
 public:
  AccessibleSection reading(const SectionView& view) const override {
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
      const GridGeometry first = grid(view, block, 0);
      const bool one = view.e.patches.size() == 1;  // several have no room for numbers, or each its own unit
      paintCaption(painter, view, top,
                   one ? withUnit(names[block], first, numbersOf(view, first, view.e.patches.front(), parts[block])) : names[block]);
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
  static std::size_t shown(const SectionView& view) { return std::min<std::size_t>(view.e.patches.size(), 64); }
  static int across(const SectionView& view) { return view.e.patches.size() == 1 ? 1 : view.e.patches.size() <= 6 ? 3 : 8; }
  static double side(const SectionView& view) {
    const double most = view.e.patches.size() == 1 ? std::min(view.width, 224.0) : view.width;
    return (most - (across(view) - 1) * 6.0) / across(view);
  }
  static double blockHeight(const SectionView& view) {
    const auto lines = (shown(view) + std::size_t(across(view)) - 1) / std::size_t(across(view));
    return captionHeight(view) + double(lines) * (side(view) + 6) + 6;
  }
  static GridGeometry grid(const SectionView& view, int block, std::size_t i) {
    const double s = side(view);
    const QRectF area(double(i % std::size_t(across(view))) * (s + 6),
                      block * blockHeight(view) + captionHeight(view) + double(i / std::size_t(across(view))) * (s + 6), s, s);
    return {area, view.e.patches[i].rows, view.e.patches[i].columns, 200};
  }
};

// The window of a pooling layer.
class WindowSection : public Section {
 public:
  AccessibleSection reading(const SectionView& view) const override {
    const Patch& patch = view.e.patches.front();
    return {QObject::tr("Window on %1").arg(mapName(view.e, patch)), gridWords(patch, Part::Input)};
  }

  double height(const SectionView& view) const override {
    return captionHeight(view) + gridOf(view).frame().height() + captionHeight(view) + view.theme.grid * 2;
  }
  void paint(QPainter& painter, const SectionView& view) const override {
    const Patch& patch = view.e.patches.front();
    const GridGeometry grid = gridOf(view);
    paintCaption(painter, view, 0, withUnit(mapName(view.e, patch), grid, numbersOf(view, grid, patch, Part::Input)));
    paintPart(painter, grid, view, patch, Part::Input);
    const QString says = view.worked >= 0 ? QObject::tr("so far: %1").arg(runningText(view.e, view.worked))
                         : view.e.kind == nn::Combine::Maximum
                             ? QObject::tr("the largest of %1 is passed on").arg(view.e.terms.size())
                             : (view.e.terms.size() == 1 ? QObject::tr("mean of %1 cell: %2") : QObject::tr("mean of %1 cells: %2"))
                                   .arg(view.e.terms.size())
                                   .arg(number(view.e.sum / float(view.e.terms.size())));
    drawWords(painter, {0, grid.frame().bottom() + 4, view.width, captionHeight(view)}, Qt::AlignCenter, says, view.theme.small,
              view.theme.text);
  }
  int termAt(QPointF position, const SectionView& view) const override {
    const int cell = gridOf(view).at(position);
    return cell < 0 ? -1 : view.e.patches.front().cells[std::size_t(cell)].term;
  }

 private:
  static GridGeometry gridOf(const SectionView& view) {
    const Patch& patch = view.e.patches.front();
    const double side = std::min(view.width / patch.columns, 64.0);
    return {QRectF(0, captionHeight(view), view.width, side * patch.rows), patch.rows, patch.columns, 64};
  }
};

}  // namespace

std::unique_ptr<Section> makePicturesSection() {
  return std::make_unique<PicturesSection>();
}

std::unique_ptr<Section> makeWindowSection() {
  return std::make_unique<WindowSection>();
}

}  // namespace ui
