// What a person feels, as numbers: the pen, the rest, training beside the window, the start. Run under Xvfb (or any display):
//   tests/support/with_display.sh build/release/tests/bench/interaction_bench --json
// It opens the real window with the shipped network and acts on it with real events. Medians where several samples exist.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <numeric>
#include <time.h>
#include <vector>

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenuBar>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>

#include "data/StrokeDigits.h"
#include "io/Model.h"
#include "train/Trainer.h"
#include "ui/model/DrawingMeter.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"
#include "ui/shell/PanelLayout.h"
#include "ui/shell/Program.h"
#include "ui/tour/Tour.h"

namespace {

using Clock = std::chrono::steady_clock;

double msSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double residentMb() {
  QFile status("/proc/self/status");
  if (!status.open(QIODevice::ReadOnly)) return 0;
  for (const QByteArray& line : status.readAll().split('\n'))
    if (line.startsWith("VmRSS:")) return line.mid(6).trimmed().split(' ').front().toDouble() / 1024;
  return 0;
}

// Milliseconds since the kernel started this process.
double sinceProcessStart() {
  QFile stat("/proc/self/stat");
  if (!stat.open(QIODevice::ReadOnly)) return 0;
  const QByteArray text = stat.readAll();
  const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6 - fields.value(19).toDouble() * 10;  // 100 ticks a second
}

// The longest time in which the event loop did not come round.
class Watchdog {
 public:
  Watchdog() {
    m_timer.setInterval(5);
    m_timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&m_timer, &QTimer::timeout, [this] { beat(); });
  }
  void start() {
    m_last = Clock::now();
    m_gaps.clear();
    m_timer.start();
  }
  std::vector<double> stop() {
    m_timer.stop();
    return m_gaps;
  }

 private:
  void beat() {
    m_gaps.push_back(msSince(m_last) - m_timer.interval());
    m_last = Clock::now();
  }
  QTimer m_timer;
  Clock::time_point m_last;
  std::vector<double> m_gaps;
};

struct Bench {
  ui::Program program;
  ui::Visitor visitor{program};
  std::shared_ptr<const data::Dataset> digits = data::generateStrokeDigits(20000, 7, 2);
  QTemporaryDir folder;
  QJsonObject result;

  ui::SceneHost& scene() { return program.window().scene(); }
  bool waitForFrame(quint64 before, int mostMs) {
    QElapsedTimer timer;
    timer.start();
    while (scene().views().frameCount() == before && timer.elapsed() < mostMs)
      QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
    return scene().views().frameCount() > before;
  }

  // What a stroke asks of the engine: preparation, forward pass and collecting the values.
  double computeMs() {
    const data::Picture& drawing = program.workbench().inference().drawing();
    ui::InferenceRunner& runner = *program.workbench().model().runner;
    const Clock::time_point begin = Clock::now();
    runner.run(runner.pipeline().prepare(drawing.ink, program.workbench().inference().likeMnist()).result);
    return msSince(begin);
  }

  void stroke() {
    std::vector<double> compute, screen;
    for (int round = 0; round < 3; ++round) {
      Clock::time_point moved = Clock::now();
      program.window().padPanel().pad()->clear();
      visitor.wait(200);
      quint64 before = scene().views().frameCount();
      visitor.drawThree([&] {
        if (waitForFrame(before, 500)) {
          screen.push_back(msSince(moved));
          compute.push_back(computeMs());
        }
        before = scene().views().frameCount();
        moved = Clock::now();
      });
    }
    result["stroke_compute_ms"] = median(compute);
    result["stroke_to_screen_ms"] = median(screen);
    result["stroke_samples"] = int(screen.size());
  }

  void idle() {
    visitor.wait(2000);  // the easing of the last act
    const quint64 before = scene().views().frameCount();
    visitor.wait(10000);
    result["idle_frames_in_10_s"] = double(scene().views().frameCount() - before);
  }

  // Processor time of one picture on all threads that draw: of the whole window after new values, and of putting the window
  // together alone, when only a small part of it has changed.
  void pictureCosts() {
    ui::DrawingMeter meter;
    const auto costOf = [&](const std::function<void()>& change) {
      std::vector<double> costs;
      meter.lap();
      for (int i = 0; i < 20; ++i) {
        meter.lap();
        change();
        visitor.wait(60);
        costs.push_back(meter.lap());
      }
      return median(costs);
    };
    result["picture_cpu_ms"] = costOf([&] { program.workbench().inference().recompute(); });
    result["scene_cpu_ms"] = costOf([&] { scene().controller().contents().setValues(program.workbench().inference().values()); });
    result["compose_cpu_ms"] = costOf([&] { program.window().menuBar()->update(0, 0, 4, 4); });
  }

  // Images per second of a Trainer with nothing beside it, as the command line runs it.
  double plainSpeed(double seconds) {
    const train::TrainingOptions options{program.workbench().training().recipe()};
    train::Trainer trainer(program.workbench().network(), digits, options);
    trainer.step();
    const Clock::time_point begin = Clock::now();
    std::uint64_t images = 0;
    while (msSince(begin) < seconds * 1e3) images += std::uint64_t(trainer.step().count);
    return double(images) / (msSince(begin) / 1e3);
  }

