#include "ui/panels/training/LayerNamesField.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>
#include <QToolTip>

#include "train/recipe/Recipe.h"

namespace ui {

namespace {
constexpr const char* kBetween = ", ";
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
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2);
  row->addWidget(m_line, 1);
  row->addWidget(choose);
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

void LayerNamesField::setLayers(const QStringList& layers) {
  m_layers = layers;
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

// In the color of what is wrong, with the reason at the field and in its tip.
void LayerNamesField::mark(const QString& problem) {
  QPalette colors;
  if (!problem.isEmpty()) colors.setColor(QPalette::Text, palette().color(QPalette::BrightText));
  m_line->setPalette(colors);
  m_line->setToolTip(problem);
  m_line->setAccessibleDescription(problem);
  if (!problem.isEmpty() && isVisible()) QToolTip::showText(m_line->mapToGlobal(m_line->rect().bottomLeft()), problem, m_line);
}

}  // namespace ui
