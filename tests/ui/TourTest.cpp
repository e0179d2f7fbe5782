// The tour of the real window, without OpenGL and faster than anybody could look at it.
#include <algorithm>
#include <gtest/gtest.h>

#include <QDir>

#include "nn/Error.h"
#include "ui/WindowTest.h"
#include "ui/app/Commands.h"
#include "ui/tour/TakeTour.h"

namespace {

class TourTest : public uitest::WindowTest {};

TEST_F(TourTest, EveryCommandOfItCanBeUsedWhereItIsGiven) {
  useSmallData();  // of the program that is there, which the tour goes on with
  const QTemporaryDir pictures;
  testing::internal::CaptureStdout();
  int status = -1;
  try {
    status = ui::takeTour(*program, {pictures.path(), QSize(1280, 800), ui::ThemeChoice::Dark, 0}, 0.02);
  } catch (const nn::Error& error) {
    ADD_FAILURE() << error.message();
  }
  const std::string told = testing::internal::GetCapturedStdout();
  EXPECT_EQ(status, 0);
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), QDir(pictures.path()).entryList({"*.png"}, QDir::Files).size());
  EXPECT_NE(told.find("-projector.png"), std::string::npos) << "the last one: " << told;
}

TEST_F(TourTest, ACommandThatCannotBeUsedIsToldByItsId) {
  const auto refusal = [this](const QString& id) -> std::string {
    try {
      ui::runForTour(*program, id);
    } catch (const nn::Error& error) {
      return error.message();
    }
    return {};
  };
  EXPECT_EQ(refusal("view.flat"), "");
  EXPECT_NE(refusal("view.flatt").find("view.flatt"), std::string::npos);
  window().commands().find("view.flat")->setEnabled(false);
  EXPECT_NE(refusal("view.flat").find("view.flat"), std::string::npos);
}

}  // namespace
