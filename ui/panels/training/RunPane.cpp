#include "ui/panels/training/RunPane.h"

#include <optional>

#include <QActionGroup>
#include <QEvent>
#include <QMenu>
#include <QSettings>
#include <QToolButton>

#include "io/Files.h"
#include "train/history/MetricTable.h"
#include "train/history/RunAdvice.h"
#include "ui/app/FileCommands.h"
#include "ui/base/Settings.h"
#include "ui/base/Timers.h"
#include "ui/base/Widgets.h"
#include "ui/model/EarlierRuns.h"
#include "ui/panels/training/CurvePicture.h"
#include "ui/panels/training/CurvesView.h"
#include "ui/panels/training/HistoryBar.h"
#include "ui/panels/training/RunPageContent.h"

namespace ui {

namespace {

constexpr int kAdviceMs = 1000;        // from one look at the curves to the next
constexpr int kRoomForAdvicePx = 260;  // of the height: lower, the curves need it
constexpr int kMoreHeightPx = 22;
const QString kAxisKey = QStringLiteral("curves/axis"), kSmoothingKey = QStringLiteral("curves/smoothing"),
              kLogKey = QStringLiteral("curves/logarithmicLoss"), kOutliersKey = QStringLiteral("curves/leavesOutliersOut");

CurveOptions rememberedOptions() {
  const QSettings settings;
  CurveOptions options;
  options.axis = CurveAxis(std::clamp(settings.value(kAxisKey, 0).toInt(), 0, int(CurveAxis::Time)));
  options.smoothing = std::clamp(settings.value(kSmoothingKey, 0.0).toDouble(), 0.0, 0.999);
  options.logarithmicLoss = settings.value(kLogKey, true).toBool();
  options.leavesOutliersOut = settings.value(kOutliersKey, false).toBool();
  return options;
}

// "optimizer sgd, learning rate 0.1": what is since then.
std::vector<CurveMark> marksOf(const train::RunLog& log) {
  std::vector<CurveMark> marks;
  for (const train::RecipeChange& change : log.changes()) {
    QStringList words;
    for (const train::FieldChange& field : change.fields) words << QString::fromStdString(train::describe(field));
    const QString text = words.join(QStringLiteral(", "));
    if (!marks.empty() && marks.back().epoch == change.epoch)
      marks.back().label = QObject::tr("%1, then %2").arg(marks.back().label, text);
    else
      marks.push_back({change.epoch, text, change.step});
  }
  return marks;
}

template <typename Value>
void addChoices(QMenu* menu, QWidget* owner, Value present, std::initializer_list<std::pair<QString, Value>> choices,
                const std::function<void(Value)>& choose) {
  auto* group = new QActionGroup(menu);
  for (const auto& choice : choices) {
    QAction* action = menu->addAction(choice.first);
    action->setCheckable(true);
    action->setChecked(choice.second == present);
    group->addAction(action);
    QObject::connect(action, &QAction::triggered, owner, [choose, value = choice.second] { choose(value); });
  }
}

}  // namespace

RunPane::RunPane(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      m_workbench(workbench),
      m_earlier(new EarlierRuns(workbench.training(), this)),
      m_curves(new CurvesView(this)),
      m_history(new HistoryBar(workbench, this)),
      m_advice(named("runAdvice", new QLabel(this))),
      m_more(named("curvesMenuButton", flatButton(m_curves, tr("How the curves are drawn, and saved")))),
      m_menu(new QMenu(this)) {
  m_advice->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  m_advice->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_advice->hide();
  m_more->setText(QStringLiteral("\u22ef"));
  m_more->setPopupMode(QToolButton::InstantPopup);
  m_more->setMenu(m_menu);
  columnOf(this, {}, 4, {m_advice, {m_curves, 1}, m_history});
  m_curves->setOptions(rememberedOptions());
  m_curves->setEarlier(m_earlier);
  connect(m_menu, &QMenu::aboutToShow, this, &RunPane::makeMenu);
  m_menu->setObjectName("curvesMenu");
  m_curves->installEventFilter(this);
  m_curves->setContextMenuPolicy(Qt::CustomContextMenu);
  connect(m_curves, &QWidget::customContextMenuRequested, this, [this](QPoint at) { m_menu->popup(m_curves->mapToGlobal(at)); });
  runOnce(m_adviceSoon, kAdviceMs, this, &RunPane::presentAdvice);
  wireCurves();
}

void RunPane::wireCurves() {
  TrainingController& training = m_workbench.training();
  connect(&training, &TrainingController::metricsAdded, m_curves, &CurvesView::pointsAdded);
  connect(&training, &TrainingController::metricsAdded, this, [this] {
    if (!m_adviceSoon.isActive()) m_adviceSoon.start();
  });
  const auto mark = [this, &training] { m_curves->setMarks(marksOf(training.run().log)); };
  connect(&training, &TrainingController::recipeChanged, m_curves, mark);
  connect(&training, &TrainingController::cleared, m_curves, mark);
  connect(&training, &TrainingController::cleared, m_curves, &CurvesView::cleared);
  const auto showMoment = [this, &training] {
    const train::Moment* moment = training.lookBack().moment();
    m_curves->setMoment(moment ? std::optional(CurveMark{moment->epoch, {}, moment->step}) : std::nullopt);
  };
  connect(&training.lookBack(), &LookBack::moved, m_curves, showMoment);
  connect(&training, &TrainingController::cleared, m_curves, showMoment);
  connect(&training, &TrainingController::cleared, this, &RunPane::presentAdvice);
  m_curves->setMetrics(&training.run().metrics);
  const auto present = [this] {
    if (m_workbench.network()) m_curves->setTask(tasks::taskOf(*m_workbench.network()));
  };
  connect(&m_workbench, &Workbench::networkChanged, m_curves, present);
  present();
}

// At the end of the curves' first line of words, which leaves it room.
bool RunPane::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_curves && event->type() == QEvent::Resize) {
    const QSize size = m_more->sizeHint();
    m_more->setGeometry(m_curves->width() - size.width(), 0, size.width(), std::min(size.height(), kMoreHeightPx));
    m_more->raise();
  }
  return QWidget::eventFilter(watched, event);
}

