// Every network and model that the tests have, and made ones of unusual shape, opened one after the other in the same window, where a
// person of many moods draws, points, pins, traces, plays, folds, exports and trains. Nothing is expected but that the program goes on:
// under AddressSanitizer every wrong access ends it, so more is tried there. CONVSCOPE_FUZZ_SEED and CONVSCOPE_FUZZ_ACTS make longer and
// other runs by hand.
#include <QAbstractButton>
#include <QBuffer>
#include <QDir>
#include <QFile>
#include <QMenu>
#include <QTimer>

#include "io/Model.h"
#include "render/Export.h"
#include "scene/MadeNetworks.h"
#include "scene/SceneNetworks.h"
#include "support/LayerCases.h"
#include "ui/WindowTest.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/ConnectionActions.h"
#include "ui/shell/MessageStrip.h"

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr int kLeastActs = 20;
#else
constexpr int kLeastActs = 8;
#endif

class WindowFuzzTest : public uitest::WindowTest {
 protected:
  void SetUp() override {
    WindowTest::SetUp();
    m_random.seed(unsigned(qEnvironmentVariableIntValue("CONVSCOPE_FUZZ_SEED")));
    m_acts = std::max(kLeastActs, qEnvironmentVariableIntValue("CONVSCOPE_FUZZ_ACTS"));
    useSmallData();
  }

  int below(int bound) { return bound > 0 ? int(m_random() % unsigned(bound)) : 0; }

  QString pathOf(const nn::NetworkSpec& spec) {
    const QByteArray json = io::writeNetworkJson(spec);
    const QString name = QString::fromStdString(spec.name).left(60).replace('/', '-');
    const QString path = folder.filePath(QString("%1 %2.json").arg(++m_files).arg(name));
    QFile file(path);
    EXPECT_TRUE(file.open(QIODevice::WriteOnly) && file.write(json) == json.size());
    return path;
  }

  // Opens it and tries everything; a file that is refused leaves the network before, which then is tried again.
  void visit(const QString& path) {
    SCOPED_TRACE(path.toStdString());
    workbench().models().openFile(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().jobs().busy(); }, 60000));
    ui::Visitor(*program).stroke({{90, 60}, {180, 60}, {120, 140}, {170, 200}, {90, 220}});
    for (int i = 0; i < m_acts; ++i) {
      act(below(14));
      QCoreApplication::processEvents();
    }
    workbench().training().pause();
    ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().training().running() && !workbench().jobs().busy(); }, 60000));
    host().player().close();
    window().messages().dismiss();
  }

  scene::UnitId anyUnit() {
    const nn::Network& network = *workbench().network();
    const int node = below(int(network.nodes().size()));
    return {node, nn::cellAt(network.node(node).shape, std::size_t(below(int(network.node(node).shape.size()))))};
  }

  void act(int which) {
    ui::Visitor visitor(*program);
    const scene::UnitId unit = anyUnit();
    switch (which) {
      case 0:
        return visitor.stroke({QPointF(below(280), below(280)), QPointF(below(280), below(280)), QPointF(below(280), below(280))});
      case 1:
        return visitor.hover(unit);
      case 2:
        return visitor.hoverWeight(workbench().network()->node(unit.node).name, below(4), below(3), below(3));
      case 3:
        return visitor.click(unit);
      case 4:
        return workbench().selection().toggle(unit);
      case 5:
        return host().connectionOptions().compare(unit, below(12) - 1);
      case 6:
        return host().controller().contents().toggleFold(below(int(state().layout()->blocks.size())));
      case 7:
        return exportScene();
      case 8:
        return play();
      case 9:
        return train();
      case 10:
        return openMenu(unit);
      case 11:
        return window().resize(420 + below(1000), 310 + below(600));
      default:
        return pressAKey();
    }
  }

  void pressAKey() {
    static const std::vector<QKeyCombination> keys = {Qt::Key_T,
                                                      Qt::Key_D,
                                                      Qt::Key_W,
                                                      Qt::Key_K,
                                                      Qt::SHIFT | Qt::Key_K,
                                                      Qt::Key_S,
                                                      Qt::Key_H,
                                                      Qt::Key_I,
                                                      Qt::Key_O,
                                                      Qt::Key_Up,
                                                      Qt::Key_Down,
                                                      Qt::Key_Left,
                                                      Qt::Key_Right,
                                                      Qt::Key_F,
                                                      Qt::Key_Escape,
                                                      Qt::Key_Delete,
                                                      Qt::Key_R,
                                                      Qt::Key_Comma,
                                                      Qt::Key_Period,
                                                      Qt::CTRL | Qt::Key_Z,
                                                      Qt::CTRL | Qt::Key_2,
                                                      Qt::Key_1,
                                                      Qt::SHIFT | Qt::Key_1,
                                                      Qt::CTRL | Qt::Key_3,
                                                      Qt::CTRL | Qt::Key_4,
                                                      Qt::CTRL | Qt::Key_M,
                                                      Qt::CTRL | Qt::Key_C};
    const QKeyCombination chosen = keys[std::size_t(below(int(keys.size())))];
    key(chosen.key(), chosen.keyboardModifiers());
  }

  void play() {
    ui::AnimationPlayer& player = host().player();
    const auto types = scene::animationTypes();
    const scene::AnimationType& type = *types[std::size_t(below(int(types.size())))];
    player.open(type);
    if (!player.isOpen()) return;
    if (type.detail) player.setDetailed(type, below(2));
    for (int i = 0; i < 4; ++i) player.stepBy(below(200) - 60);
  }

  void train() {
    if (below(2)) return workbench().singleStep();
    workbench().play();
    if (!QTest::qWaitFor([&] { return !workbench().training().running() || step() > 3; }, 60000))
      ADD_FAILURE() << "no step of training in a minute";
    workbench().training().pause();
  }

  void exportScene() {
    QBuffer file;
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    switch (below(3)) {
      case 0:
        EXPECT_FALSE(render::pictureOf(host().capture(), 300).isNull());
        return;
      case 1:
        EXPECT_TRUE(render::writeSvg(file, host().capture(), "scene"));
        return;
      default:
        EXPECT_TRUE(render::writePdf(file, host().capture(), "scene"));
    }
  }

  // The menu of the right button is shown and one of its commands done.
  void openMenu(const scene::UnitId& unit) {
    const int choice = below(20);
    QTimer::singleShot(0, [choice] {
      auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
      if (!menu) return;
      const QList<QAction*> actions = menu->actions();
      QAction* chosen = actions[choice % actions.size()];
      menu->close();
      if (chosen->isEnabled() && !chosen->menu()) chosen->trigger();
    });
    emit host().controller().menuRequested(unit);
  }

  std::mt19937 m_random;
  int m_acts = 0, m_files = 0;
};

