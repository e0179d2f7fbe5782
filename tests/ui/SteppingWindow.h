// A window whose training is taken step by step, and its session.
#pragma once

#include <cstdint>

#include "ui/WindowTest.h"
#include "ui/app/SessionFiles.h"

namespace uitest {

class SteppingWindow : public WindowTest {
 protected:
  void SetUp() override {
    WindowTest::SetUp();
    path = folder.filePath("lecture.convscope");
  }
  void steps(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t before = step();
      workbench().singleStep();
      ASSERT_TRUE(QTest::qWaitFor([&] { return step() == before + 1 && workbench().training().atRest(); }, 60000));
    }
  }
  ui::SessionFiles& sessions() { return window().files().sessions(); }

  QString path;  // of the session
};

}  // namespace uitest
