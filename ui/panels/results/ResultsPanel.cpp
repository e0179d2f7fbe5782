#include "ui/panels/results/ResultsPanel.h"

#include <algorithm>
#include <utility>

#include <QCheckBox>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QToolButton>

#include "tasks/ClassNames.h"
#include "tasks/Task.h"
#include "train/ValidationSchedule.h"
#include "ui/app/Workbench.h"
#include "ui/base/PictureGrid.h"
#include "ui/base/Widgets.h"
#include "ui/panels/results/ConfusionView.h"
#include "ui/panels/results/Measuring.h"

namespace ui {

namespace {

constexpr std::size_t kManyImages = 2000;  // for a slider that is followed
constexpr int kResultsMarginPx = 8, kCaptionPx = 92, kOneRowPx = 116;
constexpr int kAllButTheRest = 1000;     // of the height, while there is something to be shown
constexpr int kBesideEachOtherPx = 620;  // from this width on, where it is wider than high
enum MeasuredPart { kTestImages, kValidationImages };

}  // namespace

ResultsPanel::ResultsPanel(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
  setObjectName("resultsPanel");
  m_parts.summary = named("resultsSummary", new QLabel(this));
  m_parts.images = named("resultsImages", new QComboBox(this));
  m_parts.measure = named("resultsMeasure", new QPushButton(tr("Measure"), this));
  m_parts.shares = named("resultsShares", new QCheckBox(tr("Percentages"), this));
  m_parts.summary->setWordWrap(true);
  m_parts.summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_parts.images->addItem(tr("Test images"), kTestImages);
  m_parts.images->addItem(tr("Validation images"), kValidationImages);
  m_parts.images->setMinimumContentsLength(14);
  m_parts.images->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_parts.images->setAccessibleName(tr("Images to measure on"));
  m_parts.measure->setToolTip(tr("Answers all of these images with the weights as they are now"));
  m_parts.shares->setToolTip(tr("The share of its row, in place of how many they are"));
  m_parts.matrix = makeMatrix();
  m_parts.pictures = makePictures();
  m_body = new QBoxLayout(QBoxLayout::TopToBottom);
  m_body->setSpacing(6);
  m_body->addWidget(m_parts.matrix, 5);
  m_body->addWidget(m_parts.pictures, 1);
  columnOf(this, {kResultsMarginPx, 4, kResultsMarginPx, kResultsMarginPx}, 6,
           {m_parts.summary,
            rowOf({m_parts.images, m_parts.measure, LayoutPart::rest(), m_parts.shares}, 6),
            {m_body, kAllButTheRest},
            LayoutPart::rest()});
  wire();
  present();
}

QWidget* ResultsPanel::makeMatrix() {
  auto* matrix = new QWidget(this);
  m_view = new ConfusionView(matrix);
  m_parts.pairs = named("resultsPairs", new QListWidget(matrix));
  m_parts.pairs->setAccessibleName(tr("The classes that are confused most often"));
  m_parts.pairs->setFrameShape(QFrame::NoFrame);
  m_parts.cell = named("resultsCell", new QLabel(matrix));
  m_parts.cell->setWordWrap(true);
  m_parts.cell->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
  QSizePolicy asHighAsNeeded = m_parts.cell->sizePolicy();
  asHighAsNeeded.setVerticalPolicy(QSizePolicy::Maximum);
  m_parts.cell->setSizePolicy(asHighAsNeeded);
  // What the cells cannot use is for the pictures.
  columnOf(matrix, {}, 2, {{m_view, 1}, {m_parts.pairs, 1}, m_parts.cell})->setSizeConstraint(QLayout::SetMinAndMaxSize);
  return matrix;
}

QWidget* ResultsPanel::makePictures() {
  auto* pictures = new QWidget(this);
  m_parts.which = named("resultsWhich", new QLabel(pictures));
  m_parts.which->setWordWrap(true);
  m_parts.all = named("resultsAll", flatButton(pictures, tr("The pictures of all mistakes again")));
  m_parts.all->setText(tr("All mistakes"));
  m_parts.all->setFocusPolicy(Qt::StrongFocus);
  m_grid = named("resultsGrid", new PictureGrid(pictures));
  m_grid->setAccessibleName(tr("Pictures that were answered wrongly; Return puts one on the pad"));
  m_grid->setChoosesByOneClick(true);
  m_grid->setMinimumHeight(kOneRowPx);
  m_grid->setCaption([this](std::size_t index) { return captionOf(index).split(u'\n'); }, 2, kCaptionPx);
  columnOf(pictures, {}, 2, {rowOf({{m_parts.which, 1}, m_parts.all}, 6), {m_grid, 1}});
  return pictures;
}

void ResultsPanel::wire() {
  connect(m_parts.measure, &QPushButton::clicked, this, &ResultsPanel::measure);
  connect(m_parts.shares, &QCheckBox::toggled, m_view, &ConfusionView::setShares);
  connect(m_parts.all, &QToolButton::clicked, this, [this] { choosePair(std::nullopt); });
  connect(m_view, &ConfusionView::chosen, this, [this](ClassPair cell) { choosePair(cell); });
  connect(m_view, &ConfusionView::allWanted, this, [this] { choosePair(std::nullopt); });
  connect(m_view, &ConfusionView::pointed, this, &ResultsPanel::tellCell);
  connect(m_view, &ConfusionView::left, this, &ResultsPanel::tellRest);
  const auto ofList = [this](const QListWidgetItem* item) {
    const QPoint pair = item->data(Qt::UserRole).toPoint();
    choosePair(ClassPair{std::size_t(pair.x()), std::size_t(pair.y())});
  };
  connect(m_parts.pairs, &QListWidget::itemActivated, this, ofList);
  connect(m_parts.pairs, &QListWidget::itemClicked, this, ofList);
  connect(m_grid, &PictureGrid::chosen, this, [this](std::size_t index) { emit chosen(sampleOf(*m_shown->images, index)); });
  connect(&m_finder, &MistakeFinder::found, this, [this](const MistakeFinder::Certainties& certainties) {
    m_certainties = certainties;
    presentPictures();
  });
  const TrainingController& training = m_workbench.training();
  connect(&training, &TrainingController::snapshotChanged, this, &ResultsPanel::follow);
  connect(&training, &TrainingController::cleared, this, &ResultsPanel::follow);
  connect(&training.lookBack(), &LookBack::moved, this, &ResultsPanel::follow);
  connect(&m_meter, &MomentMeter::measured, this, &ResultsPanel::showMoment);
  connect(&m_workbench, &Workbench::networkChanged, this, &ResultsPanel::follow);
  connect(&m_workbench, &Workbench::parametersChanged, this, &ResultsPanel::follow);
  connect(&m_workbench.jobs(), &Jobs::changed, this, &ResultsPanel::follow);
  connect(&m_workbench.jobs(), &Jobs::dropped, this, [this](Jobs::Lane lane) {
    if (lane == Jobs::Lane::Data) m_waits = false;
  });
  connect(&m_workbench.library(), &DatasetCatalog::changed, this, [this] {
    if (m_workbench.library().split().train && std::exchange(m_waits, false)) measureNow();
  });
}

void ResultsPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  for (QWidget* above = parentWidget(); above; above = above->parentWidget())
    if (auto* dock = qobject_cast<QDockWidget*>(above))
      connect(dock, &QDockWidget::visibilityChanged, this, &ResultsPanel::updateSeen,
              Qt::ConnectionType(Qt::QueuedConnection | Qt::UniqueConnection));
  QMetaObject::invokeMethod(this, &ResultsPanel::updateSeen, Qt::QueuedConnection);  // it may be behind another panel
}

