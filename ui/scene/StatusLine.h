// The unit highlighted in words, along the lower edge of the scene, and what was just done with the view. It lets the mouse
// through. Owned by SceneHost; UI thread.
#pragma once

#include <QLabel>
#include <QTimer>

#include "ui/base/Theme.h"

namespace ui {

class StatusLine : public QLabel {
  Q_OBJECT
 public:
  explicit StatusLine(QWidget* parent);
  void setTheme(const Theme& theme);
  void tell(const QString& text);    // of the unit; empty: none
  void insist(const QString& text);  // instead, whole, until it is empty
  void say(const QString& text);     // instead of both, as long as it takes to be read
  // The widest it may be; it sits at the room's lower left. What is said whole and does not fit there takes the wide room as long,
  // in several lines that grow upward; of the unit only whole parts of the sentence are shown.
  void place(const QRect& room, const QRect& wide);

  bool needsRoom() const;  // it is too high to lie over the picture, or stays there

 signals:
  void placed();  // it has come, gone or become higher

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void present();
  QString broken(const QString& text, int width) const;

  QColor m_ground, m_ink;
  QString m_unit, m_standing, m_passing;
  QRect m_room, m_wide;
  QTimer m_timer;
};

}  // namespace ui
