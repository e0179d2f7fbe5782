#include "ui/base/ColorPicture.h"

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

}  // namespace ui
