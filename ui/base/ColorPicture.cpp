#include "ui/base/ColorPicture.h"

#include <algorithm>
#include <cmath>

#include "ui/base/Theme.h"

namespace ui {

QImage imageOf(const data::ColorImage& colors) {
  QImage image(colors.shape.width, colors.shape.height, QImage::Format_RGB32);
  const std::size_t area = colors.shape.size() / 3;
  const std::uint8_t* at = colors.pixels.data();
  for (int y = 0; y < image.height(); ++y) {
    auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
    for (int x = 0; x < image.width(); ++x, ++at) line[x] = qRgb(at[0], at[area], at[2 * area]);
  }
  return image;
}

QImage inkImage(const data::GrayImage& ink, const QColor& paperColor, const QColor& inkColor) {
  if (ink.width <= 0 || ink.height <= 0) return {};
  QRgb colors[256];
  for (int i = 0; i < 256; ++i) colors[i] = mix(paperColor, inkColor, i / 255.0).rgb();
  QImage result(ink.width, ink.height, QImage::Format_RGB32);
  for (int y = 0; y < ink.height; ++y) {
    auto* row = reinterpret_cast<QRgb*>(result.scanLine(y));
    const float* from = ink.ink.data() + std::size_t(y) * std::size_t(ink.width);
    for (int x = 0; x < ink.width; ++x) row[x] = colors[int(std::lround(std::clamp(from[x], 0.0f, 1.0f) * 255))];
  }
  return result;
}

QImage imageAt(const data::Dataset& set, std::size_t index) {
  const std::span<const std::uint8_t> bytes = set.image(index);
  const nn::Shape& shape = set.shape;
  if (shape.channels == 3) return imageOf({shape, {bytes.begin(), bytes.end()}});
  return QImage(bytes.data(), shape.width, shape.height, shape.width, QImage::Format_Grayscale8).copy();
}

}  // namespace ui
