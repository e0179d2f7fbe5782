#include <chrono>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QBuffer>
#include <QImage>
#include <QTest>

#include "LocalHttpServer.h"
#include "ModelTools.h"
#include "io/OtherFiles.h"
#include "io/WebFile.h"

namespace {

using ::testing::HasSubstr;

class WebFileTest : public ::testing::Test {
 protected:
  struct End {
    std::optional<io::WebFile> file;
    std::string refusal;
  };
  // On a thread of its own, as a job does it; the server answers in this one.
  End fetch(const QString& name) {
    const QUrl address(m_server.base().toString() + '/' + name);
    std::future<End> fetching = std::async(std::launch::async, [this, address] {
      End end;
      end.refusal = modeltest::refusalText([&] { end.file = io::fetchFromWeb(address, m_progress, m_limits); });
      return end;
    });
    EXPECT_TRUE(QTest::qWaitFor([&] { return fetching.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }, 20000));
    return fetching.get();
  }

  testing_support::LocalHttpServer m_server;
  data::Progress m_progress;
  io::WebLimits m_limits{1000, {1, 10, 2000}};
};

TEST_F(WebFileTest, AFileArrivesWholeUnderItsName) {
  m_server.files["a%20three.png?size=large"] = QByteArray(900, 'p');
  const End found = fetch("a%20three.png?size=large");
  ASSERT_TRUE(found.file) << found.refusal;
  EXPECT_EQ(found.file->bytes, QByteArray(900, 'p'));
  EXPECT_EQ(found.file->name, "a three.png");
}

TEST_F(WebFileTest, RedirectsAreFollowedButNotForEver) {
  m_server.files["three.png"] = "picture";
  m_server.moved = {{"old.png", "/sets/older.png"}, {"older.png", m_server.base().toEncoded() + "/three.png"}, {"round", "/sets/round"}};
  const End end = fetch("old.png");
  ASSERT_TRUE(end.file) << end.refusal;
  EXPECT_EQ(end.file->bytes, "picture");
  EXPECT_EQ(end.file->name, "three.png");
  EXPECT_THAT(fetch("round").refusal, HasSubstr("could not be fetched"));
  m_server.moved["inside.png"] = "file:///etc/hostname";
  const End inside = fetch("inside.png");
  EXPECT_FALSE(inside.file) << "an address of the web does not lead to files of this machine";
  EXPECT_FALSE(inside.refusal.empty());
}

TEST_F(WebFileTest, WhatIsRefusedIsToldWithWhatToDo) {
  EXPECT_THAT(fetch("none.png").refusal, HasSubstr("There is nothing at this address (HTTP 404)"));
  EXPECT_THAT(fetch("none.png").refusal, HasSubstr("none.png"));
  m_server.status = 403;
  EXPECT_THAT(fetch("none.png").refusal, HasSubstr("Copy the picture itself in the browser"));
  m_server.status = 503;
  const int before = m_server.requests;
  EXPECT_THAT(fetch("none.png").refusal, HasSubstr("cannot answer at the moment"));
  EXPECT_EQ(m_server.requests, before + 2) << "what may pass is tried again";
}

TEST_F(WebFileTest, WhatIsTooLargeIsGivenUp) {
  m_server.files["large.png"] = QByteArray(1001, 'p');
  EXPECT_THAT(fetch("large.png").refusal, HasSubstr("larger than"));
  m_server.saysLength = false;
  EXPECT_THAT(fetch("large.png").refusal, HasSubstr("larger than")) << "also where the server says no size";
  m_server.files["large.png"].chop(1);
  EXPECT_TRUE(fetch("large.png").file);
}

TEST_F(WebFileTest, ALostConnectionIsTriedAgainAndThenTold) {
  m_server.files["three.png"] = QByteArray(900, 'p');
  m_server.cutAfter = 300;
  m_server.cuts = 1;
  const End second = fetch("three.png");
  ASSERT_TRUE(second.file) << second.refusal;
  EXPECT_EQ(second.file->bytes.size(), 900);
  m_server.cuts = 2;
  const End cut = fetch("three.png");
  EXPECT_FALSE(cut.file) << "half of a file is none";
  EXPECT_FALSE(cut.refusal.empty());
}

TEST_F(WebFileTest, ASilentServerIsGivenUpAndAMissingOneAtOnce) {
  m_server.silent = true;
  m_limits.patience = {0, 10, 200};
  EXPECT_THAT(fetch("three.png").refusal, HasSubstr("127.0.0.1 does not answer"));
  m_server.close();
  m_limits.patience = {0, 10, 5000};
  EXPECT_FALSE(fetch("three.png").refusal.empty());
}

TEST_F(WebFileTest, ItIsCanceledWhileItWaits) {
  m_server.silent = true;
  m_limits.patience.silenceMs = 60000;
  int asked = 0;
  m_progress = [&](double share) {
    EXPECT_LT(share, 0) << "nobody knows how much there is";
    return ++asked < 3;
  };
  const End end = fetch("three.png");
  EXPECT_FALSE(end.file);
  EXPECT_EQ(end.refusal, "");
  EXPECT_EQ(asked, 3);
}

TEST(WebAddress, OnlyThoseOfTheWebCount) {
  EXPECT_TRUE(io::webAddress(" https://example.org/a%20b.png\n").isValid());
  EXPECT_TRUE(io::webAddress("http://example.org").isValid());
  for (const char* other : {"", "hello", "/tmp/a.png", "file:///tmp/a.png", "ftp://example.org/a.png", "https://", "javascript:alert(1)"})
    EXPECT_FALSE(io::webAddress(other).isValid()) << other;
}

TEST(WebAddress, IsNamedByItsLastPart) {
  EXPECT_EQ(io::nameOfAddress(QUrl("https://example.org/digits/a%20three.png?w=3#top")), "a three.png");
  EXPECT_EQ(io::nameOfAddress(QUrl("https://example.org/digits/")), "digits");
  EXPECT_EQ(io::nameOfAddress(QUrl("https://example.org")), "example.org");
  EXPECT_EQ(io::nameOfAddress(QUrl("https://example.org/a%0Ab%1B.png")), "a b.png");
  EXPECT_LE(io::nameOfAddress(QUrl("https://example.org/" + QString(500, 'a'))).size(), 61);
}

TEST(DataAddress, HoldsItsBytes) {
  EXPECT_EQ(io::bytesOfDataAddress("data:image/png;base64,aGVsbG8="), "hello");
  EXPECT_EQ(io::bytesOfDataAddress("DATA:image/png;charset=x;BASE64,aGVs%0AbG8%3D"), "hello");
  EXPECT_EQ(io::bytesOfDataAddress("data:image/png;base64,aGVsbG8"), "hello") << "without its filling";
  EXPECT_EQ(io::bytesOfDataAddress("data:image/png;base64,-_8="), QByteArray("\xfb\xff"));
  EXPECT_EQ(io::bytesOfDataAddress("data:image/svg+xml,%3Csvg/%3E"), "<svg/>");
  EXPECT_EQ(io::bytesOfDataAddress("data:,"), "");
  EXPECT_FALSE(io::bytesOfDataAddress("data:image/png;base64,a*b"));
  EXPECT_FALSE(io::bytesOfDataAddress("https://example.org/a,b"));
}

TEST(InsteadOfPicture, IsToldByItsBytes) {
  const auto told = [](const QByteArray& bytes, const char* name = "it.png") {
    const std::optional<nn::Error> other = io::insteadOfPicture(bytes, name);
    return other ? other->message() : std::string();
  };
  EXPECT_THAT(told("\n<!DOCTYPE html><html>"), HasSubstr("a web page, not a picture"));
  EXPECT_THAT(told("<?xml version='1.0'?><html xmlns='x'>"), HasSubstr("a web page"));
  EXPECT_THAT(told("<!-- saved --><HTML>"), HasSubstr("drag or copy the picture itself"));
  EXPECT_EQ(told("<?xml version='1.0'?><svg xmlns='x'><foreignObject><html/>"), "");
  EXPECT_THAT(told("PK\3\4rest"), HasSubstr("this is a ZIP archive, not a picture"));
  EXPECT_THAT(told(QByteArray("\x08\x07\x12\x00", 4), "net.onnx"), HasSubstr("a model (ONNX)"));
  EXPECT_THAT(told("{\"error\": 1}"), HasSubstr("a text, not a picture"));
  EXPECT_THAT(told(QByteArray(50, '\x01')), HasSubstr("no picture of a kind that is read"));
  QByteArray png;
  QBuffer buffer(&png);
  QImage image(3, 3, QImage::Format_RGB32);
  image.fill(Qt::white);
  image.save(&buffer, "PNG");
  EXPECT_EQ(told(png), "");
}

}  // namespace
