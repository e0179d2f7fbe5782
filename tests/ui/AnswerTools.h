// A window whose answer is waited for.
#pragma once

#include "ui/WindowTest.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"

namespace uitest {

class AnsweringWindow : public WindowTest {
 protected:
  // The window shows what the network answers to the picture on the pad.
  void settle() {
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().inference().upToDate(); }, 20000));
  }
  void open(const QString& path, const std::string& name) {
    workbench().models().openFile(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().network()->spec().name == name && !workbench().jobs().busy(); }, 20000));
    settle();
  }
  ui::ProbabilityBars& bars() { return window().answer(); }
  ui::DrawingPad& pad() { return *window().padPanel().pad(); }
};

}  // namespace uitest
