// The body of a dock: its content, with scroll bars where the person made it too small. While it is firm it asks for the room
// that its content needs; in a small window it yields. UI thread.
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
  QSize minimumSizeHint() const override { return m_firm ? widget()->minimumSizeHint().expandedTo(m_smallest) : m_smallest; }
  void setFirm(bool firm) {
    if (firm == m_firm) return;
    m_firm = firm;
    updateGeometry();
  }
  QSize sizeHint() const override { return widget()->sizeHint().expandedTo(m_smallest); }

 private:
  QSize m_smallest;
  bool m_firm = true;
};

}  // namespace ui
