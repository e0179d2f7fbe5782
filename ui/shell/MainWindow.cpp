#include "ui/shell/MainWindow.h"

#include <algorithm>
#include <thread>

#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMenuBar>
#include <QMimeData>
#include <QScreen>
#include <QVBoxLayout>

#include "io/DataFiles.h"
#include "ui/app/Appearance.h"
#include "ui/app/Commands.h"
#include "ui/app/FileCommands.h"
#include "ui/base/DockBody.h"
#include "ui/panels/datasets/DownloadDialog.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/NetworkInputView.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/panels/inspector/Inspector.h"
#include "ui/panels/inspector/UnitDock.h"
#include "ui/panels/inspector/WeightWindow.h"
#include "ui/panels/prediction/ProbabilityBars.h"
#include "ui/panels/training/RecipePanel.h"
#include "ui/panels/training/TrainingPanel.h"
#include "ui/scene/Recorder.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneExport.h"
#include "ui/scene/SceneHost.h"
#include "ui/scene/SceneOptions.h"
#include "ui/shell/AccessibleText.h"
#include "ui/shell/CommandBox.h"
#include "ui/shell/DockSizes.h"
#include "ui/shell/HelpDialogs.h"
#include "ui/shell/Menus.h"
#include "ui/shell/MessageStrip.h"
#include "ui/shell/ProgressStrip.h"
#include "ui/shell/SceneWiring.h"
#include "ui/shell/WindowMemory.h"

