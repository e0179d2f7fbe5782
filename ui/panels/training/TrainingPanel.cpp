#include "ui/panels/training/TrainingPanel.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include "io/datasets/Datasets.h"
#include "ui/base/Numbers.h"
#include "ui/base/Widgets.h"
#include "ui/panels/training/Choice.h"
#include "ui/panels/training/CurveFigures.h"
#include "ui/panels/training/CurvesView.h"
#include "ui/panels/training/RecipeEditor.h"
#include "ui/panels/training/RunPane.h"
#include "ui/panels/training/TransportButtons.h"

namespace ui {

namespace {

using train::RunState;

constexpr int kControlsPx = 380, kFiguresPx = 84, kFieldGapPx = 24, kPanelMarginPx = 8;
constexpr int kColumnShares[] = {9, 11, 9};  // data sets have the longest names
constexpr const char* kFolderKey = "<folder>";
constexpr const char* kDownloadKey = "<download>";  // and the name of the set

// Three significant figures: a speed that jumps in its last digits cannot be read.
QString speedText(double value) {
  double unit = 1;
  while (value / unit >= 1000) unit *= 10;
  return countText(qulonglong(std::round(value / unit) * unit));
}

QString withFullStop(const QString& sentence) {
  return sentence.isEmpty() || sentence.endsWith(u'.') ? sentence : sentence + u'.';
}

}  // namespace

TrainingPanel::TrainingPanel(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      m_workbench(workbench),
      m_transport(new TransportButtons(this)),
      m_state(named("trainingState", new QLabel(this))),
      m_reason{named("trainingReason", new QLabel(this)), new QLabel(this)} {
  setObjectName("trainingPanel");
  m_run = new RunPane(workbench, this);
  m_figures = makeFigures();
  QVBoxLayout* column = columnOf(nullptr, {}, 4, {m_reason.aboveCurves, {m_run, 1}});
  rowOf(this, {kPanelMarginPx, 4, kPanelMarginPx, 8}, kFieldGapPx, {{makeControls(), 0, Qt::AlignLeft}, m_figures, {column, 1}});

  connect(m_transport, &TransportButtons::playRequested, &m_workbench, &Workbench::play);
  connect(m_transport, &TransportButtons::pauseRequested, &m_workbench.training(), &TrainingController::pause);
  connect(m_transport, &TransportButtons::stepRequested, &m_workbench, &Workbench::singleStep);
  connect(m_transport, &TransportButtons::resetRequested, &m_workbench, &Workbench::reset);
  wireChoices();

  TrainingController& training = m_workbench.training();
  connect(&training, &TrainingController::snapshotChanged, this, &TrainingPanel::presentState);
  connect(&training, &TrainingController::cleared, this, &TrainingPanel::presentState);
  connect(&training.lookBack(), &LookBack::moved, this, &TrainingPanel::presentState);
  connect(&m_workbench.jobs(), &Jobs::changed, this, &TrainingPanel::presentState);
  connect(&m_workbench, &Workbench::networkChanged, this, &TrainingPanel::listNetworks);
  connect(&m_workbench, &Workbench::startChanged, this, &TrainingPanel::listStarts);
  connect(&m_workbench.library(), &DatasetCatalog::changed, this, &TrainingPanel::listData);
  listNetworks();
  listData();
  listStarts();
  presentState();
}

void TrainingPanel::addCaptioned(QGridLayout& grid, int row, int column, const QString& label, QWidget* editor) {
  auto* caption = new QLabel(label, this);
  caption->setBuddy(editor);
  m_captions.push_back(caption);
  grid.addWidget(caption, row, column);
  grid.addWidget(editor, row + 1, column);
}

QComboBox* TrainingPanel::addChoice(QGridLayout& grid, int column, const QString& label, const QString& name, const QString& tip) {
  auto* box = new Choice(this);
  box->setObjectName(name);
  box->setToolTip(tip);
  box->setAccessibleName(label);
  box->setMinimumContentsLength(4);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  addCaptioned(grid, 0, column, label, box);
  return box;
}

void TrainingPanel::addEditor(QGridLayout& grid, int column, std::string_view field, const QString& name) {
  const train::RecipeField& row = *train::findRecipeField(field);
  QWidget* editor = makeRecipeEditor(m_workbench.training(), row, this);
  editor->setObjectName(name);
  addCaptioned(grid, 3, column, QString::fromStdString(row.info.label), editor);
}

QSize TrainingPanel::minimumSizeHint() const {
  return {kControlsPx + 2 * kPanelMarginPx, heightForWidth(width())};
}

// As high as the fields need with what stands above them; the curves and what is written there take what there is.
int TrainingPanel::heightForWidth(int) const {
  const QMargins margins = layout()->contentsMargins();
  const int controls = layout()->itemAt(0)->widget()->heightForWidth(kControlsPx) + margins.top() + margins.bottom();
  return std::max(layout()->minimumSize().height(), controls);
}

// A narrow panel keeps what is worked with, then the curves; the figures stand in the line of the state then.
void TrainingPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const int spare = width() - kControlsPx - 2 * kPanelMarginPx - kFieldGapPx;
  m_figures->setVisible(spare >= kFiguresPx + kFieldGapPx + CurvesView::kBothPx);
  m_run->setVisible(spare >= m_run->minimumSizeHint().width());
  presentState();
}

QWidget* TrainingPanel::makeControls() {
  auto* controls = new QWidget(this);
  controls->setFixedWidth(kControlsPx);
  m_settings = named("recipeButton", new QToolButton(this));
  m_settings->setText(tr("All settings..."));
  m_settings->setToolTip(tr("Every setting of a training run: schedule, loss, regularization, augmentation and more"));
  connect(m_settings, &QToolButton::clicked, this, &TrainingPanel::settingsRequested);
  m_state->setWordWrap(true);
  m_state->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  for (QLabel* reason : {m_reason.aboveCurves, m_reason.belowFields}) {
    reason->setWordWrap(true);
    reason->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    reason->setTextInteractionFlags(Qt::TextSelectableByMouse);
    reason->hide();
  }
  m_reason.belowFields->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Ignored);  // it takes what the fields leave

  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(2);
  grid->setRowMinimumHeight(2, 4);
  for (int column = 0; column < 3; ++column) grid->setColumnStretch(column, kColumnShares[column]);
  m_network = addChoice(*grid, 0, tr("Network"), "networkChoice", tr("What is trained and shown"));
  m_data = addChoice(*grid, 1, tr("Data"), "dataChoice", tr("What it is trained on"));
  m_start =
      addChoice(*grid, 2, tr("Starting weights"), "startChoice", tr("The weights that training begins with; reset comes back to them"));
  addEditor(*grid, 0, "optimizer", "optimizerChoice");
  addEditor(*grid, 1, "learning-rate", "rateChoice");
  addEditor(*grid, 2, "batch-size", "batchChoice");

