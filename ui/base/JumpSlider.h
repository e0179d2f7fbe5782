// A slider whose handle comes to where it is clicked, as those of films do, and can be dragged on from there. UI thread.
#pragma once

#include <QMouseEvent>
#include <QSlider>
#include <QStyle>
#include <QStyleOptionSlider>

namespace ui {

class JumpSlider : public QSlider {
 public:
  using QSlider::QSlider;

 protected:
  void mousePressEvent(QMouseEvent* event) override {
    QStyleOptionSlider option;
    initStyleOption(&option);
    const QRect handle = style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, this);
    const int at = event->position().toPoint().x();
    if (event->button() == Qt::LeftButton && orientation() == Qt::Horizontal && (at < handle.left() || at > handle.right()))
      setValue(QStyle::sliderValueFromPosition(minimum(), maximum(), at - handle.width() / 2, width() - handle.width()));
    QSlider::mousePressEvent(event);
  }
};

}  // namespace ui
