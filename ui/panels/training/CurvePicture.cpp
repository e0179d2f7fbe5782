#include "ui/panels/training/CurvePicture.h"

#include <QBuffer>
#include <QImage>
#include <QLabel>
#include <QLayout>
#include <QSvgGenerator>
#include <QTextDocument>
#include <qcustomplot.h>

#include "ui/panels/training/CurvesView.h"

namespace ui {

namespace {

constexpr QSize kPage(1200, 420);
constexpr int kAroundCurvesPx = 16, kPngScale = 2;  // of the pixels of a PNG

// Text, then the plot below it; where they stand on the page.
void paintPlot(QCPPainter& painter, const CurvePlot& plot, const Theme& theme) {
  QTextDocument words;
  words.setDocumentMargin(0);
  words.setDefaultFont(theme.body);
  words.setDefaultStyleSheet(QStringLiteral("body { color: %1; }").arg(theme.text.name()));
  words.setHtml(QStringLiteral("<body>%1</body>").arg(plot.heading()->text()));
  painter.save();
  painter.translate(plot.heading()->pos());
  words.drawContents(&painter);
  painter.restore();
  painter.save();
  painter.translate(plot.plot()->pos());
  plot.plot()->toPainter(&painter, plot.plot()->width(), plot.plot()->height());
  painter.restore();
}

void paintPage(QPaintDevice& device, double scale, const CurvesView& page, const Theme& theme) {
  QCPPainter painter(&device);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.scale(scale, scale);
  painter.fillRect(QRect({}, kPage + QSize(2 * kAroundCurvesPx, 2 * kAroundCurvesPx)), theme.window);
  painter.translate(kAroundCurvesPx, kAroundCurvesPx);
  for (const CurvePlot* plot : page.plots()) paintPlot(painter, *plot, theme);
}

}  // namespace

QByteArray curvesPicture(const CurvesView& curves, bool asSvg) {
  Theme theme = lightTheme();
  theme.window = theme.surface = Qt::white;
  CurvesView page;
  page.setTheme(theme);
  curves.copyTo(page);
  page.resize(kPage);
  page.layout()->activate();
  page.drawNow();
  const QSize size = kPage + QSize(2 * kAroundCurvesPx, 2 * kAroundCurvesPx);
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  if (asSvg) {
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size);
    generator.setViewBox(QRect({}, size));
    generator.setTitle(QObject::tr("Curves of a training run"));
    paintPage(generator, 1, page, theme);
  } else {
    QImage image(size * kPngScale, QImage::Format_RGB32);
    paintPage(image, kPngScale, page, theme);
    image.save(&buffer, "PNG");
  }
  return bytes;
}

}  // namespace ui