  double windowSpeed(double seconds, std::vector<double>& gaps, std::vector<double>& pictures) {
    ui::Workbench& workbench = program.workbench();
    workbench.play();
    const auto snapshot = [&] { return workbench.training().snapshot(); };
    visitor.waitUntil([&] { return snapshot() && snapshot()->imagesSeen > 0; }, 10000);
    visitor.wait(500);
    Watchdog watchdog;
    watchdog.start();
    const Clock::time_point begin = Clock::now();
    const train::Snapshot first = *snapshot();
    const quint64 frames = scene().views().frameCount();
    visitor.wait(int(seconds * 1e3));
    // A snapshot is older than the moment it is looked at; its own clock tells the time that its images took.
    const train::Snapshot last = *snapshot();
    const double speed = double(last.imagesSeen - first.imagesSeen) / (last.elapsedSeconds - first.elapsedSeconds);
    pictures.push_back(double(scene().views().frameCount() - frames) / (msSince(begin) / 1e3));
    const std::vector<double> some = watchdog.stop();
    gaps.insert(gaps.end(), some.begin(), some.end());
    workbench.training().pause();
    visitor.wait(300);
    return speed;
  }

  void training() {
    data::DataSplit split{digits, data::generateStrokeDigits(2000, 8, 2), nullptr};
    program.workbench().library().useImages(split);
    std::vector<double> plain, window, shares, gaps, pictures;
    for (int round = 0; round < 5; ++round) {
      plain.push_back(plainSpeed(1.5));
      window.push_back(windowSpeed(3, gaps, pictures));
      shares.push_back(window.back() / plain.back());
    }
    result["window_training_share"] = median(shares);
    result["window_images_per_second"] = median(window);
    result["plain_images_per_second"] = median(plain);
    result["window_pictures_per_second"] = median(pictures);
    result["refresh_interval_ms"] = program.workbench().training().governor().intervalMs();
    result["refresh_cost_ms"] = program.workbench().training().governor().costMs();
    // Drawing while it trains is the hardest moment for the window.
    program.workbench().play();
    visitor.wait(300);
    Watchdog watchdog;
    watchdog.start();
    program.window().padPanel().pad()->clear();
    visitor.drawThree([&] { visitor.wait(8); });
    const std::vector<double> some = watchdog.stop();
    gaps.insert(gaps.end(), some.begin(), some.end());
    program.workbench().stop();
    std::sort(gaps.begin(), gaps.end());
    result["longest_ui_stall_ms"] = gaps.empty() ? 0 : gaps.back();
    result["ui_stall_99_percent_ms"] = gaps.empty() ? 0 : gaps[gaps.size() * 99 / 100];
  }
};

// A process of its own: from its beginning to the first frame.
int startOnly() {
  ui::Program program;
  double firstMs = 0;
  QObject::connect(&program.window().scene().views(), &ui::SceneViews::frameShown, [&] {
    if (firstMs > 0) return;
    firstMs = sinceProcessStart();
    QTimer::singleShot(500, qApp, [&] {
      std::printf("%.1f %.1f\n", firstMs, residentMb());
      QCoreApplication::quit();
    });
  });
  program.start();
  QTimer::singleShot(20000, qApp, &QCoreApplication::quit);
  return QCoreApplication::exec();
}

void starts(QJsonObject& result) {
  std::vector<double> startup, resident;
  for (int i = 0; i < 5; ++i) {
    QProcess process;
    process.setProcessChannelMode(QProcess::SeparateChannels);
    process.start(QCoreApplication::applicationFilePath(), {"--start-only"});
    if (!process.waitForFinished(30000)) continue;
    const QList<QByteArray> words = process.readAllStandardOutput().trimmed().split(' ');
    if (words.size() != 2) continue;
    startup.push_back(words[0].toDouble());
    resident.push_back(words[1].toDouble());
  }
  result["startup_ms"] = median(startup);
  result["resident_mb"] = median(resident);
}

}  // namespace

int main(int argc, char** argv) {
  ui::nameProgram();
  QCoreApplication::setApplicationName("ConvScopeBench");
  const QTemporaryDir settings;
  QSettings::setDefaultFormat(QSettings::IniFormat);
  QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
  QApplication application(argc, argv);
  const QStringList arguments = QApplication::arguments().mid(1);
  if (arguments == QStringList{"--start-only"}) return startOnly();
  const bool json = arguments == QStringList{"--json"};
  if (!json && !arguments.isEmpty()) {
    std::cerr << "usage: interaction_bench [--json]\n";
    return 2;
  }
  QJsonObject result;
  starts(result);
  Bench bench;
  bench.result = result;
  bench.program.window().resize(1280, 800);
  bench.program.start();
  bench.program.window().panels().setMode(ui::Mode::Train);  // with the curves
  bench.visitor.wait(1500);
  bench.result["renderer"] = bench.scene().views().rendererName();
  bench.stroke();
  bench.idle();
  bench.pictureCosts();
  bench.training();
  if (json) {
    std::cout << QJsonDocument(bench.result).toJson(QJsonDocument::Compact).toStdString() << std::endl;
  } else {
    for (const QString& key : bench.result.keys())
      std::cout << key.toStdString() << ": " << bench.result[key].toVariant().toString().toStdString() << std::endl;
  }
  return 0;
}