  QVBoxLayout* beside = columnOf(nullptr, {}, 0, {{m_state, 1}, rowOf({m_settings, {makePace(), 1}}, 8)});
  columnOf(controls, {}, 8, {rowOf({m_transport, {beside, 1}}, 12), grid, {m_reason.belowFields, 1}, LayoutPart::rest()});
  return controls;
}

// At full speed a small network has learned most of it in a second: nobody sees it happen.
QWidget* TrainingPanel::makePace() {
  auto* pace = named("paceChoice", new Choice(this));
  pace->setAccessibleName(tr("Speed of training"));
  pace->setToolTip(tr("How fast it trains, for watching: the steps are the same at any speed"));
  pace->addItem(tr("Full speed"), 0.0);
  for (const int steps : {100, 25, 10, 5, 2, 1}) pace->addItem(steps == 1 ? tr("1 step/s") : tr("%1 steps/s").arg(steps), double(steps));
  pace->setMinimumContentsLength(4);
  pace->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  connect(pace, &QComboBox::currentIndexChanged, this, [this, pace] { m_workbench.training().setPace(pace->currentData().toDouble()); });
  return pace;
}

QWidget* TrainingPanel::makeFigures() {
  auto* figures = new QWidget(this);
  QVBoxLayout* column = columnOf(figures, {}, 0);
  figures->setFixedWidth(kFiguresPx);
  const auto add = [&](const QString& name) {
    auto* value = new QLabel(this);
    auto* caption = new QLabel(name, this);
    m_captions.push_back(caption);
    addTo(*column, {value, caption, LayoutPart::rest()});
    return value;
  };
  m_values.epoch = add(tr("epochs"));
  m_values.step = add(tr("steps"));
  m_values.speed = add(tr("images/s"));
  m_values.elapsed = add(tr("elapsed"));
  return figures;
}

void TrainingPanel::wireChoices() {
  connect(m_start, &QComboBox::activated, this, [this] {
    m_workbench.setStartFrom(StartFrom(m_start->currentData().toInt()));
    listStarts();  // the choice shows what is, also while new weights are still being drawn
  });
  connect(m_network, &QComboBox::activated, this, &TrainingPanel::networkPicked);
  connect(m_data, &QComboBox::activated, this, &TrainingPanel::dataPicked);
}

