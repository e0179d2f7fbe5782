// The strip above the scene that tells of problems and offers.
#include <gtest/gtest.h>

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>
#include <QToolButton>

#include "ui/LabelWords.h"
#include "ui/shell/MessageStrip.h"

namespace {

using ui::Message;

TEST(MessageStripTest, SaysWhatWhereAndWhatToDoAndWaitsForNobody) {
  ui::MessageStrip strip;
  EXPECT_TRUE(strip.isHidden());
  strip.showMessage({Message::Kind::Failure, {"a.onnx", "It is cut off", "Copy it again"}, {}, {}});
  EXPECT_FALSE(strip.isHidden());
  bool found = false;
  for (const QLabel* label : strip.findChildren<QLabel*>())
    found |= label->text().contains("a.onnx") && label->text().contains("It is cut off") && label->text().contains("Copy it again");
  EXPECT_TRUE(found);
  strip.dismiss();
  EXPECT_TRUE(strip.isHidden());
}

TEST(MessageStripTest, TextOfAFileIsNotTakenForMarkup) {
  ui::MessageStrip strip;
  strip.showMessage({Message::Kind::Failure, {"<img>", "bad", ""}, {}, {}});
  bool escaped = false;
  for (const QLabel* label : strip.findChildren<QLabel*>()) escaped |= label->text().contains("&lt;img&gt;");
  EXPECT_TRUE(escaped);
}

TEST(MessageStripTest, NoLineBeginsWithABlank) {
  ui::MessageStrip strip;
  strip.showMessage({Message::Kind::Info, {"mine.onnx", "It is cut off in the middle", "Copy it again."}, {}, {}});
  QTextDocument document;
  for (const QLabel* label : strip.findChildren<QLabel*>())
    if (label->text().contains("mine.onnx")) document.setHtml(label->text());
  ASSERT_TRUE(document.toPlainText().contains("Copy it again."));
  for (int width = 60; width < 600; width += 3) {
    document.setTextWidth(width);
    const QTextBlock block = document.firstBlock();
    for (int i = 0; i < block.layout()->lineCount(); ++i)
      EXPECT_FALSE(block.text().at(block.layout()->lineAt(i).textStart()).isSpace()) << "line " << i + 1 << " of " << width << " pixels";
  }
}

TEST(MessageStripTest, ASecondProblemIsShownAndTheFirstAfterIt) {
  ui::MessageStrip strip;
  strip.showMessage({Message::Kind::Failure, {"", "first", ""}, {}, {}});
  strip.showMessage({Message::Kind::Failure, {"", "second", ""}, {}, {}});
  EXPECT_EQ(strip.message().issue.what, "second");
  strip.dismiss();
  EXPECT_FALSE(strip.isHidden());
  EXPECT_EQ(strip.message().issue.what, "first");
  strip.dismiss();
  EXPECT_TRUE(strip.isHidden());
}

TEST(MessageStripTest, InformationDoesNotSwallowAFailure) {
  ui::MessageStrip strip;
  strip.showMessage({Message::Kind::Failure, {"", "broken", ""}, {}, {}});
  strip.showMessage({Message::Kind::Info, {"", "saved", ""}, {}, {}});
  strip.dismiss();
  EXPECT_EQ(strip.message().issue.what, "broken");
  EXPECT_FALSE(strip.isHidden());
}

TEST(MessageStripTest, AnOfferThatNobodyAskedForWaitsBehindAFailure) {
  ui::MessageStrip strip;
  const auto offer = [](const char* what) {
    ui::Message message{ui::Message::Kind::Info, {"", what, ""}, "Restore", [] {}};
    message.refusalText = "Delete";
    message.refusal = [] {};
    return message;
  };
  strip.showMessage({ui::Message::Kind::Failure, {"a.onnx", "it is no model", ""}, {}, {}});
  strip.showMessage(offer("older work"));
  EXPECT_EQ(strip.message().issue.what, "it is no model");
  EXPECT_EQ(strip.count(), 2);
  strip.dismiss();
  EXPECT_EQ(strip.message().issue.what, "older work");
  strip.showMessage(offer("newer work"));
  EXPECT_EQ(strip.message().issue.what, "newer work") << "of offers the newest comes first";
  strip.showMessage({ui::Message::Kind::Failure, {"b.onnx", "it is no model either", ""}, {}, {}});
  EXPECT_EQ(strip.message().issue.where, "b.onnx");
  ui::Message asked = offer("weights that gave way");
  asked.refusal = {};
  strip.showMessage(asked);
  EXPECT_EQ(strip.message().issue.what, "weights that gave way") << "of what the person has just done";
  EXPECT_TRUE(strip.tells("it is no model either"));
}

TEST(MessageStripTest, ItsActionRunsOnce) {
  ui::MessageStrip strip;
  int ran = 0;
  strip.showMessage({Message::Kind::Info, {"", "reset", ""}, "Undo", [&] { ++ran; }});
  QTest::mouseClick(strip.findChild<QPushButton*>(), Qt::LeftButton);
  EXPECT_EQ(ran, 1);
  EXPECT_TRUE(strip.isHidden());
}

TEST(MessageStripTest, OnlyItsButtonsEndWhatMustBeAnswered) {
  ui::MessageStrip strip;
  strip.showMessage({Message::Kind::Failure, {"a.onnx", "it is no model", ""}, {}, {}});
  strip.showMessage({Message::Kind::Info, {"", "Back at the start", ""}, "Bring them back", [] {}, "Let them go", {}, true});
  auto* close = strip.findChild<QToolButton*>("messageClose");
  EXPECT_TRUE(close->isHidden());
  strip.closeAction()->trigger();
  EXPECT_EQ(strip.count(), 2u);
  strip.findChild<QToolButton*>("messageBack")->click();
  EXPECT_FALSE(close->isHidden()) << "the other one is in reach";
  strip.closeAction()->trigger();
  EXPECT_EQ(strip.message().issue.what, "Back at the start");
  strip.findChild<QPushButton*>("messageRefusal")->click();
  EXPECT_EQ(strip.count(), 0u);
}

}  // namespace
