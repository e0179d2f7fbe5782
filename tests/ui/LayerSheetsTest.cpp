// The sheet of a unit of every layer type, through the grid of settings of the catalogue tests: what it shows and how its parts
// point at each other.
#include <gtest/gtest.h>

#include <QApplication>

#include "scene/ComputedCase.h"
#include "ui/Pictures.h"
#include "ui/inspector/Inspector.h"
#include "ui/inspector/InspectorSheet.h"

namespace {

struct Case : scene_test::ComputedCase {
  using ComputedCase::ComputedCase;
  scene::Explanation middle() const {
    const nn::Shape& shape = network->node(network->outputs()[0]).shape;
    return scene::explain(*network, parameters, *values, {network->outputs()[0], {shape.channels / 2, shape.height / 2, shape.width / 2}});
  }
};

class LayerSheets : public testing::TestWithParam<nntest::LayerCase> {};

TEST_P(LayerSheets, AreKeptAsPictures) {
  ui::Inspector inspector;
  ui::applyTheme(*qApp, ui::lightTheme());
  inspector.setTheme(ui::lightTheme());
  inspector.setExplanation(Case(GetParam()).middle());
  inspector.resize(344, 620);
  inspector.show();
  QCoreApplication::processEvents();
  inspector.resize(344, std::min(900, inspector.sheet()->minimumHeight() + 70));
  QCoreApplication::processEvents();
  EXPECT_GT(pictures::colours(pictures::keep(inspector, "sheet-" + QString::fromStdString(GetParam().name))), 20);
}

// Whatever a sheet shows of an input, pointing at it in the scene lights the same place, and what no term comes from lights nothing.
TEST_P(LayerSheets, LightUpWhatIsPointedAtInTheScene) {
  const Case test(GetParam());
  const scene::Explanation e = test.middle();
  ui::Inspector inspector;
  ui::applyTheme(*qApp, ui::lightTheme());
  inspector.setTheme(ui::lightTheme());
  inspector.setExplanation(e);
  inspector.resize(344, 900);
  inspector.show();
  QCoreApplication::processEvents();
  const auto look = [&] {
    QImage image(inspector.sheet()->size(), QImage::Format_RGB32);
    image.fill(Qt::white);
    inspector.sheet()->render(&image);
    return image;
  };
  const QImage calm = look();
  for (std::size_t i = 0; i < e.terms.size(); i += 1 + e.terms.size() / 3) {
    const scene::UnitId source = e.terms[i].source;
    inspector.setPointed({source});
    const QImage lit = look();
    ASSERT_EQ(lit.size(), calm.size()) << "nothing moves";
    EXPECT_NE(lit, calm) << GetParam().name << ", term " << i;
    // The other way: the same unit is found under the mouse.
    bool found = false;
    for (int y = 0; y < lit.height() && !found; y += 4)
      for (int x = 0; x < lit.width() && !found; x += 5) found = inspector.sheet()->unitAt(QPointF(x, y)) == source;
    EXPECT_TRUE(found) << GetParam().name << ", term " << i;
  }
  inspector.setPointed({scene::UnitId{99, {0, 0, 0}}});
  EXPECT_EQ(look(), calm);
}

INSTANTIATE_TEST_SUITE_P(Catalogue, LayerSheets, testing::ValuesIn(nntest::layerCases()), [](const auto& test) { return test.param.name; });

}  // namespace
