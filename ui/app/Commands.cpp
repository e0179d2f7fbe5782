#include "ui/app/Commands.h"

#include <algorithm>

#include <QAction>
#include <QKeySequence>

namespace ui {

QString Commands::Row::id() const {
  return action->objectName();
}

QString Commands::Row::title() const {
  QString text = action->text();
  return text.remove('&').remove(QStringLiteral("..."));
}

QString Commands::Row::keys() const {
  QStringList keys;
  for (const QKeySequence& key : action->shortcuts()) keys << key.toString(QKeySequence::NativeText);
  return keys.join(tr(" or "));
}

void Commands::add(const QString& group, QAction* action) {
  Q_ASSERT(!action->objectName().isEmpty());
  std::erase_if(m_rows, [](const Row& row) { return row.action.isNull(); });
  const QAction* same = find(action->objectName());
  Q_ASSERT(!same || same == action);
  if (!same) m_rows.push_back({group, action});
}

std::vector<Commands::Row> Commands::rows() const {
  std::vector<Row> rows;
  std::copy_if(m_rows.begin(), m_rows.end(), std::back_inserter(rows), [](const Row& row) { return !row.action.isNull(); });
  return rows;
}

QAction* Commands::find(const QString& id) const {
  const auto row = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& r) { return r.action && r.action->objectName() == id; });
  return row == m_rows.end() ? nullptr : row->action.data();
}

bool Commands::run(const QString& id, std::optional<bool> on) const {
  QAction* action = find(id);
  if (!action || !action->isEnabled() || (on && !action->isCheckable())) return false;
  if (!on || action->isChecked() != *on) action->trigger();
  return true;
}

}  // namespace ui
