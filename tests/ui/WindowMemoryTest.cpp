// What the window takes to show a network is what is said of it before it is opened. In a suite by itself, which is a process by itself.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "io/Files.h"
#include "scene/ShowingMemory.h"
#include "ui/WindowTest.h"

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasures = false;  // a sanitizer's own memory is none of the window's
#else
constexpr bool kMeasures = true;
#endif

using WindowMemoryTest = uitest::WindowTest;

TEST_F(WindowMemoryTest, OneLargeMapTakesLittleMoreThanIsSaid) {
  if (!kMeasures) GTEST_SKIP();
  const auto mostBytes = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return 1024.0 * double(usage.ru_maxrss);
  };
  const QString path = folder.filePath("square.json");
  io::writeFile(path, R"({"name": "square", "nodes": [
    {"name": "input", "type": "input", "channels": 1, "height": 3000, "width": 3000},
    {"name": "relu", "type": "activation", "activation": "relu"}]})");
  const double before = mostBytes();
  window().files().openPath(path);
  const auto shown = [this] {
    return state().network() && state().network() == workbench().network() && workbench().inference().upToDate();
  };
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().network()->find("relu") == 1 && shown(); }, 60000));
  const double said = scene::memoryToShow(*workbench().network());
  EXPECT_LT(mostBytes() - before, 1.3 * said) << "said: " << said;
  EXPECT_GT(mostBytes() - before, 0.5 * said) << "so that it does not frighten anybody off";
}

}  // namespace
