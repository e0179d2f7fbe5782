#include "ui/shell/Menus.h"

#include <QActionGroup>
#include <QClipboard>
#include <QDir>
#include <QDockWidget>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QMenuBar>

#include "io/FileNames.h"
#include "io/Model.h"
#include "io/datasets/Datasets.h"
#include "scene/ShowingMemory.h"
#include "ui/app/Appearance.h"
#include "ui/app/Commands.h"
#include "ui/app/FileCommands.h"
#include "ui/app/LastLayer.h"
#include "ui/app/LookingBack.h"
#include "ui/app/Workbench.h"
#include "ui/base/Action.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/panels/input/ClassNamesDialog.h"
#include "ui/panels/input/InputDialog.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/Bookmarks.h"
#include "ui/scene/ConnectionActions.h"
#include "ui/scene/Folding.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneExport.h"
#include "ui/scene/SceneHost.h"
#include "ui/scene/SceneOptions.h"
#include "ui/scene/StatusLine.h"
#include "ui/shell/CommandBox.h"
#include "ui/shell/HelpDialogs.h"
#include "ui/shell/LessonStage.h"
#include "ui/shell/MessageStrip.h"
#include "ui/shell/ModeSwitch.h"
#include "ui/shell/PanelLayout.h"
#include "ui/shell/ProjectorMode.h"

