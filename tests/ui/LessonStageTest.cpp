// What a step of a lesson shows of the scene: nothing that it is about lies under bars and sentences, or in the dark.
#include <algorithm>
#include <gtest/gtest.h>

#include <QPainter>
#include <QTextDocument>

#include "io/Lessons.h"
#include "render/Overlay.h"
#include "ui/WindowTest.h"
#include "ui/app/Commands.h"
#include "ui/app/LessonPlayer.h"
#include "ui/panels/lessons/LessonText.h"
#include "ui/shell/LessonStage.h"
#include "ui/shell/Spotlight.h"

namespace {

class LessonStageTest : public uitest::WindowTest {
 protected:
  ui::LessonPlayer& player() { return window().lessons().player(); }
  ui::Spotlight& spotlight() { return *window().findChild<ui::Spotlight*>(); }
  const scene::Camera& camera() { return host().controller().camera(); }
  // As it is counted on the page, from 1.
  void openAt(const QSize& size, int step) {
    window().resize(size);
    settle(50);
    ASSERT_TRUE(window().commands().run("lesson.01-convolution"));
    settle(50);
    ASSERT_TRUE(player().isOpen());
    for (int presses = 0; player().index() + 1 < step && presses < 100; ++presses) player().next();
    ASSERT_EQ(player().index() + 1, step);
    ASSERT_TRUE(arrives());
  }
  bool arrives() {
    return QTest::qWaitFor([&] { return !host().controller().advance(); }, 10000);
  }
  // In pixels of the view.
  QRectF seen(const scene::Sheet& sheet) {
    QRectF rect;
    for (const float x : {0.0f, sheet.width()})
      for (const float y : {0.0f, sheet.height()}) {
        const scene::Vec3 at = camera().project(sheet.origin + sheet.right * x + sheet.down * y);
        rect = rect.united(QRectF(double(at.x), double(at.y), 1, 1));
      }
    return rect;
  }
  const scene::Block& block(const char* node) {
    return state().layout()->blocks[std::size_t(state().layout()->blockOfNode[std::size_t(workbench().network()->find(node))])];
  }
  double lowestFree() {
    const QSizeF view = host().focusProxy()->size();
    const render::OverlayOptions overlay = host().controller().overlay();
    return view.height() - overlay.foot - render::captionHeight(state(), host().controller().style(), view);
  }
  // How dark a place of the window is made: 0 not at all.
  int veil(const QPoint& place) {
    QImage image(spotlight().size(), QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    spotlight().render(&painter, QPoint(), QRegion(), QWidget::RenderFlags());
    return qAlpha(image.pixel(place));
  }
};

TEST_F(LessonStageTest, IsBegunAndPlayedWithoutAMouse) {
  key(Qt::Key_F4);
  ASSERT_TRUE(window().focusWidget());
  QTest::keyClick(window().focusWidget(), Qt::Key_Return);
  ASSERT_TRUE(player().isOpen());
  settle(50);
  ASSERT_TRUE(window().focusWidget());
  QTest::keyClick(window().focusWidget(), Qt::Key_Space);
  EXPECT_EQ(player().index(), 1);
  EXPECT_FALSE(workbench().jobs().busy()) << "no training was asked for";
}

TEST_F(LessonStageTest, WhatAnAnimationReadsAndWritesStandsAboveItsSentence) {
  for (const QSize& size : {QSize(1280, 800), QSize(1024, 768)}) {
    SCOPED_TRACE(size.width());
    openAt(size, 7);
    ASSERT_TRUE(state().animation());
    const QRectF room(QPointF(), QSizeF(host().focusProxy()->width(), lowestFree()));
    EXPECT_TRUE(room.contains(seen(state().layout()->sheets[std::size_t(block("input").firstSheet)])));
    EXPECT_TRUE(room.contains(seen(state().layout()->sheets[std::size_t(block("conv1").firstSheet)])));
    EXPECT_FALSE(player().away());
    window().lessons().leave();
  }
}

TEST_F(LessonStageTest, TheMapOfACellThatIsNearlyAllInViewLiesUnderNoBar) {
  for (const QSize& size : {QSize(1280, 800), QSize(1024, 768)}) {
    SCOPED_TRACE(size.width());
    openAt(size, 6);
    EXPECT_LE(seen(state().layout()->sheets[std::size_t(block("conv1").firstSheet)]).bottom(), lowestFree());
    window().lessons().leave();
  }
}

TEST_F(LessonStageTest, TheLightOnALayerIsOnItsNameAndLegendToo) {
  openAt({1280, 800}, 1);
  int lights = 0;
  for (int step = 1; step <= 10; ++step) {
    while (player().index() + 1 < step) player().next();
    const lessons::StepState shown = lessons::stateAt(player().lesson(), std::size_t(player().index()), player().answered());
    const int node = shown.spotlight ? workbench().network()->find(shown.spotlight->arguments.front()) : -1;
    if (node < 0) continue;
    SCOPED_TRACE(step);
    ASSERT_TRUE(arrives());
    settle(100);
    const QPoint view = host().focusProxy()->mapTo(&window(), QPoint());
    for (const render::WrittenName& name : host().controller().names()) {
      if (name.block != state().layout()->blockOfNode[std::size_t(node)]) continue;
      ++lights;
      EXPECT_FALSE(name.legend.isEmpty());
      EXPECT_TRUE(spotlight().place().contains(name.rect.toAlignedRect().translated(view)));
      EXPECT_TRUE(spotlight().place().contains(name.legend.toAlignedRect().translated(view)));
    }
  }
  EXPECT_GE(lights, 2);
}

TEST_F(LessonStageTest, BesideThePadTheSceneStaysBright) {
  openAt({1280, 800}, 16);
  ASSERT_TRUE(spotlight().isVisible());
  settle(50);
  const QPoint scene = host().mapTo(&window(), host().rect().center());
  EXPECT_EQ(veil(scene), 0);
  EXPECT_GT(veil({4, 4}), 0);
  player().back();
  while (player().index() > 0) player().back();
  settle(50);
  ASSERT_TRUE(spotlight().isVisible());
  EXPECT_GT(veil(host().mapTo(&window(), QPoint(8, 8))), 0) << "a light within the scene";
}

TEST(LessonPage, AGroupedNumberStandsInOneLine) {
  auto lesson = std::make_shared<lessons::Lesson>();
  lesson->steps.emplace_back();
  lesson->steps[0].text = {{lessons::Piece{"It has ", false, false, false, {}},
                            lessons::Piece{{}, false, false, false, lessons::Expression{}},
                            lessons::Piece{" weights.", false, false, false, {}}}};
  ui::LessonPlayer player;
  player.open(lesson);
  lessons::Value value{lessons::Value::Kind::Count};
  value.number = 263168;
  const QString number = QStringLiteral("263\u00a0168");
  for (int width = 60; width < 200; width += 5) {
    QTextDocument document;
    document.setHtml(lessonHtml(player, [&](const lessons::Expression&) { return value; }, {ui::lightTheme(), 13, width}));
    document.setTextWidth(width);
    ASSERT_TRUE(document.toRawText().contains(number)) << document.toRawText().toStdString();
  }
}

}  // namespace
