// The sheet of a unit of every layer type, through the grid of settings of the catalogue tests: what it shows and how its parts
// point at each other.
#include <gtest/gtest.h>
#include <map>

#include <QApplication>
#include <QBuffer>
#include <QLabel>
#include <QRegularExpression>
#include <QSvgGenerator>

#include "render/SceneStyle.h"
#include "scene/ComputedCase.h"
#include "scene/SceneNetworks.h"
#include "scene/ShownColors.h"
#include "ui/Pictures.h"
#include "ui/panels/inspector/GridParts.h"
#include "ui/panels/inspector/Inspector.h"
#include "ui/panels/inspector/InspectorSheet.h"

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
  EXPECT_GT(pictures::colors(pictures::keep(inspector, "sheet-" + QString::fromStdString(GetParam().name))), 20);
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
  const auto style = [&] {
    QImage image(inspector.sheet()->size(), QImage::Format_RGB32);
    image.fill(Qt::white);
    inspector.sheet()->render(&image);
    return image;
  };
  const QImage calm = style();
  for (std::size_t i = 0; i < e.terms.size(); i += 1 + e.terms.size() / 3) {
    const scene::UnitId source = e.terms[i].source;
    inspector.setPointed({source});
    const QImage lit = style();
    ASSERT_EQ(lit.size(), calm.size()) << "nothing moves";
    EXPECT_NE(lit, calm) << GetParam().name << ", term " << i;
    // The other way: where it is lit, the same unit is found under the mouse.
    bool found = false;
    for (int y = 0; y < lit.height() && !found; ++y)
      for (int x = 0; x < lit.width() && !found; ++x)
        found = lit.pixel(x, y) != calm.pixel(x, y) && inspector.sheet()->unitAt(QPointF(x, y)) == source;
    EXPECT_TRUE(found) << GetParam().name << ", term " << i;
  }
  inspector.setPointed({scene::UnitId{99, {0, 0, 0}}});
  EXPECT_EQ(style(), calm);
}

// A number of an input or of a kernel has one color, that of the scene, at every place of the window and in every sheet.
TEST_P(LayerSheets, HaveTheColorsOfTheScene) {
  const Case test(GetParam());
  scene::SceneState state;
  state.setNetwork(scene::SceneRequest{test.network, scene::Arrangement::Flat});
  state.setParameters(std::make_shared<const std::vector<float>>(test.parameters));
  state.setValues(test.values);
  const ui::Theme theme = ui::lightTheme();
  const render::SceneStyle style = render::SceneStyle::of(false);
  const int node = test.network->outputs()[0];
  const nn::Shape& shape = test.network->node(node).shape;
  const auto colorInScene = [&](int sheet, float value) {
    const scene::Rgb rgb = style.map(state.shown().scaleOf(sheet)).at(state.shown().scaleOf(sheet).position(value));
    return QColor(rgb.r, rgb.g, rgb.b);
  };
  const scene::Block& block = state.layout()->blocks[std::size_t(state.layout()->blockOfNode[std::size_t(node)])];
  std::map<std::pair<float, float>, QColor> products;  // of a weight and an input
  for (std::size_t flat = 0; flat < shape.size(); ++flat) {
    scene::Explanation e = scene::explain(*test.network, test.parameters, *test.values, {node, nn::cellAt(shape, flat)});
    scene::takeScales(state, e);
    if (e.unit.cell.channel > 0) products.clear();
    const ui::SectionView view{e, theme, 320};
    for (const scene::Patch& patch : e.patches) {
      const ui::ValueScale input = ui::scaleOf(view, patch, ui::Part::Input), weight = ui::scaleOf(view, patch, ui::Part::Weight),
                           product = ui::scaleOf(view, patch, ui::Part::Product);
      const int sheet = state.layout()->locate({patch.inputNode, {patch.inputChannel, 0, 0}})->sheet;
      for (const scene::PatchCell& cell : patch.cells) {
        if (!cell.inside) continue;
        ASSERT_EQ(input.color(cell.input, theme), colorInScene(sheet, cell.input)) << e.unitName;
        EXPECT_LE(std::abs(cell.product), product.largest * 1.0001f);
        if (block.kernelSheetCount == 0 || e.kind != nn::Combine::WeightedSum) continue;
        ASSERT_EQ(weight.color(cell.weight, theme), colorInScene(block.firstKernelSheet + e.unit.cell.channel, cell.weight));
        const auto [known, isNew] = products.try_emplace({cell.weight, cell.input}, product.color(cell.product, theme));
        EXPECT_EQ(known->second, product.color(cell.product, theme)) << e.unitName;
      }
    }
  }
}

// The number at the end of a line, and a unit of its last digit.
std::pair<double, double> figureOf(const QString& line) {
  QString text = line.section(QRegularExpression("[:=] (?=[^:=]*$)"), -1).replace(QChar(0x2212), '-');
  const auto point = text.indexOf('.'), exponent = text.indexOf('e');
  const double power = exponent < 0 ? 0 : text.mid(exponent + 1).toDouble();
  return {text.toDouble(), std::pow(10.0, power - (point < 0 ? 0.0 : double((exponent < 0 ? text.size() : exponent) - point - 1)))};
}

