// What all panels and bars are put together with, and how drawn widgets write: rows and columns, flat buttons, words. Free functions; UI
// thread.
#pragma once

#include <initializer_list>

#include <QBoxLayout>

class QAction;
class QColor;
class QFont;
class QPainter;
class QRectF;
class QString;
class QToolButton;
class QWidget;

namespace ui {

// What stands in a row or a column, one after the other. What stretches shares the room that is left.
struct LayoutPart {
  LayoutPart(QWidget* part, int share = 0, Qt::Alignment place = {}) : widget(part), stretch(share), alignment(place) {}
  LayoutPart(QLayout* part, int share = 0) : layout(part), stretch(share) {}
  static LayoutPart gap(int px) { return LayoutPart(static_cast<QWidget*>(nullptr), -px); }
  static LayoutPart rest() { return LayoutPart(static_cast<QWidget*>(nullptr), 1); }  // empty, and takes what is left

  QWidget* widget = nullptr;
  QLayout* layout = nullptr;
  int stretch;  // negative: the pixels of a gap
  Qt::Alignment alignment;
};
using LayoutParts = std::initializer_list<LayoutPart>;

void addTo(QBoxLayout& box, LayoutParts parts);
QHBoxLayout* rowOf(QWidget* parent, const QMargins& margins, int spacing, LayoutParts parts = {});
QVBoxLayout* columnOf(QWidget* parent, const QMargins& margins, int spacing, LayoutParts parts = {});
QHBoxLayout* rowOf(LayoutParts parts, int spacing = -1);  // within another layout; -1: as far apart as is usual

// Flat until it is pointed at; screen readers are told its tip.
QToolButton* flatButton(QWidget* parent, const QString& tip);
QToolButton* flatButton(QWidget* parent, QAction* action, Qt::FocusPolicy focus);

// The name by which style sheets, commands and tests find it.
template <typename Widget>
Widget* named(const char* name, Widget* widget) {
  widget->setObjectName(name);
  return widget;
}

void colorWords(QWidget& widget, const QColor& color);

// The painter keeps font and color. Elided: in one line, with dots where it is too long.
void drawWords(QPainter& painter, const QRectF& where, int flags, const QString& words, const QFont& font, const QColor& color);
void drawElided(QPainter& painter, const QRectF& where, int flags, const QString& words, const QFont& font, const QColor& color);

}  // namespace ui
