// A step of a lesson on the window, and the window as it was before the lesson.
#include <algorithm>
#include <utility>

#include <QDockWidget>
#include <QMainWindow>
#include <QUndoStack>

#include "ui/app/Commands.h"
#include "ui/app/FileCommands.h"
#include "ui/app/LessonPlayer.h"
#include "ui/panels/lessons/LessonPanel.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"
#include "ui/shell/LessonStage.h"
#include "ui/shell/PanelLayout.h"
#include "ui/shell/Spotlight.h"

namespace ui {

namespace {

constexpr std::size_t kWordsOfMap = 2, kWordsOfCell = 4;  // "conv1 1", "conv1 1 8 11"
constexpr float kNearlyWhole = 1.4f;                      // so much farther away, at most, an eye sees all of a map
constexpr float kAroundCells = 3.5f;                      // what is seen of a map on each side of a unit that the eye comes close to

scene::Box sheetBox(const scene::Sheet& sheet) {
  scene::Box box;
  box.add(sheet.origin);
  box.add(sheet.origin + sheet.right * sheet.width() + sheet.down * sheet.height());
  return box;
}

QRect inWindow(const QWidget& widget, const QWidget& window) {
  return {widget.mapTo(&window, QPoint()), widget.size()};
}

}  // namespace

// All of it, or nothing but what is there yet: a large network is built beside the window, and the step is shown again when it stands.
void LessonStage::showStep() {
  if (!m_player.isOpen() || m_busy) return;
  if (!m_mayReplace && !stands(m_player.lesson()) && m_parts.workbench.unsavedWeights().exist()) return askFirst();
  m_busy = true;
  m_waits = true;
  m_state = lessons::stateAt(m_player.lesson(), std::size_t(m_player.index()), m_player.answered());
  m_parts.scene.player().close();
  m_spotlight->shine({});
  if (!openNetwork()) {
    m_busy = false;
    return;
  }
  putDrawing(m_state);
  putSettings(m_state);
  m_parts.workbench.inference().recompute();
  if (m_parts.scene.controller().state().network() == m_parts.workbench.network()) {
    putSelection(m_state);
    if (m_state.play) playAnimation(*m_state.play);
    putCamera();
    for (const lessons::Verb& verb : m_state.run) {
      const std::optional<bool> on = verb.arguments.size() > 1 ? std::optional(verb.arguments[1] == "on") : std::nullopt;
      m_parts.commands.run(QString::fromStdString(verb.arguments.front()), on);
    }
    putSpotlight(m_state);
    m_waits = false;
  }
  remember();
  m_busy = false;
  m_player.setAway(false);
}

bool LessonStage::stands(const lessons::Lesson& lesson) const {
  const Workbench& workbench = m_parts.workbench;
  const QString wanted = QString::fromStdString(lesson.network);
  return wanted.isEmpty() ||
         (workbench.model().name == wanted && (!workbench.model().trained || workbench.parameters() == workbench.model().trained));
}

// What was trained while the lesson is open. Until that is answered, and where it is kept, the window shows what the person made; the step
// follows when it has been saved, or may go.
void LessonStage::askFirst() {
  m_player.setAway(true);
  m_parts.files.unlessUnsaved(FileCommands::Leaving::Network, [this] {
    m_mayReplace = true;
    showStep();
    m_mayReplace = false;
  });
}

// With the weights that it comes with; a run of the person's on the same network stays with theirs, on the undo stack.
bool LessonStage::openNetwork() {
  Workbench& workbench = m_parts.workbench;
  if (stands(m_player.lesson())) return true;
  workbench.training().pause();
  workbench.models().openShipped(QString::fromStdString(m_player.lesson().network));
  if (stands(m_player.lesson())) return true;
  if (workbench.jobs().busy(Jobs::Lane::Models)) return false;  // the step follows when the network is there
  workbench.tell(Message::of(Message::Kind::Info, QString::fromStdString(m_player.lesson().title),
                             tr("This lesson is about another network, which cannot be opened"),
                             tr("Begin the lesson again when there is room for it.")));
  m_busy = false;
  leave();
  return false;
}

void LessonStage::putDrawing(const lessons::StepState& state) {
  DrawingPad& pad = m_parts.pad;
  pad.finishStroke();
  if (!state.draw) return;
  std::vector<nn::Issue> issues;
  const auto strokes = state.draw->arguments.front() == "nothing" ? std::optional(lessons::Strokes())
                                                                  : lessons::readStrokes(state.draw->arguments, "", issues);
  InkCanvas canvas;
  for (const std::vector<lessons::DrawnPoint>& stroke : *strokes) {
    canvas.beginStroke({stroke.front().x, stroke.front().y}, DrawingPad::kDefaultWidth, false);
    for (const lessons::DrawnPoint& point : stroke) canvas.extendStroke({point.x, point.y}, DrawingPad::kDefaultWidth);
    canvas.endStroke();
  }
  if (canvas.ink() == pad.ink()) return;
  canvas.isEmpty() ? pad.clear() : pad.setInk(canvas.ink());
}

void LessonStage::putSettings(const lessons::StepState& state) {
  TrainingController& training = m_parts.workbench.training();
  train::Recipe wanted = m_before->recipe;
  std::vector<nn::Issue> issues;
  for (const lessons::Verb& verb : state.set)
    train::setFieldFromText(wanted, *train::findRecipeField(verb.arguments[0]), verb.arguments[1], issues);
  for (const lessons::Verb& verb : state.set) {
    const train::RecipeField& field = *train::findRecipeField(verb.arguments.front());
    if (field.get(training.recipe()) != field.get(wanted)) training.setField(field, field.get(wanted));
  }
  if (!state.data) return;
  const QString key = QString::fromStdString(state.data->arguments.front());
  if (m_parts.workbench.library().current().key == key) return;
  if (!m_before->run) {
    training.pause();
    m_before->run = training.keep();
  }
  m_parts.workbench.library().choose(key, m_parts.workbench.training().running());
}

// A unit of the network that is open; of a layer without maps by its number.
std::optional<scene::UnitId> LessonStage::unitOf(std::span<const std::string> words) const {
  std::vector<nn::Issue> issues;
  const auto target = lessons::readTarget(words, *m_parts.workbench.network(), "", issues);
  if (!target || target->place.cell.channel < 0) return std::nullopt;
  const nn::Cell& cell = target->place.cell;
  return scene::UnitId{target->place.node, {cell.channel, std::max(0, cell.row), std::max(0, cell.column)}};
}

void LessonStage::putSelection(const lessons::StepState& state) {
  Selection& selection = m_parts.workbench.selection();
  selection.unpinAll();
  selection.holdWeight(std::nullopt);
  selection.setConnectionOptions(scene::ConnectionOptions{});
  for (const lessons::Verb& verb : state.pins) {
    const std::optional<scene::UnitId> unit = unitOf(verb.arguments);
    if (!unit) continue;
    selection.pinned() ? selection.toggle(*unit) : selection.pin(*unit);
  }
}

scene::Box LessonStage::boxOf(const lessons::Verb& verb) const {
  std::vector<nn::Issue> issues;
  const auto target = lessons::readTarget(verb.arguments, *m_parts.workbench.network(), "", issues);
  if (!target) return {};
  const scene::Layout& layout = *m_parts.scene.controller().state().layout();
  const scene::Block& block = layout.blocks[std::size_t(layout.blockOfNode[std::size_t(target->place.node)])];
  const int map = target->place.cell.channel;
  if (target->kernels)
    return map >= 0 && map < block.kernelSheetCount ? sheetBox(layout.sheets[std::size_t(block.firstKernelSheet + map)])
                                                    : block.kernelBounds;
  const std::optional<scene::UnitId> unit = unitOf(verb.arguments);
  const std::optional<scene::CellRef> cell = unit ? layout.locate(*unit) : std::nullopt;
  if (!cell) return block.bounds;
  const scene::Sheet& sheet = layout.sheets[std::size_t(cell->sheet)];
  if (target->place.cell.column < 0 && sheet.kind == scene::Sheet::Kind::Map) return sheetBox(sheet);
  scene::Box box;
  const scene::Vec3 around = (sheet.right + sheet.down) * (sheet.pitch * kAroundCells), center = layout.center(*cell);
  box.add(center - around);
  box.add(center + around);
  return box;
}

// Of a small map that is nearly all in view beside one of its cells, all is in view: nothing of it lies under the bars.
void LessonStage::putCamera() {
  CameraController& camera = m_parts.scene.controller().cameraController();
  if (!m_state.camera || m_state.camera->arguments.front() == "all") return camera.reset();
  scene::Box box = boxOf(*m_state.camera);
  if (box.empty()) return;
  if (m_state.camera->arguments.size() == kWordsOfCell) {
    lessons::Verb map = *m_state.camera;
    map.arguments.resize(kWordsOfMap);
    const scene::Box whole = boxOf(map);
    if (distanceTo(whole) < kNearlyWhole * distanceTo(box)) box = whole;
  }
  camera.focus(box);
}

// Of an eye that is close to the box.
float LessonStage::distanceTo(const scene::Box& box) const {
  scene::Camera eye = m_parts.scene.controller().camera();
  eye.focus(box, false);
  return eye.goal().distance;
}

void LessonStage::playAnimation(const lessons::Verb& verb) {
  const scene::AnimationType* type = scene::findAnimation(verb.arguments.front());
  const bool at = verb.arguments.size() > 1;
  if (at)
    if (const auto unit = unitOf(std::span(verb.arguments).subspan(1))) m_parts.workbench.selection().pin(*unit);
  m_parts.scene.player().open(*type, at);
}

// Name and legend of a whole layer, as they were written last; empty for a part of one.
QRectF LessonStage::writtenAt(const lessons::Verb& verb) const {
  const SceneController& controller = m_parts.scene.controller();
  std::vector<nn::Issue> issues;
  const auto target = lessons::readTarget(verb.arguments, *m_parts.workbench.network(), "", issues);
  if (!target || target->kernels || target->place.cell.channel >= 0) return {};
  const int block = controller.state().layout()->blockOfNode[std::size_t(target->place.node)];
  for (const render::WrittenName& name : controller.names())
    if (name.block == block) return name.rect.united(name.legend);
  return {};
}

QRect LessonStage::rectOf(const lessons::Verb& verb) const {
  const QString word = QString::fromStdString(verb.arguments.front());
  if (word == "scene") return inWindow(m_parts.scene, m_parts.window);
  if (auto* dock = m_parts.window.findChild<QDockWidget*>(word)) return dock->isVisible() ? inWindow(*dock, m_parts.window) : QRect();
  const SceneController& controller = m_parts.scene.controller();
  if (controller.state().empty() || controller.state().network() != m_parts.workbench.network()) return {};
  const scene::Box box = boxOf(verb);
  QRectF seen = writtenAt(verb);
  for (int corner = 0; corner < 8; ++corner) {
    const scene::Vec3 at = controller.camera().project(
        {corner & 1 ? box.high.x : box.low.x, corner & 2 ? box.high.y : box.low.y, corner & 4 ? box.high.z : box.low.z});
    if (at.z <= 0) return {};
    const QRectF point(double(at.x), double(at.y), 1, 1);
    seen = seen.united(point);
  }
  const QWidget* view = m_parts.scene.focusProxy();
  return seen.toAlignedRect().intersected(view->rect()).translated(view->mapTo(&m_parts.window, QPoint()));
}

void LessonStage::putSpotlight(const lessons::StepState& state) {
  if (!state.spotlight) return;
  // Beside a panel that is shown the scene is what answers, as it does to the pad.
  const bool panel = m_parts.window.findChild<QDockWidget*>(QString::fromStdString(state.spotlight->arguments.front()));
  m_spotlight->leaveBright(panel ? &m_parts.scene : nullptr);
  m_spotlight->shine([this, verb = *state.spotlight] { return rectOf(verb); });
}

void LessonStage::remember() {
  const SceneController& controller = m_parts.scene.controller();
  m_now = Shown{m_parts.pad.content(), m_parts.workbench.selection().value(), controller.camera().goal(),
                QSizeF(double(controller.camera().widthPx()), double(controller.camera().heightPx()))};
}

// The spotlight goes with the eye; a window of another size shows the step's place again; and what the person does is theirs.
void LessonStage::followWindow() {
  if (!m_player.isOpen() || m_busy || !m_now) return;
  m_spotlight->follow();
  const SceneController& controller = m_parts.scene.controller();
  const QSizeF viewport(double(controller.camera().widthPx()), double(controller.camera().heightPx()));
  if (viewport != m_now->viewport && !m_player.away()) {
    m_busy = true;
    putCamera();
    m_busy = false;
    m_now->viewport = viewport;
    m_now->pose = controller.camera().goal();
  }
  const scene::Selection& selection = m_parts.workbench.selection().value();
  const QString network = QString::fromStdString(m_player.lesson().network);
  const bool played = m_parts.scene.player().isOpen();
  const bool same = (played || sameView(controller.camera().goal(), m_now->pose)) && selection.pins == m_now->selection.pins &&
                    selection.connectionOptions == m_now->selection.connectionOptions && m_parts.pad.content() == m_now->drawing &&
                    (network.isEmpty() || m_parts.workbench.model().name == network);
  m_player.setAway(!same);
}

void LessonStage::restore(bool mode) {
  m_busy = true;
  const Before before = *std::exchange(m_before, std::nullopt);
  m_spotlight->shine({});
  m_now.reset();
  m_waits = false;
  m_player.close();
  Workbench& workbench = m_parts.workbench;
  m_parts.scene.player().close();
  m_parts.pad.finishStroke();
  if (workbench.training().running()) workbench.training().pause();
  for (int index = workbench.undoStack().index(); index > before.undoIndex; index = workbench.undoStack().index()) {
    workbench.undo();
    if (workbench.undoStack().index() == index) break;  // it is refused; what is left is put back below
  }
  if (workbench.model().name != before.network && !before.network.isEmpty())
    workbench.models().knows(before.network) ? workbench.models().openShipped(before.network) : workbench.models().openFile(before.network);
  if (m_parts.pad.content() != before.drawing) m_parts.pad.setContent(before.drawing);
  if (workbench.training().recipe() != before.recipe) workbench.training().setRecipe(before.recipe);
  if (before.run && before.run->snapshot->network == workbench.network() && before.run->snapshot->parameters == workbench.parameters())
    workbench.resume(before.run);
  if (workbench.library().current().key != before.data) workbench.library().choose(before.data, workbench.training().running());
  workbench.inference().recompute();
  if (int(m_parts.scene.views().view()) != before.view) m_parts.scene.views().setView(SceneViews::View(before.view));
  Selection& selection = workbench.selection();
  selection.unpinAll();
  selection.setConnectionOptions(before.selection.connectionOptions);
  for (const scene::UnitId& unit : before.selection.pins.beside) selection.pinBeside(unit, true);
  if (before.selection.pins.current) selection.pin(before.selection.pins.current);
  if (mode && m_parts.panels.mode() == Mode::Lesson) m_parts.panels.setMode(before.mode);
  CameraController& camera = m_parts.scene.controller().cameraController();
  before.eye ? camera.setView(*before.eye) : camera.reset();
  m_busy = false;
}

}  // namespace ui
