// The commands of the menus, the pad's own menu and the page of keys, as a person meets them; and what a word behind the program's name
// opens.
#include <algorithm>
#include <zlib.h>

#include <QAction>
#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QDialog>
#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QRegularExpression>
#include <QTimer>
#include <QUrl>
#include <QtEndian>

#include "scene/ShowingMemory.h"
#include "ui/LabelWords.h"
#include "ui/WindowTest.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/shell/MessageStrip.h"

namespace {

class MenusTest : public uitest::WindowTest {
 protected:
  static QAction* find(const QList<QAction*>& actions, const QString& text) {
    for (QAction* action : actions) {
      if (action->text().remove('&').startsWith(text)) return action;
      if (action->menu())
        if (QAction* inner = find(action->menu()->actions(), text)) return inner;
    }
    return nullptr;
  }
  QAction* command(const QString& text) { return find(window().menuBar()->actions(), text); }
  bool told(const char* part) {
    return QTest::qWaitFor(
        [&] {
          const nn::Issue& issue = window().messages().message().issue;
          return window().messages().isVisible() && (issue.where + issue.what + issue.hint).find(part) != std::string::npos;
        },
        5000);
  }
  bool padFilled() {
    return QTest::qWaitFor([&] { return !window().padPanel().pad()->isEmpty(); }, 10000);
  }
  static QImage one() {
    QImage picture(60, 60, QImage::Format_Grayscale8);
    picture.fill(255);
    for (int y = 10; y < 50; ++y)
      for (int x = 27; x < 33; ++x) picture.setPixel(x, y, qRgb(0, 0, 0));
    return picture;
  }
  QString kept(const QString& name) {
    EXPECT_TRUE(one().save(folder.filePath(name)));
    return folder.filePath(name);
  }
  void train() {
    useSmallData();
    workbench().singleStep();
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().unsavedWeights().exist() && !workbench().training().running(); }, 20000));
  }
};

TEST_F(MenusTest, PublishedArchitecturesAreInTheNetworkMenuWithTheirSizes) {
  auto* menu = window().findChild<QMenu*>("publishedMenu");
  ASSERT_TRUE(menu);
  emit menu->aboutToShow();
  for (const char* words : {"AlexNet (one tower): 61.1 million, ", "GoogLeNet (Inception v1): 7.0 million, ", "ResNet-50: 25.6 million, ",
                            "VGG-16: 138.4 million, "}) {
    const QAction* action = find(menu->actions(), words);
    ASSERT_TRUE(action) << words;
    EXPECT_TRUE(action->text().endsWith("B")) << action->text().toStdString();
    EXPECT_TRUE(action->toolTip().contains(QRegularExpression("million parameters, about .*B of memory$")))
        << action->toolTip().toStdString();
  }
  EXPECT_LE(menu->sizeHint().width(), 400) << "the smallest window's width";
  find(menu->actions(), "GoogLeNet")->trigger();
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().name == "googlenet"; }, 60000));
  EXPECT_TRUE(find(menu->actions(), "GoogLeNet")->isChecked());
  const QString needed = QString::fromStdString(nn::memoryText(scene::memoryToShow(*workbench().network())));
  EXPECT_TRUE(find(menu->actions(), "GoogLeNet")->text().contains(needed)) << "as a refusal would say: " << needed.toStdString();
  EXPECT_FALSE(workbench().model().hasTrainedStart());
}

TEST_F(MenusTest, AWordBehindTheProgramsNameOpensANetworkOrAFile) {
  program = std::make_unique<ui::Program>();
  program->start("lenet5");
  EXPECT_EQ(workbench().model().name, "lenet5");
  EXPECT_TRUE(window().isVisible());
  program = std::make_unique<ui::Program>();
  program->start("googlenet");
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().name == "googlenet"; }, 60000));
  program = std::make_unique<ui::Program>();
  program->start(kept("one.png"));
  EXPECT_TRUE(padFilled());
  EXPECT_EQ(workbench().model().name, "harley");
}

