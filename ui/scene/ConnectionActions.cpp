#include "ui/scene/ConnectionActions.h"

#include <algorithm>
#include <array>

#include <QMenu>

#include "analysis/Answer.h"
#include "scene/Winner.h"
#include "scene/text/UnitText.h"
#include "ui/base/Action.h"
#include "ui/scene/SceneController.h"

namespace ui {
namespace {

constexpr std::array<std::size_t, 9> kEdgeSteps = {5, 10, 20, 50, 100, 200, 400, 1000, 2500};
constexpr std::array<std::size_t, 6> kPathSteps = {2, 4, 8, 12, 24, 48};

template <std::size_t N>
std::size_t stepped(const std::array<std::size_t, N>& steps, std::size_t from, int by) {
  const auto at = std::lower_bound(steps.begin(), steps.end(), from);
  const auto index = std::clamp<std::ptrdiff_t>(at - steps.begin() + by, 0, std::ptrdiff_t(N) - 1);
  return steps[std::size_t(index)];
}

}  // namespace

ConnectionActions::ConnectionActions(SceneController* controller, QObject* parent)
    : QObject(parent), m_controller(controller), m_selection(controller->selection()) {
  m_outgoing =
      makeAction(this, "scene.outgoing", tr("Edges: &outgoing"), tr("Who reads the unit, instead of what it reads"), Qt::Key_D, true);
  m_weight = makeAction(this, "scene.by-weight", tr("Edges: color by &weight"),
                        tr("The weights themselves, instead of what each input contributes: activation × weight"), Qt::Key_W, true);
  m_more = makeAction(this, "scene.more-edges", tr("&More edges"), tr("The strongest are shown: more of them"), Qt::Key_K, false);
  m_fewer = makeAction(this, "scene.fewer-edges", tr("&Fewer edges"), tr("The strongest are shown: fewer of them"),
                       QKeySequence(Qt::SHIFT | Qt::Key_K), false);
  m_receptiveField = makeAction(this, "scene.receptive-field", tr("What the unit &sees"),
                                tr("Frames around its receptive field in every layer below, down to the pixels"), Qt::Key_S, true);
  m_trace =
      makeAction(this, "scene.trace", tr("&Trace to the pixels"),
                 tr("The strongest paths from the pinned unit, or from the winner, down to the pixels: orange spoke for it, blue against"),
                 Qt::Key_T, true);
  m_compare = makeAction(this, "scene.compare", tr("&Why this class and not the runner-up"),
                         tr("The difference of two logits; other classes: Ctrl and click on their bar"), Qt::Key_Y, true);
  m_keep = makeAction(this, "scene.hold", tr("&Hold this unit beside others"),
                      tr("The pinned unit stays when another is pinned: up to four are compared side by side"), Qt::Key_H, true);
  connect(m_keep, &QAction::triggered, this, [this](bool on) {
    if (m_selection.pinned()) m_selection.pinBeside(*m_selection.pinned(), on);
    follow();  // nothing may have come of it
  });
  m_unpin = makeAction(this, "scene.release", tr("&Let go"),
                       tr("End the trace; then let the pinned unit or weight go, then those that are held"), Qt::Key_Escape, false);
  connect(m_unpin, &QAction::triggered, m_controller, &SceneController::letGo);
  const auto ask = [this](QAction* action, auto&& change) {
    connect(action, &QAction::triggered, this, [this, change](bool on) {
      m_selection.changeConnectionOptions([&](scene::ConnectionOptions& options) { change(options, on); });
    });
  };
  ask(m_outgoing, [](scene::ConnectionOptions& i, bool on) { i.direction = on ? scene::Direction::Outgoing : scene::Direction::Incoming; });
  ask(m_weight, [](scene::ConnectionOptions& i, bool on) { i.measure = on ? scene::Measure::Weight : scene::Measure::Contribution; });
  ask(m_receptiveField, [](scene::ConnectionOptions& i, bool on) { i.receptiveField = on; });
  ask(m_trace, [](scene::ConnectionOptions& i, bool on) { i.trace = on, i.against = -1; });
  connect(m_trace, &QAction::triggered, this, &ConnectionActions::sayWhyNothing);
  connect(m_more, &QAction::triggered, this, [this] { showMore(1); });
  connect(m_fewer, &QAction::triggered, this, [this] { showMore(-1); });
  connect(m_compare, &QAction::triggered, this, &ConnectionActions::compareWithRunnerUp);
  connect(&m_selection, &Selection::connectionOptionsChanged, this, &ConnectionActions::follow);
  connect(&m_selection, &Selection::pinsChanged, this, &ConnectionActions::follow);
  follow();
}

void ConnectionActions::follow() {
  const scene::ConnectionOptions& connectionOptions = m_selection.connectionOptions();
  m_outgoing->setChecked(connectionOptions.direction == scene::Direction::Outgoing);
  m_weight->setChecked(connectionOptions.measure == scene::Measure::Weight);
  m_receptiveField->setChecked(connectionOptions.receptiveField);
  m_trace->setChecked(connectionOptions.trace);
  m_compare->setChecked(connectionOptions.trace && connectionOptions.against >= 0);
  const scene::Pins& pins = m_selection.pins();
  m_keep->setEnabled(pins.current.has_value());
  m_keep->setChecked(pins.current && pins.isBeside(*pins.current));
  emit changed();
}

std::size_t ConnectionActions::shownEdges() const {
  const scene::ConnectionOptions& connectionOptions = m_selection.connectionOptions();
  return connectionOptions.trace ? connectionOptions.paths : connectionOptions.most;
}

void ConnectionActions::showMore(int steps) {
  m_selection.changeConnectionOptions([steps](scene::ConnectionOptions& options) {
    if (options.trace)
      options.paths = stepped(kPathSteps, options.paths, steps);
    else
      options.most = stepped(kEdgeSteps, options.most, steps);
  });
}

void ConnectionActions::compare(const scene::UnitId& unit, int other) {
  const scene::SceneState& state = m_controller->state();
  if (state.empty() || !state.layout()->locate(unit) || !isLogit(*state.layout(), unit)) return;
  if (analysis::answerName(*state.network(), unit.node, unit.cell.channel).empty()) return;
  m_selection.pin(unit);
  m_selection.changeConnectionOptions([&](scene::ConnectionOptions& options) {
    options.trace = true;
    options.against = other == unit.cell.channel ? -1 : other;
  });
}

std::pair<int, int> ConnectionActions::compared() const {
  const scene::SceneState& state = m_controller->state();
  if (!state.tracing() || state.highlight()->against < 0) return {-1, -1};
  return {state.highlight()->unit.cell.channel, state.highlight()->against};
}

// The class that comes nearest to that of a logit: the largest of the other logits at its place.
int ConnectionActions::runnerUpTo(const scene::UnitId& unit) const {
  const scene::SceneState& state = m_controller->state();
  if (!state.values()) return -1;
  const auto valueOf = [&](int channel) { return state.values()->at({unit.node, {channel, unit.cell.row, unit.cell.column}}); };
  int best = -1;
  for (int i = 0; i < state.network()->node(unit.node).shape.channels; ++i)
    if (i != unit.cell.channel && (best < 0 || valueOf(i) > valueOf(best))) best = i;
  return best;
}

void ConnectionActions::compareWithRunnerUp(bool on) {
  const scene::SceneState& state = m_controller->state();
  if (!on || state.empty()) return m_selection.changeConnectionOptions([](scene::ConnectionOptions& options) { options.against = -1; });
  std::optional<scene::UnitId> one = m_selection.pinned();
  if (!one || !isLogit(*state.layout(), *one)) {
    one.reset();
    if (scene::winner(state) >= 0) one = scene::UnitId{state.network()->logitsNode(), {scene::winner(state), 0, 0}};
  }
  if (one) compare(*one, runnerUpTo(*one));
  sayWhyNothing(true);
  follow();  // nothing may have come of it
}

void ConnectionActions::sayWhyNothing(bool asked) {
  const scene::SceneState& state = m_controller->state();
  if (!asked || state.empty() || state.tracing()) return;
  const nn::Network& network = *state.network();
  const int answer = state.layout()->blockOfNode[std::size_t(network.outputs().front())];
  const bool meant = m_selection.pinned() || network.outputShape().size() == 1;  // what is to be traced
  if (!meant && !scene::namesClasses(state))
    emit nothingTraced(tr("There is no class to trace: pin a unit first"));
  else if (!meant && !network.outputShape().isVector())
    emit nothingTraced(tr("Each pixel has an answer of its own: pin a unit first"));
  else if (!meant && state.layout()->blocks[std::size_t(answer)].folded)
    emit nothingTraced(tr("The layer of the answer is folded: unfold it, or pin a unit first"));
  else if (state.resting())
    emit nothingTraced(tr("The trace comes with the drawing"));
  else if (!meant && scene::winner(state) < 0)
    emit nothingTraced(tr("No class is ahead of the others: pin a unit first"));
}

void ConnectionActions::showMenu(QWidget* over, QPoint global, const scene::UnitId& unit, const std::function<void(QMenu&)>& more) {
  const scene::SceneState& state = m_controller->state();
  QMenu menu(over);
  menu.setToolTipsVisible(true);
  menu.addSection(QString::fromStdString(scene::describe(state, unit)));
  const auto withPin = [&](QAction* action) {
    QAction* item = menu.addAction(action->text());
    item->setToolTip(action->toolTip());
    connect(item, &QAction::triggered, this, [this, unit, action] {
      m_selection.pin(unit);
      if (!action->isChecked()) action->trigger();
    });
  };
  connect(menu.addAction(tr("&Pin: its numbers on the right")), &QAction::triggered, this, [this, unit] { m_selection.pin(unit); });
  if (const scene::Pins& pins = m_selection.pins(); pins.current && pins.current != unit && !pins.isBeside(unit))
    connect(menu.addAction(tr("Pin &beside the others: compare")), &QAction::triggered, this, [this, unit] { m_selection.toggle(unit); });
  withPin(m_trace);
  const auto nameOf = [&](int channel) { return QString::fromStdString(analysis::answerName(*state.network(), unit.node, channel)); };
  if (isLogit(*state.layout(), unit) && !nameOf(unit.cell.channel).isEmpty()) {
    QMenu* others = menu.addMenu(tr("&Why %1 and not").arg(nameOf(unit.cell.channel)));
    const int classes = std::min(state.network()->node(unit.node).shape.channels, 30);
    for (int other = 0; other < classes; ++other) {
      if (other == unit.cell.channel) continue;
      connect(others->addAction(nameOf(other)), &QAction::triggered, this, [this, unit, other] { compare(unit, other); });
    }
  }
  menu.addSeparator();
  menu.addActions({m_outgoing, m_weight, m_receptiveField});
  if (more) {
    menu.addSeparator();
    more(menu);
  }
  menu.exec(global);
}

}  // namespace ui
