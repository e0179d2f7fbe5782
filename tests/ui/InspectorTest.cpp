// The inspector shows the numbers of the forward pass and answers the mouse.

#include <cmath>
#include <gtest/gtest.h>

#include <QDir>
#include <QSignalSpy>
#include <QTest>

#include "io/Model.h"
#include "ui/inspector/Inspector.h"

namespace {

struct Subject {
  io::Model model;
  std::shared_ptr<const scene::Values> values;

  Subject() : model(io::loadModel("harley")) {
    nn::Workspace workspace(model.network, 1, false);
    nn::Weights weights(model.network);
    weights.assign(model.parameters);
    std::vector<float> input(model.network->inputShape().size());
    for (int y = 8; y < 24; ++y)
      for (int x = 0; x < 32; ++x) input[std::size_t(y * 32 + x)] = std::max(0.0f, 1.0f - std::abs(float(x - 20 + y / 4)) / 2);
    workspace.setInput(0, input);
    workspace.forward(weights);
    values = scene::collectValues(workspace, 1);
  }

  scene::Explanation explain(const char* node, nn::Cell cell) const {
    return scene::explain(*model.network, model.parameters, *values, {model.network->find(node), cell});
  }
};

bool shows(const ui::Inspector& inspector, const QString& text) {
  for (const ui::InspectorItem& item : inspector.page().items)
    if (item.text == text) return true;
  return false;
}

class InspectorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    m_inspector.resize(336, 900);
    m_inspector.setTheme(ui::darkTheme());
    m_inspector.show();
  }
  // Kept beside the other pictures of the test run, in both themes.
  void keepPicture(const QString& name) {
    QDir().mkpath(QString(CONVSCOPE_BINARY_DIR) + "/pictures");
    for (const bool dark : {true, false}) {
      m_inspector.setTheme(dark ? ui::darkTheme() : ui::lightTheme());
      QPalette palette = m_inspector.palette();
      palette.setColor(QPalette::Window, dark ? ui::darkTheme().surface : ui::lightTheme().surface);
      m_inspector.setPalette(palette);
      m_inspector.setAutoFillBackground(true);
      m_inspector.resize(336, m_inspector.minimumHeight());
      m_inspector.grab().save(QString(CONVSCOPE_BINARY_DIR) + "/pictures/inspector-" + name + (dark ? "-dark.png" : "-light.png"));
    }
  }
  const ui::InspectorItem* cellOf(int term) const {
    for (const ui::InspectorItem& item : m_inspector.page().items)
      if (item.kind == ui::InspectorItem::Kind::Cell && item.term == term && item.rect.width() > 10) return &item;
    return nullptr;
  }
  Subject m_subject;
  ui::Inspector m_inspector;
};

TEST_F(InspectorTest, ShowsTheNumbersOfAConvolution) {
  const scene::Explanation e = m_subject.explain("conv2", {2, 4, 5});
  m_inspector.setExplanation(e);
  EXPECT_TRUE(shows(m_inspector, ui::inspectorNumber(m_subject.values->at(e.unit))));
  EXPECT_TRUE(shows(m_inspector, ui::inspectorNumber(e.bias)));
  EXPECT_TRUE(shows(m_inspector, ui::inspectorNumber(e.preActivation)));
  keepPicture("conv2");
}

TEST_F(InspectorTest, ShowsEveryKindOfLayerWithItsForwardValue) {
  const std::vector<std::pair<const char*, nn::Cell>> units = {
      {"input", {0, 12, 18}}, {"conv1", {1, 10, 12}}, {"pool1", {1, 5, 6}}, {"dense1", {3, 0, 0}}, {"dense2", {7, 0, 0}}};
  for (const auto& [node, cell] : units) {
    const scene::Explanation e = m_subject.explain(node, cell);
    m_inspector.setExplanation(e);
    EXPECT_TRUE(shows(m_inspector, ui::inspectorNumber(m_subject.values->at(e.unit)))) << node;
    EXPECT_GT(m_inspector.minimumHeight(), 100) << node;
    keepPicture(node);
  }
}

TEST_F(InspectorTest, ShowsAnOutputWithItsProbability) {
  const int logits = m_subject.model.network->logitsNode();
  const scene::Explanation e = m_subject.explain(m_subject.model.network->node(logits).name.c_str(), {7, 0, 0});
  m_inspector.setExplanation(e);
  ASSERT_EQ(e.then.size(), 1u);
  EXPECT_TRUE(shows(m_inspector, QString::number(double(e.then[0].value), 'f', 4)));
  keepPicture("output");
}

TEST_F(InspectorTest, FramesTheWinnerOfMaxPoolingAlone) {
  const scene::Explanation e = m_subject.explain("pool1", {1, 5, 6});
  m_inspector.setExplanation(e);
  int winners = 0;
  for (const ui::InspectorItem& item : m_inspector.page().items)
    if (item.winner) {
      ++winners;
      EXPECT_TRUE(e.terms[std::size_t(item.term)].winner);
    }
  EXPECT_EQ(winners, 1);
}

TEST_F(InspectorTest, PointsAtATermAndWalksToIt) {
  const scene::Explanation e = m_subject.explain("conv1", {1, 10, 12});
  m_inspector.setExplanation(e);
  QSignalSpy hovered(&m_inspector, &ui::Inspector::termHovered);
  QSignalSpy asked(&m_inspector, &ui::Inspector::unitRequested);
  const ui::InspectorItem* cell = cellOf(7);
  ASSERT_NE(cell, nullptr);
  const QPoint at = cell->rect.center().toPoint();
  QTest::mouseMove(&m_inspector, at);
  ASSERT_EQ(hovered.count(), 1);
  EXPECT_EQ(m_inspector.hoveredTerm(), 7);
  EXPECT_EQ(hovered.front().front().value<std::optional<scene::UnitId>>(), e.terms[7].source);
  QTest::mouseClick(&m_inspector, Qt::LeftButton, {}, at);
  ASSERT_EQ(asked.count(), 1);
  EXPECT_EQ(asked.front().front().value<scene::UnitId>(), e.terms[7].source);
}

TEST_F(InspectorTest, WorksOutTheMapThatIsClicked) {
  m_inspector.setExplanation(m_subject.explain("conv2", {2, 4, 5}));
  const auto working = [&] {
    int patch = -1;
    for (const ui::InspectorItem& item : m_inspector.page().items)
      if (patch < 0 && item.kind == ui::InspectorItem::Kind::Cell) patch = item.patch;
    return patch;
  };
  const int before = working();
  const int wanted = before == 0 ? 1 : 0;
  for (const ui::InspectorItem& item : m_inspector.page().items)
    if (item.kind == ui::InspectorItem::Kind::Text && item.patch == wanted) {
      QTest::mouseClick(&m_inspector, Qt::LeftButton, {}, item.rect.center().toPoint());
      break;
    }
  EXPECT_EQ(working(), wanted);
  EXPECT_NE(before, wanted);
}

TEST_F(InspectorTest, InvitesWhereNothingIsPinned) {
  m_inspector.setExplanation(m_subject.explain("conv1", {0, 0, 0}));
  m_inspector.clear();
  EXPECT_TRUE(m_inspector.isEmpty());
  EXPECT_TRUE(m_inspector.page().items.empty());
}

}  // namespace
