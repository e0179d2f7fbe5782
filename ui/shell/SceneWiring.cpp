#include "ui/shell/SceneWiring.h"

#include <algorithm>
#include <utility>

#include <QAction>

#include "analysis/Answer.h"
#include "scene/text/UnitText.h"
#include "tasks/Task.h"
#include "ui/app/ActivityProbe.h"
#include "ui/app/AnalysisRunner.h"
#include "ui/app/Workbench.h"
#include "ui/panels/drawing/NetworkInputView.h"
#include "ui/panels/inspector/Inspector.h"
#include "ui/panels/inspector/UnitDock.h"
#include "ui/panels/prediction/ProbabilityBars.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/ConnectionActions.h"
#include "ui/scene/SceneBars.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"
#include "ui/scene/SceneOptions.h"

namespace ui {
namespace {

// The unit behind a bar; in a picture, where the class is strongest.
std::optional<scene::UnitId> outputUnit(const Workbench& workbench, int bar) {
  if (bar < 0 || !workbench.network()) return std::nullopt;
  const nn::Network& network = *workbench.network();
  scene::UnitId unit{tasks::taskOf(network).askedNode(network), {analysis::channelOfClass(network, bar), 0, 0}};
  const nn::Shape& shape = network.node(unit.node).shape;
  if (unit.cell.channel >= shape.channels) return std::nullopt;
  if (shape.isVector() || !workbench.inference().values()) return unit;
  const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width), first = std::size_t(unit.cell.channel) * area;
  const std::span<const float> map = workbench.inference().values()->of(network.outputs().front()).subspan(first, area);
  unit.cell = nn::cellAt(shape, first + std::size_t(std::max_element(map.begin(), map.end()) - map.begin()));
  return unit;
}

// The pinned unit of the first output, else that of the winner.
std::optional<scene::UnitId> unitRequested(Workbench& workbench, const ProbabilityBars& answer) {
  const std::optional<scene::UnitId>& pinned = workbench.selection().pinned();
  return pinned && pinned->node == tasks::taskOf(*workbench.network()).askedNode(*workbench.network())
             ? pinned
             : outputUnit(workbench, answer.winner());
}

// What the pixels said, in shares of the scene's scale; the channels of a color picture together.
data::GrayImage spokenPixels(const scene::SceneState& state) {
  if (!state.tracing()) return {};
  const int input = state.network()->inputs().front();
  const nn::Shape shape = nn::pictureShape(state.network()->node(input).shape);
  const std::vector<float>& amounts = state.highlight()->trace->amounts[std::size_t(input)];
  if (amounts.empty()) return {};
  const float most = state.shown().unitScale(state.layout()->blockOfNode[std::size_t(input)]).high;
  const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width);
  data::GrayImage spoken{shape.width, shape.height, std::vector<float>(area, 0.0f)};
  for (std::size_t i = 0; i < amounts.size(); ++i) spoken.ink[i % area] += amounts[i] / most;
  return spoken;
}

// A unit of a block as each of the block's nodes calls it.
std::vector<scene::UnitId> namesOf(const scene::Layout& layout, const scene::UnitId& unit) {
  std::vector<scene::UnitId> names;
  const int block = layout.blockOfNode[std::size_t(unit.node)];
  const std::size_t index = nn::flatIndex(layout.network->node(unit.node).shape, unit.cell);
  for (int node = 0; node < int(layout.blockOfNode.size()); ++node) {
    const nn::Shape& shape = layout.network->node(node).shape;
    if (layout.blockOfNode[std::size_t(node)] != block || index >= shape.size()) continue;
    const scene::UnitId name{node, nn::cellAt(shape, index)};
    if (layout.locate(name) == layout.locate(unit)) names.push_back(name);
  }
  return names;
}

// What is computed beside the window for the cells: which units never answer, and what is shown in place of activations.
void connectAnalysis(Workbench& workbench, SceneHost& scene, ProbabilityBars& answer) {
  auto* probe = new ActivityProbe(workbench, &scene);
  QObject::connect(probe, &ActivityProbe::found, &scene.controller().contents(), &SceneContents::setActivity);
  QObject::connect(probe, &ActivityProbe::calibrated, &workbench.inference(), &LiveInference::calibrate);
  auto* field = new AnalysisRunner(workbench, &scene);
  QObject::connect(&scene.options(), &SceneOptions::changed, field,
                   [&scene, field] { field->setShown(scene.options().quantity(), scene.options().method()); });
  QObject::connect(&answer, &ProbabilityBars::truthChanged, field, &AnalysisRunner::setLabel);
  QObject::connect(field, &AnalysisRunner::found, &scene.controller().contents(), &SceneContents::setField);
  QObject::connect(field, &AnalysisRunner::nothingToShow, &scene.bars(), &SceneBars::setNotShown);
  for (const auto said : {&AnalysisRunner::explained, &AnalysisRunner::slowlyComputing})
    QObject::connect(field, said, &scene, &SceneHost::say);
}