TEST_F(MenusTest, AWordThatOpensNothingIsMetByTheNearestName) {
  const auto reply = [](const QString& word) { return ui::whyNotOpened(word).toStdString(); };
  for (const char* word : {"lenet5", "resnet50", "softmax"}) EXPECT_EQ(reply(word), "");
  EXPECT_EQ(reply(folder.path()), "");
  EXPECT_EQ(reply("resnet51"), "'resnet51' is neither a command nor a network nor a file; did you mean resnet50?");
  EXPECT_EQ(reply("LeNet-5"), "'LeNet-5' is neither a command nor a network nor a file; did you mean lenet5?");
  EXPECT_EQ(reply("predct"), "'predct' is neither a command nor a network nor a file; did you mean predict?");
  const QString path = kept("three.png"), wrong = folder.filePath("threee.png");
  EXPECT_EQ(reply(wrong), "there is no file '" + wrong.toStdString() + "'; did you mean " + path.toStdString() + "?");
  EXPECT_EQ(reply("lenet5.onx"), "there is no file 'lenet5.onx'; did you mean lenet5?");
  EXPECT_NE(reply("xyzzyxyzzy").find("The networks are harley, lenet5"), std::string::npos) << reply("xyzzyxyzzy");
}

TEST_F(MenusTest, PicturesCanBeOpenedAndPastedFromTheMenusAndThePad) {
  ASSERT_TRUE(command("Open picture"));
  ASSERT_TRUE(command("Paste"));
  EXPECT_EQ(command("Paste")->shortcut(), QKeySequence(QKeySequence::Paste));
  EXPECT_FALSE(command("Open picture")->shortcut().isEmpty());
  auto* pad = window().padPanel().pad();
  auto* menu = window().findChild<QMenu*>("padMenu");
  ASSERT_TRUE(menu);
  for (const char* text : {"Open picture", "Paste", "Undo", "Clear", "Random sample"}) EXPECT_TRUE(find(menu->actions(), text)) << text;
  QTest::mouseClick(pad, Qt::RightButton, {}, QPoint(100, 100));
  EXPECT_TRUE(menu->isVisible());
  menu->close();
  EXPECT_TRUE(pad->isEmpty());
  EXPECT_FALSE(workbench().undoStack().canUndo());
}

TEST_F(MenusTest, PastingTakesAPictureOrAPath) {
  QClipboard& clipboard = *QGuiApplication::clipboard();
  auto* pad = window().padPanel().pad();
  const auto paste = [&] {
    pad->clear();
    key(Qt::Key_V, Qt::ControlModifier);
    return padFilled();
  };
  clipboard.setImage(one());
  EXPECT_TRUE(paste());
  ASSERT_TRUE(QTest::qWaitFor([&] { return !window().answer().isEmpty(); }, 2000));
  EXPECT_EQ(window().answer().winner(), 1);
  const QString path = kept("a picture.png");
  for (const QString& text : {path, "  " + path + "\n", "\"" + path + "\"", "'" + path + "'", QUrl::fromLocalFile(path).toString()}) {
    clipboard.setText(text);
    EXPECT_TRUE(paste()) << text.toStdString();
  }
  auto* copied = new QMimeData;  // of a file manager
  copied->setUrls({QUrl::fromLocalFile(path)});
  copied->setText(path);
  clipboard.setMimeData(copied);
  EXPECT_TRUE(paste());
  clipboard.setText(QString(CONVSCOPE_SOURCE_DIR) + "/resources/models/softmax.onnx");
  key(Qt::Key_V, Qt::ControlModifier);
  EXPECT_TRUE(QTest::qWaitFor([&] { return workbench().model().name.endsWith("softmax.onnx"); }, 10000));
}

TEST_F(MenusTest, WhatCannotBePastedIsTold) {
  QClipboard& clipboard = *QGuiApplication::clipboard();
  const auto pasted = [&](const QString& text, const char* part) {
    clipboard.setText(text);
    key(Qt::Key_V, Qt::ControlModifier);
    return told(part);
  };
  EXPECT_TRUE(pasted("hello", "no path"));
  EXPECT_TRUE(pasted(folder.filePath("absent.png"), "no path"));
  clipboard.clear();
  key(Qt::Key_V, Qt::ControlModifier);
  EXPECT_TRUE(told("holds no picture"));
  EXPECT_TRUE(window().padPanel().pad()->isEmpty());
}

