// How fast the scene answers: `xvfb-run -a build/release/tests/bench/scene_bench [--json] [--flat] [--size WxH]`, harley at 1280x800.
//   camera_fps          pictures per second while the eye orbits
//   values_to_frame_ms  new activations -> on the screen; values_cpu_ms: processor time of all threads for it
//   hover_to_edges_ms   the pointer enters another unit -> its edges are on the screen
//   pick_us             what lies under the pointer
//   layout_ms           the layout of the network, in space
//   discuss_us          edges and focus of a convolution's unit
// Medians. Needs a display; with software OpenGL the processor's cores decide.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>

#include "scene/SceneNetworks.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"

namespace {

constexpr int kRounds = 60;

double median(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  return samples.empty() ? 0 : samples[samples.size() / 2];
}

struct Bench {
  explicit Bench(const QSize& size, ui::SceneHost::View view)
      : network(scene_test::harley()), parameters(std::make_shared<std::vector<float>>(network->initialParameters(4))) {
    host.setTheme(ui::darkTheme());
    host.setView(view);
    host.resize(size);
    host.show();
    host.setNetwork(network, parameters);
    host.setValues(values(0));
    rest();
  }
  std::shared_ptr<const scene::Values> values(int round) const {
    std::vector<float> picture = scene_test::seven(network->inputShape());
    std::rotate(picture.begin(), picture.begin() + round % 7, picture.end());
    return scene_test::valuesOf(network, *parameters, picture, std::uint64_t(round + 1));
  }
  void nextFrame() {
    const quint64 before = host.frameCount();
    while (host.frameCount() == before) QApplication::processEvents(QEventLoop::AllEvents, 20);
  }
  void rest() {
    while (host.frameCount() == 0 || host.controller().moving()) QApplication::processEvents(QEventLoop::AllEvents, 20);
    QApplication::processEvents(QEventLoop::AllEvents, 20);
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

  double cameraFps();
  double valuesToFrameMs();
  double valuesCpuMs();
  double hoverToEdgesMs();
  double pickUs();
  double layoutMs();
  double discussUs();

  std::shared_ptr<const nn::Network> network;
  std::shared_ptr<const std::vector<float>> parameters;
  ui::SceneHost host;
};

double Bench::cameraFps() {
  const quint64 before = host.frameCount();
  QElapsedTimer clock;
  clock.start();
  button(QEvent::MouseButtonPress, {4, 4});
  for (int i = 0; clock.elapsed() < 3000; ++i) {
    pointerAt({300 + 200 * std::sin(i * 0.2), 40.0 + (i % 9) * 4}, Qt::LeftButton);
    nextFrame();
  }
  button(QEvent::MouseButtonRelease, {304, 40});
  const double fps = double(host.frameCount() - before) * 1000 / double(clock.elapsed());
  host.reset();
  rest();
  return fps;
}

double Bench::valuesToFrameMs() {
  std::vector<double> samples;
  for (int i = 0; i < kRounds; ++i) {
    const auto next = values(i + 1);
    QElapsedTimer clock;
    clock.start();
    host.setValues(next);
    nextFrame();
    samples.push_back(double(clock.nsecsElapsed()) / 1e6);
  }
  rest();
  return median(samples);
}

double Bench::valuesCpuMs() {
  const std::clock_t before = std::clock();
  for (int i = 0; i < kRounds; ++i) {
    host.setValues(values(i + 1));
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

double Bench::discussUs() {
  const scene::SceneState& state = host.controller().state();
  std::vector<double> samples;
  for (int i = 0; i < kRounds; ++i) {
    QElapsedTimer clock;
    clock.start();
    const scene::Discussion talk = scene::discuss(*state.layout(), *parameters, *state.values(), {network->find("conv2"), {i % 16, 4, 5}});
    samples.push_back(double(clock.nsecsElapsed()) / 1e3);
  }
  return median(samples);
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
  Bench bench(size, words.contains("--flat") ? ui::SceneHost::View::Flat : ui::SceneHost::View::Space);
  const std::vector<std::pair<const char*, double>> figures = {{"camera_fps", bench.cameraFps()},
                                                               {"values_to_frame_ms", bench.valuesToFrameMs()},
                                                               {"values_cpu_ms", bench.valuesCpuMs()},
                                                               {"hover_to_edges_ms", bench.hoverToEdgesMs()},
                                                               {"pick_us", bench.pickUs()},
                                                               {"layout_ms", bench.layoutMs()},
                                                               {"discuss_us", bench.discussUs()}};
  const bool json = words.contains("--json");
  const QByteArray renderer = bench.host.rendererName().toUtf8();
  std::printf(json ? "{\"renderer\": \"%s\"" : "renderer            %s\n", renderer.constData());
  for (const auto& [name, value] : figures) std::printf(json ? ", \"harley_%s\": %.3f" : "%-19s %.3f\n", name, value);
  std::printf(json ? "}\n" : "");
  return 0;
}