namespace ui {

namespace {
// What the panels take of the window at first, within limits.
constexpr double kLeftShare = 0.2, kRightShare = 0.24, kBottomShare = 0.24;
constexpr int kLeftPx = 304, kMostLeftPx = 480;
constexpr int kRightPx = 344, kMostRightPx = 560;
constexpr int kBottomPx = 204, kMostBottomPx = 320;
// What a window of less than this can spare: first the size of the pad, then the steps of the preparation and the width of the
// panels, at last all but the scene and the pad.
constexpr int kAmpleHeight = 736, kStepsHeight = 672;
constexpr int kFirmWidth = 900;
constexpr int kRoomyWidth = 760, kRoomyHeight = 540;
constexpr int kSparePadPx = 200, kTinyPadPx = 100;
constexpr int kTinyWidth = 560;
constexpr int kScenePx = 250;  // the scene never gets less
constexpr QSize kSmallest(400, 300);
}  // namespace

MainWindow::MainWindow(Workbench& workbench, Appearance& appearance)
    : m_workbench(workbench), m_appearance(appearance), m_files(new FileCommands(workbench, *this)), m_dockSizes(new DockSizes(*this)) {
  setWindowTitle("ConvScope");
  setAcceptDrops(true);
  setDockOptions(AnimatedDocks | AllowTabbedDocks | AllowNestedDocks);
  installAccessibleText();  // before the first view is told of
  makeCenter();
  makeDocks();
  makeMenus();
  wirePad();
  wireScene();
  wireTraining();
  wireMessages();
  connect(&m_appearance, &Appearance::themeChanged, this, &MainWindow::applyTheme);
  applyTheme();
  setMinimumSize(kSmallest);
  setGeometry(firstGeometry(screen()->availableGeometry()));
  defaultLayout();
  restoreWindow(*this);
  showNetwork();
}

MainWindow::~MainWindow() {
  // The panels are hidden while QWidget takes them down; what they tell must not reach a window that is gone already.
  for (QObject* part : findChildren<QObject*>()) part->disconnect(this);
}

void MainWindow::makeCenter() {
  auto* center = new QWidget(this);
  m_messages = new MessageStrip(center);
  m_scene = new SceneHost(m_workbench.selection(), center);
  auto* column = new QVBoxLayout(center);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(m_messages);
  column->addWidget(m_scene, 1);
  m_scene->setMinimumSize(120, 100);
  setCentralWidget(center);
}

QDockWidget* MainWindow::makeDock(const QString& name, const QString& title, QWidget* content, const QSize& smallest) {
  auto* dock = new QDockWidget(title, this);
  auto* body = new DockBody(content, smallest, dock);
  dock->setObjectName(name);
  dock->setWidget(body);
  m_dockSizes->watch(dock);
  m_docks.push_back(dock);
  m_bodies.push_back(body);
  return dock;
}

void MainWindow::makeDocks() {
  setCorner(Qt::TopLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::TopRightCorner, Qt::RightDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
  auto* drawing = new QWidget(this);
  m_pad = new PadPanel(m_workbench, drawing);
  m_received = new NetworkInputView(drawing);
  auto* column = new QVBoxLayout(drawing);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(m_pad, 2);
  column->addWidget(m_received, 1);
  m_answer = new ProbabilityBars(this);
  m_inspector = new Inspector(this);
  m_training = new TrainingPanel(m_workbench, this);
  m_recipe = new RecipePanel(m_workbench.training(), this);
  m_padDock = makeDock("padDock", tr("Drawing"), drawing, {130, 120});
  m_answerDock = makeDock("answerDock", tr("Answer"), m_answer, {180, 80});
  m_inspectorDock = makeDock("inspectorDock", tr("Unit"), m_inspector, {200, 80});
  m_trainingDock = makeDock("trainingDock", tr("Training"), m_training, {120, 60});
  m_recipeDock = makeDock("recipeDock", tr("Training settings"), m_recipe, {200, 80});
}

void MainWindow::defaultLayout() {
  for (QDockWidget* dock : m_docks) dock->setFloating(false);
  addDockWidget(Qt::LeftDockWidgetArea, m_padDock);
  addDockWidget(Qt::LeftDockWidgetArea, m_answerDock);
  addDockWidget(Qt::RightDockWidgetArea, m_inspectorDock);
  addDockWidget(Qt::BottomDockWidgetArea, m_trainingDock);
  tabifyDockWidget(m_inspectorDock, m_recipeDock);
  for (QDockWidget* dock : m_docks) dock->setVisible(dock != m_recipeDock && (dock != m_inspectorDock || m_workbench.selection().pinned()));
  const int left = std::clamp(int(kLeftShare * width()), kLeftPx, kMostLeftPx);
  const int right = std::clamp(int(kRightShare * width()), kRightPx, kMostRightPx);
  const int bottom = std::clamp(int(kBottomShare * height()), kBottomPx, kMostBottomPx);
  resizeDocks({m_padDock, m_inspectorDock}, {left, right}, Qt::Horizontal);
  resizeDocks({m_padDock, m_answerDock}, {3 * height() / 4, height() / 4}, Qt::Vertical);
  resizeDocks({m_trainingDock}, {bottom}, Qt::Vertical);
}

void MainWindow::resetLayout() {
  forgetWindow();
  defaultLayout();
}

void MainWindow::makeMenus() {
  m_commands = new Commands(this);
  m_commandBox = new CommandBox(*m_commands, this);
  m_menus = new Menus({*this, m_workbench, *m_files, m_appearance, *m_pad, *m_scene, *m_commands, m_docks});
  menuBar()->setCornerWidget(new ProgressStrip(m_workbench.jobs(), menuBar()));
  connect(m_menus, &Menus::projectorToggled, this, &MainWindow::setProjector);
  connect(m_menus, &Menus::layoutResetRequested, this, &MainWindow::resetLayout);
  connect(m_menus, &Menus::downloadRequested, this, &MainWindow::download);
  connect(m_menus, &Menus::recipeRequested, this, &MainWindow::showRecipe);
  connect(&m_menus->sceneExport().recorder(), &Recorder::recordingChanged, this, &MainWindow::updateSeen);
  connect(m_menus, &Menus::keysRequested, this, [this] { showKeys(*this, *m_commands); });
  connect(m_menus, &Menus::findRequested, m_commandBox, &CommandBox::open);
  connect(m_menus, &Menus::aboutRequested, this, [this] { showAbout(*this); });
}

void MainWindow::wirePad() {
  DrawingPad* pad = m_pad->pad();
  connect(pad, &DrawingPad::inkChanged, this, [this, pad] {
    m_workbench.setDrawing(pad->ink());
    showTruth();
  });
  connect(pad, &DrawingPad::fileDropped, m_files, &FileCommands::openPath);
  connect(pad, &DrawingPad::imageDropped, m_files, &FileCommands::readImage);
  connect(m_files, &FileCommands::pictureRead, this, &MainWindow::putPicture);
  connect(m_pad, &PadPanel::randomRequested, this, &MainWindow::putSample);
  const auto prepare = [this](bool on) {
    data::PreprocessingOptions options = m_workbench.preprocessing();
    options.enabled = on;
    m_workbench.setPreprocessing(options);
    m_received->setPreprocessingOn(on);
    m_menus->preprocessingAction()->setChecked(on);
  };
  connect(m_received, &NetworkInputView::preprocessingToggled, this, prepare);
  connect(m_menus->preprocessingAction(), &QAction::toggled, this, prepare);
  connect(&m_workbench, &Workbench::valuesChanged, this, &MainWindow::showValues);
  connect(&m_workbench, &Workbench::drawingChanged, this, &MainWindow::showReceived);
  connect(&m_workbench, &Workbench::slowlyComputing, this, [this] {
    if (m_workbench.blank() || !m_workbench.whyNoAnswer().isEmpty()) return;
    m_answer->setInvitation(tr("Computing ..."));
    m_answer->clear();  // the answer to the drawing before is none to this one
  });
}

void MainWindow::wireScene() {
  connectScene({m_workbench, *m_scene, *m_inspector, *m_answer, *m_received});
  m_unitDock = new UnitDock(m_workbench, m_scene->controller().state(), *m_inspector, *m_inspectorDock, *this);
  connect(m_scene, &SceneHost::picturesRequested, this, [this](int node) { WeightWindow::show(m_workbench, m_appearance, node, *this); });
  connect(&m_scene->options(), &SceneOptions::changed, m_unitDock, &UnitDock::show);
  connect(m_scene, &SceneHost::playerChanged, m_unitDock, [this] { showPlayed(*m_scene, *m_unitDock); });
  connect(&m_workbench, &Workbench::networkChanged, this, &MainWindow::showNetwork);
}

void MainWindow::wireTraining() {
  connect(&m_workbench.training(), &TrainingController::fetching, this, [this](bool goesOn) {
    const double spent = m_meter.lap();
    if (!goesOn) return m_meter.pause();
    if (spent >= 0) m_workbench.training().reportDrawingCost(spent, int(std::max(1u, std::thread::hardware_concurrency())));
  });
  connect(m_training, &TrainingPanel::networkRequested, m_files, &FileCommands::openShipped);
  connect(m_training, &TrainingPanel::folderRequested, m_files, &FileCommands::chooseFolder);
  connect(m_training, &TrainingPanel::downloadRequested, this, &MainWindow::download);
  connect(m_training, &TrainingPanel::settingsRequested, this, &MainWindow::showRecipe);
}

void MainWindow::showRecipe() {
  m_recipeDock->show();
  m_recipeDock->raise();
}

void MainWindow::wireMessages() {
  connect(&m_workbench, &Workbench::messageRaised, m_messages, &MessageStrip::showMessage);
}

void MainWindow::showNetwork() {
  setWindowTitle(m_workbench.network() ? tr("%1 - ConvScope").arg(m_workbench.model().title) : QStringLiteral("ConvScope"));
  if (!m_workbench.network()) return;
  nameClasses();
  m_scene->setNetwork(m_workbench.network(), m_workbench.parameters());
  m_scene->controller().setWhole(m_workbench.model().unread.isEmpty());
  showValues();
}

void MainWindow::showValues() {
  if (!m_workbench.network()) return;
  m_scene->setValues(m_workbench.values());
  showAnswer();
}

// Apart from the values: what the network receives stays while only its weights change.
void MainWindow::showReceived() {
  m_received->setPrepared(m_workbench.drawing(), m_workbench.prepared(), m_workbench.received());
  if (!m_workbench.upToDate() && m_workbench.probabilities().empty()) showAnswer();  // that to nothing is none to a drawing
}

void MainWindow::download() {
  if (auto* open = findChild<DownloadDialog*>()) return open->raise();
  auto* dialog = new DownloadDialog(this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &DownloadDialog::arrived, &m_workbench.library(), &DatasetCatalog::addFolder);
  dialog->show();
}

QImage MainWindow::picture() {
  // From the screen where it can be read, since that is what the person sees.
  QPixmap seen = screen() ? screen()->grabWindow(winId()) : QPixmap();
  return (seen.isNull() ? grab() : seen).toImage();
}

void MainWindow::applyTheme() {
  const Theme& theme = m_appearance.theme();
  m_scene->setTheme(theme);
  m_pad->setTheme(theme);
  m_received->setTheme(theme);
  m_answer->setTheme(theme);
  m_inspector->setTheme(theme);
  m_training->setTheme(theme);
  m_recipe->setTheme(theme);
  m_messages->setTheme(theme);
}

void MainWindow::setProjector(bool on) {
  if (on == m_projector) return;
  m_projector = on;
  m_menus->projectorAction()->setChecked(on);
  m_appearance.setProjector(on);
  if (on) m_wasMaximized = isMaximized();
  updateReduced();
  menuBar()->setVisible(!on);
  if (on)
    showFullScreen();
  else
    m_wasMaximized ? showMaximized() : showNormal();
}

void MainWindow::updateReduced() {
  const bool reduced = m_projector || width() < kRoomyWidth || height() < kRoomyHeight;
  const bool ample = !reduced && width() >= kFirmWidth && height() >= kAmpleHeight;
  for (DockBody* body : m_bodies) {
    const bool right = body->widget() == m_inspector || body->widget() == m_recipe;
    body->setFirm(!reduced && (!right || width() >= kFirmWidth), !reduced);
  }
  const int padPx = ample ? 0 : reduced ? kTinyPadPx : kSparePadPx;  // 0: as it likes
  m_pad->pad()->setMinimumSize(padPx, padPx);
  m_received->setVisible(!reduced && height() >= kStepsHeight);
  setReduced(reduced);
  m_dockSizes->windowResized(!reduced);
}

void MainWindow::setReduced(bool reduced) {
  if (reduced != m_reduced) {
    m_reduced = reduced;
    m_unitDock->setReduced(reduced);
    if (reduced) m_fullState = saveState(kLayoutVersion);
    // Without their bars of title and tools nothing is left to look at but the thing itself.
    for (QDockWidget* dock : {m_padDock, m_answerDock}) {
      delete dock->titleBarWidget();
      dock->setTitleBarWidget(reduced ? new QWidget(dock) : nullptr);
    }
    if (!reduced) {
      m_pad->setToolsVisible(true);
      restoreState(m_fullState, kLayoutVersion);
    }
  }
  if (reduced) arrangeReduced();
}

void MainWindow::arrangeReduced() {
  for (QDockWidget* dock : {m_inspectorDock, m_trainingDock, m_recipeDock}) dock->hide();
  m_padDock->show();
  m_answerDock->setVisible(m_projector || height() >= kRoomyHeight);
  const bool tiny = !m_projector && width() < kTinyWidth;
  m_pad->setToolsVisible(!tiny);
  const int left = tiny ? std::max(120, width() - kScenePx) : std::clamp(width() * 3 / 10, 300, 640);
  resizeDocks({m_padDock}, {left}, Qt::Horizontal);
  resizeDocks({m_padDock, m_answerDock}, {height() * 6 / 10, height() * 4 / 10}, Qt::Vertical);
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  updateReduced();
}

bool MainWindow::event(QEvent* event) {
  const bool taken = QMainWindow::event(event);
  if (event->type() == QEvent::WindowStateChange || event->type() == QEvent::Show || event->type() == QEvent::Hide) updateSeen();
  return taken;
}

// A film goes on while nobody looks.
void MainWindow::updateSeen() {
  const bool filming = m_menus && m_menus->sceneExport().recorder().recording();
  m_workbench.training().setSeen((isVisible() && !isMinimized()) || filming);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  m_workbench.training().setSeen(true);  // what there is to save is all of it
  if (!m_closing && m_workbench.hasUnsavedTraining()) {
    event->ignore();
    m_files->unlessUnsaved([this] {
      m_closing = true;
      QMetaObject::invokeMethod(this, &QWidget::close, Qt::QueuedConnection);
    });
    return;
  }
  rememberWindow(*this, m_reduced ? m_fullState : saveState(kLayoutVersion));
  m_workbench.stop();
  event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (FileCommands::understands(*event->mimeData())) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  m_files->openDropped(*event->mimeData());
  event->acceptProposedAction();
}

}  // namespace ui
