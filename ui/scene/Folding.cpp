#include "ui/scene/Folding.h"

#include <QAction>
#include <QMenu>
#include <QSettings>

#include "ui/base/Settings.h"
#include "ui/scene/SceneController.h"

namespace ui {

Folding::Folding(SceneController& controller, QObject* parent) : QObject(parent), m_controller(controller) {
  m_fold = new QAction(tr("Fold the &layer away, or unfold it"), this);
  m_fold->setObjectName("view.fold");
  m_fold->setShortcut(Qt::Key_X);
  m_fold->setToolTip(tr("The layer under the pointer, or that of the pinned unit; a double click on its name does the same"));
  connect(m_fold, &QAction::triggered, this, [this] { m_controller.toggleFold(m_controller.blockInHand()); });
  m_unfoldAll = new QAction(tr("&Unfold all layers"), this);
  m_unfoldAll->setObjectName("view.unfold-all");
  m_unfoldAll->setShortcut(Qt::SHIFT | Qt::Key_X);
  connect(m_unfoldAll, &QAction::triggered, this, [this] { m_controller.setFolded({}); });
  connect(&m_controller, &SceneController::foldsChanged, this, [this] {
    refresh();
    remember();
  });
  refresh();
}

QList<QAction*> Folding::actions() const {
  return {m_fold, m_unfoldAll};
}

void Folding::refresh() {
  m_unfoldAll->setEnabled(!m_controller.state().folded().empty());
}

QString Folding::key() const {
  // A slash in a key would open a group of its own.
  return "folded/" + QString::fromStdString(m_controller.state().network()->spec().name).replace('/', '_').replace('\\', '_');
}

void Folding::remember() {
  QStringList names;
  for (const int node : m_controller.state().folded()) names << QString::fromStdString(m_controller.state().network()->node(node).name);
  names.isEmpty() ? forget(key()) : ui::remember(key(), names);
}

void Folding::recall() {
  if (m_controller.state().empty()) return;
  std::set<int> nodes;
  for (const QString& name : QSettings().value(key()).toStringList()) {
    const int node = m_controller.state().network()->find(name.toStdString());
    if (node >= 0) nodes.insert(node);
  }
  m_controller.setFolded(nodes);
  refresh();
}

void Folding::fill(QMenu& menu) const {
  const int block = m_controller.blockInHand();
  if (block >= 0) {
    const scene::Block& of = m_controller.state().layout()->blocks[std::size_t(block)];
    const QString name = QString::fromStdString(of.name);
    SceneController* controller = &m_controller;
    menu.addAction(of.folded ? tr("Unfold %1").arg(name) : tr("Fold %1 away").arg(name), controller,
                   [controller, block] { controller->toggleFold(block); });
    if (!of.folded) menu.addAction(tr("Come close to %1").arg(name), controller, [controller, block] { controller->focusBlock(block); });
    menu.addSeparator();
  }
  menu.addAction(m_unfoldAll);
}

}  // namespace ui
