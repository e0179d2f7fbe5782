#include "ui/panels/training/RecipePanel.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>

#include "ui/base/Icons.h"
#include "ui/base/Widgets.h"
#include "ui/model/TrainingController.h"
#include "ui/panels/training/RecipeEditor.h"

namespace ui {

namespace {
constexpr int kFormMarginPx = 8, kBackIconPx = 16, kBackPx = 28;
}

RecipePanel::RecipePanel(TrainingController& training, QWidget* parent)
    : QWidget(parent),
      m_training(training),
      m_intro(new QLabel(tr("All that makes a training run. A change while it runs is marked on the curves."), this)),
      m_standard(named("recipeStandard", new QPushButton(tr("Standard values"), this))),
      m_scroll(new QScrollArea(this)) {
  setObjectName("recipePanel");
  m_intro->setWordWrap(true);
  m_standard->setToolTip(tr("All settings as they are at the first start; undo brings yours back"));
  m_scroll->setWidgetResizable(true);
  m_scroll->setFrameShape(QFrame::NoFrame);
  m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroll->setFocusPolicy(Qt::NoFocus);
  columnOf(this, {}, 0, {rowOf(nullptr, {kFormMarginPx, 4, kFormMarginPx, 4}, kFormMarginPx, {{m_intro, 1}, m_standard}), {m_scroll, 1}});

  connect(m_standard, &QPushButton::clicked, &m_training, &TrainingController::restoreStandard);
  connect(&m_training, &TrainingController::recipeChanged, this, &RecipePanel::present);
  connect(&m_training, &TrainingController::cleared, this, &RecipePanel::present);
  connect(&m_training, &TrainingController::snapshotChanged, this, [this] {
    if (m_training.exists() != m_runExists) present();
  });
  present();
}

// A third of the window's controls are in the form: the start of the program does not wait for them.
void RecipePanel::showEvent(QShowEvent* event) {
  if (m_rows.empty()) {
    makeForm();
    setTheme(m_theme);
    present();
  }
  QWidget::showEvent(event);
}

void RecipePanel::makeForm() {
  auto* content = new QWidget;
  auto* form = new QGridLayout(content);
  form->setContentsMargins(kFormMarginPx, 0, kFormMarginPx, kFormMarginPx);
  form->setHorizontalSpacing(kFormMarginPx);
  form->setVerticalSpacing(4);
  form->setColumnStretch(1, 1);
  form->setColumnMinimumWidth(2, kBackPx);
  std::string group;
  for (const train::RecipeField& field : train::recipeFields()) {
    if (field.group != group) {
      group = field.group;
      auto* title = new QLabel(QString::fromStdString(group), content);
      title->setContentsMargins(0, m_titles.empty() ? 4 : 14, 0, 2);
      m_titles.push_back(title);
      form->addWidget(title, form->rowCount(), 0, 1, 3);
    }
    addRow(*form, field);
  }
  form->setRowStretch(form->rowCount(), 1);
  m_scroll->setWidget(content);
}

void RecipePanel::addRow(QGridLayout& form, const train::RecipeField& field) {
  QWidget* content = form.parentWidget();
  Row row{&field, new QLabel(QString::fromStdString(field.info.label), content), makeRecipeEditor(m_training, field, content),
          new QToolButton(content), nullptr};
  row.label->setBuddy(row.editor);
  row.editor->setFocusPolicy(Qt::StrongFocus);  // not by the wheel, which scrolls
  row.editor->installEventFilter(this);
  row.back->setObjectName("standard-" + QString::fromStdString(field.info.name));
  row.back->setAccessibleName(tr("Standard value of %1").arg(QString::fromStdString(field.info.label)));
  row.back->setIconSize({kBackIconPx, kBackIconPx});
  row.back->setFixedSize(kBackPx, kBackPx);
  connect(row.back, &QToolButton::clicked, this,
          [this, &field] { m_training.setField(field, train::standardValue(field, m_training.recipe())); });
  const int at = form.rowCount();
  form.addWidget(row.label, at, 0);
  form.addWidget(row.editor, at, 1);
  form.addWidget(row.back, at, 2);
  if (!field.live) {
    row.note = new QLabel(content);
    row.note->setObjectName("note-" + QString::fromStdString(field.info.name));
    row.note->setWordWrap(true);
    form.addWidget(row.note, at + 1, 1, 1, 2);
  }
  m_rows.push_back(row);
}

// Scrolled over, a control leaves the wheel to the form, unless it is the one in hand.
bool RecipePanel::eventFilter(QObject* object, QEvent* event) {
  if (event->type() != QEvent::Wheel || static_cast<QWidget*>(object)->hasFocus()) return QWidget::eventFilter(object, event);
  event->ignore();
  return true;
}

QString RecipePanel::noteOf(const train::RecipeField& field) const {
  if (!m_training.exists()) return {};
  const nn::FieldValue ofRun = field.get(m_training.run().log.start());
  if (ofRun == field.get(m_training.recipe())) return tr("from the next run on");
  return tr("from the next run on; this one keeps %1").arg(recipeText(field, ofRun));
}

void RecipePanel::present() {
  m_runExists = m_training.exists();
  const train::Recipe& recipe = m_training.recipe();
  m_standard->setEnabled(recipe != train::Recipe{});
  for (const Row& row : m_rows) {
    const nn::FieldValue standard = train::standardValue(*row.field, recipe);
    row.label->setToolTip(row.editor->toolTip());
    row.label->setEnabled(row.editor->isEnabled());
    row.back->setVisible(row.field->get(recipe) != standard);
    row.back->setToolTip(tr("Back to the standard value, %1").arg(recipeText(*row.field, standard)));
    if (!row.note) continue;
    row.note->setText(noteOf(*row.field));
    row.note->setVisible(m_runExists);
  }
}

void RecipePanel::setTheme(const Theme& theme) {
  m_theme = theme;
  const auto mute = [&theme](QLabel& label) {
    label.setFont(theme.small);
    colorWords(label, theme.muted);
  };
  mute(*m_intro);
  for (QLabel* title : m_titles) title->setFont(theme.bold(theme.body));
  for (const Row& row : m_rows) {
    row.back->setIcon(icon(Icon::Undo, theme));
    if (row.note) mute(*row.note);
  }
}

}  // namespace ui
