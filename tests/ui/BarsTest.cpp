// The buttons and bars over the scene: in windows of the usual sizes none of them lies on a cell while everything is in view.
#include <gtest/gtest.h>

#include <QLabel>
#include <QPolygonF>

#include "ui/WindowTest.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/ConnectionBar.h"

namespace {

class BarsTest : public uitest::WindowTest {
 protected:
  // Buttons and bars that stand over the picture now.
  std::vector<QRectF> parts() {
    std::vector<QRectF> rects;
    for (const QWidget* part : host().findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly))
      if (part->isVisible() && part != &host().views() && !qobject_cast<const QLabel*>(part))
        rects.push_back(QRectF(part->geometry().translated(-host().focusProxy()->mapTo(&host(), QPoint()))));
    return rects;
  }
  void expectFree(const std::string& what) {
    const scene::Camera& camera = host().controller().camera();
    for (const scene::Sheet& sheet : state().layout()->sheets) {
      QPolygonF outline;
      const float columns = sheet.width() / sheet.pitch, rows = sheet.height() / sheet.pitch;
      for (const auto& [x, y] : {std::pair(0.0f, 0.0f), {columns, 0.0f}, {columns, rows}, {0.0f, rows}}) {
        const scene::Vec3 at = camera.project(sheet.point(x, y));
        outline << QPointF(at.x, at.y);
      }
      for (const QRectF& part : parts())
        ASSERT_FALSE(outline.boundingRect().intersects(part) && outline.intersects(QPolygonF(part)))
            << what << ": a button lies on " << state().layout()->blocks[std::size_t(sheet.block)].name;
    }
  }
};

TEST_F(BarsTest, LieOnNoCell) {
  for (const char* network : {"harley", "vgg-mini", "unet-mini"}) {
    workbench().models().openShipped(network);
    ui::Visitor(*program).drawThree();
    for (const QSize& size : {QSize(1024, 768), QSize(1280, 800)}) {
      window().resize(size);
      for (const bool pinned : {false, true})
        for (const auto arrangement : {scene::Arrangement::Flat, scene::Arrangement::Rightward, scene::Arrangement::Space}) {
          const std::string what = std::string(network) + ", " + std::to_string(size.width()) + " wide, arrangement " +
                                   std::to_string(int(arrangement)) + (pinned ? ", pinned" : "");
          workbench().selection().pin(pinned ? std::optional(scene::UnitId{1, {2, 3, 3}}) : std::nullopt);
          host().controller().contents().setArrangement(arrangement);
          QCoreApplication::processEvents();
          ASSERT_TRUE(QTest::qWaitFor([&] { return !host().controller().camera().moving(); })) << what;
          auto* bar = window().findChild<ui::ConnectionBar*>();
          EXPECT_TRUE(!pinned || bar->isVisible() || !bar->fits()) << what;
          expectFree(what);
        }
    }
  }
}

}  // namespace