// In the bytes of a file, as other programs offer it; larger than what Qt makes an image of by itself.
TEST_F(MenusTest, ALargePictureIsPastedAndOneThatIsTooLargeIsToldSo) {
  QClipboard& clipboard = *QGuiApplication::clipboard();
  const auto copy = [&](const QByteArray& png) {
    auto* mime = new QMimeData;
    mime->setData("image/png", png);
    clipboard.setMimeData(mime);
    key(Qt::Key_V, Qt::ControlModifier);
  };
  const auto gone = [&] { return QTest::qWaitFor([&] { return !window().messages().isVisible(); }, 10000); };
  const auto pngOf = [](const QImage& picture) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    EXPECT_TRUE(picture.save(&buffer, "PNG"));
    return bytes;
  };
  QByteArray large = pngOf(one());
  const QByteArray sides("\x00\x00\x4e\x20\x00\x00\x4e\x20", 8);  // 20000 x 20000
  large.replace(16, sides.size(), sides);
  QByteArray header = large.mid(12, 17), sum(4, 0);
  qToBigEndian(quint32(crc32(0, reinterpret_cast<const Bytef*>(header.constData()), uInt(header.size()))), sum.data());
  large.replace(29, 4, sum);
  copy(large);
  EXPECT_TRUE(told("too large"));
  EXPECT_TRUE(window().padPanel().pad()->isEmpty());
  QImage white(8000, 6000, QImage::Format_Grayscale8);
  white.fill(255);
  for (int y = 1000; y < 5000; ++y) std::fill_n(white.scanLine(y) + 3600, 800, uchar(0));
  copy(pngOf(white));
  EXPECT_TRUE(QTest::qWaitFor([&] { return !window().padPanel().pad()->isEmpty(); }, 60000));  // of 48 million pixels
  EXPECT_TRUE(gone()) << "what failed before is over";
  clipboard.setText("hello");
  key(Qt::Key_V, Qt::ControlModifier);
  EXPECT_TRUE(told("no path"));
  copy(pngOf(one()));
  EXPECT_TRUE(gone());
}

TEST_F(MenusTest, DataComesFromAnyFolder) {
  EXPECT_TRUE(command("Data from a folder"));
  EXPECT_FALSE(command("MNIST from a folder"));
}

TEST_F(MenusTest, ThePageOfKeysBeginsWithTheMouse) {
  key(Qt::Key_F1);
  auto* page = window().findChild<QDialog*>("keysPage");
  ASSERT_TRUE(page);
  const QString text = uitest::labelWords(*page);
  const auto at = [&](const char* words) {
    EXPECT_TRUE(text.contains(words)) << words;
    return text.indexOf(words);
  };
  EXPECT_LT(at("With the mouse"), at("On the pad"));
  EXPECT_LT(at("erase"), at("With the keys"));
  EXPECT_LT(at("zoom to the pointer"), at("With the keys"));
  EXPECT_LT(at("With the keys"), at("Ctrl+Shift+O"));
  EXPECT_LT(at("Save session"), at("Train or pause"));
}

TEST_F(MenusTest, WhatAnImportWroteInAnotherWayIsInformation) {
  QFile file(QString(CONVSCOPE_SOURCE_DIR) + "/tests/io/foreign/normalized.onnx");
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  window().files().openPath(file.fileName());
  ASSERT_TRUE(told("batch normalization became weights"));
  EXPECT_EQ(window().messages().message().kind, ui::Message::Kind::Info);
  // The same with an operator that cannot be read is a warning.
  QFile changed(folder.filePath("odd.onnx"));
  ASSERT_TRUE(changed.open(QIODevice::WriteOnly));
  changed.write(file.readAll().replace("Sigmoid", "Strange"));
  changed.close();
  window().files().openPath(changed.fileName());
  ASSERT_TRUE(told("Strange"));
  EXPECT_EQ(window().messages().message().kind, ui::Message::Kind::Warning);
}

