#include "ui/base/Icons.h"

#include <algorithm>
#include <iterator>

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

namespace ui {

namespace {

constexpr const char* kIconFiles[] = {"play", "pause",   "step",   "step-back", "reset",   "pen",      "eraser", "undo",
                                      "redo", "clear",   "random", "copy",      "zoom-in", "zoom-out", "pin",    "trace",
                                      "info", "warning", "check",  "cross",     "back",    "forward"};
static_assert(std::size(kIconFiles) == kIcons);

class Engine : public QIconEngine {
 public:
  Engine(Icon which, const Theme& theme) : m_which(which), m_normal(theme.text), m_faint(theme.faint), m_on(theme.accent) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
    paintIcon(*painter, QRectF(rect), m_which, mode == QIcon::Disabled ? m_faint : state == QIcon::On ? m_on : m_normal);
  }
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap result(size);
    result.fill(Qt::transparent);
    QPainter painter(&result);
    paint(&painter, QRect(QPoint(), size), mode, state);
    return result;
  }
  QIconEngine* clone() const override { return new Engine(*this); }

 private:
  Icon m_which;
  QColor m_normal, m_faint, m_on;
};

}  // namespace

QIcon icon(Icon which, const Theme& theme) {
  return QIcon(new Engine(which, theme));
}

void paintIcon(QPainter& painter, const QRectF& where, Icon which, const QColor& color) {
  QFile file(QStringLiteral(":/icons/%1.svg").arg(QLatin1String(kIconFiles[int(which)])));
  if (!file.open(QIODevice::ReadOnly)) return;
  QSvgRenderer drawing(file.readAll().replace("currentColor", color.name().toLatin1()));
  const double side = std::min(where.width(), where.height());
  QRectF square(0, 0, side, side);
  square.moveCenter(where.center());
  painter.save();
  painter.setOpacity(painter.opacity() * color.alphaF());
  drawing.render(&painter, square);
  painter.restore();
}

}  // namespace ui
