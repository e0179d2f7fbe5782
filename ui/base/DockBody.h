// The body of a dock: its content, with scroll bars where the person made it too small. In a direction in which it is firm it
// asks for the room that its content needs; in a small window it yields. UI thread.
#pragma once

#include <QEvent>
#include <QScrollArea>

namespace ui {

class DockBody : public QScrollArea {
 public:
  DockBody(QWidget* content, const QSize& smallest, QWidget* parent = nullptr) : QScrollArea(parent), m_smallest(smallest) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setWidget(content);
  }
  void setFirm(bool width, bool height) {
    if (width == m_firmWidth && height == m_firmHeight) return;
    m_firmWidth = width;
    m_firmHeight = height;
    updateGeometry();
  }
  QSize minimumSizeHint() const override {
    const QSize needed = widget()->minimumSizeHint().expandedTo(m_smallest);
    return {m_firmWidth ? needed.width() : m_smallest.width(), m_firmHeight ? needed.height() : m_smallest.height()};
  }
  QSize sizeHint() const override { return widget()->sizeHint().expandedTo(m_smallest); }

 protected:
  bool eventFilter(QObject* object, QEvent* event) override {
    if (event->type() == QEvent::LayoutRequest) updateGeometry();  // the content needs other room than before
    return QScrollArea::eventFilter(object, event);
  }

 private:
  QSize m_smallest;
  bool m_firmWidth = true, m_firmHeight = true;
};

}  // namespace ui