void ResultsPanel::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  updateSeen();
}

// A wide panel has the pictures beside the matrix.
void ResultsPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const bool beside = width() >= kBesideEachOtherPx && width() > height();
  m_body->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
  QMetaObject::invokeMethod(this, &ResultsPanel::updateSeen, Qt::QueuedConnection);
}

// Behind another panel it is not hidden, but nothing of it is seen.
void ResultsPanel::updateSeen() {
  const bool seen = isVisible() && !visibleRegion().isEmpty();
  if (seen == m_seen) return;
  m_seen = seen;
  if (m_seen) return follow();
  m_finder.cancel();
  m_meter.cancel();
  stopMeasuring();
}

void ResultsPanel::stopMeasuring() {
  m_waits = false;
  if (m_workbench.jobs().busy(Jobs::Lane::Measuring)) m_workbench.jobs().cancelAll(Jobs::Lane::Measuring);
}

void ResultsPanel::follow() {
  if (!m_seen) return;
  forgetWhatIsGone();
  m_workbench.training().lookBack().moment() ? followMoment() : followRun();
  if (m_shown && !m_certainties && !m_finder.busy()) findMistakes();
  present();
}

// With another network, and with the run that it was of.
void ResultsPanel::forgetWhatIsGone() {
  if (!m_shown) return;
  const train::Snapshot* snapshot = m_workbench.training().snapshot();
  const bool runIsGone = m_shown->step && (!snapshot || !snapshot->evaluation) && !m_workbench.training().lookBack().moment();
  if (m_shown->network == m_workbench.network() && !runIsGone) return;
  m_finder.cancel();
  m_shown.reset();
  m_certainties.reset();
  m_ofRun.reset();
  m_table = {};
  m_pair.reset();
  presentMatrix();
  presentPictures();
}

