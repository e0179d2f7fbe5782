// A frame around one place of the window, a panel or a part of the scene, while the rest steps back. It lies over everything and takes no
// clicks. Owned by LessonStage; UI thread.
#pragma once

#include <functional>

#include <QWidget>

#include "ui/base/Theme.h"

namespace ui {

class Spotlight : public QWidget {
  Q_OBJECT
 public:
  explicit Spotlight(QWidget& window);
  // Where it is now, in pixels of the window; asked again whenever that may have changed. Empty: nowhere.
  using Place = std::function<QRect()>;
  void shine(const Place& place);  // null: on nothing
  // What never steps back: who reads there is told where to look.
  void spare(QWidget* part) { m_spared = part; }
  // What does not step back this time: it answers to what is done in the light.
  void leaveBright(QWidget* part);
  void follow();
  QRect place() const { return m_rect; }
  void setColor(const QColor& accent);

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  Place m_place;
  QWidget *m_spared = nullptr, *m_bright = nullptr;
  QRect m_rect;
  QColor m_accent;
};

}  // namespace ui