void TrainingPanel::listNetworks() {
  m_network->clear();
  for (const ShippedNetwork& shipped : m_workbench.models().shipped()) {
    m_network->addItem(shipped.name, shipped.name);  // there is no room for more: what it starts with stands beside it
    m_network->setItemData(m_network->count() - 1, shipped.trained ? shipped.title : tr("%1 (untrained)").arg(shipped.title),
                           Qt::ToolTipRole);
  }
  int index = m_network->findData(m_workbench.model().name);
  if (index < 0 && !m_workbench.model().name.isEmpty()) {
    m_network->addItem(m_workbench.model().title, m_workbench.model().name);
    index = m_network->count() - 1;
  }
  m_network->setCurrentIndex(index);
}

void TrainingPanel::networkPicked(int index) {
  const QString name = m_network->itemData(index).toString();
  if (name != m_workbench.model().name) emit networkRequested(name);
  listNetworks();  // where the person thought better of it, the old choice stands again
}

void TrainingPanel::listData() {
  m_data->clear();
  for (const DataSource& source : m_workbench.library().sources()) {
    m_data->addItem(source.title, source.key);
    m_data->setItemData(m_data->count() - 1, source.help, Qt::ToolTipRole);
  }
  const int index = m_data->findData(m_workbench.library().current().key);
  m_data->insertSeparator(m_data->count());
  m_data->addItem(io::folderDataset().title + QStringLiteral("..."), kFolderKey);
  for (const io::DatasetInfo& set : io::datasets())
    if (!set.files.empty()) m_data->addItem(tr("Download %1...").arg(set.title), kDownloadKey + set.id);
  m_data->setCurrentIndex(index);
}

void TrainingPanel::dataPicked(int index) {
  const QString key = m_data->itemData(index).toString();
  listData();
  if (key == kFolderKey)
    emit folderRequested();
  else if (key.startsWith(QLatin1String(kDownloadKey)))
    emit downloadRequested(key.mid(qsizetype(std::strlen(kDownloadKey))));
  else
    m_workbench.library().choose(key, m_workbench.training().running());
}

void TrainingPanel::listStarts() {
  m_start->clear();
  if (m_workbench.model().hasTrainedStart()) m_start->addItem(tr("Trained"), int(StartFrom::Trained));
  m_start->addItem(tr("New random"), int(StartFrom::Random));
  m_start->setCurrentIndex(m_start->findData(int(m_workbench.model().startFrom)));
}

QString TrainingPanel::headline() const {
  if (const train::Moment* moment = m_workbench.training().lookBack().moment())
    return tr("Looking back: step %1 of %2.").arg(countText(moment->step), countText(m_workbench.training().snapshot()->step));
  const train::Snapshot* snapshot = m_workbench.training().snapshot();
  switch (snapshot ? snapshot->state : RunState::Ready) {
    case RunState::Ready:
      if (!m_workbench.model().unread.isEmpty()) return tr("Not to be trained: parts of it could not be read.");
      return m_workbench.training().running() ? tr("Starting ...") : tr("Press play to train.");
    case RunState::Running:
      return tr("Training.");
    case RunState::Paused:
      if (m_workbench.training().running()) return tr("Starting ...");
      return snapshot->message.empty() ? tr("Paused.") : withFullStop(QString::fromStdString(snapshot->message));
    case RunState::Diverged:
      return tr("Diverged. Lower the learning rate, then reset.");
    case RunState::Failed:
      return tr("Stopped. Reset to try again.");
  }
  return {};
}

bool TrainingPanel::isWrong() const {
  const train::Snapshot* snapshot = m_workbench.training().snapshot();
  return snapshot && (snapshot->state == RunState::Diverged || snapshot->state == RunState::Failed);
}

QString TrainingPanel::stateText() const {
  if (m_workbench.jobs().busy()) return m_workbench.jobs().title() + QStringLiteral(" ...");
  if (!isWrong()) return headline();
  return headline() + u' ' + withFullStop(QString::fromStdString(m_workbench.training().snapshot()->message));
}

