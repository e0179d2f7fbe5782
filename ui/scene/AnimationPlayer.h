// Plays: the window that slides over the input of a map, or the data that flow through the network. Owns the clock, the speed and the
// actions for menus and keys; what a step shows is scene/Animation.h. Its timer runs only while something plays that can be seen.
// Owned by SceneHost; UI thread.
#pragma once

#include <array>
#include <optional>

#include <QElapsedTimer>
#include <QList>
#include <QObject>
#include <QTimer>

#include "scene/Animation.h"

class QAction;
class QWidget;

namespace ui {

class SceneController;

class AnimationPlayer : public QObject {
  Q_OBJECT
 public:
  static constexpr std::array<double, 6> kSpeeds = {0.25, 0.5, 1, 2, 4, 8};

  // host: the widget whose being seen decides whether the clock runs.
  AnimationPlayer(SceneController& controller, QWidget& host);

  bool isOpen() const { return m_open; }
  bool playing() const { return m_playing; }
  // The window writes the map of the pinned unit, else of the one under the pointer, else the liveliest map of the first layer over
  // whose input one slides; it begins at the first cell of that map. Says so where there is none.
  void open(scene::AnimationKind which);
  // The same, beginning at that unit; with the window open, it goes there.
  void openFromHere();
  void close();
  void toggle();  // play or pause; at the end, from the beginning
  void stepBy(int steps);
  void setStep(std::size_t step);
  int speed() const { return m_speed; }  // index into kSpeeds
  void setSpeed(int index);
  void setEachProduct(bool on);
  bool eachProduct() const { return m_eachProduct; }
  bool canShowProducts() const;  // of the present window
  // Whether a window slides over what this unit reads.
  bool slidesAt(const std::optional<scene::UnitId>& unit) const;

  QAction* windowAction() const { return m_window; }
  QAction* forwardPassAction() const { return m_forwardPass; }
  QAction* eachProductAction() const { return m_each; }
  QAction* fromHereAction() const { return m_fromHere; }
  QList<QAction*> actions() const { return {m_forwardPass, m_window, m_fromHere, m_each, m_back}; }

 signals:
  void changed();                  // opened, closed, another step, speed, playing or not
  void said(const QString& text);  // why nothing plays

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void show(const scene::Animation& animation);
  void openWindow(bool fromHere);
  void productsRequested(bool on);
  void setPlaying(bool on);
  void tick();
  void run();  // the clock, or not
  bool seen() const;
  double stepsPerSecond() const;
  std::optional<scene::UnitId> unitRequested() const;
  std::optional<scene::UnitId> liveliest() const;
  void followState();
  void followPins();

  SceneController& m_controller;
  QWidget& m_host;
  QWidget* m_watched = nullptr;  // the host's window, once there is one
  QAction *m_window, *m_forwardPass, *m_fromHere, *m_each, *m_back;
  std::optional<scene::UnitId> m_pinned;  // when pins last changed
  QTimer m_timer;
  QElapsedTimer m_clock;
  double m_due = 0;  // steps, a part of one
  bool m_open = false, m_playing = false, m_eachProduct = false;
  int m_speed = 2;
};

}  // namespace ui
