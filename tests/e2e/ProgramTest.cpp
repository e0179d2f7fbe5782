// The program itself, started as a person starts it, watched on the screen and driven by the keys of a real X server.
#include <csignal>
#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "e2e/Artifacts.h"
#include "io/datasets/Datasets.h"
#include "ui/app/SessionFiles.h"

namespace {

class Program : public ::testing::Test {
 protected:
  void SetUp() override {
    if (QStandardPaths::findExecutable("xdotool").isEmpty()) GTEST_SKIP() << "xdotool is not installed";
    m_blank = e2e::screenPicture();
  }
  void TearDown() override {
    if (m_process.state() == QProcess::NotRunning) return;
    m_process.kill();
    m_process.waitForFinished();
  }

  void start(const QStringList& arguments, const QStringList& environment = {}) {
    auto all = QProcessEnvironment::systemEnvironment();
    all.insert("XDG_CONFIG_HOME", m_home.path());
    all.insert("XDG_DATA_HOME", m_home.filePath("data"));
    for (const QString& entry : environment) all.insert(entry.section('=', 0, 0), entry.section('=', 1));
    m_process.setProcessEnvironment(all);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(CONVSCOPE_PROGRAM, arguments);
    ASSERT_TRUE(m_process.waitForStarted());
  }
  // Until the window stands on the screen with its contents.
  bool shown(int timeoutMs = 30000) {
    if (!QTest::qWaitFor([this] { return e2e::differingShare(m_blank, e2e::screenPicture()) > 0.2; }, timeoutMs)) return false;
    // Keys go to the window that has the focus, and no window manager gives it.
    xdotool({"search", "--sync", "--onlyvisible", "--name", "ConvScope", "windowfocus", "--sync"});
    calmScreen();
    return m_process.state() == QProcess::Running;
  }
  static QImage calmScreen() { return e2e::restingPicture(e2e::screenPicture); }
  static void xdotool(const QStringList& words) { QProcess::execute("xdotool", words); }
  // Ctrl+Q, and a clean end.
  void quit() {
    xdotool({"key", "ctrl+q"});
    EXPECT_TRUE(m_process.waitForFinished(20000)) << output();
    EXPECT_EQ(m_process.exitStatus(), QProcess::NormalExit) << output();
    EXPECT_EQ(m_process.exitCode(), 0) << output();
  }
  // The one session with trained weights and a drawing that no run but `before` has made; an empty text where there is none.
  QString kept(const QString& before = {}) {
    const QDir root(m_home.filePath("data/ConvScope/ConvScope/recovery"));
    const QStringList found = root.entryList({"*.convscope"}, QDir::Files);
    if (found.size() != 1 || root.filePath(found.front()) == before) return {};
    try {
      const ui::SessionAbout about = ui::SessionFiles::readAbout(root.filePath(found.front()));
      return about.trained && about.drawing ? root.filePath(found.front()) : QString();
    } catch (const nn::Error&) {
      return {};
    }
  }
  static std::vector<float> weightsIn(const QString& session) { return *io::loadWork(session).model.parameters; }
  // Until the program takes it: the key may come before what it is for.
  static bool pressUntil(const QString& key, const std::function<bool()>& condition) {
    for (int i = 0; i < 30; ++i) {
      xdotool({"key", key});
      if (QTest::qWaitFor(condition, 1000)) return true;
    }
    return false;
  }
  std::string output() { return m_process.readAll().toStdString(); }

