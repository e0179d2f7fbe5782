#include "ui/tour/Tour.h"

#include <cmath>
#include <iostream>
#include <numbers>
#include <optional>

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QMouseEvent>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>

#include "cli/Cli.h"
#include "cli/Display.h"
#include "cli/ExportFile.h"
#include "cli/Interruption.h"
#include "cli/Printable.h"
#include "io/Files.h"
#include "nn/Error.h"
#include "ui/app/Commands.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/ConnectionActions.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"
#include "ui/shell/MessageStrip.h"
#include "ui/tour/TakeTour.h"

namespace ui {

namespace {

void sendMouse(QWidget* widget, QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::MouseButtons buttons) {
  QMouseEvent event(type, at, widget->mapToGlobal(at), button, buttons, Qt::NoModifier);
  QCoreApplication::sendEvent(widget, &event);
}

// A 3 as a hand writes it: two bows that meet in the middle.
std::vector<QPointF> threeStroke() {
  std::vector<QPointF> points;
  const auto bow = [&](QPointF center, double rx, double ry, double from, double to) {
    for (int i = 0; i <= 24; ++i) {
      const double angle = (from + (to - from) * i / 24) * std::numbers::pi / 180;
      points.emplace_back(center.x() + rx * std::cos(angle), center.y() - ry * std::sin(angle));
    }
  };
  bow({134, 94}, 50, 42, 150, -80);
  bow({132, 182}, 60, 48, 85, -150);
  return points;
}

// One picture after another, numbered.
class Camera {
 public:
  Camera(const TourOptions& options, MainWindow& window) : m_folder(options.folder), m_window(window) {}
  bool take(const QString& name) {
    const QString path = m_folder.filePath(QStringLiteral("%1-%2.png").arg(++m_count, 2, 10, QChar('0')).arg(name));
    try {
      cli::savePicture(m_window.picture(), path);
    } catch (const nn::Error& error) {
      std::cerr << "convscope tour: " << cli::printable(QString::fromStdString(error.message())) << "\n";
      return m_fine = false;
    }
    std::cout << cli::printable(path) << std::endl;
    return m_fine = m_fine && std::cout.good();
  }
  bool fine() const { return m_fine; }

 private:
  QDir m_folder;
  MainWindow& m_window;
  int m_count = 0;
  bool m_fine = true;
};

// Acts as the tour does, at its pace.
class Guide : public Visitor {
 public:
  Guide(Program& program, const cli::Interruption* interruption, double pace)
      : Visitor(program, interruption), m_program(program), m_pace(pace) {}
  void wait(int ms) { Visitor::wait(int(std::lround(ms * m_pace))); }
  void run(const QString& id) { runForTour(m_program, id); }

