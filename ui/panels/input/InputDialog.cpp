#include "ui/panels/input/InputDialog.h"

#include <algorithm>
#include <memory>

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPointer>
#include <QPushButton>
#include <QThread>
#include <QTreeWidget>

#include "analysis/Answer.h"
#include "data/StrokeDigits.h"
#include "scene/text/Text.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {

constexpr std::size_t kTriedImages = 500;
constexpr double kBetterBy = 0.01, kBetterImages = 3;  // than what is in place: less may be luck
constexpr int kRowPx = 26;
constexpr int kMeaningColumn = 0, kInkColumn = 1, kRightColumn = 2;

QString inkText(const nn::InputSpec& input) {
  return input.ink == nn::InkPolarity::LightOnDark ? InputDialog::tr("light on dark, as MNIST")
                                                   : InputDialog::tr("dark on light, as paper");
}

QString numbersText(const std::vector<double>& values) {
  QStringList texts;
  for (const double value : values) texts << QString::number(value, 'g', 4);
  return texts.join(", ");
}

QString meaningText(const nn::InputSpec& input) {
  QString text;
  for (const train::InputPreset& preset : train::inputPresets()) {
    const bool same =
        preset.low == input.low && preset.high == input.high && preset.mean == input.mean && preset.deviation == input.deviation;
    if (same && !preset.title.empty()) text = QString::fromStdString(preset.title) + ": ";
  }
  text += InputDialog::tr("%1 to %2").arg(QLocale().toString(input.low), QLocale().toString(input.high));
  if (!input.mean.empty()) text += InputDialog::tr(", less %1").arg(numbersText(input.mean));
  if (!input.deviation.empty()) text += InputDialog::tr(", divided by %1").arg(numbersText(input.deviation));
  return text;
}

// Those that may be tried, what the network says now first.
std::vector<nn::InputSpec> inputsFor(const nn::Network& network) {
  const nn::InputSpec now = network.spec().input;
  std::vector<nn::InputSpec> all{now};
  for (const train::InputPreset& preset : train::inputPresets()) {
    if (preset.channels != 0 && preset.channels != nn::pictureShape(network.inputShape()).channels) continue;
    for (const char* ink : {",light", ",dark"}) {
      const nn::InputSpec input = *train::inputOfWords(preset.name + ink, now);
      if (std::find(all.begin(), all.end(), input) == all.end()) all.push_back(input);
    }
  }
  return all;
}

}  // namespace

InputDialog::InputDialog(Workbench& workbench, QWidget* parent)
    : QDialog(parent),
      m_workbench(workbench),
      m_rows(named("inputRows", new QTreeWidget(this))),
      m_tried(named("inputTried", new QLabel(this))),
      m_try(named("inputTry", new QPushButton(tr("Try them out"), this))),
      m_use(named("inputUse", new QPushButton(tr("Use"), this))) {
  setObjectName("inputDialog");
  auto* text =
      new QLabel(tr("What the numbers at the network's input stand for: black and white, and what is taken away and divided by before "
                    "they go in. It is kept with the model, in sessions and in exported files."),
                 this);
  text->setWordWrap(true);
  m_tried->setWordWrap(true);
  m_rows->setRootIsDecorated(false);
  m_rows->setHeaderLabels({tr("Black to white"), tr("Ink"), tr("Right")});
  m_rows->setAlternatingRowColors(true);
  m_rows->header()->setSectionResizeMode(kMeaningColumn, QHeaderView::Stretch);
  for (const int column : {kInkColumn, kRightColumn}) m_rows->header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
  m_rows->header()->setStretchLastSection(false);
  auto* close = new QPushButton(tr("Close"), this);
  columnOf(this, {16, 16, 16, 16}, 12, {text, {m_rows, 1}, m_tried, rowOf({m_try, LayoutPart::rest(), close, m_use})});
  resize(620, 460);
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
  connect(m_try, &QPushButton::clicked, this, &InputDialog::tryOut);
  connect(m_use, &QPushButton::clicked, this, &InputDialog::useChosen);
  connect(m_rows, &QTreeWidget::itemActivated, this, &InputDialog::useChosen);
  connect(m_rows, &QTreeWidget::currentItemChanged, this, [this] { m_use->setEnabled(m_rows->currentItem() != nullptr); });
  connect(&m_workbench, &Workbench::networkChanged, this, &InputDialog::fill);
  fill();
}

