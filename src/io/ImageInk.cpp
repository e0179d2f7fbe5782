#include <algorithm>
#include <cmath>
#include <new>

#include <QImage>

#include "io/LocalPaper.h"
#include "io/PictureFile.h"

namespace io {
namespace {

float lightness(QRgb color) {
  return (0.299f * float(qRed(color)) + 0.587f * float(qGreen(color)) + 0.114f * float(qBlue(color))) / 255;
}

// Transparency becomes the paper that contrasts with what is visible: white under dark ink, black under light ink.
Canvas flattened(const QImage& image) {
  Canvas canvas{image.width(), image.height(), {}};
  canvas.light.reserve(std::size_t(canvas.width) * std::size_t(canvas.height));
  double visible = 0, light = 0;
  for (int y = 0; y < canvas.height; ++y) {
    const auto* row = reinterpret_cast<const QRgb*>(image.constScanLine(y));
    for (int x = 0; x < canvas.width; ++x) {
      visible += qAlpha(row[x]);
      light += double(qAlpha(row[x])) * double(lightness(row[x]));
    }
  }
  const float paper = visible > 0 && light / visible > 0.5 ? 0.0f : 1.0f;
  for (int y = 0; y < canvas.height; ++y) {
    const auto* row = reinterpret_cast<const QRgb*>(image.constScanLine(y));
    for (int x = 0; x < canvas.width; ++x) {
      const float alpha = float(qAlpha(row[x])) / 255;
      canvas.light.push_back(alpha * lightness(row[x]) + (1 - alpha) * paper);
    }
  }
  return canvas;
}

// An opaque sheet with a transparent margin is the sheet alone; but it must have something written on it, or it is itself
// the ink.
QRect opaquePart(const QImage& image) {
  QRect part;
  qint64 opaque = 0;
  float darkest = 1, lightest = 0;
  for (int y = 0; y < image.height(); ++y) {
    const auto* row = reinterpret_cast<const QRgb*>(image.constScanLine(y));
    for (int x = 0; x < image.width(); ++x) {
      if (qAlpha(row[x]) < 250) continue;
      part |= QRect(x, y, 1, 1);
      ++opaque;
      darkest = std::min(darkest, lightness(row[x]));
      lightest = std::max(lightest, lightness(row[x]));
    }
  }
  const qint64 area = qint64(part.width()) * part.height();
  const bool sheet = area > 0 && double(opaque) > 0.97 * double(area) && part.width() > 8 && part.height() > 8;
  return sheet && lightest - darkest > 0.3f ? part : image.rect();
}

std::uint8_t onWhite(int value, int alpha) {
  return std::uint8_t(255 + (value - 255) * alpha / 255);
}

QImage limited(const QImage& image, int maxSidePx) {
  if (std::max(image.width(), image.height()) <= maxSidePx) return image;
  return image.scaled(maxSidePx, maxSidePx, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

std::vector<float> border(const Canvas& canvas) {
  std::vector<float> values;
  const auto at = [&canvas](int x, int y) { return canvas.light[std::size_t(y) * std::size_t(canvas.width) + std::size_t(x)]; };
  for (int x = 0; x < canvas.width; ++x) values.insert(values.end(), {at(x, 0), at(x, canvas.height - 1)});
  for (int y = 0; y < canvas.height; ++y) values.insert(values.end(), {at(0, y), at(canvas.width - 1, y)});
  return values;
}

}  // namespace

data::GrayImage inkOf(const QImage& image, int maxSidePx) {
  if (image.isNull()) return {};
  QImage picture = limited(image, maxSidePx).convertToFormat(QImage::Format_ARGB32);
  picture = picture.copy(opaquePart(picture));
  if (picture.isNull()) throw std::bad_alloc();  // all that keeps Qt from giving one
  const Canvas canvas = flattened(picture);
  const std::vector<float> edge = border(canvas);
  const float paper = median(edge);
  std::vector<float> deviations(edge);
  for (float& value : deviations) value = std::abs(value - paper);
  const float grain = std::min(0.3f, 3 * median(std::move(deviations)));  // of the paper: noise is no ink
  const auto [darkest, lightest] = std::minmax_element(canvas.light.begin(), canvas.light.end());
  const bool darkInk = paper - *darkest > *lightest - paper;
  const float contrast = darkInk ? paper - *darkest : *lightest - paper;
  data::GrayImage ink{canvas.width, canvas.height, std::vector<float>(canvas.light.size(), 0.0f)};
  if (contrast < kLeastContrast || contrast <= grain) return ink;
  for (std::size_t i = 0; i < ink.ink.size(); ++i) {
    const float difference = darkInk ? paper - canvas.light[i] : canvas.light[i] - paper;
    ink.ink[i] = std::clamp((difference - grain) / (contrast - grain), 0.0f, 1.0f);
  }
  if (!needsLocalPaper(canvas, edge, ink.ink)) return ink;
  if (std::vector<float> local = localInk(canvas); !local.empty()) {
    ink.ink = std::move(local);
    ink.localPaper = true;
  }
  return ink;
}

void writePlanes(const QImage& image, std::uint8_t* planes) {
  const std::size_t area = std::size_t(image.width()) * std::size_t(image.height());
  for (int y = 0; y < image.height(); ++y) {
    const auto* line = reinterpret_cast<const QRgb*>(image.constScanLine(y));
    for (int x = 0; x < image.width(); ++x, ++planes) {
      planes[0] = onWhite(qRed(line[x]), qAlpha(line[x]));
      planes[area] = onWhite(qGreen(line[x]), qAlpha(line[x]));
      planes[2 * area] = onWhite(qBlue(line[x]), qAlpha(line[x]));
    }
  }
}

data::Picture pictureOf(const QImage& image, int maxSidePx) {
  if (image.isNull()) return {};
  const QImage small = limited(image, maxSidePx).convertToFormat(QImage::Format_ARGB32);
  auto colors = std::make_shared<data::ColorImage>();
  colors->shape = {3, small.height(), small.width()};
  colors->pixels.resize(colors->shape.size());
  writePlanes(small, colors->pixels.data());
  return {inkOf(small, maxSidePx), std::move(colors)};
}

namespace {
constexpr int kFiner = 4;  // than the picture: it is scaled down once more
}  // namespace

data::Picture readPicture(const QString& path, std::string* unread, int maxSidePx) {
  return pictureOf(readPictureFile(path, kFiner * maxSidePx, 0, unread), maxSidePx);
}

data::Picture pictureOfBytes(const QByteArray& bytes, const std::string& where, int maxSidePx) {
  return pictureOf(readPictureBytes(bytes, where, kFiner * maxSidePx), maxSidePx);
}

}  // namespace io