void TrainingPanel::presentState() {
  const train::Snapshot* snapshot = m_workbench.training().snapshot();
  const bool wrong = isWrong(), busy = m_workbench.jobs().busy();
  m_transport->setRunning(m_workbench.training().running());
  m_run->curves().setDiverged(snapshot && snapshot->state == RunState::Diverged);
  QString text = busy ? m_state->fontMetrics().elidedText(stateText(), Qt::ElideMiddle, 2 * m_state->width()) : headline();
  QString tip = stateText();
  if (snapshot && !wrong && m_figures->isHidden()) {
    const train::Moment* moment = m_workbench.training().lookBack().moment();
    const QString epochs = u'\n' + tr("%1 epochs").arg(moment ? moment->epoch : snapshot->epoch, 0, 'f', 2);
    text += epochs;
    tip += epochs;
  }
  if (m_state->text() != text) m_state->setText(text);
  tip += confusionText();
  if (m_state->toolTip() != tip) m_state->setToolTip(tip);
  paintState(m_state, wrong);
  QString reason = wrong && !busy ? withFullStop(QString::fromStdString(snapshot->message)) : QString();
  const auto& moments = m_workbench.training().run().moments;
  if (!reason.isEmpty() && moments && moments->size() > 1) reason += u' ' + tr("The slider leads back to before that.");
  presentReason(reason);
  presentFigures();
}

void TrainingPanel::paintState(QLabel* label, bool wrong) const {
  const QColor color = wrong ? m_theme.warning : m_theme.text;
  if (label->palette().color(QPalette::WindowText) != color) colorWords(*label, color);
}

// The curves give it some of their room: beside the buttons it would push the fields out of the panel.
void TrainingPanel::presentReason(const QString& reason) {
  for (QLabel* label : {m_reason.aboveCurves, m_reason.belowFields}) {
    if (label->text() != reason) label->setText(reason);
    paintState(label, true);
    label->setVisible(!reason.isEmpty() && (label == m_reason.aboveCurves) == !m_run->isHidden());
  }
}

// The wrong answer that the network gives most often, as of the last time that all validation images were looked at.
QString TrainingPanel::confusionText() const {
  const train::Snapshot* snapshot = m_workbench.training().snapshot();
  if (!snapshot || !snapshot->evaluation || snapshot->evaluation->answers.empty()) return {};
  const auto most = snapshot->evaluation->mostConfused();
  const std::vector<std::string>& names = m_workbench.training().run().data.validation->classNames;
  const auto nameOf = [&](std::size_t k) { return k < names.size() ? QString::fromStdString(names[k]) : QString::number(k); };
  const QString all = tr("%1 validation images, step %2").arg(countText(snapshot->evaluation->count), countText(snapshot->evaluationStep));
  if (!most) return u'\n' + tr("No class is taken for another (%1)").arg(all);
  return u'\n' + tr("Most often confused: %1 taken for %2, %3 times (%4)")
                     .arg(nameOf(most->label), nameOf(most->answer), countText(most->count), all);
}

void TrainingPanel::presentFigures() {
  const train::Snapshot* snapshot = m_workbench.training().snapshot();
  const QString none = QStringLiteral("\u2013");
  const train::Moment* moment = m_workbench.training().lookBack().moment();
  m_values.epoch->setText(snapshot ? QString::number(moment ? moment->epoch : snapshot->epoch, 'f', 2) : none);
  m_values.step->setText(snapshot ? countText(moment ? moment->step : snapshot->step) : none);
  m_values.speed->setText(snapshot && snapshot->imagesPerSecond > 0 ? speedText(snapshot->imagesPerSecond) : none);
  m_values.elapsed->setText(snapshot ? clockText(snapshot->elapsedSeconds) : none);
}

void TrainingPanel::setTheme(const Theme& theme) {
  m_theme = theme;
  m_transport->setTheme(theme);
  m_run->setTheme(theme);
  for (QLabel* caption : m_captions) {
    caption->setFont(theme.small);
    colorWords(*caption, theme.muted);
  }
  for (QLabel* figure : {m_values.epoch, m_values.step, m_values.speed, m_values.elapsed}) figure->setFont(theme.bold(theme.body));
  m_state->setFont(theme.body);
  for (QLabel* reason : {m_reason.aboveCurves, m_reason.belowFields}) reason->setFont(theme.small);
  m_settings->setStyleSheet(
      QStringLiteral("#recipeButton { background: %1; border: 1px solid %2; padding: 2px 10px; }"
                     "#recipeButton:hover { background: %3; } #recipeButton:focus { border-color: %4; }")
          .arg(theme.raised.name(), theme.line.name(), mix(theme.raised, theme.text, 0.08).name(), theme.accent.name()));
  presentState();
}

}  // namespace ui
