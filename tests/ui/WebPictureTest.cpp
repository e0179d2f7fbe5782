// Pictures that a browser hands over, by drag and by the clipboard; the web is a server of the test.
#include <gtest/gtest.h>

#include <QBuffer>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QGuiApplication>
#include <QImage>
#include <QMimeData>
#include <QUrl>

#include "io/LocalHttpServer.h"
#include "ui/WindowTest.h"
#include "ui/app/PictureReader.h"
#include "ui/app/Workbench.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/shell/MessageStrip.h"

namespace {

QByteArray onePng() {
  QImage picture(60, 60, QImage::Format_Grayscale8);
  picture.fill(255);
  for (int y = 10; y < 50; ++y)
    for (int x = 27; x < 33; ++x) picture.setPixel(x, y, qRgb(0, 0, 0));
  QByteArray bytes;
  QBuffer buffer(&bytes);
  picture.save(&buffer, "PNG");
  return bytes;
}

class WebPictureTest : public uitest::WindowTest {
 protected:
  void SetUp() override {
    uitest::WindowTest::SetUp();
    web.files = {{"one.png", onePng()}, {"page", "<!DOCTYPE html><html><body>One</body></html>"}};
  }
  ui::DrawingPad& pad() { return *window().padPanel().pad(); }
  QString at(const char* name) const { return web.base().toString() + '/' + name; }
  bool dropOn(QWidget& widget, const QMimeData& mime) {
    QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &mime, Qt::LeftButton, {});
    QCoreApplication::sendEvent(&widget, &enter);
    QDropEvent event(QPointF(100, 100), Qt::CopyAction, &mime, Qt::LeftButton, {});
    event.setAccepted(false);
    QCoreApplication::sendEvent(&widget, &event);
    return event.isAccepted();
  }
  bool drop(const QMimeData& mime) { return dropOn(pad(), mime); }
  bool isOneOnPad() {
    return QTest::qWaitFor([&] { return !pad().isEmpty() && window().answer().winner() == 1; }, 10000);
  }
  bool told(const char* words) {
    return QTest::qWaitFor([&] { return window().messages().tells(words); }, 10000);
  }
  void paste(const QString& text) {
    QGuiApplication::clipboard()->setText(text);
    key(Qt::Key_V, Qt::ControlModifier);
  }
  testing_support::LocalHttpServer web;
};

TEST_F(WebPictureTest, ADroppedAddressIsFetched) {
  QMimeData mime;
  mime.setUrls({QUrl(at("one.png"))});
  EXPECT_TRUE(drop(mime));
  EXPECT_TRUE(isOneOnPad());
  EXPECT_EQ(window().messages().count(), 0u);
}

TEST_F(WebPictureTest, APictureThatIsALinkIsFetchedInPlaceOfWhatItLeadsTo) {
  QMimeData mime;
  mime.setUrls({QUrl(at("page"))});
  mime.setHtml("<a href='" + at("page") + "'><img alt='a > b' data-src='x' class=big SRC=\"" + at("one.png") + "\"></a>");
  EXPECT_TRUE(drop(mime));
  EXPECT_TRUE(isOneOnPad());
}

TEST_F(WebPictureTest, APieceOfAPageIsEnough) {
  QMimeData mime;
  mime.setHtml("<p>The digit <img src=" + at("one.png") + "> one</p>");
  mime.setText("The digit one");
  EXPECT_TRUE(drop(mime));
  EXPECT_TRUE(isOneOnPad());
}

TEST_F(WebPictureTest, TheBytesOfAPictureCountMoreThanItsAddress) {
  QMimeData mime;
  mime.setUrls({QUrl(at("gone.png"))});
  mime.setData("image/png", onePng());
  EXPECT_TRUE(drop(mime));
  EXPECT_TRUE(isOneOnPad());
  EXPECT_EQ(web.requests, 0);
}

TEST_F(WebPictureTest, BytesThatDoNotComeAreFetched) {
  QMimeData mime;
  mime.setData("image/png", "");
  mime.setUrls({QUrl(at("one.png"))});
  EXPECT_TRUE(drop(mime));
  EXPECT_TRUE(isOneOnPad());
}

TEST_F(WebPictureTest, AnAddressMayHoldThePictureItself) {
  const QString address = "data:image/png;base64," + onePng().toBase64();
  QMimeData mime;
  mime.setHtml("<img src=\"" + address + "\">");
  EXPECT_TRUE(drop(mime));
  EXPECT_TRUE(isOneOnPad());
  pad().clear();
  paste(address);
  EXPECT_TRUE(isOneOnPad());
  pad().clear();
  paste("data:image/png;base64,A*");
  EXPECT_TRUE(told("within its address is damaged"));
  EXPECT_EQ(web.requests, 0);
}