void InputDialog::fill() {
  m_rows->clear();
  m_inputs.clear();
  m_tried->clear();
  const std::shared_ptr<const nn::Network> network = m_workbench.network();
  m_try->setEnabled(network && analysis::classCount(*network) > 0);
  m_use->setEnabled(false);
  if (!network) return;
  setWindowTitle(tr("The input of %1").arg(m_workbench.model().title));
  m_inputs = inputsFor(*network);
  for (std::size_t i = 0; i < m_inputs.size(); ++i) {
    auto* row = new QTreeWidgetItem(m_rows, {meaningText(m_inputs[i]), inkText(m_inputs[i]), QString()});
    row->setSizeHint(kMeaningColumn, {0, kRowPx});
    row->setTextAlignment(kRightColumn, Qt::AlignRight | Qt::AlignVCenter);
    if (i > 0) continue;
    QFont bold = row->font(kMeaningColumn);
    bold.setBold(true);
    row->setFont(kMeaningColumn, bold);
    row->setText(kMeaningColumn, tr("%1 (now)").arg(row->text(kMeaningColumn)));
    m_rows->setCurrentItem(row);
  }
}

// On the images that are chosen; where they have other classes and the network tells ten apart, on stroke digits.
void InputDialog::tryOut() {
  const std::shared_ptr<const nn::Network> network = m_workbench.network();
  if (!network) return;
  const data::DataSplit& split = m_workbench.library().split();
  const std::shared_ptr<const data::Dataset> there = split.test                                          ? split.test
                                                     : split.validation && split.validation->count() > 0 ? split.validation
                                                                                                         : split.train;
  if (there && there->classNames.size() <= std::size_t(analysis::classCount(*network)))
    return tryOn(there, m_workbench.library().current().title);
  if (analysis::classCount(*network) != 10) {
    m_tried->setText(tr("There are no images of these classes: choose data in the Data menu first."));
    return;
  }
  tryOn(data::generateStrokeDigits(kTriedImages, 1), tr("stroke digits"));
}

void InputDialog::tryOn(const std::shared_ptr<const data::Dataset>& images, const QString& title) {
  m_try->setEnabled(false);
  m_tried->setText(tr("Trying them out on %1 ...").arg(title));
  const auto work = [dialog = QPointer<InputDialog>(this), network = m_workbench.network(), parameters = m_workbench.parameters(), images,
                     title](const data::Progress& progress) -> Jobs::Finish {
    const auto proposals = std::make_shared<std::vector<train::InputProposal>>(
        train::proposeInputs(*network, *parameters, *images, std::max(1, QThread::idealThreadCount() - 1), kTriedImages,
                             [&progress] { return !progress || progress(0); }));
    return [dialog, proposals, network, count = std::min(kTriedImages, images->count()), title] {
      if (dialog && dialog->m_workbench.network() == network) dialog->showTried(*proposals, count, title);
    };
  };
  m_workbench.jobs().start(tr("Trying out the input"), work, Jobs::Lane::Pictures);
}

void InputDialog::showTried(const std::vector<train::InputProposal>& proposals, std::size_t count, const QString& title) {
  m_try->setEnabled(true);
  QTreeWidgetItem* best = nullptr;
  const auto now = std::find_if(proposals.begin(), proposals.end(), [](const auto& one) { return one.words.empty(); });
  for (const train::InputProposal& proposal : proposals) {
    const auto found = std::find(m_inputs.begin(), m_inputs.end(), proposal.input);
    if (found == m_inputs.end()) continue;
    QTreeWidgetItem* row = m_rows->topLevelItem(int(found - m_inputs.begin()));
    row->setText(kRightColumn, QString::fromStdString(scene::percent(proposal.accuracy, 1)));
    if (!best && (proposal.words.empty() ||
                  (proposal.accuracy - now->accuracy) * double(count) >= std::max(kBetterImages, kBetterBy * double(count))))
      best = row;
  }
  if (!best) return m_tried->clear();  // canceled
  m_rows->setCurrentItem(best);
  m_tried->setText(tr("Right of %1 images of %2. The best is chosen; Use puts it in place.").arg(count).arg(title));
}

void InputDialog::useChosen() {
  const int row = m_rows->indexOfTopLevelItem(m_rows->currentItem());
  if (row <= 0) return;
  nn::NetworkSpec spec = m_workbench.network()->spec();
  spec.input = m_inputs[std::size_t(row)];
  m_workbench.describe(spec);
}

}  // namespace ui