TEST_F(WindowFuzzTest, NetworksOfUnusualShape) {
  for (const auto& network : scene_test::madeNetworks()) visit(pathOf(network->spec()));
}

TEST_F(WindowFuzzTest, ShippedNetworksAndModels) {
  const QDir resources(QString(CONVSCOPE_SOURCE_DIR "/resources"));
  for (const char* part : {"networks", "models"})
    for (const QFileInfo& file : QDir(resources.filePath(part)).entryInfoList({"*.json", "*.onnx"}, QDir::Files)) visit(file.filePath());
}

TEST_F(WindowFuzzTest, ModelsOfOtherPrograms) {
  for (const QFileInfo& file : QDir(CONVSCOPE_SOURCE_DIR "/tests/io/foreign").entryInfoList({"*.onnx"}, QDir::Files))
    visit(file.filePath());
}

// Nothing stands in the scene until it is built.
TEST_F(WindowFuzzTest, WhileALargeNetworkOpens) {
  nn::NetworkSpec spec;
  spec.name = "large";
  spec.nodes = {scene_test::input(1, 700, 700), scene_test::conv("conv", 2, 3, "same"), scene_test::conv("other", 2, 3, "same")};
  const QString path = pathOf(spec), small = pathOf(scene_test::harley()->spec());
  const std::string smallName = scene_test::harley()->spec().name;
  int empty = 0;
  const auto inTheMiddle = [&](const std::function<void()>& act) {
    workbench().models().openFile(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().network()->spec().name == "large"; }, 60000));
    empty += state().empty();
    act();
    EXPECT_TRUE(QTest::qWaitFor([&] { return !state().empty() && !workbench().jobs().busy(); }, 60000));
    workbench().models().openFile(small);
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().network()->spec().name == smallName && !state().empty(); }, 60000));
  };
  inTheMiddle([&] {
    for (int i = 0; i < 3 * m_acts; ++i) pressAKey();
  });
  inTheMiddle([&] {
    for (const int which : {0, 4, 5, 7, 8, 11}) act(which);
    for (QWidget* part : host().findChildren<QWidget*>())
      if (part->isVisible() && !qobject_cast<QAbstractButton*>(part)) QTest::mouseClick(part, Qt::LeftButton, {}, part->rect().center());
  });
  EXPECT_GT(empty, 0) << "each time it was built before anything could be done";
}

TEST_F(WindowFuzzTest, EveryLayer) {
  m_acts = std::max(4, m_acts / 4);
  for (const nntest::LayerCase& layer : nntest::layerCases()) visit(pathOf(nntest::specOf(layer)));
}

}  // namespace