// The trace and what is shown in place of activations take the same colors: the one that came last is shown, and ends the other.
void connectColors(Selection& selection, SceneHost& scene) {
  const auto asked = [&scene] { return std::pair(scene.options().quantity(), scene.options().method()); };
  QObject::connect(&scene.options(), &SceneOptions::changed, &scene, [&selection, &scene, asked, before = asked()]() mutable {
    if (std::exchange(before, asked()) == asked() || scene.options().quantity() == scene::CellQuantity::Activation) return;
    scene::ConnectionOptions options = selection.connectionOptions();
    if (!std::exchange(options.trace, false)) return;
    const bool traced = scene.controller().state().tracing();
    options.against = -1;
    selection.setConnectionOptions(options);
    if (traced && scene.bars().whyNotShown().isEmpty()) scene.say(SceneHost::tr("The trace has ended: the colors show something else now"));
  });
  // Only a trace that there is takes the colors: one that waits for a drawing or a unit takes nothing yet.
  QObject::connect(&scene.controller(), &SceneController::changed, &scene, [&scene, traced = false]() mutable {
    const bool traces = scene.controller().state().tracing();
    if (std::exchange(traced, traces) || !traces) return;
    if (scene.options().quantity() == scene::CellQuantity::Activation) return;
    scene.options().showActivations();
    scene.say(SceneHost::tr("The colors are those of the trace now"));
  });
}

}  // namespace

void showPlayed(SceneHost& scene, UnitDock& dock) {
  const scene::SceneState& state = scene.controller().state();
  const scene::AnimationPlace place = state.animation() ? state.animation()->place(*state.layout()) : scene::AnimationPlace();
  dock.setPlayed(place.unit, place.products, state.network());
}

void connectScene(const SceneParts& parts) {
  Workbench& workbench = parts.workbench;
  Selection& selection = workbench.selection();
  SceneHost& scene = parts.scene;
  Inspector& inspector = parts.inspector;
  ProbabilityBars& answer = parts.answer;
  ConnectionActions& connectionOptions = scene.connectionOptions();
  QObject::connect(&inspector, &Inspector::unitRequested, &selection, &Selection::pin);
  QObject::connect(&inspector, &Inspector::termHovered, &scene.controller(), &SceneController::setHovered);
  QObject::connect(&inspector, &Inspector::currentRequested, &selection, &Selection::pin);
  QObject::connect(&inspector, &Inspector::closeRequested, &workbench, [&](const scene::UnitId& unit) {
    const scene::SceneState& state = scene.controller().state();
    if (state.animation() && state.animation()->place(*state.layout()).unit) return scene.player().close();  // what it shows is its unit
    selection.unpin(unit);
  });
  QObject::connect(&inspector, &Inspector::keepRequested, &selection, &Selection::pinBeside);
  QObject::connect(&selection, &Selection::hoveredChanged, &inspector, [&] {
    const std::optional<scene::Pick>& pick = selection.value().hovered;
    const bool unit = pick && !pick->kernel && !pick->slab;
    inspector.setPointedWeight(pick && pick->kernel ? pick : std::nullopt);
    inspector.setPointed(unit ? namesOf(*scene.controller().state().layout(), pick->unit) : std::vector<scene::UnitId>());
  });
  QObject::connect(&inspector, &Inspector::traceToggled, connectionOptions.traceAction(), &QAction::trigger);
  QObject::connect(&answer, &ProbabilityBars::classHovered, &scene,
                   [&](int index) { scene.controller().setHovered(outputUnit(workbench, index)); });
  QObject::connect(&answer, &ProbabilityBars::classClicked, &selection, [&](int index) {
    selection.pin(outputUnit(workbench, index));
    scene.focusProxy()->setFocus();  // the keys that walk from a unit are the scene's
  });
  QObject::connect(&answer, &ProbabilityBars::classCompared, &connectionOptions, [&](int index) {
    if (const auto unit = unitRequested(workbench, answer))
      connectionOptions.compare(*unit, analysis::channelOfClass(*workbench.network(), index));
  });
  QObject::connect(&scene.controller(), &SceneController::changed, &parts.received,
                   [&state = scene.controller().state(), &received = parts.received, seen = std::uint64_t(0)]() mutable {
                     if (state.versions().units == seen) return;  // the camera moved, or the pointer
                     seen = state.versions().units;
                     received.setSpoken(spokenPixels(state), QString::fromStdString(scene::tracedName(state)));
                   });
  const auto color = [&] { inspector.setPalette(scene.options().palette()); };
  QObject::connect(&scene.options(), &SceneOptions::changed, &inspector, color);
  color();
  QObject::connect(&workbench.inference(), &LiveInference::slowlyComputing, &scene,
                   [&] { scene.say(SceneHost::tr("Computing the activations ...")); });
  QObject::connect(&connectionOptions, &ConnectionActions::nothingTraced, &scene, &SceneHost::say);
  connectAnalysis(workbench, scene, answer);
  connectColors(selection, scene);
  const auto follow = [&] {
    inspector.setTracing(connectionOptions.traceAction()->isChecked());
    const auto [one, other] = connectionOptions.compared();
    const scene::SceneState& state = scene.controller().state();
    const bool first = one >= 0 && analysis::outputOf(*state.network(), state.highlight()->unit.node) == state.network()->outputs().front();
    first ? answer.setCompared(analysis::classOfChannel(*state.network(), one), analysis::classOfChannel(*state.network(), other))
          : answer.setCompared(-1, -1);
  };
  QObject::connect(&connectionOptions, &ConnectionActions::changed, &inspector, follow);
  QObject::connect(&selection, &Selection::pinsChanged, &inspector, follow);
}

}  // namespace ui