 private:
  Program& m_program;
  double m_pace;
};

// The same place of the drawing through two kernels, and the unit that takes the larger of four.
void takeSideBySide(Program& program, Guide& visitor, Camera& camera) {
  Workbench& workbench = program.workbench();
  scene::UnitId unit = *workbench.selection().pinned();
  unit.cell.channel = (unit.cell.channel + 3) % workbench.network()->node(unit.node).shape.channels;
  workbench.selection().toggle(unit);
  workbench.selection().toggle(visitor.liveliest("pool1"));
  visitor.wait(1200);
  camera.take("side-by-side");
}

// What can be asked of the units: where a value came from, why this class and not another one, who uses a weight.
void askAboutUnits(Program& program, Guide& visitor, Camera& camera) {
  const auto take = [&](const QString& name) {
    visitor.wait(900);
    camera.take(name);
  };
  visitor.run("scene.trace");
  take("trace");
  program.window().scene().connectionOptions().compare({program.workbench().network()->logitsNode(), {3, 0, 0}}, 8);
  take("why-3-and-not-8");
  visitor.run("scene.trace");
  program.workbench().selection().pin(std::nullopt);
  visitor.wait(400);
  visitor.run("scene.outgoing");
  visitor.hover(visitor.liveliest("pool1"));
  take("outgoing");
  visitor.run("scene.outgoing");
  visitor.hoverWeight("conv1", 3, 2, 3);
  take("one-weight");
  visitor.leaveScene();
}

// What plays: the data on their way, a window over the drawing, one product of a cell.
void letPlay(Program& program, Guide& visitor, Camera& camera) {
  AnimationPlayer& player = program.window().scene().player();
  const auto take = [&](const char* command, std::size_t step, const QString& name) {
    visitor.run(command);
    if (player.playing()) visitor.run("training.play");
    player.setStep(step);
    visitor.wait(1000);
    camera.take(name);
  };
  take("animation.forward-pass", 3, "data-flow");
  visitor.run("animation.forward-pass");
  const int conv = program.workbench().network()->find("conv1");
  program.workbench().selection().pin(scene::UnitId{conv, {1, 0, 0}});
  take("animation.sliding-window", 13 * 28 + 12, "sliding-window");
  visitor.run("animation.each-product");
  player.stepBy(16);
  visitor.wait(600);
  camera.take("each-product");
  visitor.run("animation.each-product");
  visitor.run("animation.sliding-window");
  program.workbench().selection().pin(std::nullopt);
  visitor.wait(400);
}

// A step of a lesson with a cell worked out, and one with a question.
void giveLesson(Guide& visitor, Camera& camera) {
  visitor.run("lesson.01-convolution");
  const auto go = [&](int steps, const QString& name) {
    for (int i = 0; i < steps; ++i) visitor.run("lesson.next");
    visitor.wait(1000);
    camera.take(name);
  };
  go(4, "lesson-one-cell");
  go(2, "lesson-question");
  visitor.run("lesson.leave");
  visitor.wait(400);
}

}  // namespace

void runForTour(Program& program, const QString& id) {
  if (!program.window().commands().run(id)) throw nn::Error("The tour needs this command, which cannot be used", id.toStdString());
}

int takeTour(Program& program, const TourOptions& options, double pace, const cli::Interruption* interruption) {
  program.appearance().setChoice(options.theme);
  program.window().resize(options.size);
  program.start();
  program.window().resize(options.size);
  Guide visitor(program, interruption, pace);
  Camera camera(options, program.window());
  visitor.run("mode.explore");
  visitor.wait(1200);
  camera.take("start");
  visitor.drawThree();
  visitor.wait(600);
  camera.take("drawing");
  visitor.hover(visitor.liveliest("conv2"));
  visitor.wait(600);
  camera.take("edges");
  visitor.click(visitor.liveliest("conv1"));
  visitor.wait(1200);
  camera.take("pinned");
  takeSideBySide(program, visitor, camera);
  program.workbench().selection().unpinAll();
  visitor.leaveScene();
  askAboutUnits(program, visitor, camera);
  letPlay(program, visitor, camera);
  visitor.run("view.reset");
  visitor.run("mode.train");
  program.workbench().setStartFrom(StartFrom::Random);
  visitor.run("training.play");
  const TrainingController& training = program.workbench().training();
  visitor.waitUntil([&] { return training.snapshot() && training.snapshot()->elapsedSeconds > options.trainSeconds; }, 120000);
  camera.take("training");
  visitor.run("training.play");
  visitor.waitUntil([&] { return training.snapshot()->state != train::RunState::Running; }, 5000);
  visitor.run("training.reset");
  program.workbench().setStartFrom(StartFrom::Trained);
  program.window().messages().dismiss();
  visitor.run("mode.explore");
  giveLesson(visitor, camera);
  visitor.run("view.flat");
  visitor.wait(800);
  camera.take("flat");
  visitor.run("view.upward");
  visitor.run("view.projector");
  visitor.wait(1000);
  camera.take("projector");
  program.workbench().stop();
  return camera.fine() ? 0 : 1;
}

void Visitor::wait(int ms) {
  constexpr int kAskMs = 50;
  QEventLoop loop;
  QTimer::singleShot(ms, &loop, &QEventLoop::quit);
  QTimer ask;
  QObject::connect(&ask, &QTimer::timeout, &loop, [&] {
    if (m_interruption->signal() != 0) loop.quit();
  });
  if (m_interruption) ask.start(kAskMs);
  loop.exec();
  if (m_interruption && m_interruption->signal() != 0) throw cli::Interrupted{m_interruption->signal()};
}

bool Visitor::waitUntil(const std::function<bool()>& condition, int mostMs) {
  QElapsedTimer timer;
  timer.start();
  while (!condition() && timer.elapsed() < mostMs) wait(20);
  return condition();
}

void Visitor::stroke(const std::vector<QPointF>& points, const std::function<void()>& between) {
  DrawingPad* pad = m_program.window().padPanel().pad();
  const QRectF square = pad->square();
  const auto place = [&](const QPointF& point) { return square.topLeft() + point * (square.width() / 280.0); };
  sendMouse(pad, QEvent::MouseButtonPress, place(points.front()), Qt::LeftButton, Qt::LeftButton);
  for (const QPointF& point : points) {
    sendMouse(pad, QEvent::MouseMove, place(point), Qt::NoButton, Qt::LeftButton);
    between ? between() : QCoreApplication::processEvents();
  }
  sendMouse(pad, QEvent::MouseButtonRelease, place(points.back()), Qt::LeftButton, Qt::NoButton);
}

void Visitor::drawThree(const std::function<void()>& between) {
  stroke(threeStroke(), between);
}

QWidget* Visitor::sceneView() {
  return m_program.window().scene().focusProxy();
}

QPointF Visitor::placeOf(const scene::UnitId& unit) {
  const auto cell = m_program.window().scene().controller().state().layout()->locate(unit);
  return cell ? placeOf(*cell) : QPointF();
}

QPointF Visitor::placeOf(const scene::CellRef& cell) {
  const SceneController& controller = m_program.window().scene().controller();
  const scene::Vec3 place = controller.camera().project(controller.state().layout()->center(cell));
  return {double(place.x), double(place.y)};
}

void Visitor::hoverWeight(const std::string& nodeName, int map, int row, int column) {
  const scene::Layout& layout = *m_program.window().scene().controller().state().layout();
  const int node = m_program.workbench().network()->find(nodeName);
  if (node < 0) return;
  const scene::Block& block = layout.blocks[std::size_t(layout.blockOfNode[std::size_t(node)])];
  if (map >= block.kernelSheetCount) return;
  sendMouse(sceneView(), QEvent::MouseMove, placeOf(scene::CellRef{block.firstKernelSheet + map, row, column, 0}), Qt::NoButton,
            Qt::NoButton);
}

void Visitor::hover(const scene::UnitId& unit) {
  sendMouse(sceneView(), QEvent::MouseMove, placeOf(unit), Qt::NoButton, Qt::NoButton);
}

void Visitor::click(const scene::UnitId& unit) {
  const QPointF place = placeOf(unit);
  sendMouse(sceneView(), QEvent::MouseMove, place, Qt::NoButton, Qt::NoButton);
  sendMouse(sceneView(), QEvent::MouseButtonPress, place, Qt::LeftButton, Qt::LeftButton);
  sendMouse(sceneView(), QEvent::MouseButtonRelease, place, Qt::LeftButton, Qt::NoButton);
}

void Visitor::leaveScene() {
  QEvent event(QEvent::Leave);
  QCoreApplication::sendEvent(sceneView(), &event);
}

scene::UnitId Visitor::liveliest(const std::string& nodeName) const {
  const auto network = m_program.workbench().network();
  const auto values = m_program.workbench().inference().values();
  const int node = std::max(0, network->find(nodeName));
  const nn::Shape& shape = network->node(node).shape;
  scene::UnitId best{node, {0, shape.height / 2, shape.width / 2}};
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const nn::Cell cell = nn::cellAt(shape, i);
    const bool inside = cell.row > 1 && cell.column > 1 && cell.row < shape.height - 2 && cell.column < shape.width - 2;
    if (inside && values->of(node)[i] > values->at(best)) best.cell = cell;
  }
  return best;
}