void RunPane::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  presentAdvice();
}

QSize RunPane::minimumSizeHint() const {
  return m_curves->minimumSizeHint();
}

void RunPane::setTheme(const Theme& theme) {
  m_theme = theme;
  m_curves->setTheme(theme);
  m_history->setTheme(theme);
  m_advice->setFont(theme.small);
  colorWords(*m_advice, theme.text);
  presentAdvice();
}

void RunPane::presentAdvice() {
  const auto& network = m_workbench.network();
  const std::optional<train::RunAdvice> advice =
      network ? train::adviceOn(m_workbench.training().run().metrics, tasks::taskOf(*network)) : std::nullopt;
  m_advice->setVisible(advice.has_value());
  if (!advice) return m_advice->clear();
  // Where the curves need the room it is one line, and the tip has it whole.
  const QString what = QString::fromStdString(advice->what) + u'.', hint = QString::fromStdString(advice->hint) + u'.';
  const bool whole = height() >= kRoomForAdvicePx;
  m_advice->setWordWrap(whole);
  m_advice->setTextFormat(whole ? Qt::RichText : Qt::PlainText);
  const QString text = whole ? QStringLiteral("<b>%1</b> %2").arg(what.toHtmlEscaped(), hint.toHtmlEscaped())
                             : m_advice->fontMetrics().elidedText(what, Qt::ElideRight, width());
  if (m_advice->text() != text) m_advice->setText(text);
  m_advice->setToolTip(what + u' ' + hint);
}

