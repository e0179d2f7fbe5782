#include "ui/scene/SceneOptions.h"

#include <array>

#include <QActionGroup>
#include <QMenu>
#include <QSettings>

#include "analysis/Method.h"
#include "ui/base/Action.h"
#include "ui/base/Settings.h"

namespace ui {
namespace {

constexpr std::array<float, 4> kLabelScales = {0.85f, 1.0f, 1.25f, 1.6f};
constexpr std::array<float, 4> kLineScales = {0.7f, 1.0f, 1.6f, 2.4f};

}  // namespace

SceneOptions::SceneOptions(QObject* parent) : QObject(parent) {
  m_quantity.remembered = false;
  buildQuantities();
  build(
      m_scope, "view/colorScale", tr("Color scale"), int(scene::ScaleScope::Layer),
      {{tr("One for each &map"), tr("Every map uses the whole range of colors: see the pattern in a faint map. Maps cannot be compared.")},
       {tr("One for each &layer"), tr("All maps of a layer use one scale, written beside it")},
       {tr("One for the whole &network"), tr("One scale for all layers: the same color is the same number everywhere")}});
  build(m_palette, "view/colorMap", tr("Color map"), int(scene::Palette::Glow),
        {{tr("&Glow"), tr("From rest over violet and orange to light")},
         {tr("&Viridis"), tr("Violet, green, yellow; made for people who do not tell red from green")},
         {tr("&Cividis"), tr("Blue to yellow; looks nearly the same to people who do not tell red from green")},
         {tr("&Blue and orange"), tr("Like signed values: one color for positive, one for negative")},
         {tr("C&yan"), tr("Dark to cyan")}});
  build(m_labels, "view/labelSize", tr("&Label size"), 1, {{tr("Small"), {}}, {tr("Normal"), {}}, {tr("Large"), {}}, {tr("Largest"), {}}});
  build(m_lines, "view/lineWidth", tr("Line &width"), 1, {{tr("Fine"), {}}, {tr("Normal"), {}}, {tr("Strong"), {}}, {tr("Strongest"), {}}});
  m_nextScope = makeCommand(this, "view.next-color-scale", tr("Next color &scale"),
                            tr("Colors for each map, each layer or the whole network"), Qt::Key_C, [this] { nextScope(); });
}

// What the network computes, what training does, and each method of the table but the trace, which the scene shows with its edges.
void SceneOptions::buildQuantities() {
  std::vector<Item> items = {
      {tr("&Activations and weights"), tr("What the network computes")},
      {tr("The &gradient of the loss"), tr("Which way each unit and each weight moves the loss of this picture, and how much")},
      {tr("What training has &changed"), tr("Each weight less what it was before training, and each activation likewise")}};
  for (const analysis::Method& method : analysis::methods())
    if (method.id != "trace")
      items.push_back({QString::fromStdString(method.title), QString::fromStdString(method.help + ' ' + method.source),
                       QString::fromStdString(method.id)});
  build(m_quantity, "view/colorsShow", tr("Colors show"), int(scene::CellQuantity::Activation), items);
  for (std::size_t i = 0; i < items.size(); ++i) {
    QAction* action = m_quantity.group->actions()[qsizetype(i)];
    action->setData(items[i].method);
    if (!items[i].method.isEmpty()) action->setObjectName(QStringLiteral("explain.") + items[i].method);
    if (i == 0 || !items[i].method.isEmpty()) m_explain << action;
  }
}

scene::CellQuantity SceneOptions::quantity() const {
  return method().isEmpty() ? scene::CellQuantity(m_quantity.chosen) : scene::CellQuantity::Relevance;
}

QString SceneOptions::method() const {
  return m_quantity.group->actions()[m_quantity.chosen]->data().toString();
}

void SceneOptions::endMethod() {
  if (!method().isEmpty()) showActivations();
}

void SceneOptions::build(Choice& choice, const QString& key, const QString& title, int standard, const std::vector<Item>& items) {
  choice.key = key;
  choice.title = title;
  choice.group = new QActionGroup(this);
  const int remembered = choice.remembered ? QSettings().value(key, standard).toInt() : standard;
  choice.chosen = remembered >= 0 && remembered < int(items.size()) ? remembered : standard;
  for (const Item& item : items) {
    QAction* action = choice.group->addAction(item.text);
    const int index = int(choice.group->actions().size()) - 1;
    action->setObjectName(QString(key).replace(u'/', u'.') + u'.' + QString::number(index));
    action->setCheckable(true);
    action->setChecked(index == choice.chosen);
    action->setToolTip(item.tip);
    connect(action, &QAction::triggered, this, [this, &choice, index] { choose(choice, index); });
  }
}

void SceneOptions::choose(Choice& choice, int index) {
  if (index == choice.chosen) return;
  choice.chosen = index;
  choice.group->actions()[index]->setChecked(true);
  if (choice.remembered) remember(choice.key, index);
  emit changed();
}

void SceneOptions::nextScope() {
  choose(m_scope, (m_scope.chosen + 1) % scene::kScaleScopeCount);
}

float SceneOptions::labelScale() const {
  return kLabelScales[std::size_t(m_labels.chosen)];
}

float SceneOptions::lineScale() const {
  return kLineScales[std::size_t(m_lines.chosen)];
}

QString SceneOptions::colorsText(bool shown) const {
  static const std::array<QString, scene::kScaleScopeCount> kWords = {tr("each map"), tr("each layer"), tr("network")};
  static const std::array<QString, 3> kShown = {tr("Scale: %1"), tr("Gradient: %1"), tr("Change: %1")};
  const QString words = shown ? kWords[std::size_t(m_scope.chosen)] : tr("not shown");
  if (quantity() != scene::CellQuantity::Relevance) return kShown[std::size_t(quantity())].arg(words);
  return tr("%1: %2").arg(m_quantity.group->actions()[m_quantity.chosen]->text(), words);
}

void SceneOptions::addGroup(QMenu* menu, const Choice& choice) {
  menu->addSection(choice.title);
  menu->addActions(choice.group->actions());
}

void SceneOptions::addColors(QMenu* menu) const {
  menu->setToolTipsVisible(true);
  addGroup(menu, m_quantity);
  addGroup(menu, m_scope);
  menu->addSeparator();
  menu->addAction(m_nextScope);
  addGroup(menu, m_palette);
}

void SceneOptions::addSizes(QMenu* menu) const {
  for (const Choice* choice : {&m_labels, &m_lines}) menu->addMenu(choice->title)->addActions(choice->group->actions());
}

}  // namespace ui
