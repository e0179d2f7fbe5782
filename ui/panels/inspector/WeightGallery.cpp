#include "ui/panels/inspector/WeightGallery.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QObject>
#include <QPainter>

#include "scene/ColorMap.h"
#include "ui/base/Widgets.h"
#include "ui/panels/inspector/Figures.h"

namespace ui {

namespace {

constexpr double kGap = 8;

QRgb signedColor(float share, const Theme& theme) {
  const scene::Rgb rgb = scene::ColorMap::diverging(theme.dark).at(0.5f + 0.5f * share);
  return qRgb(rgb.r, rgb.g, rgb.b);
}

int tint(float share) {
  return std::clamp(int(std::lround(127.5f + 127.5f * share)), 0, 255);
}

// The ordinal, or the class; with a range beside it: "6 · ±0.118".
QString labelOf(const scene::WeightPictures& pictures, int index, bool ranges) {
  const scene::WeightPicture& picture = pictures.pictures[std::size_t(index)];
  const QString name = pictures.kernels ? QString::number(picture.unit.cell.channel + 1) : QString::fromStdString(picture.name);
  return ranges ? QStringLiteral("%1 · %2").arg(name, weightRange(picture.largest)) : name;
}

// All of them or none: a number here and there would look like a mark.
bool rangesFit(const GalleryGeometry& geometry, const scene::WeightPictures& pictures, const QFont& labels) {
  if (!pictures.colored()) return false;
  const QFontMetricsF metrics(labels);
  for (int i = 0; i < geometry.count(); ++i)
    if (metrics.horizontalAdvance(labelOf(pictures, i, true)) > geometry.tile(i).width()) return false;
  return true;
}

}  // namespace

GalleryGeometry::GalleryGeometry(const scene::WeightPictures& pictures, double width, double wanted, double height, const QFont& labels)
    : m_count(int(pictures.pictures.size())), m_labelHeight(std::ceil(labels.pixelSize() * 1.6)) {
  int across = std::max(1, int((width + kGap) / (wanted + kGap)));
  // Full rows look calmer: ten in two rows of five rather than in one of six and a rest.
  const int lines = std::max(1, (m_count + across - 1) / across);
  across = std::max(1, (m_count + lines - 1) / lines);
  layOut(across, width, pictures);
  if (height <= 0) return;
  double best = 0;
  int chosen = 1;
  for (int columns = 1; columns <= m_count; ++columns) {
    layOut(columns, width, pictures);
    const double fits = std::min(1.0, height / this->height());
    const double size = m_tileWidth * fits - (m_count % columns == 0 ? 0 : 0.5);
    if (size > best) best = size, chosen = columns;
  }
  layOut(chosen, width, pictures);
  if (this->height() <= height) {
    m_top = std::floor((height - this->height()) / 2);
    return;
  }
  const double tall = std::max(4.0, std::floor(height / m_lines) - m_labelHeight - kGap);
  layOut(chosen, std::min(width, chosen * (tall * pictures.columns / pictures.rows + kGap) - kGap), pictures);
  m_left = std::floor((width - (m_across * m_pitchX - kGap)) / 2);
}

void GalleryGeometry::layOut(int across, double width, const scene::WeightPictures& pictures) {
  m_across = across;
  m_lines = (m_count + across - 1) / across;
  double side = std::floor((width - (across - 1) * kGap) / across);
  if (side >= pictures.columns) side = std::floor(side / pictures.columns) * pictures.columns;  // every weight equally wide
  m_tileWidth = std::max(4.0, side);
  m_tileHeight = std::round(m_tileWidth * pictures.rows / pictures.columns);
  m_pitchX = m_tileWidth + kGap;
  m_pitchY = m_tileHeight + m_labelHeight + kGap;
  m_left = std::floor((width - (across * m_pitchX - kGap)) / 2);
}

QRectF GalleryGeometry::tile(int index) const {
  return {m_left + (index % m_across) * m_pitchX, m_top + (index / m_across) * m_pitchY, m_tileWidth, m_tileHeight};
}

QRectF GalleryGeometry::label(int index) const {
  const QRectF above = tile(index);
  return {above.left() - kGap / 2, above.bottom() + 1, above.width() + kGap, m_labelHeight};
}

int GalleryGeometry::at(QPointF position) const {
  for (int i = 0; i < m_count; ++i)
    if (tile(i).united(label(i)).contains(position)) return i;
  return -1;
}

QImage weightImage(const scene::WeightPictures& pictures, int index, const Theme& theme) {
  QImage image(pictures.columns, pictures.rows, QImage::Format_RGB32);
  const auto i = std::size_t(index);
  const float largest = pictures.colored() ? pictures.pictures[i].largest : pictures.range;
  const auto share = [&](int channel, int row, int column) {
    const float weight = pictures.at(i, channel, row, column);
    return largest > 0 && std::isfinite(weight) ? std::clamp(weight / largest, -1.0f, 1.0f) : 0.0f;
  };
  for (int row = 0; row < pictures.rows; ++row)
    for (int column = 0; column < pictures.columns; ++column)
      image.setPixel(column, row,
                     pictures.colored() ? qRgb(tint(share(0, row, column)), tint(share(1, row, column)), tint(share(2, row, column)))
                                        : signedColor(share(0, row, column), theme));
  return image;
}

QString weightRange(float largest) {
  return QStringLiteral("±%1").arg(number(largest));
}

QString galleryTitle(const scene::WeightPictures& pictures) {
  const QString name = QString::fromStdString(pictures.nodeName), from = QString::fromStdString(pictures.sourceName);
  const auto count = pictures.pictures.size();
  if (count == 1 && pictures.kernels) return QObject::tr("The kernel of %1 in the colors of %2").arg(name, from);
  if (count == 1)
    return pictures.colored() ? QObject::tr("The weight picture of %1, in colors").arg(name)
                              : QObject::tr("The weight picture of %1").arg(name);
  if (pictures.kernels) return QObject::tr("All %1 kernels of %2 in the colors of %3").arg(count).arg(name, from);
  return pictures.colored() ? QObject::tr("All %1 weight pictures of %2, in colors").arg(count).arg(name)
                            : QObject::tr("All %1 weight pictures of %2, on one scale").arg(count).arg(name);
}

void paintGallery(QPainter& painter, const GalleryGeometry& geometry, const scene::WeightPictures& pictures, const Theme& theme,
                  const QFont& labels, int marked, int hovered) {
  painter.save();
  const bool ranges = rangesFit(geometry, pictures, theme.bold(labels));
  for (int i = 0; i < geometry.count(); ++i) {
    const QRectF tile = geometry.tile(i);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(tile, weightImage(pictures, i, theme));
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setBrush(Qt::NoBrush);
    const bool frames = i == marked || i == hovered;
    painter.setPen(QPen(frames ? theme.accent : theme.line, i == marked ? 3 : frames ? 2 : 1));
    painter.drawRect(tile.adjusted(-1, -1, 0, 0));
    drawElided(painter, geometry.label(i), Qt::AlignCenter, labelOf(pictures, i, ranges), i == marked ? theme.bold(labels) : labels,
               frames ? theme.text : theme.muted);
  }
  painter.restore();
}

void paintWeightScale(QPainter& painter, const QRectF& area, const scene::WeightPictures& pictures, const Theme& theme) {
  painter.setFont(theme.small);
  const QFontMetricsF metrics(theme.small);
  if (pictures.range == 0) {  // colors of nothing need no numbers
    painter.setPen(theme.muted);
    return painter.drawText(area, Qt::AlignCenter, QObject::tr("all 0"));
  }
  const bool beyond = pictures.range < pictures.largest;
  const QString low = (beyond ? QStringLiteral("≤ ") : QString()) + number(-pictures.range);
  const QString high = (beyond ? QStringLiteral("≥ ") : QString()) + number(pictures.range);
  const double ends = std::max(metrics.horizontalAdvance(low), metrics.horizontalAdvance(high)) + 6;
  const QRectF bar(area.left() + ends, std::round(area.center().y() - 4), std::max(8.0, area.width() - 2 * ends), 8);
  const int pixels = std::max(2, int(bar.width()));
  QImage strip(pixels, 1, QImage::Format_RGB32);
  for (int i = 0; i < pixels; ++i) strip.setPixel(i, 0, signedColor(2 * (float(i) + 0.5f) / float(pixels) - 1, theme));
  painter.drawImage(bar, strip);
  painter.setPen(theme.muted);
  painter.drawText(QRectF(area.left(), area.top(), ends - 6, area.height()), Qt::AlignRight | Qt::AlignVCenter, low);
  painter.drawText(QRectF(bar.right() + 6, area.top(), ends - 6, area.height()), Qt::AlignLeft | Qt::AlignVCenter, high);
}

}  // namespace ui