// Made anew each time: what is checked is what is.
void RunPane::makeMenu() {
  m_menu->clear();
  const auto change = [this](const std::function<void(CurveOptions&)>& function) {
    CurveOptions options = m_curves->options();
    function(options);
    m_curves->setOptions(options);
    remember(kAxisKey, int(options.axis));
    remember(kSmoothingKey, options.smoothing);
    remember(kLogKey, options.logarithmicLoss);
    remember(kOutliersKey, options.leavesOutliersOut);
  };
  const CurveOptions& options = m_curves->options();
  QMenu* axis = m_menu->addMenu(tr("&Over"));
  addChoices<CurveAxis>(axis, this, options.axis,
                        {{tr("&Epochs"), CurveAxis::Epochs}, {tr("&Steps"), CurveAxis::Steps}, {tr("&Time of training"), CurveAxis::Time}},
                        [change](CurveAxis value) { change([value](CurveOptions& each) { each.axis = value; }); });
  QMenu* smoothing = m_menu->addMenu(tr("S&moothing"));
  addChoices<double>(smoothing, this, options.smoothing,
                     {{tr("&None"), 0.0},
                      {QStringLiteral("0.&6"), 0.6},
                      {QStringLiteral("0.&9"), 0.9},
                      {QStringLiteral("0.9&7"), 0.97},
                      {QStringLiteral("0.99"), 0.99}},
                     [change](double value) { change([value](CurveOptions& each) { each.smoothing = value; }); });
  const auto addSwitch = [&](const QString& title, bool CurveOptions::*field) {
    QAction* action = m_menu->addAction(title);
    action->setCheckable(true);
    action->setChecked(options.*field);
    connect(action, &QAction::triggered, this, [change, field](bool on) { change([field, on](CurveOptions& each) { each.*field = on; }); });
  };
  addSwitch(tr("&Logarithmic loss"), &CurveOptions::logarithmicLoss);
  addSwitch(tr("Leave &outliers out of the picture"), &CurveOptions::leavesOutliersOut);
  m_menu->addAction(tr("Show &all of the run (double-click)"), this, [this] { m_curves->zoomTo({}); });
  m_menu->addSeparator();
  for (const EarlierRun& run : m_earlier->all()) m_menu->addAction(run.name)->setEnabled(false);
  if (!m_earlier->all().empty()) {
    m_menu->addAction(tr("&Forget the earlier runs"), m_earlier, &EarlierRuns::forget);
    m_menu->addSeparator();
  }
  const auto addSave = [&](const QString& title, void (RunPane::*save)()) {
    m_menu->addAction(title, this, save)->setEnabled(!m_workbench.training().run().metrics.empty());
  };
  addSave(tr("Save the &run as a page to hand in..."), &RunPane::savePage);
  addSave(tr("Save the curves as a &picture..."), &RunPane::savePicture);
  addSave(tr("Save the &figures as a table..."), &RunPane::saveTable);
}

void RunPane::savePage() {
  const KeptRun& run = m_workbench.training().run();
  save(tr("Save the run as a page"), QStringLiteral("training.html"), tr("Web pages (*.html)"), {"html"}, [&](const QString&) -> Bytes {
    return [page = runPageOf(m_workbench, *m_curves), data = run.data, source = run.dataKey]() mutable {
      addImages(page, data, source);
      return cli::htmlOf(page);
    };
  });
}

void RunPane::savePicture() {
  save(tr("Save the curves"), QStringLiteral("curves.png"), tr("Pictures (*.png *.svg)"), {"png", "svg"},
       [&](const QString& path) -> Bytes {
         return [picture = curvesPicture(*m_curves, path.endsWith(QStringLiteral(".svg")))] { return picture; };
       });
}

void RunPane::saveTable() {
  save(tr("Save the figures of the curves"), QStringLiteral("curves.csv"), tr("Comma-separated values (*.csv)"), {"csv"},
       [&](const QString&) -> Bytes {
         return [metrics = m_workbench.training().run().metrics] { return QByteArray::fromStdString(train::tableOf(metrics)); };
       });
}

// `content` is asked for in the UI thread, and what it returns in a job.
void RunPane::save(const QString& title, const QString& name, const QString& filter, const QStringList& suffixes,
                   const std::function<Bytes(const QString& path)>& content) {
  const QString path = FileCommands::askSavePath(m_workbench, window(), title, name, filter, suffixes);
  if (path.isEmpty()) return;
  const auto work = [this, path, bytes = content(path)](const data::Progress&) -> Jobs::Finish {
    io::writeFile(path, bytes());
    return [this, path] { m_workbench.tell(Message::of(Message::Kind::Info, path, tr("Saved"))); };
  };
  m_workbench.jobs().start(tr("Saving %1").arg(path), work, Jobs::Lane::Exports);
}

}  // namespace ui
