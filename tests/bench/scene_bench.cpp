// How fast the scene answers: `xvfb-run -a build/release/tests/bench/scene_bench [--json] [--flat] [--size WxH] [--no-vgg16]`, at
// 1280x800, of harley, and of VGG-16 with random
// weights and activations.
//   camera_fps          pictures per second while the eye orbits; camera_cpu_ms: processor time of all threads for one
//   values_to_frame_ms  new activations -> on the screen; values_cpu_ms: processor time of all threads for it
//   hover_to_edges_ms   the pointer enters another unit -> its edges are on the screen
//   pick_us             what lies under the pointer
//   layout_ms           the layout of the network, in space
//   highlight_us          edges, focus and receptive field of a convolution's unit
//   edges_ms            the same and its lines, for the unit of any layer that takes longest: what hovering adds to a frame
//   trace_ms            from the winner down to the pixels, with its lines: what a trace adds to each frame while drawing
//   vgg16_camera_fps, vgg16_pick_us, vgg16_edges_ms   the same of 13.5 million units
//   vgg16_open_ms       the longest that the window stands still while such a network and its first values take the place of another
// Medians. Needs a display; with software OpenGL the processor's cores decide.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <random>
#include <vector>

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QTimer>

#include "io/Model.h"
#include "render/Instances.h"
#include "scene/SceneNetworks.h"
#include "support/Select.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"