  QTemporaryDir m_home;
  QProcess m_process;
  QImage m_blank;
};

TEST_F(Program, OpensItsWindowAndAnswersKeys) {
  start({});
  ASSERT_TRUE(shown()) << output();
  const QImage before = e2e::keep(calmScreen(), "program-start");
  xdotool({"key", "r"});
  EXPECT_TRUE(QTest::qWaitFor([&] { return e2e::differingShare(before, e2e::screenPicture()) > 0.01; }, 10000));
  e2e::keep(e2e::screenPicture(), "program-sample");
  quit();
}

// A stroke out and back is drawn while the program does not come to look at its events.
TEST_F(Program, ABusyWindowLeavesNothingOfAStrokeOut) {
  start({});
  ASSERT_TRUE(shown()) << output();
  const QImage before = calmScreen();
  const QPoint left(130, 250), upper(270, 250), lower(270, 320), between(270, 285);
  const auto move = [](QPoint to) { xdotool({"mousemove", QString::number(to.x()), QString::number(to.y())}); };
  move(left);
  ASSERT_EQ(::kill(pid_t(m_process.processId()), SIGSTOP), 0);
  xdotool({"mousedown", "1"});
  for (const QPoint to : {upper, lower, left}) move(to);
  xdotool({"mouseup", "1"});
  ASSERT_EQ(::kill(pid_t(m_process.processId()), SIGCONT), 0);
  const auto inked = [](QPoint at) { return qGray(e2e::screenPicture().pixel(at)) < 60; };
  ASSERT_GT(qGray(before.pixel(between)), 200) << "the paper";
  EXPECT_TRUE(QTest::qWaitFor([&] { return inked(left); }, 20000));
  EXPECT_TRUE(QTest::qWaitFor([&] { return inked(between); }, 5000));
  e2e::keep(e2e::screenPicture(), "program-stroke");
  m_process.terminate();
  ASSERT_TRUE(m_process.waitForFinished(20000)) << output();
}

TEST_F(Program, OpensTheFileItIsGiven) {
  start({CONVSCOPE_SOURCE_DIR "/resources/models/softmax.onnx"});
  ASSERT_TRUE(shown()) << output();
  e2e::keep(calmScreen(), "program-softmax");
  quit();
}

TEST_F(Program, StartsAllTheSameWithABrokenFile) {
  const QString path = m_home.filePath("broken.onnx");
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(QByteArray(1000, '\x7f'));
  file.close();
  start({path});
  ASSERT_TRUE(shown()) << output();
  e2e::keep(calmScreen(), "program-broken-file");
  quit();
}

TEST_F(Program, SaysThatAFileIsNotThere) {
  start({"/no/such/file.onnx"});
  ASSERT_TRUE(m_process.waitForFinished(20000));
  EXPECT_EQ(m_process.exitCode(), 2);
  EXPECT_NE(output().find("/no/such/file.onnx"), std::string::npos);
}

TEST_F(Program, ShowsTheFlatViewWithoutModernOpenGl) {
  start({}, {"MESA_GL_VERSION_OVERRIDE=2.1", "MESA_GLSL_VERSION_OVERRIDE=120"});
  ASSERT_TRUE(shown()) << output();
  const QImage before = e2e::keep(calmScreen(), "program-old-opengl");
  xdotool({"key", "r"});
  EXPECT_TRUE(QTest::qWaitFor([&] { return e2e::differingShare(before, e2e::screenPicture()) > 0.005; }, 10000));
  e2e::keep(e2e::screenPicture(), "program-old-opengl-sample");
  quit();
}

TEST_F(Program, PlaysAndEndsDuringTraining) {
  start({});
  ASSERT_TRUE(shown()) << output();
  xdotool({"key", "F3"});  // whose curves and figures change, however slowly it learns
  const QImage before = calmScreen();
  xdotool({"key", "space"});
  EXPECT_TRUE(QTest::qWaitFor([&] { return e2e::differingShare(before, e2e::screenPicture()) > 0.005; }, 150000));
  for (int i = 0; i < 3; ++i) {  // its values and curves go on moving
    const QImage last = e2e::screenPicture();
    EXPECT_TRUE(QTest::qWaitFor([&] { return e2e::screenPicture() != last; }, 30000));
  }
  e2e::keep(e2e::screenPicture(), "program-training");
  m_process.terminate();  // as at the end of a desktop's session
  EXPECT_TRUE(m_process.waitForFinished(20000)) << output();
}

TEST_F(Program, OffersWhatWasTrainedAndDrawnAfterAnEndThatAskedNobody) {
  const QDir data(m_home.filePath("digits"));
  data.mkpath(".");
  io::writeIdx(data.filePath("train-images-idx3-ubyte"), data.filePath("train-labels-idx1-ubyte"), *data::generateStrokeDigits(600, 5));
  start({data.path()});
  ASSERT_TRUE(shown()) << output();
  const QImage empty = e2e::screenPicture();
  xdotool({"key", "r"});
  ASSERT_TRUE(QTest::qWaitFor([&] { return e2e::differingShare(empty, e2e::screenPicture()) > 0.005; }, 10000));
  xdotool({"key", "space"});
  ASSERT_TRUE(QTest::qWaitFor([&] { return !kept().isEmpty(); }, 120000));
  m_process.kill();
  ASSERT_TRUE(m_process.waitForFinished());
  const QString first = kept();
  ASSERT_FALSE(first.isEmpty());
  const std::vector<float> trained = weightsIn(first);

  start({});
  ASSERT_TRUE(shown()) << output();
  e2e::keep(e2e::screenPicture(), "program-offer");
  ASSERT_TRUE(pressUntil("alt+r", [&] { return !kept(first).isEmpty(); })) << output();
  e2e::keep(e2e::screenPicture(), "program-restored");
  const QString second = kept(first);
  EXPECT_EQ(weightsIn(second), trained);
  m_process.terminate();  // as at the end of a desktop's session
  ASSERT_TRUE(m_process.waitForFinished(20000)) << output();
  EXPECT_EQ(m_process.exitCode(), 128 + 15);
  EXPECT_NE(output().find("offered at the next start"), std::string::npos);
  ASSERT_EQ(kept(), second);
  EXPECT_EQ(weightsIn(second), trained);

  start({});
  ASSERT_TRUE(shown()) << output();
  ASSERT_TRUE(pressUntil("alt+l", [&] { return !QFileInfo::exists(second); })) << output();
  quit();
  EXPECT_TRUE(QDir(QFileInfo(second).path()).isEmpty());
}

}  // namespace
