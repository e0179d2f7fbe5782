// The numbers in the cells of maps.
#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include <QRegularExpression>

#include "gl/Shown.h"
#include "scene/MadeNetworks.h"

namespace {

using namespace gl_test;

// Where a map reaches from near the eye to far from it, its near cells have no more digits than the far ones.
TEST(OverlayNumbers, OfAMapHaveOnePrecision) {
  int numbers = 0;
  for (int step = 0; step < 24; ++step) {
    const float zoom = 10 * std::pow(1.25f, float(step / 2));
    Shown shown(scene_test::harley(), step % 2 ? Arrangement::Flat : Arrangement::Space);
    shown.approach(1, zoom);
    std::map<int, std::set<bool>> withZero;  // of each sheet: whether a number below 1 has its 0 before the mark
    for (const WrittenText& text : shown.written()) {
      const QPointF at = text.rect.center();
      const auto pick = scene::pick(*shown.state.layout(), shown.camera.rayThrough({float(at.x()), float(at.y())}));
      if (!pick || pick->slab || pick->kernel || !text.words.contains(QRegularExpression("^−?0?\\.\\d+$"))) continue;
      withZero[pick->cell.sheet].insert(text.words.contains(QLatin1String("0.")));
      ++numbers;
    }
    for (const auto& [sheet, kinds] : withZero) EXPECT_EQ(kinds.size(), 1u) << "sheet " << sheet << " from " << zoom;
  }
  EXPECT_GT(numbers, 500);
}

}  // namespace