namespace {

constexpr int kRounds = 60;

double median(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  return samples.empty() ? 0 : samples[samples.size() / 2];
}

using Network = std::shared_ptr<const nn::Network>;
using Parameters = std::shared_ptr<const std::vector<float>>;

// What no forward pass is needed for: as many activations as the network has, half of them zero.
std::shared_ptr<const scene::Values> randomValues(const Network& network) {
  auto values = std::make_shared<scene::Values>();
  values->network = network;
  values->version = 1;
  std::size_t count = 0;
  for (const nn::Network::Node& node : network->nodes()) {
    values->offset.push_back(count);
    count += node.shape.size();
  }
  std::mt19937 random(7);
  values->values.resize(count);
  for (float& value : values->values) value = std::max(0.0f, float(random() >> 8) * 0x1p-23f - 1);
  return values;
}

struct Bench {
  Bench(const QSize& size, ui::SceneViews::View view, const Network& shown, const Parameters& weights,
        const std::shared_ptr<const scene::Values>& first)
      : network(shown), parameters(weights) {
    host.setTheme(ui::darkTheme());
    host.views().setView(view);
    host.resize(size);
    host.show();
    host.setNetwork(scene_test::mlp(), nullptr);
    rest();
    QElapsedTimer since;
    QTimer beat;
    QObject::connect(&beat, &QTimer::timeout, &beat, [&] { openMs = std::max(openMs, double(since.nsecsElapsed()) / 1e6), since.start(); });
    since.start();
    beat.start(0);
    selection.setNetwork(network);
    host.setNetwork(network, parameters);
    host.controller().contents().setValues(first);
    while (host.controller().state().network() != network) QApplication::processEvents(QEventLoop::AllEvents, 20);
    for (int frame = 0; frame < 20; ++frame) QApplication::processEvents(QEventLoop::AllEvents, 20);
    rest();
  }
  std::shared_ptr<const scene::Values> values(int round) const {
    std::vector<float> picture = scene_test::seven(network->inputShape());
    std::rotate(picture.begin(), picture.begin() + round % 7, picture.end());
    return scene_test::valuesOf(network, *parameters, picture, std::uint64_t(round + 1));
  }
  void nextFrame() {
    const quint64 before = host.views().frameCount();
    while (host.views().frameCount() == before) QApplication::processEvents(QEventLoop::AllEvents, 20);
  }
  // Also until the cells of a large network are all in the graphics memory, which takes several frames.
  void rest() {
    while (host.views().frameCount() == 0 || host.controller().moving()) QApplication::processEvents(QEventLoop::AllEvents, 20);
    quint64 before;
    do {
      before = host.views().frameCount();
      QElapsedTimer still;
      for (still.start(); still.elapsed() < 100;) QApplication::processEvents(QEventLoop::AllEvents, 20);
    } while (host.views().frameCount() != before);
  }
  void pointerAt(QPointF place, Qt::MouseButtons buttons = Qt::NoButton) {
    QWidget* view = host.focusProxy();
    QMouseEvent move(QEvent::MouseMove, place, view->mapToGlobal(place), Qt::NoButton, buttons, Qt::NoModifier);
    QApplication::sendEvent(view, &move);
  }
  void button(QEvent::Type type, QPointF place) {
    QWidget* view = host.focusProxy();
    QMouseEvent event(type, place, view->mapToGlobal(place), Qt::LeftButton,
                      type == QEvent::MouseButtonPress ? Qt::LeftButton : Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(view, &event);
  }
  QPointF placeOf(const scene::UnitId& unit) {
    const scene::Layout& layout = *host.controller().state().layout();
    const scene::Vec3 at = host.controller().camera().project(layout.center(*layout.locate(unit)));
    return {double(at.x), double(at.y)};
  }

  struct CameraFigures {
    double fps, cpuMs;
  };
  CameraFigures camera();
  double valuesToFrameMs();
  double valuesCpuMs();
  double hoverToEdgesMs();
  double pickUs();
  double layoutMs();
  scene::SceneState shownInSpace();
  double highlightUs();
  double edgesMs();
  double traceMs();
  double playMs();

  double openMs = 0;  // the longest that the window stood still while the network was opened
  std::shared_ptr<const nn::Network> network;
  std::shared_ptr<const std::vector<float>> parameters;
  ui::Selection selection;
  ui::SceneHost host{selection};
};

Bench::CameraFigures Bench::camera() {
  const quint64 before = host.views().frameCount();
  const std::clock_t processorBefore = std::clock();
  QElapsedTimer clock;
  clock.start();
  button(QEvent::MouseButtonPress, {4, 4});
  for (int i = 0; clock.elapsed() < 3000; ++i) {
    pointerAt({300 + 200 * std::sin(i * 0.2), 40.0 + (i % 9) * 4}, Qt::LeftButton);
    nextFrame();
  }
  button(QEvent::MouseButtonRelease, {304, 40});
  const double frames = double(host.views().frameCount() - before);
  const CameraFigures figures{frames * 1000 / double(clock.elapsed()),
                              double(std::clock() - processorBefore) * 1000 / CLOCKS_PER_SEC / frames};
  host.controller().cameraController().reset();
  rest();
  return figures;
}

double Bench::valuesToFrameMs() {
  std::vector<double> samples;
  for (int i = 0; i < kRounds; ++i) {
    const auto next = values(i + 1);
    QElapsedTimer clock;
    clock.start();
    host.controller().contents().setValues(next);
    nextFrame();
    samples.push_back(double(clock.nsecsElapsed()) / 1e6);
  }
  rest();
  return median(samples);
}

double Bench::valuesCpuMs() {
  const std::clock_t before = std::clock();
  for (int i = 0; i < kRounds; ++i) {
    host.controller().contents().setValues(values(i + 1));
    nextFrame();
  }
  return double(std::clock() - before) * 1000 / CLOCKS_PER_SEC / kRounds;
}

double Bench::hoverToEdgesMs() {
  std::vector<double> samples;
  const int node = network->find("conv2");
  for (int i = 0; i < kRounds; ++i) {
    const QPointF place = placeOf({node, {i % 16, 4 + i % 3, 5}});
    QElapsedTimer clock;
    clock.start();
    pointerAt(place);
    nextFrame();
    samples.push_back(double(clock.nsecsElapsed()) / 1e6);
  }
  pointerAt({2, 2});
  rest();
  return median(samples);
}

double Bench::pickUs() {
  const scene::Layout& layout = *host.controller().state().layout();
  std::vector<double> samples;
  int hits = 0;
  for (int i = 0; i < 2000; ++i) {
    const scene::Ray ray = host.controller().camera().rayThrough({float(i * 37 % 1280), float(i * 53 % 800)});
    QElapsedTimer clock;
    clock.start();
    const auto found = scene::pick(layout, ray);
    samples.push_back(double(clock.nsecsElapsed()) / 1e3);
    hits += found.has_value();
  }
  if (hits == 0) std::fprintf(stderr, "pick found nothing\n");
  return median(samples);
}

double Bench::layoutMs() {
  std::vector<double> samples;
  for (int i = 0; i < kRounds; ++i) {
    QElapsedTimer clock;
    clock.start();
    const auto layout = scene::buildLayout(network, scene::Arrangement::Space);
    samples.push_back(double(clock.nsecsElapsed()) / 1e6);
  }
  return median(samples);
}

// What the window shows, without a window.
scene::SceneState Bench::shownInSpace() {
  scene::SceneState state;
  state.setNetwork(scene::SceneRequest{network, scene::Arrangement::Space});
  state.setParameters(parameters);
  state.setValues(host.controller().state().values());
  return state;
}

double Bench::highlightUs() {
  const scene::SceneState& state = host.controller().state();
  std::vector<double> samples;
  for (int i = 0; i < kRounds; ++i) {
    QElapsedTimer clock;
    clock.start();
    const scene::Highlight highlight =
        scene::highlightUnit(*state.layout(), *parameters, *state.values(), {network->find("conv2"), {i % 16, 4, 5}});
    samples.push_back(double(clock.nsecsElapsed()) / 1e3);
  }
  return median(samples);
}

// Of every layer's middle unit, inwards and outwards: the slowest. Processor time, as pictures of other programs run beside it.
double Bench::edgesMs() {
  scene::SceneState state = shownInSpace();
  const render::SceneStyle style = render::SceneStyle::of(true);
  double slowest = 0;
  for (const scene::Block& block : state.layout()->blocks)
    for (const scene::Direction direction : {scene::Direction::Incoming, scene::Direction::Outgoing}) {
      scene::ConnectionOptions connectionOptions;
      connectionOptions.direction = direction;
      scene_test::ask(state, connectionOptions);
      std::vector<double> samples;
      for (int round = 0; round < 5; ++round) {
        scene::Pick pick;
        pick.unit = {block.node, {block.shape.channels / 2, block.shape.height / 2, (block.shape.width / 2 + round) % block.shape.width}};
        pick.cell = *state.layout()->locate(pick.unit);
        scene_test::hover(state, std::nullopt);
        const std::clock_t before = std::clock();
        scene_test::hover(state, pick);
        const render::Ribbons ribbons = render::ribbonsOf(render::highlightLines(state, style));
        if (ribbons.indices.empty()) std::fprintf(stderr, "a unit without a frame\n");
        samples.push_back(double(std::clock() - before) * 1000 / CLOCKS_PER_SEC);
      }
      slowest = std::max(slowest, median(samples));
    }
  return slowest;
}

double Bench::traceMs() {
  scene::SceneState state;
  state.setNetwork(scene::SceneRequest{network, scene::Arrangement::Space});
  state.setParameters(parameters);
  scene::ConnectionOptions connectionOptions;
  connectionOptions.trace = true;
  const std::shared_ptr<const scene::Values> shown = host.controller().state().values();
  const auto show = [&](bool trace) {
    connectionOptions.trace = trace;
    scene_test::ask(state, connectionOptions);
    const std::clock_t before = std::clock();
    state.setValues(shown);
    const render::Ribbons ribbons = render::ribbonsOf(render::highlightLines(state, render::SceneStyle::of(true)));
    return double(std::clock() - before) * 1000 / CLOCKS_PER_SEC + 0 * double(ribbons.indices.size());
  };
  std::vector<double> samples;
  for (int round = 0; round < 9; ++round) {
    const double without = show(false);
    samples.push_back(show(true) - without);
  }
  return median(samples);
}

// The slowest step of a player: every layer that the data reach, and a window in the middle of every map that one writes.
double Bench::playMs() {
  scene::SceneState state = shownInSpace();
  const render::SceneStyle style = render::SceneStyle::of(true);
  double slowest = 0;
  const auto step = [&](const std::shared_ptr<const scene::Animation>& animation, std::size_t at) {
    const std::clock_t before = std::clock();
    state.setAnimation(scene::AnimationStep{animation, at});
    const render::Ribbons ribbons = render::ribbonsOf(render::highlightLines(state, style));
    if (!state.animation() || ribbons.indices.empty()) return;
    slowest = std::max(slowest, double(std::clock() - before) * 1000 / CLOCKS_PER_SEC);
  };
  const auto play = [&](const char* id, const scene::AnimationStart& start) {
    return std::shared_ptr(scene::findAnimation(id)->create(*state.layout(), start));
  };
  const auto flow = play("forward-pass", {});
  for (std::size_t b = 0; b < state.layout()->blocks.size(); ++b) {
    step(flow, b);
    const scene::Block& block = state.layout()->blocks[b];
    const scene::UnitId unit{block.node, {block.shape.channels / 2, block.shape.height / 2, block.shape.width / 2}};
    const auto whole = play("sliding-window", {unit, false}), each = play("sliding-window", {unit, true});
    if (!whole) continue;
    step(whole, whole->stepOf(unit));
    step(each, each->stepOf(unit) + each->steps() / whole->steps() / 2);
  }
  return slowest;
}

// VGG-16 from its specification.
std::vector<std::pair<const char*, double>> figuresOfVgg16(const QSize& size, ui::SceneViews::View view) {
  const Network network = nn::Network::create(io::loadNetworkSpec("vgg16"));
  Bench bench(size, view, network, std::make_shared<std::vector<float>>(network->initialParameters(4)), randomValues(network));
  const Bench::CameraFigures camera = bench.camera();
  return {{"vgg16_open_ms", bench.openMs},   {"vgg16_camera_fps", camera.fps},    {"vgg16_camera_cpu_ms", camera.cpuMs},
          {"vgg16_pick_us", bench.pickUs()}, {"vgg16_edges_ms", bench.edgesMs()}, {"vgg16_play_ms", bench.playMs()}};
}

}  // namespace

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  const QStringList words = QApplication::arguments();
  QSize size(1280, 800);
  const qsizetype sizeWord = words.indexOf("--size");
  if (sizeWord > 0 && sizeWord + 1 < words.size()) {
    const QStringList sides = words[sizeWord + 1].split('x');
    if (sides.size() == 2) size = {sides[0].toInt(), sides[1].toInt()};
  }
  const auto view = words.contains("--flat") ? ui::SceneViews::View::Flat : ui::SceneViews::View::Space;
  const Network harley = scene_test::harley();
  const auto weights = std::make_shared<const std::vector<float>>(harley->initialParameters(4));
  std::vector<std::pair<const char*, double>> figures;
  QByteArray renderer;
  {
    Bench bench(size, view, harley, weights, scene_test::valuesOf(harley, *weights, scene_test::seven(harley->inputShape())));
    renderer = bench.host.views().rendererName().toUtf8();
    const Bench::CameraFigures camera = bench.camera();
    figures = {{"harley_camera_fps", camera.fps},
               {"harley_camera_cpu_ms", camera.cpuMs},
               {"harley_values_to_frame_ms", bench.valuesToFrameMs()},
               {"harley_values_cpu_ms", bench.valuesCpuMs()},
               {"hover_to_edges_ms", bench.hoverToEdgesMs()},
               {"pick_us", bench.pickUs()},
               {"harley_layout_ms", bench.layoutMs()},
               {"harley_highlight_us", bench.highlightUs()},
               {"harley_edges_ms", bench.edgesMs()},
               {"harley_trace_ms", bench.traceMs()},
               {"harley_play_ms", bench.playMs()}};
  }
  if (!words.contains("--no-vgg16"))
    for (const auto& figure : figuresOfVgg16(size, view)) figures.push_back(figure);
  const bool json = words.contains("--json");
  std::printf(json ? "{\"renderer\": \"%s\"" : "renderer                   %s\n", renderer.constData());
  for (const auto& [name, value] : figures) std::printf(json ? ", \"%s\": %.3f" : "%-26s %.3f\n", name, value);
  std::printf(json ? "}\n" : "");
  return 0;
}
