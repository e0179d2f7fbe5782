// Every action of the window under an id that stays ("training.play"): the key list, the find box, lessons and the tour look it up here.
// An id is its action's object name, given where the action is made; the menus bring them in. Owned by the main window; UI thread.
#pragma once

#include <optional>
#include <vector>

#include <QObject>
#include <QPointer>
#include <QString>

class QAction;

namespace ui {

class Commands : public QObject {
  Q_OBJECT
 public:
  struct Row {
    QString group;  // where it stands: "View", "Units"
    QPointer<QAction> action;
    QString id() const;
    QString title() const;  // as in the menu, without its marks
    QString keys() const;   // "Ctrl+K", "F11 or P"; empty: none
  };

  using QObject::QObject;

  // The action must have an object name that no other has; one that is there already stays where it is.
  void add(const QString& group, QAction* action);
  // In the order of the menus, without those that are gone.
  std::vector<Row> rows() const;
  QAction* find(const QString& id) const;  // null when there is none
  // As if its menu were chosen; with `on`, one that is switched is so afterwards. False where there is no such command, it cannot be used
  // at the moment, or is none that is switched.
  bool run(const QString& id, std::optional<bool> on = {}) const;

 private:
  std::vector<Row> m_rows;
};

}  // namespace ui
