// Keeps pictures of widgets as artifacts of the test run, in light and dark, and says whether a picture shows anything.
#pragma once

#include <QDir>
#include <QImage>
#include <QPainter>
#include <QString>
#include <QWidget>

namespace pictures {

inline QString folder() {
  const QString path = QStringLiteral(CONVSCOPE_BINARY_DIR "/pictures");
  QDir().mkpath(path);
  return path;
}

inline QImage keep(const QImage& image, const QString& name) {
  image.save(folder() + "/" + name + ".png");
  return image;
}

// The widget at twice its size, so that a person can judge the details.
inline QImage keep(QWidget& widget, const QString& name, double pixelRatio = 2) {
  QImage image(widget.size() * pixelRatio, QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(pixelRatio);
  image.fill(widget.palette().color(QPalette::Window));
  widget.render(&image);
  return keep(image, name);
}

inline int colors(const QImage& image) {
  QSet<QRgb> seen;
  for (int y = 0; y < image.height(); y += 2) {
    for (int x = 0; x < image.width(); x += 2) seen.insert(image.pixel(x, y));
  }
  return int(seen.size());
}

}  // namespace pictures