int runTour(int argc, char** argv) {
  int status = 0;
  const std::optional<cli::Arguments> arguments = cli::tourArguments(cli::plainWords(argc, argv).mid(1), std::cout, std::cerr, status);
  if (!arguments) return status;
  nameProgram();
  QCoreApplication::setApplicationName("ConvScopeTour");
  const cli::Interruption interruption("Ends the tour");
  const QTemporaryDir settings;  // the tour neither sees nor changes the person's own
  QSettings::setDefaultFormat(QSettings::IniFormat);
  QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
  std::optional<cli::DisplayGuard> guard(std::in_place, argv, cli::DisplayGuard::Otherwise::Fail);
  QApplication application(argc, argv);
  guard.reset();
  const auto [width, height] = arguments->size("size");
  const bool dark = arguments->text("theme") == "dark";
  const QString folder = arguments->text("out");
  try {
    const io::MadeFolder made(folder);
    Program program;
    return takeTour(program, {folder, QSize(width, height), dark ? ThemeChoice::Dark : ThemeChoice::Light}, 1, &interruption);
  } catch (const cli::Interrupted& interrupted) {
    return 128 + interrupted.signal;
  } catch (const nn::Error& error) {
    std::cerr << "convscope tour: " << cli::printable(QString::fromStdString(error.message())) << "\n";
    return 1;
  }
}

}  // namespace ui
