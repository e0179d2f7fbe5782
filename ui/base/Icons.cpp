#include "ui/base/Icons.h"

#include <algorithm>
#include <cmath>

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>

namespace ui {

namespace {

// A drawing on the 24 x 24 grid: lines are stroked 1.75 wide with round ends, areas are filled.
struct Drawing {
  QPainterPath lines;
  QPainterPath areas;
};

QPainterPath polyline(std::initializer_list<QPointF> points, bool close = false) {
  QPainterPath path;
  bool first = true;
  for (const QPointF& p : points) {
    if (first)
      path.moveTo(p);
    else
      path.lineTo(p);
    first = false;
  }
  if (close) path.closeSubpath();
  return path;
}

QPainterPath circle(double x, double y, double radius) {
  QPainterPath path;
  path.addEllipse(QPointF(x, y), radius, radius);
  return path;
}

QPainterPath rounded(double x, double y, double width, double height, double radius) {
  QPainterPath path;
  path.addRoundedRect(QRectF(x, y, width, height), radius, radius);
  return path;
}

// An arc around (12, 12) or another center, in degrees counter-clockwise from east.
QPainterPath arc(double x, double y, double radius, double start, double sweep) {
  const QRectF box(x - radius, y - radius, 2 * radius, 2 * radius);
  QPainterPath path;
  path.arcMoveTo(box, start);
  path.arcTo(box, start, sweep);
  return path;
}

Drawing transport(Icon which) {
  Drawing d;
  const QPainterPath right = polyline({{8, 5.5}, {18.5, 12}, {8, 18.5}}, true);
  switch (which) {
    case Icon::Play:
      d.areas = right;
      d.lines = right;
      break;
    case Icon::Pause:
      d.areas.addPath(rounded(6.5, 5, 4, 14, 1));
      d.areas.addPath(rounded(13.5, 5, 4, 14, 1));
      break;
    case Icon::Stop:
      d.areas = rounded(6, 6, 12, 12, 1.5);
      break;
    case Icon::Step:
      d.areas = d.lines = polyline({{6.5, 6}, {14.5, 12}, {6.5, 18}}, true);
      d.lines.addPath(polyline({{18, 5.5}, {18, 18.5}}));
      break;
    case Icon::StepBack:
      d.areas = d.lines = polyline({{17.5, 6}, {9.5, 12}, {17.5, 18}}, true);
      d.lines.addPath(polyline({{6, 5.5}, {6, 18.5}}));
      break;
    default:
      d.lines = arc(12, 12.5, 7, 140, -280);
      d.lines.addPath(polyline({{5.2, 3.8}, {6.3, 8.3}, {10.9, 7.3}}));
  }
  return d;
}

Drawing drawing(Icon which) {
  Drawing d;
  QPainterPath& l = d.lines;
  switch (which) {
    case Icon::Pen:
      l = polyline({{4, 20}, {5.2, 15.2}, {15.8, 4.6}, {19.4, 8.2}, {8.8, 18.8}}, true);
      l.addPath(polyline({{13.4, 7}, {17, 10.6}}));
      break;
    case Icon::Eraser:
      l = polyline({{8.5, 19}, {4, 14.5}, {13.5, 5}, {20, 11.5}, {12.5, 19}}, true);
      l.addPath(polyline({{8.6, 9.9}, {15.1, 16.4}}));
      l.addPath(polyline({{12.5, 19}, {20, 19}}));
      break;
    case Icon::Undo:
      l = polyline({{8.5, 4.5}, {4, 9}, {8.5, 13.5}});
      l.addPath(polyline({{4, 9}, {14, 9}}));
      l.addPath(arc(14, 14, 5, 90, -180));
      l.addPath(polyline({{14, 19}, {8.5, 19}}));
      break;
    case Icon::Redo:
      l = polyline({{15.5, 4.5}, {20, 9}, {15.5, 13.5}});
      l.addPath(polyline({{20, 9}, {10, 9}}));
      l.addPath(arc(10, 14, 5, 90, 180));
      l.addPath(polyline({{10, 19}, {15.5, 19}}));
      break;
    case Icon::Clear:
      l = polyline({{4.5, 6.5}, {19.5, 6.5}});
      l.addPath(polyline({{6.5, 6.5}, {7.5, 20}, {16.5, 20}, {17.5, 6.5}}));
      l.addPath(polyline({{9.5, 6.5}, {9.5, 3.8}, {14.5, 3.8}, {14.5, 6.5}}));
      l.addPath(polyline({{10.3, 10.5}, {10.6, 16}}));
      l.addPath(polyline({{13.7, 10.5}, {13.4, 16}}));
      break;
    case Icon::Random:
      l = rounded(4.5, 4.5, 15, 15, 3);
      for (const QPointF p : {QPointF(8.7, 8.7), QPointF(15.3, 8.7), QPointF(12, 12), QPointF(8.7, 15.3), QPointF(15.3, 15.3)}) {
        d.areas.addPath(circle(p.x(), p.y(), 1.35));
      }
      break;
    default:
      break;
  }
  return d;
}

Drawing files(Icon which) {
  Drawing d;
  QPainterPath& l = d.lines;
  switch (which) {
    case Icon::Open:
      l = polyline({{3.5, 18.5}, {3.5, 5.5}, {9, 5.5}, {11, 8}, {20.5, 8}, {20.5, 18.5}}, true);
      break;
    case Icon::Save:
      l = polyline({{4.5, 4.5}, {16, 4.5}, {19.5, 8}, {19.5, 19.5}, {4.5, 19.5}}, true);
      l.addPath(polyline({{8, 19.5}, {8, 13.5}, {16, 13.5}, {16, 19.5}}));
      l.addPath(polyline({{8.5, 4.5}, {8.5, 8.5}, {14, 8.5}}));
      break;
    case Icon::Download:
      l = polyline({{12, 4}, {12, 15}});
      l.addPath(polyline({{7.5, 10.8}, {12, 15.3}, {16.5, 10.8}}));
      l.addPath(polyline({{4.5, 16.5}, {4.5, 20}, {19.5, 20}, {19.5, 16.5}}));
      break;
    case Icon::Copy:
      l = rounded(8.5, 8.5, 11, 11, 2);
      l.addPath(polyline({{5.5, 15.5}, {4.5, 15.5}, {4.5, 4.5}, {15.5, 4.5}, {15.5, 5.5}}));
      break;
    case Icon::Camera:
      l = rounded(3.5, 7, 17, 12.5, 2.5);
      l.addPath(circle(12, 13.2, 3.5));
      l.addPath(polyline({{8, 7}, {9.5, 4.5}, {14.5, 4.5}, {16, 7}}));
      break;
    default:
      break;
  }
  return d;
}

Drawing view(Icon which) {
  Drawing d;
  QPainterPath& l = d.lines;
  switch (which) {
    case Icon::Fit:
      l = polyline({{4.5, 9}, {4.5, 4.5}, {9, 4.5}});
      l.addPath(polyline({{15, 4.5}, {19.5, 4.5}, {19.5, 9}}));
      l.addPath(polyline({{19.5, 15}, {19.5, 19.5}, {15, 19.5}}));
      l.addPath(polyline({{9, 19.5}, {4.5, 19.5}, {4.5, 15}}));
      d.areas = circle(12, 12, 2);
      break;
    case Icon::Home:
      l = polyline({{3.5, 11.5}, {12, 4.2}, {20.5, 11.5}});
      l.addPath(polyline({{6, 9.8}, {6, 19.5}, {18, 19.5}, {18, 9.8}}));
      break;
    case Icon::Cube:
      l = polyline({{12, 3.5}, {19.5, 7.6}, {19.5, 16.4}, {12, 20.5}, {4.5, 16.4}, {4.5, 7.6}}, true);
      l.addPath(polyline({{4.5, 7.6}, {12, 11.8}, {19.5, 7.6}}));
      l.addPath(polyline({{12, 11.8}, {12, 20.5}}));
      break;
    case Icon::Flat:
      l = rounded(4.5, 4.5, 6, 6, 1);
      l.addPath(rounded(13.5, 4.5, 6, 6, 1));
      l.addPath(rounded(4.5, 13.5, 6, 6, 1));
      l.addPath(rounded(13.5, 13.5, 6, 6, 1));
      break;
    case Icon::ZoomIn:
    case Icon::ZoomOut:
      l = circle(10.5, 10.5, 6.2);
      l.addPath(polyline({{15.2, 15.2}, {20, 20}}));
      l.addPath(polyline({{7.8, 10.5}, {13.2, 10.5}}));
      if (which == Icon::ZoomIn) l.addPath(polyline({{10.5, 7.8}, {10.5, 13.2}}));
      break;
    default:
      break;
  }
  return d;
}

Drawing visibility(Icon which) {
  Drawing d;
  QPainterPath& l = d.lines;
  switch (which) {
    case Icon::Eye:
    case Icon::EyeOff:
      l.moveTo(2.8, 12);
      l.cubicTo({6, 6.2}, {18, 6.2}, {21.2, 12});
      l.cubicTo({18, 17.8}, {6, 17.8}, {2.8, 12});
      l.addPath(circle(12, 12, 2.8));
      if (which == Icon::EyeOff) l.addPath(polyline({{5, 19.5}, {19, 4.5}}));
      break;
    case Icon::Pin:
      l = polyline({{8.5, 4}, {15.5, 4}, {14.8, 10}, {17.5, 13.5}, {6.5, 13.5}, {9.2, 10}}, true);
      l.addPath(polyline({{12, 13.5}, {12, 20.5}}));
      break;
    case Icon::Projector:
      l = rounded(3.5, 4.5, 17, 11, 1.5);
      l.addPath(polyline({{12, 15.5}, {12, 20}}));
      l.addPath(polyline({{8, 20}, {16, 20}}));
      break;
    case Icon::Moon:
      l.moveTo(19.5, 14.2);
      l.cubicTo({18.2, 18.5}, {13.4, 20.8}, {9.2, 19.1});
      l.cubicTo({3.4, 16.7}, {2.9, 8.2}, {9.6, 4.6});
      l.cubicTo({7.9, 10.3}, {12.7, 15.6}, {19.5, 14.2});
      break;
    case Icon::Sun:
      l = circle(12, 12, 3.8);
      for (int i = 0; i < 8; ++i) {
        const double a = i * M_PI / 4;
        l.addPath(polyline({{12 + 6.8 * std::cos(a), 12 + 6.8 * std::sin(a)}, {12 + 8.8 * std::cos(a), 12 + 8.8 * std::sin(a)}}));
      }
      break;
    default:
      break;
  }
  return d;
}

Drawing sign(Icon which) {
  Drawing d;
  QPainterPath& l = d.lines;
  switch (which) {
    case Icon::Network:
      for (const QPointF p : {QPointF(5.5, 7), QPointF(5.5, 17), QPointF(18.5, 12)}) l.addPath(circle(p.x(), p.y(), 2.4));
      l.addPath(polyline({{7.8, 7.9}, {16.2, 11.1}}));
      l.addPath(polyline({{7.8, 16.1}, {16.2, 12.9}}));
      break;
    case Icon::Data:
      l.addEllipse(QRectF(5, 3.8, 14, 5));
      l.addPath(polyline({{5, 6.3}, {5, 17.5}}));
      l.addPath(polyline({{19, 6.3}, {19, 17.5}}));
      for (const double y : {9.4, 15.0}) {
        l.arcMoveTo(QRectF(5, y, 14, 5), 180);
        l.arcTo(QRectF(5, y, 14, 5), 180, 180);
      }
      break;
    case Icon::Settings:
      for (const auto& [y, x] : {std::pair(6.5, 15.0), std::pair(12.0, 8.5), std::pair(17.5, 13.5)}) {
        l.addPath(polyline({{4, y}, {x - 2.2, y}}));
        l.addPath(polyline({{x + 2.2, y}, {20, y}}));
        l.addPath(circle(x, y, 2.2));
      }
      break;
    case Icon::Info:
      l = circle(12, 12, 8.2);
      l.addPath(polyline({{12, 11.3}, {12, 16.2}}));
      d.areas = circle(12, 8, 1.25);
      break;
    case Icon::Help:
      l = circle(12, 12, 8.2);
      l.moveTo(9.4, 9.8);
      l.cubicTo({9.6, 6.4}, {15, 6.7}, {14.6, 10});
      l.cubicTo({14.3, 12}, {12.1, 11.8}, {12, 13.8});
      d.areas = circle(12, 16.5, 1.2);
      break;
    case Icon::Warning:
      l = polyline({{12, 4.2}, {20.5, 19}, {3.5, 19}}, true);
      l.addPath(polyline({{12, 10}, {12, 13.8}}));
      d.areas = circle(12, 16.3, 1.15);
      break;
    default:
      break;
  }
  return d;
}

Drawing mark(Icon which) {
  Drawing d;
  QPainterPath& l = d.lines;
  switch (which) {
    case Icon::Check:
      l = polyline({{5, 12.8}, {10, 17.6}, {19.2, 7}});
      break;
    case Icon::Cross:
    case Icon::Close:
      l = polyline({{6.5, 6.5}, {17.5, 17.5}});
      l.addPath(polyline({{17.5, 6.5}, {6.5, 17.5}}));
      break;
    case Icon::Back:
      l = polyline({{14.5, 5.5}, {8, 12}, {14.5, 18.5}});
      break;
    case Icon::Forward:
      l = polyline({{9.5, 5.5}, {16, 12}, {9.5, 18.5}});
      break;
    case Icon::More:
      for (const double x : {5.5, 12.0, 18.5}) d.areas.addPath(circle(x, 12, 1.6));
      break;
    case Icon::Trace:
      d.lines = polyline({{12, 4.5}, {7, 12}, {10, 19.5}});
      d.lines.addPath(polyline({{12, 4.5}, {17, 12}}));
      for (const QPointF p : {QPointF(12, 4.5), QPointF(7, 12), QPointF(17, 12), QPointF(10, 19.5)})
        d.areas.addPath(circle(p.x(), p.y(), 2.4));
      break;
    default:
      break;
  }
  return d;
}

Drawing drawingOf(Icon which) {
  if (which <= Icon::Stop) return transport(which);
  if (which <= Icon::Random) return drawing(which);
  if (which <= Icon::Camera) return files(which);
  if (which <= Icon::ZoomOut) return view(which);
  if (which <= Icon::Warning) return sign(which);
  if (which <= Icon::Sun) return visibility(which);
  return mark(which);
}

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
  const Drawing d = drawingOf(which);
  const double scale = std::min(where.width(), where.height()) / 24;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.translate(where.center());
  painter.scale(scale, scale);
  painter.translate(-12, -12);
  painter.fillPath(d.areas, color);
  painter.strokePath(d.lines, QPen(color, 1.75, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.restore();
}

}  // namespace ui
