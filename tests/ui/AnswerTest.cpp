#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTest>

#include "ui/Pictures.h"
#include "ui/panels/prediction/ProbabilityBars.h"

namespace {

using ui::ProbabilityBars;

TEST(ProbabilityBars, SaysPercentWithoutFalseCertainty) {
  ProbabilityBars bars;
  bars.setProbabilities(std::vector<float>(10, 0.1f));
  EXPECT_EQ(bars.percent(0.973f), "97.3 %");
  EXPECT_EQ(bars.percent(1.0f), "> 99.9 %") << "one of ten is never certain, a float is only full";
  EXPECT_EQ(bars.percent(0.9999f), "> 99.9 %");
  EXPECT_EQ(bars.percent(0.0f), "< 0.1 %");
  EXPECT_EQ(bars.percent(0.0001f), "< 0.1 %");
  EXPECT_EQ(bars.percent(std::nanf("")), "–");
}

TEST(ProbabilityBars, WithoutAnAnswerTheySayWhy) {
  ProbabilityBars bars;
  bars.setTruth(ProbabilityBars::Truth{5, "5"});
  bars.setProbabilities(std::vector<float>{0.9f, 0.1f});
  EXPECT_EQ(bars.verdict(), "it is 5");
  bars.setTruth(ProbabilityBars::Truth{0, "0"});
  EXPECT_EQ(bars.verdict(), "right");
  bars.setTruth(ProbabilityBars::Truth{-1, "cat"});
  EXPECT_EQ(bars.verdict(), "a sample of cat");
  bars.setNoAnswer("The network ends in a single number.");
  EXPECT_EQ(bars.winner(), -1);
  EXPECT_TRUE(bars.shownClasses().empty());
  EXPECT_EQ(bars.verdict(), "");
  bars.resize(304, 232);
  pictures::keep(bars, "answer-none-light");
  bars.setProbabilities(std::vector<float>{0.9f, 0.1f});
  EXPECT_EQ(bars.whyNoAnswer(), "");
}

TEST(ProbabilityBars, TenClassesStandInOrderAndTheWinnerIsTheLargest) {
  ProbabilityBars bars;
  EXPECT_TRUE(bars.isEmpty());
  std::vector<float> p(10, 0.01f);
  p[3] = 0.91f;
  bars.setProbabilities(p);
  EXPECT_EQ(bars.winner(), 3);
  EXPECT_EQ(bars.shownClasses(), (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  bars.clear();
  EXPECT_TRUE(bars.isEmpty());
  EXPECT_EQ(bars.winner(), -1);
}

TEST(ProbabilityBars, OfManyClassesTheTenLargestAreShown) {
  ProbabilityBars bars;
  std::vector<float> p(1000);
  for (int i = 0; i < 1000; ++i) p[std::size_t(i)] = float((i * 37) % 1000) / 499500.0f;
  bars.setProbabilities(p);
  ASSERT_EQ(bars.shownClasses().size(), 10u);
  for (std::size_t i = 1; i < 10; ++i) {
    EXPECT_GE(p[std::size_t(bars.shownClasses()[i - 1])], p[std::size_t(bars.shownClasses()[i])]);
  }
  EXPECT_EQ(bars.winner(), bars.shownClasses()[0]);
  EXPECT_FLOAT_EQ(p[std::size_t(bars.winner())], 999 / 499500.0f);
}

TEST(ProbabilityBars, RowsAnswerTheMouse) {
  ProbabilityBars bars;
  bars.resize(320, 260);
  bars.setProbabilities(std::vector<float>(10, 0.1f));
  bars.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&bars));
  QSignalSpy hovered(&bars, &ProbabilityBars::classHovered), clicked(&bars, &ProbabilityBars::classClicked);
  const QPoint p = bars.rowRect(4).center().toPoint();
  QMouseEvent move(QEvent::MouseMove, p, bars.mapToGlobal(p), Qt::NoButton, Qt::NoButton, {});
  QCoreApplication::sendEvent(&bars, &move);
  QTest::mouseClick(&bars, Qt::LeftButton, {}, p);
  ASSERT_EQ(hovered.count(), 1);
  EXPECT_EQ(hovered[0][0].toInt(), 4);
  ASSERT_EQ(clicked.count(), 1);
  EXPECT_EQ(clicked[0][0].toInt(), 4);
  for (int row = 0; row < 10; ++row) EXPECT_TRUE(QRectF(bars.rect()).contains(bars.rowRect(row))) << row;
}

TEST(ProbabilityBars, Pictures) {
  const std::vector<float> p{0.001f, 0.002f, 0.021f, 0.9012f, 0.0004f, 0.052f, 0.00003f, 0.004f, 0.016f, 0.0034f};
  for (const ui::Theme& theme : {ui::lightTheme(), ui::darkTheme()}) {
    ui::applyTheme(*qApp, theme);
    const QString name = theme.dark ? "dark" : "light";
    ProbabilityBars bars;
    bars.setTheme(theme);
    bars.resize(304, 232);
    bars.setClassNames({"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
    pictures::keep(bars, "answer-empty-" + name);
    bars.setProbabilities(p);
    EXPECT_GT(pictures::colors(pictures::keep(bars, "answer-drawing-" + name)), 20);
    bars.setTruth(ProbabilityBars::Truth{3, "3"});
    pictures::keep(bars, "answer-right-" + name);
    bars.setTruth(ProbabilityBars::Truth{5, "5"});
    pictures::keep(bars, "answer-wrong-" + name);
    bars.setNote("last is no softmax: these are a softmax of its values.");
    pictures::keep(bars, "answer-note-" + name);
    bars.setNote(QStringLiteral("A word after a word after another word. ").repeated(12));
    pictures::keep(bars, "answer-long-note-" + name);
    EXPECT_GT(bars.rowRect(9).bottom(), bars.height() * 0.5) << "a long note leaves room for the answer";
    bars.setNote({});
    bars.resize(304, 480);
    pictures::keep(bars, "answer-high-" + name);
    bars.resize(304, 232);
    bars.setTruth(std::nullopt);
    bars.setClassNames({"T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"});
    pictures::keep(bars, "answer-names-" + name);
  }
}

}  // namespace
