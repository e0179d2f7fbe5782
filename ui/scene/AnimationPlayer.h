// Plays the animations of the table (scene/animation/Animation.h). Owns the clock, the speed and, from the table's rows, the actions for
// menus and keys; what a step shows is the animation's. Its timer runs only while something plays that can be seen. Owned by SceneHost;
// UI thread.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include <QElapsedTimer>
#include <QList>
#include <QObject>
#include <QTimer>

#include "scene/animation/Animation.h"

class QAction;
class QWidget;

namespace ui {

class SceneController;

class AnimationPlayer : public QObject {
  Q_OBJECT
 public:
  static constexpr std::array<double, 6> kSpeeds = {0.25, 0.5, 1, 2, 4, 8};

  using Types = std::span<const scene::AnimationType* const>;

  // The actions of one row.
  struct Actions {
    const scene::AnimationType* type;
    QAction* open;
    QAction *fromHere = nullptr, *detail = nullptr;  // where it has them; detail is checked while its steps are wanted
  };

  // host: the widget whose being seen decides whether the clock runs.
  AnimationPlayer(SceneController& controller, QWidget& host, Types types = scene::animationTypes());

  bool isOpen() const { return type() != nullptr; }
  const scene::AnimationType* type() const;  // of what is open; null: nothing is
  bool playing() const { return m_playing; }
  // One about a unit is about the pinned unit, else the one under the pointer, else the liveliest of the first layer that it is for. Begins
  // at its first step, or at that unit. Says so where there is nothing to play.
  void open(const scene::AnimationType& type, bool fromHere = false);
  void close();
  void toggle();  // play or pause; at the end, from the beginning
  void stepBy(int steps);
  void setStep(std::size_t step);
  int speed() const { return m_speed; }  // index into kSpeeds
  void setSpeed(int index);
  void setDetailed(const scene::AnimationType& type, bool on);
  // Whether it is for this unit.
  bool plays(const scene::AnimationType& type, const std::optional<scene::UnitId>& unit) const;

  const std::vector<Actions>& commands() const { return m_commands; }
  const Actions& commandsOf(const scene::AnimationType& type) const;
  QList<QAction*> openingActions() const;  // those of all rows
  QList<QAction*> actions() const { return openingActions() << m_back; }

 signals:
  void changed();                  // opened, closed, another step, speed, playing or not
  void said(const QString& text);  // why nothing plays

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void addCommands(const scene::AnimationType& type);
  std::shared_ptr<const scene::Animation> created(const scene::AnimationType& type, const std::optional<scene::UnitId>& unit) const;
  void show(const std::shared_ptr<const scene::Animation>& animation, const std::optional<scene::UnitId>& at);
  void setPlaying(bool on);
  void tick();
  void run();  // the clock, or not
  bool seen() const;
  std::optional<scene::UnitId> unitRequested(const scene::AnimationType& type) const;
  std::optional<scene::UnitId> liveliest(const scene::AnimationType& type) const;
  void followState();
  void followPins();

  SceneController& m_controller;
  QWidget& m_host;
  QWidget* m_watched = nullptr;     // the host's window, once there is one
  std::vector<Actions> m_commands;  // as the rows of the table
  QAction* m_back;
  std::optional<scene::UnitId> m_pinned;  // when pins last changed
  QTimer m_timer;
  QElapsedTimer m_clock;
  double m_due = 0;  // steps, a part of one
  bool m_playing = false;
  int m_speed = 2;
};

}  // namespace ui
