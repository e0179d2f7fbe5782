#include "ui/shell/MainWindow.h"

#include <algorithm>
#include <thread>

#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileInfo>
#include <QMenuBar>
#include <QMimeData>
#include <QScreen>
#include <QToolButton>

#include "io/FileNames.h"
#include "io/datasets/Datasets.h"
#include "ui/app/Appearance.h"
#include "ui/app/Commands.h"
#include "ui/app/FileCommands.h"
#include "ui/app/FrameSource.h"
#include "ui/base/Icons.h"
#include "ui/base/Widgets.h"
#include "ui/model/DrawingMeter.h"
#include "ui/panels/datasets/DataBrowser.h"
#include "ui/panels/datasets/DownloadDialog.h"
#include "ui/panels/datasets/PictureBrowser.h"
#include "ui/panels/drawing/CameraDialog.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/NetworkInputView.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/panels/inspector/Inspector.h"
#include "ui/panels/inspector/UnitDock.h"
#include "ui/panels/inspector/WeightWindow.h"
#include "ui/panels/lessons/LessonPanel.h"
#include "ui/panels/prediction/ProbabilityBars.h"
#include "ui/panels/results/ResultsPanel.h"
#include "ui/panels/training/TrainingPanel.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/Recorder.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneExport.h"
#include "ui/scene/SceneHost.h"
#include "ui/scene/SceneOptions.h"
#include "ui/shell/AccessibleText.h"
#include "ui/shell/AnswerPresenter.h"
#include "ui/shell/Farewell.h"
#include "ui/shell/LessonStage.h"
#include "ui/shell/Menus.h"
#include "ui/shell/MessageStrip.h"
#include "ui/shell/ModeSwitch.h"
#include "ui/shell/PanelLayout.h"
#include "ui/shell/ProgressStrip.h"
#include "ui/shell/ProjectorMode.h"
#include "ui/shell/SceneWiring.h"
#include "ui/shell/SessionParts.h"
#include "ui/shell/WindowMemory.h"