// On few images where there are many, so that it follows the slider; and back in the present the last ones of the run are shown again.
void ResultsPanel::followMoment() {
  const train::Moment& moment = *m_workbench.training().lookBack().moment();
  const KeptRun& run = m_workbench.training().run();
  if (!run.data.validation || run.data.validation->count() == 0 || !run.snapshot || run.snapshot->network != m_workbench.network()) return;
  const bool many = run.data.validation->count() > kManyImages;
  if (m_shown && m_shown->step == moment.step && m_shown->parameters == moment.parameters) return;
  m_ofRun.reset();
  m_meter.measure({m_workbench.network(), moment.parameters,
                   many ? train::partForValidation(run.data.validation, run.start().seed) : run.data.validation, nullptr},
                  moment.step);
}

void ResultsPanel::showMoment(const Measured& measured, std::uint64_t step) {
  const train::Moment* moment = m_workbench.training().lookBack().moment();
  if (!m_seen || !moment || moment->step != step || measured.network != m_workbench.network()) return;
  Shown shown;
  shown.parameters = measured.parameters;
  shown.evaluation = measured.evaluation;
  shown.which = tr("validation");
  shown.step = shown.weightsStep = step;
  show(measured.images, std::move(shown));
  present();
}

void ResultsPanel::followRun() {
  m_meter.cancel();
  const train::Snapshot* snapshot = m_workbench.training().snapshot();
  if (!snapshot || !snapshot->evaluation || snapshot->evaluation == m_ofRun || snapshot->network != m_workbench.network()) return;
  m_ofRun = snapshot->evaluation;
  Shown shown;
  shown.parameters = snapshot->parameters;
  shown.evaluation = snapshot->evaluation;
  shown.which = tr("validation");
  shown.step = snapshot->evaluationStep;
  shown.weightsStep = snapshot->step;
  show(m_workbench.training().run().data.validation, std::move(shown));
}

void ResultsPanel::measure() {
  if (!m_workbench.network() || m_workbench.jobs().busy(Jobs::Lane::Measuring)) return;
  const bool ofRun = m_workbench.training().exists();  // whose images stay, whatever the settings say by now
  if (ofRun || m_workbench.library().ready()) return measureNow();
  m_waits = true;
  if (!m_workbench.jobs().busy(Jobs::Lane::Data)) m_workbench.library().load([] {});
}

void ResultsPanel::measureNow() {
  const data::DataSplit& split = m_workbench.training().exists() ? m_workbench.training().run().data : m_workbench.library().split();
  const auto has = [](const std::shared_ptr<const data::Dataset>& set) { return set && set->count() > 0; };
  const bool test = (m_parts.images->currentData() == kTestImages && has(split.test)) || !has(split.validation);
  const std::shared_ptr<const data::Dataset>& chosen = test ? split.test : split.validation;
  if (!has(chosen))
    return m_workbench.tell(untilNext(
        Jobs::Lane::Measuring, Message::of(Message::Kind::Failure, m_workbench.library().current().title,
                                           tr("It has no images to measure on"), tr("Hold some out for validation (Training settings)."))));
  m_parts.images->setCurrentIndex(m_parts.images->findData(test ? kTestImages : kValidationImages));
  const std::shared_ptr<const data::Dataset> images = tasks::inOrderOf(*m_workbench.network(), chosen);
  Shown shown;
  shown.network = m_workbench.network();
  shown.parameters = m_workbench.parameters();
  shown.which = test ? tr("test") : tr("validation");
  const auto then = [this, images, shown](const std::shared_ptr<const train::Evaluation>& evaluation) {
    if (shown.network != m_workbench.network()) return;
    Shown measured = shown;
    measured.evaluation = evaluation;
    show(images, std::move(measured));
    present();
  };
  startMeasuring(m_workbench.jobs(), m_workbench.network(), m_workbench.parameters(), images, then);
}

void ResultsPanel::show(std::shared_ptr<const data::Dataset> images, Shown shown) {
  shown.network = m_workbench.network();
  shown.images = std::move(images);
  m_shown = std::move(shown);
  m_certainties.reset();
  const bool perPixel = tasks::taskOf(*m_shown->network).perPixel;
  const train::Evaluation& evaluation = *m_shown->evaluation;
  const QStringList before = m_table.names();
  m_table = evaluation.confusion.empty()
                ? ConfusionTable()
                : ConfusionTable(evaluation, namesOfRows(*m_shown->network, *m_shown->images, evaluation.classes()), perPixel);
  if (m_table.names() != before) m_pair.reset();
  presentMatrix();
  presentPictures();
  findMistakes();
}

void ResultsPanel::findMistakes() {
  if (m_seen && !m_shown->evaluation->answers.empty() && m_shown->images) m_finder.find(*m_shown);
}

}  // namespace ui
