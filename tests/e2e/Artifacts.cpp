#include "e2e/Artifacts.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <set>

#include <QDir>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QPixmap>
#include <QScreen>
#include <QTest>

namespace e2e {

QImage screenPicture() {
  return QGuiApplication::primaryScreen()->grabWindow(0).toImage().convertToFormat(QImage::Format_RGB32);
}

QImage restingPicture(const std::function<QImage()>& take, int timeoutMs) {
  constexpr int kStill = 4, kApartMs = 50;
  QImage last = take();
  int same = 0;
  QElapsedTimer timer;
  timer.start();
  while (same < kStill && !timer.hasExpired(timeoutMs)) {
    QTest::qWait(kApartMs);
    const QImage next = take();
    same = next == last ? same + 1 : 0;
    last = next;
  }
  EXPECT_EQ(same, kStill) << "what is shown does not come to rest";
  return last;
}

QImage keep(const QImage& picture, const QString& name) {
  const QDir folder(QStringLiteral(CONVSCOPE_BINARY_DIR "/artifacts"));
  folder.mkpath(".");
  picture.save(folder.filePath(name + ".png"));
  return picture;
}

int colorCount(const QImage& picture, int limit) {
  std::set<QRgb> colors;
  for (int y = 0; y < picture.height() && int(colors.size()) < limit; ++y)
    for (int x = 0; x < picture.width(); ++x) colors.insert(picture.pixel(x, y));
  return int(colors.size());
}

double differingShare(const QImage& a, const QImage& b) {
  if (a.size() != b.size() || a.isNull()) return 1;
  long long differing = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < a.width(); ++x) {
      const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
      if (std::abs(qRed(p) - qRed(q)) + std::abs(qGreen(p) - qGreen(q)) + std::abs(qBlue(p) - qBlue(q)) > 24) ++differing;
    }
  return double(differing) / (double(a.width()) * a.height());
}

}  // namespace e2e
