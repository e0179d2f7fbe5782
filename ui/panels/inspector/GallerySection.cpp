#include <QFontMetricsF>
#include <QObject>
#include <QPainter>

#include "ui/panels/inspector/Figures.h"
#include "ui/panels/inspector/Sections.h"
#include "ui/panels/inspector/WeightGallery.h"

namespace ui {

namespace {

// The weights of the unit's whole layer as pictures, the unit's own framed; a click goes to the unit of another one. Of a kernel over a
// color picture, its own tile large before them.
class GallerySection : public Section {
 public:
  AccessibleSection reading(const SectionView& view) const override {
    const scene::WeightPictures& all = *view.e.pictures;
    QStringList lines;
    for (const scene::WeightPicture& picture : all.pictures)
      lines << QObject::tr("%1: weights up to %2").arg(QString::fromStdString(picture.name), weightRange(picture.largest));
    return {galleryTitle(all), lines.join('\n')};
  }

  double height(const SectionView& view) const override { return top(view) + geometry(view).height() + view.theme.grid; }

  void paint(QPainter& painter, const SectionView& view) const override {
    const scene::WeightPictures& all = *view.e.pictures;
    const Theme& theme = view.theme;
    paintCaption(painter, view, top(view) - captionHeight(view) - scaleHeight(view),
                 QFontMetricsF(theme.small).elidedText(galleryTitle(all), Qt::ElideRight, view.width));
    if (all.colored())
      paintOwn(painter, view);
    else
      paintWeightScale(painter, QRectF(0, top(view) - scaleHeight(view), view.width, scaleHeight(view) - 4), all, theme);
    painter.translate(0, top(view));
    paintGallery(painter, geometry(view), all, theme, theme.small, view.e.unit.cell.channel, -1);
    painter.translate(0, -top(view));
  }

  std::optional<scene::UnitId> unitAt(QPointF position, const SectionView& view) const override {
    const scene::WeightPictures& all = *view.e.pictures;
    const int index = geometry(view).at(position - QPointF(0, top(view)));
    if (index < 0 || index == view.e.unit.cell.channel) return std::nullopt;
    scene::UnitId unit = view.e.unit;  // of a convolution: the same place on the other map
    unit.cell.channel = all.pictures[std::size_t(index)].unit.cell.channel;
    return unit;
  }

 private:
  static double scaleHeight(const SectionView& view) { return view.e.pictures->colored() ? 0 : captionHeight(view); }
  static double ownSide(const SectionView& view) { return std::min(112.0, view.width * 0.34); }
  static double top(const SectionView& view) {
    const double own = view.e.pictures->colored() ? captionHeight(view) + ownSide(view) + view.theme.grid : 0;
    return own + captionHeight(view) + scaleHeight(view);
  }
  static GalleryGeometry geometry(const SectionView& view) {
    const std::size_t count = view.e.pictures->pictures.size();
    return {*view.e.pictures, view.width, count <= 12 ? 52.0 : count <= 32 ? 40.0 : 28.0, 0, view.theme.small};
  }

  static void paintOwn(QPainter& painter, const SectionView& view) {
    const scene::WeightPictures& all = *view.e.pictures;
    const Theme& theme = view.theme;
    const int own = view.e.unit.cell.channel;
    const float largest = all.pictures[std::size_t(own)].largest;
    paintCaption(painter, view, 0,
                 all.kernels ? QObject::tr("the three channels of the kernel together") : QObject::tr("the three channels together"));
    const double side = std::floor(ownSide(view) / all.columns) * all.columns;
    const QRectF tile(0, captionHeight(view), side > 0 ? side : ownSide(view), (side > 0 ? side : ownSide(view)) * all.rows / all.columns);
    painter.drawImage(tile, weightImage(all, own, theme));
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(theme.line, 1));
    painter.drawRect(tile.adjusted(-1, -1, 0, 0));
    painter.setPen(theme.muted);
    const QRectF words(tile.right() + 2 * theme.grid, tile.top(), view.width - tile.right() - 2 * theme.grid, tile.height());
    painter.drawText(
        words, Qt::AlignVCenter | Qt::TextWordWrap,
        QObject::tr("Gray is 0. Full red, green or blue is a weight of %1; none of it is %2.").arg(number(largest), number(-largest)));
  }
};

}  // namespace

std::unique_ptr<Section> makeGallerySection() {
  return std::make_unique<GallerySection>();
}

}  // namespace ui