// Whatever table a sheet shows: its lines add up to its sum as they are written.
TEST_P(LayerSheets, AddUpAsTheyAreWritten) {
  const Case test(GetParam());
  const int node = test.network->outputs()[0];
  const nn::Shape& shape = test.network->node(node).shape;
  ui::Inspector inspector;
  inspector.resize(344, 900);
  for (std::size_t flat = 0; flat < shape.size(); flat += 1 + shape.size() / 12) {
    const scene::Explanation e = scene::explain(*test.network, test.parameters, *test.values, {node, nn::cellAt(shape, flat)});
    inspector.setExplanation(e);
    for (int i = 0; i < inspector.sheet()->sectionCount(); ++i) {
      const ui::AccessibleSection reading = inspector.sheet()->sectionAccessible(i);
      const QStringList lines = reading.words.split('\n');
      double sum = 0, last = 0;
      for (const QString& line : lines) {
        const bool ends = line.startsWith("sum: ") || line.startsWith("together: ") || line.startsWith("sum of exponentials: ");
        if (line.startsWith("coefficient")) continue;  // a factor
        const auto [figure, unit] = figureOf(line);
        if (!ends) {
          sum += figure;
          last = std::max(last, unit);
          continue;
        }
        const bool normalizes = line.startsWith("sum: ") && lines.filter("times γ").size() > 0;
        if (!normalizes) {
          EXPECT_NEAR(sum, figure, std::max(unit, last) * 0.51) << reading.words.toStdString();
        }
        if (!line.startsWith("sum of")) {
          EXPECT_EQ(line.section(": ", -1), ui::number(e.preActivation)) << "reads as everywhere";
        }
        break;
      }
    }
    EXPECT_FALSE(inspector.sheet()->sectionAccessible(0).words.contains("× 0 ")) << e.formula;
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, LayerSheets, testing::ValuesIn(nntest::layerCases()), [](const auto& test) { return test.param.name; });

// The layer that is read has the name of what stands below its cells, and the sheet of the input itself has it above all.
TEST(Sheets, OfTheFirstUnitsSayInputOnce) {
  const auto network = scene_test::harley();
  const std::vector<float> parameters = network->initialParameters(4);
  const auto values = scene_test::valuesOf(network, parameters, scene_test::seven(network->inputShape()));
  for (const char* node : {"input", "conv1"})
    for (const int width : {344, 700}) {
      ui::Inspector inspector;
      inspector.setTheme(ui::lightTheme());
      inspector.setExplanation(scene::explain(*network, parameters, *values, {network->find(node), {0, 14, 14}}));
      inspector.resize(width, 900);
      inspector.show();
      QCoreApplication::processEvents();
      QBuffer drawn;
      drawn.open(QIODevice::WriteOnly);
      QSvgGenerator generator;
      generator.setOutputDevice(&drawn);
      QPainter painter(&generator);
      inspector.sheet()->render(&painter);
      painter.end();
      QString written;
      auto texts = QRegularExpression(">([^<]*)</text>").globalMatch(QString::fromUtf8(drawn.data()));
      while (texts.hasNext()) written += texts.next().captured(1) + u'\n';
      ASSERT_TRUE(written.contains("I")) << "the formula at least";
      for (const QLabel* label : inspector.findChildren<QLabel*>())
        if (label->isVisible()) written += label->text() + u'\n';
      EXPECT_EQ(written.count(QRegularExpression("\\binput\\b")), 1) << node << ", " << width << " wide:\n" << written.toStdString();
    }
}

// A weight reads the same whichever of the kernels that lead into its map is worked out, and as in the scene.
TEST(Sheets, WriteAllKernelsOfAMapAlike) {
  const auto network = scene_test::harley();
  std::vector<float> parameters = network->initialParameters(4);
  const int conv2 = network->find("conv2");
  const auto kernel = network->node(conv2).layer->kernelOffset(3, 2);
  ASSERT_GE(kernel, 0);
  parameters[network->node(conv2).parameterOffset + std::size_t(kernel)] = -1.04f;
  const auto values = scene_test::valuesOf(network, parameters, scene_test::seven(network->inputShape()));
  const scene::Explanation e = scene::explain(*network, parameters, *values, {conv2, {3, 4, 4}});
  ASSERT_EQ(e.patches.size(), 6u);
  const ui::Theme theme = ui::lightTheme();
  const ui::SectionView view{e, theme, 330};
  const ui::GridGeometry grid(QRectF(0, 0, 150, 150), 5, 5);
  for (const scene::Patch& patch : e.patches)
    EXPECT_EQ(ui::numbersOf(view, grid, patch, ui::Part::Weight), scene::CellNumbers::compact(1.04f)) << patch.inputChannel;
}

}  // namespace