namespace ui {

namespace {
constexpr QSize kSmallest(400, 300);
constexpr int kUsualScenePx = 100, kLeastScenePx = 24;  // of the scene's height, at least
constexpr int kLowWindowPx = 400;
}  // namespace

MainWindow::MainWindow(Workbench& workbench, Appearance& appearance)
    : m_workbench(workbench), m_appearance(appearance), m_files(new FileCommands(workbench, *this)) {
  setWindowTitle("ConvScope");
  setAcceptDrops(true);
  setDockOptions(AnimatedDocks | AllowTabbedDocks | AllowNestedDocks);
  installAccessibleText();  // before the first view is told of
  makeCenter();
  m_panels = new PanelLayout(*this, m_workbench);
  m_projector = new ProjectorMode(*this, m_appearance, *m_panels);
  m_pad = findChild<PadPanel*>();
  m_answer = findChild<ProbabilityBars*>();
  makeMenus();
  m_farewell = new Farewell(m_workbench.jobs(), m_menus->sceneExport().recorder(), *this);
  wireScene();
  wirePad();
  wireTraining();
  wireMessages();
  connect(m_farewell, &Farewell::stays, this, [this] { m_closing = false; });
  connect(&m_appearance, &Appearance::themeChanged, this, &MainWindow::applyTheme);
  applyTheme();
  setMinimumSize(kSmallest);
  setGeometry(firstGeometry(screen()->availableGeometry()));
  restoreGeometryOf(*this);
  m_panels->begin();
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
  columnOf(center, {}, 0, {m_messages, {m_scene, 1}});
  m_scene->setMinimumSize(120, kUsualScenePx);
  setCentralWidget(center);
}

void MainWindow::makeMenus() {
  m_commands = new Commands(this);
  auto* corner = new QWidget(menuBar());
  auto* modes = new ModeSwitch(*m_panels, m_workbench.training(), corner);
  rowOf(corner, {}, 0, {new ProgressStrip(m_workbench.jobs(), corner), modes});
  menuBar()->setCornerWidget(corner);
  auto* lessonPanel = findChild<LessonPanel*>();
  m_lessons = new LessonStage({*this, m_workbench, *m_files, *m_pad->pad(), *m_scene, *m_panels, *lessonPanel, *m_commands});
  connect(m_files, &FileCommands::lessonRequested, m_lessons, &LessonStage::openFile);
  m_menus = new Menus({*this, m_workbench, *m_files, m_appearance, *m_pad, *m_scene, *m_commands, *modes, *m_panels, *m_projector,
                       *m_lessons, *m_messages});
  connect(m_menus, &Menus::downloadRequested, this, &MainWindow::download);
  connect(m_menus, &Menus::dataRequested, this, &MainWindow::lookAtData);
  connect(m_menus, &Menus::cameraRequested, this, &MainWindow::openCamera);
  connect(findChild<TrainingPanel*>(), &TrainingPanel::settingsRequested, m_panels, &PanelLayout::showRecipe);
  connect(&m_menus->sceneExport().recorder(), &Recorder::recordingChanged, this, &MainWindow::updateSeen);
}

void MainWindow::wirePad() {
  const DrawingPad* pad = m_pad->pad();
  auto* received = findChild<NetworkInputView*>();
  m_presenter = std::make_unique<AnswerPresenter>(AnswerPresenter::Parts{m_workbench, *m_pad, *received, *m_answer, *m_messages});
  connect(pad, &DrawingPad::filesDropped, m_files, &FileCommands::openDropped);
  connect(findChild<ResultsPanel*>(), &ResultsPanel::chosen, m_presenter.get(), &AnswerPresenter::putSample);
  connect(m_files, &FileCommands::pictureRead, m_presenter.get(), &AnswerPresenter::putPicture);
  const auto prepare = [this, received](bool on) {
    m_workbench.inference().setLikeMnist(on);
    received->setPreprocessingOn(on);
    m_menus->preprocessingAction()->setChecked(on);
  };
  connect(received, &NetworkInputView::preprocessingToggled, this, prepare);
  connect(m_menus->preprocessingAction(), &QAction::toggled, this, prepare);
  addSessionParts(m_files->sessions(), {m_workbench, *m_pad, *m_scene, *m_panels, prepare});
}

void MainWindow::wireScene() {
  connect(&m_workbench.inference(), &LiveInference::valuesChanged, m_scene, [this] {
    if (m_workbench.network()) m_scene->controller().contents().setValues(m_workbench.inference().values());
  });
  auto& inspector = *findChild<Inspector*>();
  connectScene({m_workbench, *m_scene, inspector, *m_answer, *findChild<NetworkInputView*>()});
  auto* unitDock = new UnitDock(m_workbench, m_scene->controller().state(), inspector, *m_panels->dock("inspectorDock"), *this);
  connect(m_panels, &PanelLayout::modeNotArranged, this, [this](Mode mode) {
    if (mode == Mode::Lesson) return;  // has its panel in any window
    if (m_projector->isOn())
      return m_workbench.tell(
          Message::of(Message::Kind::Info, {}, tr("Projector mode shows scene, pad and answer only"), tr("P ends it.")));
    const QString what = tr("The panels of %1 need a larger window").arg(QString(modeRow(mode).title).remove(u'&'));
    Message message = Message::of(Message::Kind::Info, {}, what, tr("The View menu shows one of them here."));
    message.holds = [this, mode] { return m_panels->reduced() && m_panels->mode() == mode && !m_projector->isOn(); };
    m_workbench.tell(message);
  });
  // A lesson explains by itself: the sheet of a unit would take the scene's room.
  const auto keepAway = [this, unitDock] { unitDock->setReduced(m_panels->reduced() || m_panels->mode() == Mode::Lesson); };
  connect(m_panels, &PanelLayout::reducedChanged, unitDock, keepAway);
  connect(m_panels, &PanelLayout::modeChanged, unitDock, keepAway);
  connect(m_panels, &PanelLayout::modeChanged, unitDock, &UnitDock::rearranged);
  connect(m_scene, &SceneHost::picturesRequested, this, [this](int node) { WeightWindow::show(m_workbench, m_appearance, node, *this); });
  connect(&m_scene->options(), &SceneOptions::changed, unitDock, &UnitDock::show);
  connect(&m_scene->player(), &AnimationPlayer::changed, unitDock, [this, unitDock] { showPlayed(*m_scene, *unitDock); });
  connect(&m_workbench, &Workbench::networkChanged, this, &MainWindow::showNetwork);
  for (const auto follow : {&Workbench::parametersChanged, &Workbench::savedChanged})
    connect(&m_workbench, follow, this, &MainWindow::showTitle);
  for (const auto follow : {&TrainingController::snapshotChanged, &TrainingController::recipeChanged, &TrainingController::cleared})
    connect(&m_workbench.training(), follow, this, &MainWindow::showTitle);
}

void MainWindow::wireTraining() {
  connect(&m_workbench.training(), &TrainingController::fetching, this, [this, meter = DrawingMeter()](bool goesOn) mutable {
    const double spent = meter.lap();
    if (!goesOn) return meter.pause();
    if (spent >= 0) m_workbench.training().governor().addSample(spent, int(std::max(1u, std::thread::hardware_concurrency())));
  });
  auto* panel = findChild<TrainingPanel*>();
  connect(panel, &TrainingPanel::networkRequested, m_files, &FileCommands::openShipped);
  connect(panel, &TrainingPanel::folderRequested, m_files, &FileCommands::chooseFolder);
  connect(panel, &TrainingPanel::downloadRequested, this, &MainWindow::download);
  connect(&m_workbench.library(), &DatasetCatalog::unlabeled, this, &MainWindow::lookAtPictures);
}

void MainWindow::wireMessages() {
  connect(&m_workbench, &Workbench::messageRaised, m_messages, &MessageStrip::showMessage);
  connect(&m_workbench, &Workbench::messageOutdated, m_messages, qOverload<const nn::Issue&>(&MessageStrip::dismiss));
  connect(&m_workbench.jobs(), &Jobs::succeeded, m_messages, [this](Jobs::Lane kind) {
    if (kind != Jobs::Lane::Models) m_messages->outdate(kind);  // one that was read may not be opened after all
  });
  connect(&m_workbench, &Workbench::networkChanged, m_messages, [this] { m_messages->outdate(Jobs::Lane::Models); });
  connect(&m_workbench, &Workbench::networkChanged, m_messages, &MessageStrip::removeWhatIsOver);
  for (const auto change : {&TrainingController::snapshotChanged, &TrainingController::cleared})
    connect(&m_workbench.training(), change, m_messages, &MessageStrip::removeWhatIsOver);
  connect(m_panels, &PanelLayout::reducedChanged, m_messages, &MessageStrip::removeWhatIsOver);
  connect(m_panels, &PanelLayout::modeChanged, m_messages, &MessageStrip::removeWhatIsOver);
  connect(m_projector, &ProjectorMode::toggled, m_messages, &MessageStrip::removeWhatIsOver);
  const DatasetCatalog& library = m_workbench.library();
  connect(&library, &DatasetCatalog::changed, m_messages, &MessageStrip::removeWhatIsOver);
  connect(&library, &DatasetCatalog::changed, m_messages, [this, &library, key = library.current().key]() mutable {
    if (key == library.current().key) return;
    key = library.current().key;
    m_messages->outdate(Jobs::Lane::Data);
  });
}

// The session's name before the network's; a star where something was trained that is in no file, or Save would replace what is.
void MainWindow::showTitle() {
  const ModelSlot& model = m_workbench.model();
  const QString file = QFileInfo(model.sessionFile).fileName(), star = QStringLiteral("[*]");
  const auto plain = [&star](QString name) { return name.replace(star, star + star); };
  const QString first = plain(file.isEmpty() ? model.title : io::shownPath(file)) + star;
  setWindowFilePath(model.sessionFile);
  setWindowTitle(!model.runner    ? QStringLiteral("ConvScope")
                 : file.isEmpty() ? tr("%1 - ConvScope").arg(first)
                                  : tr("%1 - %2 - ConvScope", "session, network").arg(first, plain(model.title)));
  const UnsavedWeights& unsaved = m_workbench.unsavedWeights();
  setWindowModified(model.runner && (unsaved.existOrSettingsChanged() || unsaved.wouldReplaceRun()));
}

void MainWindow::showNetwork() {
  showTitle();
  if (!m_workbench.network()) return;
  m_scene->setNetwork(m_workbench.network(), m_workbench.parameters(), m_workbench.model().title, m_workbench.model().unread.isEmpty());
  m_scene->controller().contents().setValues(m_workbench.inference().values());
}

void MainWindow::lookAtData() {
  if (auto* open = findChild<DataBrowser*>()) return open->raise();
  auto* browser = new DataBrowser(m_workbench.library(), this);
  browser->setAttribute(Qt::WA_DeleteOnClose);
  connect(browser, &DataBrowser::chosen, m_presenter.get(), &AnswerPresenter::putSample);
  browser->show();
}

void MainWindow::lookAtPictures(const QString& folder, const QStringList& pictures, const nn::Issue& why) {
  delete findChild<PictureBrowser*>();
  auto* browser = new PictureBrowser(m_workbench, folder, pictures, why, this);
  browser->setAttribute(Qt::WA_DeleteOnClose);
  connect(browser, &PictureBrowser::chosen, m_files, &FileCommands::openPath);
  browser->show();
}

void MainWindow::openCamera() {
  if (!hasCameraSupport())
    return m_workbench.tell(Message::of(Message::Kind::Info, {}, tr("This ConvScope was built without Qt Multimedia, which cameras need"),
                                        tr("Install it (sudo apt install qt6-multimedia-dev), then start ./run.sh again.")));
  if (auto* open = findChild<CameraDialog*>()) return open->raise();
  auto* camera = new CameraDialog(*m_pad->pad(), makeCameraSource(), this);
  camera->setAttribute(Qt::WA_DeleteOnClose);
  connect(camera, &CameraDialog::taken, m_files, &FileCommands::pictureRead);
  camera->show();
}

void MainWindow::download(const QString& set) {
  for (auto* open : findChildren<DownloadDialog*>())
    if (open->id() == set) return open->raise();
  auto* dialog = new DownloadDialog(*io::findDataset(set), this);
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
  m_panels->setTheme(theme);
  m_messages->setTheme(theme);
  m_lessons->setTheme(theme);
  // The style's own arrow is black, on a dark menu bar too.
  if (auto* more = menuBar()->findChild<QToolButton*>("qt_menubar_ext_button")) more->setIcon(icon(Icon::Forward, theme));
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  // In a very low window a question may take nearly all the height while it waits.
  m_scene->setMinimumHeight(height() < kLowWindowPx ? kLeastScenePx : kUsualScenePx);
  QMainWindow::resizeEvent(event);
  m_panels->fit(m_projector->isOn());
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
  m_lessons->leave();                    // what is kept and asked about is what was there before it
  m_workbench.training().setSeen(true);  // what there is to save is all of it
  if (!m_closing && m_workbench.unsavedWeights().existOrSettingsChanged()) {
    event->ignore();
    m_files->unlessUnsaved(FileCommands::Leaving::Program, [this] {
      m_closing = true;
      QMetaObject::invokeMethod(this, &QWidget::close, Qt::QueuedConnection);
    });
    return;
  }
  if (m_farewell->holds()) return event->ignore();
  rememberGeometryOf(*this);
  m_panels->remember();
  m_workbench.stop();
  event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  const bool waits = QApplication::activeModalWidget() != nullptr;  // for an answer, which a file would come before
  if (!waits && FileCommands::understands(*event->mimeData())) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  m_files->openDropped(*event->mimeData());
  event->acceptProposedAction();
}

}  // namespace ui
