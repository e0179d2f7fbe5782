#include "ui/scene/Folding.h"

#include <QMenu>
#include <QSettings>

#include "ui/base/Action.h"
#include "ui/base/Settings.h"
#include "ui/scene/SceneController.h"

namespace ui {

Folding::Folding(SceneController& controller, QObject* parent) : QObject(parent), m_controller(controller) {
  m_fold = makeCommand(this, "view.fold", tr("Fold the &layer away, or unfold it"),
                       tr("The layer under the pointer, or that of the pinned unit; a double click on its name does the same"), Qt::Key_X,
                       [this] { m_controller.contents().toggleFold(m_controller.blockInHand()); });
  m_unfoldAll = makeCommand(this, "view.unfold-all", tr("&Unfold all layers"), {}, Qt::SHIFT | Qt::Key_X,
                            [this] { m_controller.contents().setFolded({}); });
  connect(&m_controller.contents(), &SceneContents::foldsChanged, this, [this] {
    refresh();
    remember();
  });
  connect(&m_controller.contents(), &SceneContents::networkShown, this, &Folding::refresh);
  refresh();
}

void Folding::refresh() {
  m_unfoldAll->setEnabled(!m_controller.state().request().folded.empty());
}

QString Folding::keyOf(const nn::Network& network) {
  // A slash in a key would open a group of its own.
  return "folded/" + QString::fromStdString(network.spec().name).replace('/', '_').replace('\\', '_');
}

void Folding::remember() {
  const nn::Network& network = *m_controller.state().network();
  QStringList names;
  for (const int node : m_controller.state().request().folded) names << QString::fromStdString(network.node(node).name);
  names.isEmpty() ? forget(keyOf(network)) : ui::remember(keyOf(network), names);
}

std::set<int> Folding::remembered(const nn::Network& network) const {
  std::set<int> nodes;
  for (const QString& name : QSettings().value(keyOf(network)).toStringList())
    if (const int node = network.find(name.toStdString()); node >= 0) nodes.insert(node);
  return nodes;
}

void Folding::fill(QMenu& menu) const {
  const int block = m_controller.blockInHand();
  if (block >= 0) {
    const scene::Block& of = m_controller.state().layout()->blocks[std::size_t(block)];
    const QString name = QString::fromStdString(of.name);
    SceneController* controller = &m_controller;
    menu.addAction(of.folded ? tr("Unfold %1").arg(name) : tr("Fold %1 away").arg(name), controller,
                   [controller, block] { controller->contents().toggleFold(block); });
    if (!of.folded)
      menu.addAction(tr("Come close to %1").arg(name), controller,
                     [controller, box = of.bounds] { controller->cameraController().focus(box); });
    menu.addSeparator();
  }
  menu.addAction(m_unfoldAll);
}

}  // namespace ui
