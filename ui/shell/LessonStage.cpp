#include "ui/shell/LessonStage.h"

#include <cmath>
#include <utility>

#include <QApplication>
#include <QDockWidget>
#include <QFileInfo>
#include <QMainWindow>
#include <QUndoStack>

#include "io/FileNames.h"
#include "io/Lessons.h"
#include "io/Model.h"
#include "io/datasets/Datasets.h"
#include "scene/animation/Animation.h"
#include "ui/app/Commands.h"
#include "ui/app/FileCommands.h"
#include "ui/app/LessonPlayer.h"
#include "ui/app/SessionFiles.h"
#include "ui/base/Action.h"
#include "ui/base/Timers.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"
#include "ui/shell/PanelLayout.h"
#include "ui/shell/Spotlight.h"

namespace ui {

bool sameView(const scene::Camera::Pose& a, const scene::Camera::Pose& b) {
  constexpr float kSlack = 1e-4f;
  return scene::length(a.target - b.target) < kSlack && std::abs(a.yaw - b.yaw) < kSlack && std::abs(a.pitch - b.pitch) < kSlack &&
         std::abs(a.distance - b.distance) < kSlack;
}

LessonStage::LessonStage(const LessonParts& parts)
    : QObject(&parts.window), m_parts(parts), m_player(parts.panel.player()), m_spotlight(new Spotlight(parts.window)) {
  qApp->installEventFilter(this);  // its keys come before all shortcuts
  m_spotlight->spare(m_parts.panels.dock(QStringLiteral("lessonDock")));
  makeActions();
  for (const io::LessonText& text : io::shippedLessons()) {
    const lessons::Lesson lesson = lessons::parseLesson(text.text, text.id.toStdString()).lesson;
    m_shipped.push_back({text.id, QString::fromStdString(lesson.title), QString::fromStdString(lesson.summary), lesson.minutes});
  }
  m_parts.panel.setLessons(m_shipped);
  connect(&m_parts.panel, &LessonPanel::lessonChosen, this, &LessonStage::openShipped);
  connect(&m_parts.panel, &LessonPanel::fileRequested, this, &LessonStage::askFile);
  connect(&m_parts.panel, &LessonPanel::leaveRequested, this, &LessonStage::leave);
  connect(&m_player, &LessonPlayer::moved, this, &LessonStage::showStep);
  connect(&m_parts.files.sessions(), &SessionFiles::opening, this, &LessonStage::leave);
  connect(&m_parts.panels, &PanelLayout::modeChanged, this, [this](Mode mode) {
    if (mode != Mode::Lesson && !m_busy && m_player.isOpen()) restore(false);
    if (mode == Mode::Lesson && !m_busy && !m_player.isOpen()) m_parts.panel.setFocus();
  });
  runOnce(m_soon, 0, this, &LessonStage::followWindow);
  const auto soon = [this] {
    if (m_player.isOpen()) m_soon.start();
  };
  connect(&m_parts.scene.controller(), &SceneController::changed, this, soon);
  connect(&m_parts.scene.views(), &SceneViews::frameShown, m_spotlight, &Spotlight::follow);  // the eye is under way
  connect(&m_parts.scene.controller().contents(), &SceneContents::networkShown, this, [this] {
    const QString wanted = m_player.isOpen() ? QString::fromStdString(m_player.lesson().network) : QString();
    if (m_waits && !m_busy && (wanted.isEmpty() || m_parts.workbench.model().name == wanted)) showStep();
  });
  connect(&m_parts.workbench.selection(), &Selection::changed, this, soon);
  connect(&m_parts.workbench.inference(), &LiveInference::drawingChanged, this, soon);
  connect(&m_parts.workbench, &Workbench::networkChanged, this, soon);
}

void LessonStage::makeActions() {
  const auto add = [this](const char* id, const QString& text, const QString& tip, const auto& act) {
    QAction* action = makeCommand(this, id, text, tip, {}, act);
    action->setEnabled(false);
    connect(&m_player, &LessonPlayer::moved, action, [action] { action->setEnabled(true); });
    connect(&m_player, &LessonPlayer::closed, action, [action] { action->setEnabled(false); });
    m_actions << action;
  };
  add("lesson.next", tr("&Next step"), tr("Right arrow, Space or Page Down while a lesson is open"), [this] { m_player.next(); });
  add("lesson.back", tr("Step &back"), tr("Left arrow or Page Up while a lesson is open"), [this] { m_player.back(); });
  add("lesson.resume", tr("Back to the lesson's &view"), tr("Shows the step again as the lesson has it"), [this] { m_player.resume(); });
  add("lesson.leave", tr("&Leave the lesson"), tr("Everything is as it was before it"), [this] { leave(); });
}

void LessonStage::openShipped(const QString& id) {
  for (const io::LessonText& text : io::shippedLessons())
    if (text.id == id) return play(lessons::parseLesson(text.text, id.toStdString()));
}

void LessonStage::askFile() {
  const QString path = FileCommands::askFile(&m_parts.window, tr("Open a lesson"), tr("Lessons (*.md);;All files (*)"));
  if (!path.isEmpty()) openFile(path);
}

void LessonStage::openFile(const QString& path) {
  const auto work = [this, path](const data::Progress&) -> Jobs::Finish {
    lessons::Parsed parsed = io::readLessonFile(path);
    return [this, parsed = std::move(parsed)] { play(parsed); };
  };
  m_parts.workbench.jobs().start(tr("Opening %1").arg(io::shownPath(QFileInfo(path).fileName())), work, Jobs::Lane::Pictures);
}

lessons::Known LessonStage::known(const nn::Network* network) const {
  lessons::Known known;
  known.network = network;
  for (const auto* list : {&m_parts.workbench.models().shipped(), &m_parts.workbench.models().published()})
    for (const ShippedNetwork& each : *list) known.networks.push_back(each.name.toStdString());
  for (const Commands::Row& row : m_parts.commands.rows()) known.commands.push_back(row.id().toStdString());
  for (const DataSource& source : m_parts.workbench.library().sources()) known.dataSets.push_back(source.key.toStdString());
  for (const PanelRow& row : panelRows()) known.panels.push_back(row.id.toStdString());
  known.panels.push_back("scene");
  for (const scene::AnimationType* type : scene::animationTypes()) known.animations.emplace_back(type->open.id);
  known.whyNotSet = [](const std::string& name, const std::string& value) -> std::string {
    const train::RecipeField* field = train::findRecipeField(name);
    if (!field) return "there is no such field";
    train::Recipe recipe;
    std::vector<nn::Issue> issues;
    return train::setFieldFromText(recipe, *field, value, issues) ? "" : issues.front().what;
  };
  return known;
}

// A lesson with a fault is not begun: in front of a class is the wrong place to find it.
void LessonStage::play(lessons::Parsed parsed) {
  std::shared_ptr<const nn::Network> network = m_parts.workbench.network();
  if (const QString name = QString::fromStdString(parsed.lesson.network); !name.isEmpty())
    network = m_parts.workbench.models().knows(name) ? io::loadNetwork(name) : nullptr;
  const std::vector<nn::Issue> wrong = lessons::checkLesson(parsed.lesson, known(network.get()));
  parsed.issues.insert(parsed.issues.end(), wrong.begin(), wrong.end());
  leave();
  if (!parsed.issues.empty()) {
    showPanel();
    return m_parts.panel.showIssues(QString::fromStdString(parsed.lesson.title.empty() ? parsed.lesson.id : parsed.lesson.title),
                                    parsed.issues);
  }
  const auto lesson = std::make_shared<const lessons::Lesson>(std::move(parsed.lesson));
  const auto begin = [this, lesson] { this->begin(lesson); };
  stands(*lesson) ? begin() : m_parts.files.unlessUnsaved(FileCommands::Leaving::Network, begin);
}

void LessonStage::showPanel() {
  m_busy = true;
  m_parts.panels.setMode(Mode::Lesson);
  m_busy = false;
  m_parts.panels.show(QStringLiteral("lessonDock"));
}

// The person was asked about unsaved weights, and what there was to save is saved.
void LessonStage::begin(const std::shared_ptr<const lessons::Lesson>& lesson) {
  leave();  // one that was begun meanwhile
  Before before = present();
  showPanel();
  m_before = std::move(before);
  m_mayReplace = true;
  m_parts.window.setFocus();  // no field or list takes the keys of the lesson
  m_player.open(lesson);
  m_mayReplace = false;
}

LessonStage::Before LessonStage::present() const {
  Workbench& workbench = m_parts.workbench;
  m_parts.pad.finishStroke();
  m_parts.scene.player().close();
  SceneController& controller = m_parts.scene.controller();
  scene::Camera fitted = controller.camera();
  fitted.reset(false);
  Before now{.mode = m_parts.panels.mode(),
             .undoIndex = workbench.undoStack().index(),
             .network = workbench.model().name,
             .data = workbench.library().current().key,
             .drawing = m_parts.pad.content(),
             .recipe = workbench.training().recipe(),
             .selection = workbench.selection().value(),
             .view = int(m_parts.scene.views().view())};
  if (!controller.state().empty() && !sameView(controller.camera().goal(), fitted.goal())) now.eye = controller.cameraController().view();
  return now;
}

void LessonStage::leave() {
  if (m_player.isOpen()) restore(true);
}

void LessonStage::setTheme(const Theme& theme) {
  m_spotlight->setColor(theme.accent);
}

}  // namespace ui
