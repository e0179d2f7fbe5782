#include <gtest/gtest.h>

#include <QCheckBox>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>

#include "data/InputPipeline.h"
#include "data/StrokeDigits.h"
#include "ui/Pictures.h"
#include "ui/panels/drawing/NetworkInputView.h"

namespace {

data::GrayImage receivedOf(const data::PreparedDrawing& prepared) {
  data::GrayImage received{32, 32, std::vector<float>(32 * 32)};
  data::InputPipeline({}, {1, 32, 32}).write(prepared.result, nullptr, received.ink);
  return received;
}

// A 7 drawn small, near the upper left corner.
data::GrayImage drawing() {
  const data::GrayImage whole = data::strokeDigit(7, 5, 150);
  data::GrayImage pad{280, 280, std::vector<float>(280 * 280, 0.0f)};
  for (int y = 0; y < 150; ++y) {
    for (int x = 0; x < 150; ++x) pad.ink[std::size_t((y + 12) * 280 + x + 18)] = whole.ink[std::size_t(y * 150 + x)];
  }
  return pad;
}

TEST(NetworkInputView, TellsWhenThePreprocessingIsSwitched) {
  ui::NetworkInputView view;
  view.resize(320, 300);
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  QSignalSpy toggled(&view, &ui::NetworkInputView::preprocessingToggled);
  EXPECT_TRUE(view.preprocessingOn());
  view.setPreprocessingOn(false);  // from outside: nothing to tell
  EXPECT_EQ(toggled.count(), 0);
  auto* box = view.findChild<QCheckBox*>();
  QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
  ASSERT_EQ(toggled.count(), 1);
  EXPECT_TRUE(toggled[0][0].toBool());
  EXPECT_TRUE(view.preprocessingOn());
  EXPECT_FALSE(box->toolTip().isEmpty());
}

TEST(NetworkInputView, ShowsTheStepsOfADrawing) {
  const data::GrayImage pad = drawing();
  const data::PreparedDrawing prepared = data::prepare(pad);
  const data::GrayImage received = receivedOf(prepared);
  ui::NetworkInputView view;
  view.resize(320, 232);
  const auto picture = [&] {
    QImage image(view.size(), QImage::Format_RGB32);
    view.render(&image);
    return image;
  };
  const QImage before = picture();
  view.setPrepared(pad, prepared, received);
  const QImage after = picture();
  EXPECT_NE(before, after);
  view.setPreprocessingOn(false);
  data::PreprocessingOptions off;
  off.enabled = false;
  const data::PreparedDrawing raw = data::prepare(pad, off);
  view.setPrepared(pad, raw, receivedOf(raw));
  EXPECT_NE(picture(), after);
  bool size = false;
  for (const QLabel* label : view.findChildren<QLabel*>()) size = size || label->text() == "32 × 32";
  EXPECT_TRUE(size);
}

// One row or one column of values is a strip that can be seen, not a hair, and no grid covers it.
TEST(NetworkInputView, SlenderInputsCanBeSeen) {
  for (const auto& [width, height] : {std::pair(100, 1), {1, 100}, {1, 1}, {1000, 1}}) {
    ui::NetworkInputView view;
    view.resize(304, 236);
    view.setPrepared(drawing(), {}, {width, height, std::vector<float>(std::size_t(width * height), 1.0f)});
    const QImage image = pictures::keep(view, QString("received-%1x%2").arg(width).arg(height));
    int ink = 0;
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x) ink += image.pixelColor(x, y) == ui::lightTheme().ink;
    EXPECT_GT(ink, 8 * 80) << width << " x " << height;
  }
}

TEST(NetworkInputView, Pictures) {
  const data::GrayImage pad = drawing();
  const data::PreparedDrawing prepared = data::prepare(pad);
  data::PreprocessingOptions off;
  off.enabled = false;
  const data::PreparedDrawing raw = data::prepare(pad, off);
  for (const ui::Theme& theme : {ui::lightTheme(), ui::darkTheme()}) {
    ui::applyTheme(*qApp, theme);
    const QString name = theme.dark ? "-dark" : "-light";
    ui::NetworkInputView view;
    view.setTheme(theme);
    view.resize(304, 236);
    view.setPrepared({280, 280, std::vector<float>(280 * 280, 0.0f)}, {}, {32, 32, std::vector<float>(1024, 0.0f)});
    pictures::keep(view, "received-empty" + name);
    view.setPrepared(pad, prepared, receivedOf(prepared));
    EXPECT_GT(pictures::colors(pictures::keep(view, "received-on" + name)), 20);
    view.setPreprocessingOn(false);
    view.setPrepared(pad, raw, receivedOf(raw));
    pictures::keep(view, "received-off" + name);
    view.setPreprocessingOn(true);
    view.resize(304, 440);
    view.setPrepared(pad, prepared, receivedOf(prepared));
    pictures::keep(view, "received-high" + name);
  }
}

}  // namespace
