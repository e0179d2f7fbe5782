#include "render/HeatMapPicture.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QPainter>

#include "render/Overlay.h"
#include "render/SceneStyle.h"
#include "scene/Scales.h"
#include "scene/text/Text.h"

namespace render {
namespace {

constexpr qreal kPictureEdge = 28, kBetween = 28, kKeyHeight = 12;
constexpr double kWithin = 0.995;  // the few beyond have the color of the end
constexpr qreal kSmoothFrom = 3;   // pixels a cell; with more, each is seen as what it is

QRgb mixed(QRgb a, QRgb b, float share) {
  const auto part = [share](int x, int y) { return int(std::lround(float(x) + float(y - x) * share)); };
  return qRgb(part(qRed(a), qRed(b)), part(qGreen(a), qGreen(b)), part(qBlue(a), qBlue(b)));
}

// Colors the numbers by the scene's ramps; the nearer to zero, the more is seen of what lies below.
class Colors {
 public:
  Colors(const analysis::Result& result, const SceneStyle& style)
      : scale(scene::fieldScale(result.map.values, result.isSigned, kWithin)), m_style(style) {}

  QRgb rest() const { return ramp(0); }
  QRgb over(QRgb below, float value) const {
    const float share = scale.nothing ? 0 : std::clamp(std::abs(value) / std::max(std::abs(scale.high), 1e-30f), 0.0f, 1.0f);
    return mixed(below, ramp(value), std::pow(share, 0.6f));
  }

  const scene::Scale scale;

 private:
  QRgb ramp(float value) const {
    const scene::Rgb color = m_style.map(scale).at(scale.position(value));
    return qRgb(color.r, color.g, color.b);
  }

  const SceneStyle& m_style;
};

// The received picture stepped back, so that colors over it are read as those of the key: gray, near the color of zero.
QImage laidOver(const analysis::Result& result, const QImage& received, const Colors& colors, const SceneStyle& style) {
  const analysis::HeatMap& map = result.map;
  QImage picture(map.width, map.height, QImage::Format_RGB32);
  const int paper = qGray(received.pixel(0, 0));
  const float sign = style.dark ? 1 : -1;
  const QRgb strong = style.muted.rgb();
  for (int y = 0; y < map.height; ++y)
    for (int x = 0; x < map.width; ++x) {
      // A photo's light and dark as they are; of a drawing, what differs from its paper.
      const int gray = qGray(received.pixel(x, y));
      const float seen =
          received.isGrayscale() ? std::abs(float(gray - paper)) / 255 : std::max(0.0f, 0.5f + sign * (float(gray) / 255 - 0.5f));
      const QRgb below = mixed(colors.rest(), strong, 0.75f * seen);
      picture.setPixel(x, y, colors.over(below, map.values[std::size_t(y) * std::size_t(map.width) + std::size_t(x)]));
    }
  return picture;
}

// As large as it goes into the place, each pixel the same square, and where that is; a single row is a strip.
QRectF placeIn(const QRectF& room, const QSize& size) {
  const qreal height = size.height() == 1 ? room.width() / 6 : room.width() * size.height() / size.width();
  const qreal shrink = std::min(1.0, room.height() / height);
  const QSizeF fitted(room.width() * shrink, std::min(height, room.height()));
  return {room.left() + (room.width() - fitted.width()) / 2, room.top(), fitted.width(), fitted.height()};
}

void drawImage(QPainter& painter, const QRectF& place, const QImage& image, const QColor& line) {
  painter.setRenderHint(QPainter::SmoothPixmapTransform, place.width() < kSmoothFrom * image.width());
  painter.drawImage(place, image);
  painter.setPen(QPen(line, 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5));
}

// The ramp as it lies over paper, with its numbers and what they say.
void drawKey(QPainter& painter, const QRectF& place, const analysis::Result& result, const Colors& colors, const SceneStyle& style) {
  const int pixels = std::max(2, int(place.width()));
  QImage strip(pixels, 1, QImage::Format_RGB32);
  for (int i = 0; i < pixels; ++i) strip.setPixel(i, 0, colors.over(colors.rest(), colors.scale.value((float(i) + 0.5f) / float(pixels))));
  drawImage(painter, {place.left(), place.top(), place.width(), kKeyHeight}, strip, style.slab);
  painter.setPen(style.muted);
  painter.setFont(style.font(13));
  const qreal line = QFontMetricsF(painter.font()).height();
  const QRectF below(place.left(), place.top() + kKeyHeight + 4, place.width(), line);
  const auto words = [](const std::string& text) { return QString::fromStdString(text); };
  const bool nothing = colors.scale.nothing;
  const std::vector<float>& values = result.map.values;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const QString beyond = std::max(*most, -*least) > colors.scale.high ? QStringLiteral(" and more") : QString();
  const QString low = nothing ? QStringLiteral("all 0") : numberText(colors.scale.low) + (result.isSigned ? beyond : QString());
  const QString high = nothing ? QString() : numberText(colors.scale.high) + beyond;
  painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter, low + QStringLiteral("  ") + words(result.words.low));
  painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, words(result.words.high) + QStringLiteral("  ") + high);
  painter.drawText(below.translated(0, line), Qt::AlignCenter, words(result.words.name));
}

