// The body of a dock: its content, with scroll bars only where the window became too small for it, so that a panel never
// keeps the window from shrinking. UI thread.
#pragma once

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
  QSize minimumSizeHint() const override { return m_smallest; }
  QSize sizeHint() const override { return widget()->sizeHint().expandedTo(m_smallest); }

 private:
  QSize m_smallest;
};

}  // namespace ui