TEST_F(WebPictureTest, APastedAddressIsFetched) {
  paste(" " + at("one.png") + "\n");
  EXPECT_TRUE(isOneOnPad());
  pad().clear();
  paste("'" + at("one.png") + "'");
  EXPECT_TRUE(isOneOnPad());
}

TEST_F(WebPictureTest, WhatFailsCostsNothingOfThePad) {
  drawThree();
  const std::vector<float> before = workbench().inference().drawing().ink.ink;
  web.files["words.txt"] = "some words";
  web.files["net.onnx"] = QByteArray("\x08\x07\x12\x00", 4);
  web.files["half.png"] = onePng().left(100);
  web.files["nothing.png"] = "";
  const auto tells = [&](const char* name, const char* words) {
    while (window().messages().count() > 0) window().messages().dismiss();
    paste(at(name));
    EXPECT_TRUE(told(words)) << name << ": " << window().messages().message().issue.what;
    EXPECT_EQ(window().messages().message().issue.where, name);
    EXPECT_EQ(workbench().inference().drawing().ink.ink, before);
    EXPECT_EQ(window().answer().winner(), 3);
  };
  tells("gone.png", "There is nothing at this address");
  tells("page", "this is a web page, not a picture");
  tells("words.txt", "this is a text, not a picture");
  tells("net.onnx", "this is a model (ONNX), not a picture");
  tells("half.png", "cut off");
  tells("nothing.png", "empty");
  web.files["one.png"] = onePng();
  paste(at("one.png"));
  EXPECT_TRUE(isOneOnPad());
  EXPECT_TRUE(QTest::qWaitFor([&] { return window().messages().count() == 0; }, 5000)) << "what failed before is over";
}

TEST_F(WebPictureTest, IsCanceledWhileItIsFetched) {
  drawThree();
  web.silent = true;
  QMimeData mime;
  mime.setUrls({QUrl(at("one.png"))});
  EXPECT_TRUE(drop(mime));
  ASSERT_TRUE(QTest::qWaitFor([&] { return web.requests == 1; }, 10000));
  EXPECT_TRUE(workbench().jobs().busy());
  EXPECT_TRUE(workbench().jobs().title().contains("one.png")) << workbench().jobs().title().toStdString();
  workbench().jobs().cancel();
  EXPECT_TRUE(QTest::qWaitFor([&] { return !workbench().jobs().busy(); }, 5000));
  web.silent = false;
  settle(50);
  EXPECT_EQ(window().answer().winner(), 3);
}

TEST_F(WebPictureTest, IsTakenAnywhereInTheWindow) {
  QMimeData mime, words;
  mime.setUrls({QUrl(at("one.png"))});
  words.setHtml("<b>one</b>");
  words.setText("one");
  EXPECT_TRUE(ui::FileCommands::understands(mime));
  EXPECT_FALSE(ui::FileCommands::understands(words));
  EXPECT_TRUE(dropOn(window(), mime));
  EXPECT_TRUE(isOneOnPad());
}

TEST(WebPicture, TheAddressIsFoundInWhatBrowsersHandOver) {
  const auto found = [](const QString& html, const char* link = "") {
    QMimeData mime;
    mime.setHtml(html);
    if (*link) mime.setUrls({QUrl(link)});
    return ui::PictureReader::addressIn(mime).toStdString();
  };
  EXPECT_EQ(found("<img src='https://example.org/a.png?x=1&amp;y=2'>"), "https://example.org/a.png?x=1&y=2");
  EXPECT_EQ(found("<img src='//example.org/a.png'>"), "https://example.org/a.png");
  EXPECT_EQ(found("<img src='/b/a.png'>", "https://example.org/page"), "https://example.org/b/a.png");
  EXPECT_EQ(found("<img src='/b/a.png'>"), "");
  EXPECT_EQ(found("<img alt='x'><img src='blob:x'><img src='https://example.org/2.png'>"), "https://example.org/2.png");
  EXPECT_EQ(found("<p>src='https://example.org/2.png'</p>"), "");
  EXPECT_EQ(found("<a href='https://example.org/2.png'>two</a>"), "");
  QMimeData mozilla;
  const QString text = "https://example.org/three.png\nThree";
  mozilla.setData("text/x-moz-url", QByteArray(reinterpret_cast<const char*>(text.utf16()), text.size() * 2));
  EXPECT_EQ(ui::PictureReader::addressIn(mozilla), "https://example.org/three.png");
}

}  // namespace
