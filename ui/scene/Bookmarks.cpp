#include "ui/scene/Bookmarks.h"

#include <cmath>

#include <QSettings>

#include "ui/base/Action.h"
#include "ui/base/Settings.h"
#include "ui/scene/SceneController.h"

namespace ui {

Bookmarks::Bookmarks(SceneController& controller, QObject* parent) : QObject(parent), m_controller(controller) {
  for (int number = 1; number <= kCount; ++number) {
    const auto key = Qt::Key(Qt::Key_0 + number);
    m_recall << makeCommand(this, QStringLiteral("view.recall-%1").arg(number), tr("View &%1").arg(number),
                            tr("Goes to the view that was kept as %1").arg(number), key, [this, number] { recall(number); });
    m_keep << makeCommand(this, QStringLiteral("view.keep-%1").arg(number), tr("Keep this view as &%1").arg(number), {}, Qt::SHIFT | key,
                          [this, number] { keep(number); });
  }
}

QString Bookmarks::keyOf(int number) const {
  const scene::SceneState& state = m_controller.state();
  if (state.empty()) return {};
  // A slash in a key would open a group of its own.
  const QString name = QString::fromStdString(state.network()->spec().name).replace('/', '_').replace('\\', '_');
  return QStringLiteral("views/%1/%2/%3").arg(name).arg(int(state.layout()->arrangement)).arg(number);
}

std::optional<scene::View> Bookmarks::at(int number) const {
  const QString key = keyOf(number);
  if (key.isEmpty()) return std::nullopt;
  const QVariantList kept = QSettings().value(key).toList();
  if (kept.size() != 7) return std::nullopt;
  float v[6];
  for (int i = 0; i < 6; ++i) {
    v[i] = kept[i].toFloat();
    if (!std::isfinite(v[i])) return std::nullopt;
  }
  return scene::View{{v[0], v[1], v[2]}, v[3], v[4], v[5], m_controller.state().network()->find(kept[6].toString().toStdString())};
}

void Bookmarks::keep(int number) {
  const QString key = keyOf(number);
  if (key.isEmpty()) return;
  const scene::View view = m_controller.cameraController().view();
  const std::string layer = view.node < 0 ? std::string() : m_controller.state().network()->node(view.node).name;
  remember(key,
           QVariantList{view.target.x, view.target.y, view.target.z, view.yaw, view.pitch, view.distance, QString::fromStdString(layer)});
  refresh();
  emit said(tr("This view is kept. Press %1 to come back to it.").arg(number));
}

bool Bookmarks::recall(int number) {
  const auto view = at(number);
  if (!view) {
    emit said(tr("No view is kept as %1. Press Shift+%1 to keep the present one.").arg(number));
    return false;
  }
  m_controller.cameraController().setView(*view);
  return true;
}

void Bookmarks::refresh() {
  for (int number = 1; number <= kCount; ++number)
    m_recall[number - 1]->setText(at(number) ? tr("View &%1").arg(number) : tr("View &%1 (none yet)").arg(number));
}

}  // namespace ui