// Title and lines; where what follows begins.
qreal drawWords(QPainter& painter, const QRectF& room, const HeatMapOptions& options, const SceneStyle& style) {
  qreal top = room.top();
  const auto draw = [&](const QString& text, float size, bool bold, const QColor& color) {
    painter.setFont(style.font(size, bold));
    painter.setPen(color);
    const QFontMetricsF metrics(painter.font());
    painter.drawText(QRectF(room.left(), top, room.width(), metrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(text, Qt::ElideMiddle, room.width()));
    top += metrics.height() + 2;
  };
  draw(options.title, 24, true, style.text);
  for (const QString& line : options.lines) draw(line, 15, false, style.muted);
  return top;
}

qreal drawNotes(QPainter& painter, const QRectF& room, const HeatMapOptions& options, const SceneStyle& style) {
  painter.setFont(style.font(12));
  painter.setPen(style.muted);
  const QString text = QStringList(options.notes + QStringList{options.source}).join(QStringLiteral("  "));
  const QRectF needed = painter.boundingRect(QRectF(room.left(), 0, room.width(), room.height() / 5), Qt::TextWordWrap, text);
  painter.drawText(QRectF(room.left(), room.bottom() - needed.height(), room.width(), needed.height()), Qt::TextWordWrap, text);
  return needed.height();
}

}  // namespace

QImage heatMapPicture(const analysis::Result& result, const QImage& received, const HeatMapOptions& options) {
  QImage image(options.size, QImage::Format_RGB32);
  if (image.isNull()) return image;
  const SceneStyle style = SceneStyle::of(options.dark, std::clamp(float(options.size.width()) / 1080, 0.6f, 3.0f));
  const Colors colors(result, style);
  image.fill(options.dark ? style.ground : style.glow);
  QPainter painter(&image);
  painter.setRenderHint(QPainter::TextAntialiasing);
  QRectF room = QRectF(QPointF(), QSizeF(options.size)).adjusted(kPictureEdge, kPictureEdge - 8, -kPictureEdge, -kPictureEdge + 8);
  room.setBottom(room.bottom() - drawNotes(painter, room, options, style) - 10);
  room.setTop(drawWords(painter, room, options, style) + 12);
  const QFontMetricsF small(style.font(13));
  const qreal labels = small.height() + 4, key = kKeyHeight + 8 + 2 * small.height();
  const qreal half = (room.width() - kBetween) / 2;
  const QSize cells(result.map.width, result.map.height);
  const QSizeF side(half, std::max<qreal>(16, room.height() - labels - key - 10));
  QRectF left = placeIn({QPointF(room.left(), room.top() + labels), side}, cells);
  QRectF right = placeIn({QPointF(room.left() + half + kBetween, room.top() + labels), side}, cells);
  left.moveLeft(room.left());
  right.moveRight(room.right());
  drawImage(painter, left, received, style.slab);
  drawImage(painter, right, laidOver(result, received, colors, style), style.slab);
  painter.setFont(style.font(13));
  painter.setPen(style.muted);
  painter.drawText(QRectF(left.left(), room.top(), half, labels), Qt::AlignLeft | Qt::AlignTop,
                   QStringLiteral("what the network received"));
  painter.drawText(QRectF(right.left(), room.top(), half, labels), Qt::AlignLeft | Qt::AlignTop, QStringLiteral("what counts in it"));
  const qreal keyWidth = std::min(half, std::max<qreal>(right.width(), 22 * small.averageCharWidth() * 2));
  drawKey(painter, {right.center().x() - keyWidth / 2, right.bottom() + 10, keyWidth, key}, result, colors, style);
  return image;
}

}  // namespace render
