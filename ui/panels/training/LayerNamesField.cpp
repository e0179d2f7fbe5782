#include "ui/panels/training/LayerNamesField.h"

#include <QLineEdit>
#include <QMenu>
#include <QToolButton>
#include <QToolTip>

#include "train/recipe/Recipe.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {
constexpr const char* kBetween = ", ";
}

void markProblem(QLineEdit& line, const QString& problem) {
  QPalette colors;
  if (!problem.isEmpty()) colors.setColor(QPalette::Text, line.palette().color(QPalette::BrightText));
  line.setPalette(colors);
  line.setAccessibleDescription(problem);
  if (!problem.isEmpty() && line.isVisible()) QToolTip::showText(line.mapToGlobal(line.rect().bottomLeft()), problem, &line);
}

LayerNamesField::LayerNamesField(QWidget* parent) : QWidget(parent), m_line(new QLineEdit(this)), m_menu(new QMenu(this)) {
  auto* choose = new QToolButton(this);
  choose->setText(QStringLiteral("..."));
  choose->setToolTip(tr("Choose from the layers of the network"));
  choose->setAccessibleName(tr("Choose layers"));
  choose->setPopupMode(QToolButton::InstantPopup);
  choose->setMenu(m_menu);
  m_line->setPlaceholderText(tr("none"));
  m_line->setMinimumWidth(40);
  rowOf(this, {}, 2, {{m_line, 1}, choose});
  setFocusProxy(m_line);
  connect(m_line, &QLineEdit::editingFinished, this, &LayerNamesField::take);
  connect(m_menu, &QMenu::aboutToShow, this, &LayerNamesField::fillMenu);
}

QString LayerNamesField::textOf(const QStringList& names, const char* between) {
  std::vector<std::string> plain;
  for (const QString& name : names) plain.push_back(name.toStdString());
  return QString::fromStdString(train::layerNamesText(plain, between));
}

QStringList LayerNamesField::namesOf(const QString& text) {
  QStringList names;
  for (const std::string& name : train::layerNamesOf(text.toStdString()))
    if (!name.empty()) names << QString::fromStdString(name);
  return names;
}

void LayerNamesField::setNames(const QStringList& names) {
  if (names == m_names) return;
  m_names = names;
  m_line->setText(textOf(names, kBetween));
  mark({});
}

void LayerNamesField::take() {
  QStringList names, unknown;
  for (const QString& name : namesOf(m_line->text())) {
    if (names.contains(name)) continue;
    names << name;
    if (!m_layers.contains(name)) unknown << name;
  }
  if (!unknown.isEmpty())
    return mark(tr("The network has no layer %1 with weights. It has: %2").arg(textOf(unknown, kBetween), textOf(m_layers, kBetween)));
  mark({});
  m_line->setText(textOf(names, kBetween));
  if (names == m_names) return;
  m_names = names;
  emit edited();
}

void LayerNamesField::fillMenu() {
  m_menu->clear();
  for (const QString& layer : m_layers) {
    QAction* action = m_menu->addAction(layer);
    action->setCheckable(true);
    action->setChecked(m_names.contains(layer));
    connect(action, &QAction::toggled, this, [this, layer](bool on) {
      on ? m_names.append(layer) : void(m_names.removeAll(layer));
      m_line->setText(textOf(m_names, kBetween));
      mark({});
      emit edited();
    });
  }
}

void LayerNamesField::mark(const QString& problem) {
  markProblem(*m_line, problem);
  m_line->setToolTip(problem);
}

}  // namespace ui