namespace ui {

namespace {

// What opening it takes, in as few words as a small screen has room for, and whole.
struct NetworkSize {
  QString brief;  // "25.6 million, 330 MB"
  QString whole;  // "25.6 million parameters, about 330 MB of memory"
};
NetworkSize networkSize(const QString& name) {
  const std::shared_ptr<const nn::Network> network = io::loadNetwork(name);
  const QString millions = QString::number(double(network->parameterCount()) / 1e6, 'f', 1),
                memory = QString::fromStdString(nn::memoryText(scene::memoryToShow(*network)));
  return {Menus::tr("%1 million, %2", "parameters, memory").arg(millions, memory),
          Menus::tr("%1 million parameters, about %2 of memory").arg(millions, memory)};
}

// Beside the window, until it is closed.
void showDialog(QDialog* dialog) {
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->show();
}

}  // namespace

Menus::Menus(const MenuParts& parts) : QObject(&parts.window), m_parts(parts) {
  makeFileMenu();
  makeEditMenu();
  makeViewMenu();
  makeNetworkMenu();
  makeDataMenu();
  makeHelpMenu();
  for (const QAction* top : m_parts.window.menuBar()->actions()) addCommands(*top->menu());
}

QAction* Menus::add(QMenu* menu, const QString& id, const QString& text, const QString& tip, const QKeySequence& key) {
  QAction* action = makeCommand(menu, id, text, tip, key);
  menu->addAction(action);
  m_parts.window.addAction(action);  // the key works with the menu bar hidden
  return action;
}

template <typename Receiver, typename Slot>
QAction* Menus::add(QMenu* menu, const QString& id, const QString& text, const QString& tip, const QKeySequence& key, Receiver* receiver,
                    Slot slot) {
  QAction* action = add(menu, id, text, tip, key);
  connect(action, &QAction::triggered, receiver, slot);
  return action;
}

void Menus::makeFileMenu() {
  QMenu* menu = m_parts.window.menuBar()->addMenu(tr("&File"));
  FileCommands* files = &m_parts.files;
  add(menu, "file.open", tr("&Open..."), tr("A session, a model or a network"), QKeySequence::Open, files, &FileCommands::openByDialog);
  makeRecentMenu(menu);
  m_openPicture = add(menu, "file.open-picture", tr("Open &picture..."), tr("Puts a picture of a digit on the pad"),
                      Qt::CTRL | Qt::SHIFT | Qt::Key_O, files, &FileCommands::openPicture);
  add(menu, "file.camera", tr("&Camera..."), tr("What a camera sees goes on the pad as long as you look, and one picture for good"), {},
      this, &Menus::cameraRequested);
  add(menu, "file.open-lesson", tr("Open &lesson..."), tr("Begins a lesson from a file of your own"), {}, &m_parts.lessons,
      &LessonStage::askFile);
  menu->addSeparator();
  add(menu, "file.save", tr("&Save session"), tr("Model, training, drawing, view and panels in one file, to go on from"),
      QKeySequence::Save, files, &FileCommands::saveSession);
  add(menu, "file.save-as", tr("Save session &as..."), {}, Qt::CTRL | Qt::SHIFT | Qt::Key_S, files, &FileCommands::saveSessionAs);
  add(menu, "file.export-model", tr("Export &model as .onnx..."), tr("The network with its weights, for other programs"), {}, files,
      &FileCommands::exportModel);
  m_sceneExport = new SceneExport(m_parts.workbench, m_parts.scene, m_parts.window, this);
  for (QAction* action : {m_sceneExport->exportAction(), m_sceneExport->filmAction()}) {
    menu->addAction(action);
    m_parts.window.addAction(action);
  }
  menu->addSeparator();
  add(menu, "file.quit", tr("&Quit"), {}, Qt::CTRL | Qt::Key_Q, &m_parts.window, &QWidget::close);
}

// Listed when somebody looks.
void Menus::makeRecentMenu(QMenu* file) {
  QMenu* menu = file->addMenu(tr("Open &recent"));
  menu->setObjectName("recentMenu");
  menu->setToolTipsVisible(true);
  connect(menu, &QMenu::aboutToShow, this, [this, menu] {
    menu->clear();
    for (const QString& path : FileCommands::recent()) {
      QAction* action = menu->addAction(io::shownPath(QFileInfo(path).fileName()).replace(u'&', QStringLiteral("&&")));
      action->setToolTip(QDir::toNativeSeparators(io::shownPath(path)));
      connect(action, &QAction::triggered, &m_parts.files, [this, path] { m_parts.files.openPath(path); });
    }
    if (menu->isEmpty()) menu->addAction(tr("None yet"))->setEnabled(false);
  });
}

void Menus::makeEditMenu() {
  QMenu* menu = m_parts.window.menuBar()->addMenu(tr("&Edit"));
  PadPanel& pad = m_parts.pad;
  menu->addActions({pad.undoAction(), pad.redoAction()});
  menu->addSeparator();
  m_paste = add(menu, "edit.paste", tr("&Paste"),
                tr("A picture or its address in the web goes on the pad; the path of a picture, a session, a model or a folder of data is "
                   "opened"),
                QKeySequence::Paste, &m_parts.files, &FileCommands::paste);
  pad.setPictureActions({m_openPicture, m_paste});
  menu->addSeparator();
  menu->addActions({pad.penAction(), pad.eraserAction(), pad.thinnerAction(), pad.thickerAction(), pad.clearAction()});
  menu->addSeparator();
  add(menu, "edit.copy-scene", tr("Copy the &scene as a picture"), {}, Qt::CTRL | Qt::SHIFT | Qt::Key_C, this, &Menus::copyPicture);
  add(menu, "edit.copy-words", tr("Copy the pinned unit in &words"), {}, QKeySequence::Copy, this, &Menus::copyWords);
}

void Menus::copyPicture() {
  QGuiApplication::clipboard()->setImage(m_parts.scene.views().picture());
  m_parts.scene.say(tr("The scene is on the clipboard."));
}

void Menus::copyWords() {
  const QString words = pinnedInWords(m_parts.scene.controller().state());
  if (words.isEmpty()) return m_parts.scene.say(tr("Click a unit first; then its words can be copied."));
  QGuiApplication::clipboard()->setText(words);
  m_parts.scene.say(tr("On the clipboard: %1").arg(words));
}

void Menus::makeViewMenu() {
  QMenu* menu = m_parts.window.menuBar()->addMenu(tr("&View"));
  menu->addActions(m_parts.modes.actions());
  m_parts.window.addActions(m_parts.modes.actions());
  menu->addSeparator();
  QAction* projector = add(menu, "view.projector", tr("&Projector: scene, pad and answer only"));
  projector->setShortcuts({QKeySequence(Qt::Key_F11), QKeySequence(Qt::Key_P)});
  projector->setCheckable(true);
  connect(projector, &QAction::toggled, &m_parts.projector, &ProjectorMode::setOn);
  connect(&m_parts.projector, &ProjectorMode::toggled, projector, &QAction::setChecked);
  menu->addSeparator();
  menu->addActions(m_parts.scene.viewActions());
  for (QAction* action : m_parts.scene.viewActions()) m_parts.window.addAction(action);
  QMenu* units = menu->addMenu(tr("&Units: edges, receptive field, trace"));
  units->setToolTipsVisible(true);
  units->addActions(m_parts.scene.connectionOptions().actions());
  QMenu* explain = menu->addMenu(tr("&Explain: players, methods"));
  explain->setToolTipsVisible(true);
  explain->addActions(m_parts.scene.player().actions());
  explain->addSection(tr("What counts for the answer"));
  explain->addAction(m_parts.scene.connectionOptions().traceAction());
  explain->addActions(m_parts.scene.options().explainActions());
  menu->addAction(m_parts.scene.picturesAction());
  menu->addActions(m_parts.scene.folding().actions());
  m_parts.scene.options().addColors(menu->addMenu(tr("&Colors")));
  m_parts.scene.options().addSizes(menu);
  QMenu* kept = menu->addMenu(tr("&Kept views"));
  Bookmarks& bookmarks = m_parts.scene.bookmarks();
  kept->addActions(bookmarks.recallActions());
  kept->addSeparator();
  kept->addActions(bookmarks.keepActions());
  m_parts.window.addActions(kept->actions());
  menu->addSeparator();
  for (QDockWidget* dock : m_parts.panels.docks()) {
    dock->toggleViewAction()->setObjectName(QStringLiteral("panel.") + dock->objectName());
    menu->addAction(dock->toggleViewAction());
  }
  add(menu, "view.default-layout", tr("This mode's panels as at the &beginning"), {}, {}, &m_parts.panels, &PanelLayout::reset);
  menu->addAction(m_parts.messages.closeAction());
  m_parts.window.addAction(m_parts.messages.closeAction());
  menu->addSeparator();
  makeThemeMenu(menu);
}

void Menus::makeThemeMenu(QMenu* view) {
  auto* group = new QActionGroup(this);
  const auto addChoice = [&](const QString& id, const QString& text, ThemeChoice choice) {
    QAction* action = add(view, id, text, {}, {}, this, [this, choice] { m_parts.appearance.setChoice(choice); });
    action->setCheckable(true);
    action->setChecked(m_parts.appearance.choice() == choice);
    group->addAction(action);
  };
  addChoice("view.theme-system", tr("Light or dark as the &system"), ThemeChoice::System);
  addChoice("view.theme-light", tr("&Light"), ThemeChoice::Light);
  addChoice("view.theme-dark", tr("&Dark"), ThemeChoice::Dark);
  QAction* large = add(view, "view.large-type", tr("Large &type, high contrast"),
                       tr("For the last row of a lecture hall; projector mode has it in any case"));
  large->setCheckable(true);
  large->setChecked(m_parts.appearance.large());
  connect(large, &QAction::toggled, &m_parts.appearance, &Appearance::setLarge);
}

void Menus::makeNetworkMenu() {
  QMenu* menu = m_parts.window.menuBar()->addMenu(tr("&Network"));
  menu->setToolTipsVisible(true);
  m_networks = new QActionGroup(this);
  for (const ShippedNetwork& shipped : m_parts.workbench.models().shipped())
    addNetwork(menu, shipped, shipped.trained ? shipped.title : tr("%1 (untrained)").arg(shipped.title));
  makePublishedMenu(menu);
  connect(&m_parts.workbench, &Workbench::networkChanged, this, &Menus::checkNetwork);
  checkNetwork();
  menu->addSeparator();
  add(menu, "network.input", tr("What the &input stands for..."), tr("Black and white, mean and deviation, ink and paper, and which fits"),
      {}, this, [this] { showDialog(new InputDialog(m_parts.workbench, &m_parts.window)); });
  add(menu, "network.classes", tr("&Names of the classes..."), tr("Typed, from a file, or those of a data set that everybody knows"), {},
      this, [this] { showDialog(new ClassNamesDialog(m_parts.workbench, &m_parts.window)); });
  add(menu, "network.fit-last-layer", tr("Make the &last layer fit the data"),
      tr("One output for each class of the data that is chosen; all before it keeps its weights"), {}, this,
      [this] { fitLastLayer(m_parts.workbench); });
  makeTrainingCommands(menu);
}

void Menus::addNetwork(QMenu* menu, const ShippedNetwork& network, const QString& text) {
  const auto open = [this, name = network.name] {
    m_parts.files.openShipped(name);
    checkNetwork();
  };
  QAction* action = add(menu, QStringLiteral("network.") + network.name, text, network.description, {}, this, open);
  action->setCheckable(true);
  action->setData(network.name);
  m_networks->addAction(action);
}

// Their sizes are worked out when somebody looks.
void Menus::makePublishedMenu(QMenu* network) {
  QMenu* menu = network->addMenu(tr("Published &architectures"));
  menu->setObjectName("publishedMenu");
  menu->setToolTipsVisible(true);
  for (const ShippedNetwork& published : m_parts.workbench.models().published()) addNetwork(menu, published, published.title);
  connect(menu, &QMenu::aboutToShow, this, [this, menu] {
    if (menu->property("sized").toBool()) return;
    menu->setProperty("sized", true);
    for (QAction* action : menu->actions()) {
      const NetworkSize size = networkSize(action->data().toString());
      action->setText(tr("%1: %2").arg(action->text(), size.brief));
      action->setToolTip(action->toolTip() + u'\n' + size.whole);
    }
  });
}

void Menus::makeTrainingCommands(QMenu* menu) {
  // Space and the full stop belong to what is in hand: the animation in the scene while one is open, else training.
  AnimationPlayer& player = m_parts.scene.player();
  Workbench* workbench = &m_parts.workbench;
  QAction* play = add(menu, "training.play", tr("&Train or pause"), tr("While a player is open in the scene: plays and pauses that"),
                      Qt::Key_Space, workbench, [workbench, &player] {
                        if (player.isOpen()) return player.toggle();
                        workbench->training().running() ? workbench->training().pause() : workbench->play();
                      });
  play->setAutoRepeat(false);
  QAction* step = add(menu, "training.step", tr("&Single step"), tr("While a player is open in the scene: its next step"), Qt::Key_Period,
                      workbench, [workbench, &player] {
                        if (player.isOpen()) return player.stepBy(1);
                        workbench->training().lookBack().moment() ? lookBy(*workbench, 1) : workbench->singleStep();
                      });
  QAction* back = add(menu, "training.back", tr("Look &back"), tr("At the training so far, one moment at a time; the full stop goes on"),
                      Qt::Key_Comma, workbench, [workbench, &player] { player.isOpen() ? player.stepBy(-1) : lookBy(*workbench, -1); });
  QAction* now = add(menu, "training.now", tr("Back to &now"), tr("Shows the end of the training so far"), {}, workbench,
                     [workbench] { workbench->training().lookBack().toNow(); });
  QAction* branch = add(menu, "training.branch", tr("Train on from &here"), tr("From the moment that is looked at, as a second run"), {},
                        workbench, [workbench] {
                          if (const train::Moment* moment = workbench->training().lookBack().moment()) branchFrom(*workbench, *moment);
                        });
  const auto present = [workbench, &player, play, step, back, now, branch] {
    const bool looksBack = workbench->training().lookBack().moment() != nullptr;
    play->setText(player.isOpen() ? tr("Pla&y or pause the player") : tr("&Train or pause"));
    step->setText(player.isOpen() ? tr("Player: one step &forward") : looksBack ? tr("Look one moment &further") : tr("&Single step"));
    back->setText(player.isOpen() ? tr("Player: one step &back") : tr("Look &back"));
    now->setEnabled(looksBack);
    branch->setEnabled(looksBack);
  };
  present();
  connect(&player, &AnimationPlayer::changed, play, present);
  connect(&workbench->training().lookBack(), &LookBack::moved, play, present);
  connect(&workbench->training(), &TrainingController::cleared, play, present);
  add(menu, "training.reset", tr("&Reset training"), {}, Qt::CTRL | Qt::Key_R, workbench, &Workbench::reset);
  add(menu, "training.settings", tr("&All training settings..."), {}, Qt::CTRL | Qt::Key_T, &m_parts.panels, &PanelLayout::showRecipe);
}

void Menus::checkNetwork() {
  m_networks->setExclusionPolicy(QActionGroup::ExclusionPolicy::ExclusiveOptional);
  for (QAction* action : m_networks->actions()) action->setChecked(action->data().toString() == m_parts.workbench.model().name);
}

void Menus::makeDataMenu() {
  m_data = m_parts.window.menuBar()->addMenu(tr("&Data"));
  m_sources = new QActionGroup(this);
  m_firstDataCommand = m_data->addSeparator();
  add(m_data, "data.folder", u'&' + io::folderDataset().title + QStringLiteral("..."), {}, {}, &m_parts.files, &FileCommands::chooseFolder);
  add(m_data, "data.file", tr("Data from a fil&e..."), tr("An archive as it was downloaded, a CSV table, arrays of NumPy or an IDX file"),
      {}, &m_parts.files, &FileCommands::chooseDataFile);
  for (const io::DatasetInfo& set : io::datasets())
    if (!set.files.empty())
      add(m_data, "data.download." + set.id, tr("Download &%1...").arg(set.title), {}, {}, this,
          [this, id = set.id] { emit downloadRequested(id); });
  m_data->addSeparator();
  add(m_data, "data.look", tr("&Look at the data..."), tr("Its pictures, class by class, and what was said when they were read"), {}, this,
      &Menus::dataRequested);
  m_data->addAction(m_parts.pad.randomAction());
  m_preprocessing = add(m_data, "data.prepare", tr("&Prepare drawings like MNIST"), {}, Qt::CTRL | Qt::Key_M);
  m_preprocessing->setCheckable(true);
  m_preprocessing->setChecked(m_parts.workbench.inference().likeMnist());
  connect(&m_parts.workbench.library(), &DatasetCatalog::changed, this, &Menus::listSources);
  listSources();
}

void Menus::listSources() {
  for (QAction* action : m_sources->actions()) delete action;
  for (const DataSource& source : m_parts.workbench.library().sources()) {
    QAction* action =
        makeCommand(m_data, QStringLiteral("data.source.") + source.key, source.title, source.help.isEmpty() ? source.title : source.help);
    action->setCheckable(true);
    action->setChecked(source.key == m_parts.workbench.library().current().key);
    m_sources->addAction(action);
    m_data->insertAction(m_firstDataCommand, action);
    // Queued: choosing lists the sources anew, and this action must outlive its own signal.
    connect(
        action, &QAction::triggered, this,
        [this, key = source.key] {
          m_parts.workbench.library().choose(key, m_parts.workbench.training().running());
          listSources();  // until the chosen one is there, the mark stays at the one in use
        },
        Qt::QueuedConnection);
  }
  addCommands(*m_data);
}

void Menus::makeLessonMenu(QMenu* help) {
  QMenu* menu = help->addMenu(tr("&Lessons"));
  menu->setToolTipsVisible(true);
  for (const LessonPanel::Entry& lesson : m_parts.lessons.shipped()) {
    add(menu, QStringLiteral("lesson.") + lesson.id, lesson.title, lesson.summary, {}, &m_parts.lessons,
        [&lessons = m_parts.lessons, id = lesson.id] { lessons.openShipped(id); });
  }
  menu->addSeparator();
  menu->addActions(m_parts.lessons.actions());
}

void Menus::makeHelpMenu() {
  QMenu* menu = m_parts.window.menuBar()->addMenu(tr("&Help"));
  makeLessonMenu(menu);
  menu->addSeparator();
  QAction* keys = add(menu, "help.keys", tr("&Keys and gestures"), {}, {}, this, [this] { showKeys(m_parts.window, m_parts.commands); });
  keys->setShortcuts({QKeySequence(Qt::Key_F1), QKeySequence(Qt::Key_Question)});
  add(menu, "help.find-command", tr("&Find a command..."), tr("A few letters of what is wanted, then Enter"), Qt::CTRL | Qt::Key_K,
      new CommandBox(m_parts.commands, &m_parts.window), &CommandBox::open);
  add(menu, "help.about", tr("&About ConvScope"), {}, {}, this, [this] { showAbout(m_parts.window); });
}

void Menus::addCommands(const QMenu& menu) {
  const QString group = menu.title().remove('&').section(u':', 0, 0);
  for (QAction* action : menu.actions()) {
    if (action->isSeparator()) continue;
    if (action->menu())
      addCommands(*action->menu());
    else
      m_parts.commands.add(group, action);
  }
}

}  // namespace ui