TEST_F(MenusTest, UnsavedWeightsAreAskedForOnceTheFileIsKnownToBeReadable) {
  train();
  QFile broken(folder.filePath("broken.onnx"));
  ASSERT_TRUE(broken.open(QIODevice::WriteOnly));
  broken.write("no model");
  broken.close();
  const auto network = workbench().network();
  const auto weights = workbench().parameters();
  answer = ui::FileCommands::Unsaved::Discard;
  window().files().openPath(broken.fileName());
  ASSERT_TRUE(QTest::qWaitFor([&] { return window().messages().message().kind == ui::Message::Kind::Failure; }, 10000));
  EXPECT_EQ(asked, 0);
  // Readable: asked once, and nothing happens where the person thinks better of it.
  answer = ui::FileCommands::Unsaved::Cancel;
  const QString readable = QString(CONVSCOPE_SOURCE_DIR) + "/resources/models/softmax.onnx";
  QMimeData dropped;
  dropped.setUrls({QUrl::fromLocalFile(readable)});
  window().files().openDropped(dropped);
  ASSERT_TRUE(QTest::qWaitFor([&] { return asked == 1; }, 10000));
  ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().jobs().busy(); }, 10000));
  EXPECT_EQ(workbench().network(), network);
  EXPECT_EQ(workbench().parameters(), weights);
  EXPECT_TRUE(workbench().unsavedWeights().exist());
  answer = ui::FileCommands::Unsaved::Discard;
  window().files().openPath(readable);
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().name == readable; }, 10000));
  EXPECT_EQ(asked, 2);
}

// What was told of a file that could not be opened goes once another one of its kind is there; what was told of others stays.
TEST_F(MenusTest, AMessageGoesWithWhatItWasAbout) {
  const auto broken = [&](const char* name) {
    QFile whole(kept("one.png")), file(folder.filePath(name));
    EXPECT_TRUE(whole.open(QIODevice::ReadOnly) && file.open(QIODevice::WriteOnly));
    file.write(whole.read(whole.size() / 2));
    return file.fileName();
  };
  ui::MessageStrip& strip = window().messages();
  window().files().openPath(broken("broken.onnx"));
  ASSERT_TRUE(told("broken.onnx"));
  window().files().openPath(broken("broken.png"));
  ASSERT_TRUE(told("broken.png"));
  ASSERT_TRUE(QDir(folder.path()).mkdir("nothing"));
  window().files().openPath(folder.filePath("nothing"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return strip.count() == 3; }, 5000));
  window().files().openPath(kept("one.png"));
  ASSERT_TRUE(padFilled());
  EXPECT_EQ(strip.count(), 2u);
  workbench().models().openShipped("mlp");
  EXPECT_EQ(strip.count(), 1u);
  EXPECT_TRUE(told("nothing"));
  QAction* close = command("Close the message");
  ASSERT_TRUE(close && close->isEnabled());
  EXPECT_TRUE(window().findChild<QToolButton*>("messageClose")->toolTip().contains(close->shortcut().toString(QKeySequence::NativeText)));
  key(Qt::Key_Escape, Qt::ShiftModifier);
  EXPECT_EQ(strip.count(), 0u);
  EXPECT_FALSE(strip.isVisible() || close->isEnabled());
}

// The question says what is lost, and each button what it does.
TEST_F(MenusTest, TheQuestionAfterUnsavedWeightsSaysWhatIsLost) {
  train();
  window().files().setQuestion({});
  const auto read = [](QStringList& texts) {
    QTimer::singleShot(0, qApp, [&texts] {
      auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
      ASSERT_TRUE(box);
      texts << box->text() << box->informativeText();
      for (const QAbstractButton* button : box->buttons()) texts << button->text().remove('&');
      box->reject();
    });
  };
  QStringList quits, opens;
  read(quits);
  EXPECT_FALSE(window().close());
  EXPECT_TRUE(quits.value(1).contains("lost for good") && !quits.value(1).contains("Undo")) << quits.join('|').toStdString();
  for (const char* button : {"Save and quit...", "Quit without saving", "Do not quit"}) EXPECT_TRUE(quits.contains(button)) << button;
  read(opens);
  window().findChild<QAction*>("network.mlp")->trigger();
  EXPECT_TRUE(opens.value(1).contains("Undo") && opens.value(1).contains("lost")) << opens.join('|').toStdString();
  for (const char* button : {"Save and open...", "Open without saving", "Keep this network"}) EXPECT_TRUE(opens.contains(button)) << button;
  EXPECT_TRUE(window().isVisible() && workbench().unsavedWeights().exist());
}

}  // namespace
