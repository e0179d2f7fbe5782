#include <csignal>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <QCryptographicHash>
#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "LocalHttpServer.h"
#include "data/StrokeDigits.h"
#include "io/datasets/DatasetDownload.h"
#include "io/datasets/Datasets.h"

namespace {

QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray md5(const QByteArray& bytes) {
  return QCryptographicHash::hash(bytes, QCryptographicHash::Md5).toHex();
}

class Download : public ::testing::Test {
 protected:
  // Two tiny files in the form of MNIST: gzipped images and plain labels.
  void SetUp() override {
    const auto set = data::generateStrokeDigits(300, 3);
    QTemporaryDir source;
    io::writeIdx(source.filePath("images.gz"), source.filePath("labels"), *set);
    io::writeIdx(source.filePath("images"), source.filePath("labels"), *set);
    m_images = contentOf(source.filePath("images.gz"));
    m_labels = contentOf(source.filePath("labels"));
    m_server.files = {{"images.gz", m_images}, {"labels", m_labels}};
    m_files = {{"images.gz", md5(contentOf(source.filePath("images"))), m_images.size()}, {"labels", md5(m_labels), m_labels.size()}};
    m_download.setPatience({0, 10, 2000});
    QObject::connect(&m_download, &io::DatasetDownload::finished, [this] { m_end += "finished "; });
    QObject::connect(&m_download, &io::DatasetDownload::canceled, [this] { m_end += "canceled "; });
    QObject::connect(&m_download, &io::DatasetDownload::failed, [this](const nn::Issue& issue) {
      m_end += "failed ";
      m_issue = issue;
    });
  }
  void startIt() {
    m_end.clear();
    m_download.start(m_folder.filePath("mnist"), m_server.base(), m_files);
  }
  std::string run() {
    startIt();
    EXPECT_TRUE(QTest::qWaitFor([this] { return !m_download.isRunning(); }, 20000));
    return m_end.toStdString();
  }
  QString path(const QString& name) const { return m_folder.filePath("mnist/" + name); }
  bool allThere() const {
    return contentOf(path("images.gz")) == m_images && contentOf(path("labels")) == m_labels &&
           QDir(m_folder.filePath("mnist")).entryList(QDir::Files).size() == 2;
  }

  testing_support::LocalHttpServer m_server;
  QTemporaryDir m_folder;
  QByteArray m_images, m_labels;
  std::vector<io::DownloadFile> m_files;
  io::DatasetDownload m_download;
  QString m_end;
  nn::Issue m_issue;
};

TEST_F(Download, FetchesVerifiesAndReportsProgress) {
  QSignalSpy progress(&m_download, &io::DatasetDownload::progressed);
  EXPECT_EQ(run(), "finished ");
  EXPECT_TRUE(allThere());
  double last = 0;
  for (const auto& arguments : progress) {
    EXPECT_GE(arguments[0].toDouble(), last);
    last = arguments[0].toDouble();
  }
  EXPECT_EQ(last, 1);
}

TEST_F(Download, WhatIsThereAlreadyIsNotFetchedAgain) {
  EXPECT_EQ(run(), "finished ");
  const int before = m_server.requests;
  EXPECT_EQ(run(), "finished ");
  EXPECT_EQ(m_server.requests, before);
}

TEST_F(Download, ADamagedFileThatIsThereIsReplaced) {
  EXPECT_EQ(run(), "finished ");
  QFile file(path("labels"));
  ASSERT_TRUE(file.open(QIODevice::ReadWrite));
  file.write("damage");
  file.close();
  EXPECT_EQ(run(), "finished ");
  EXPECT_TRUE(allThere());
}

TEST_F(Download, AMissingFileSaysWhatWhereAndWhatToDo) {
  m_server.files.remove("images.gz");
  EXPECT_EQ(run(), "failed ");
  EXPECT_NE(m_issue.what.find("404"), std::string::npos) << m_issue.what;
  EXPECT_NE(m_issue.where.find("images.gz"), std::string::npos) << m_issue.where;
  EXPECT_FALSE(m_issue.hint.empty());
  EXPECT_FALSE(QFile::exists(path("images.gz")));
}

TEST_F(Download, ACutConnectionIsResumedByTheNextAttempt) {
  m_server.cuts = 1;
  m_server.cutAfter = m_images.size() / 3;
  EXPECT_EQ(run(), "failed ");
  EXPECT_NE(m_issue.what.find("interrupted"), std::string::npos) << m_issue.what;
  EXPECT_EQ(contentOf(path("images.gz.part")), m_images.left(m_images.size() / 3));
  EXPECT_EQ(run(), "finished ");
  EXPECT_TRUE(allThere());
  EXPECT_EQ(m_server.ranges[1], "bytes=" + QByteArray::number(m_images.size() / 3) + "-");
}

TEST_F(Download, CutsAreResumedByItselfWhileThereIsProgress) {
  m_download.setPatience({1, 10, 2000});
  m_server.cuts = 5;
  m_server.cutAfter = m_images.size() / 8;
  EXPECT_EQ(run(), "finished ");
  EXPECT_TRUE(allThere());
  EXPECT_EQ(m_server.cuts, 0);
}

TEST_F(Download, GivesUpWhenTheServerAlwaysCutsAtOnce) {
  m_download.setPatience({2, 10, 2000});
  m_server.cuts = 100;
  m_server.cutAfter = 0;
  EXPECT_EQ(run(), "failed ");
  EXPECT_EQ(m_server.requests, 3);
}

TEST_F(Download, AServerWithoutRangesStartsAnew) {
  m_server.knowsRanges = false;
  m_server.cuts = 1;
  m_server.cutAfter = m_images.size() / 2;
  EXPECT_EQ(run(), "failed ");
  EXPECT_EQ(run(), "finished ");
  EXPECT_TRUE(allThere());
  EXPECT_FALSE(m_server.ranges[1].isEmpty());
}

TEST_F(Download, ACompletePartNeedsNoByteMore) {
  QDir().mkpath(m_folder.filePath("mnist"));
  QFile part(path("images.gz.part"));
  ASSERT_TRUE(part.open(QIODevice::WriteOnly));
  part.write(m_images);
  part.close();
  EXPECT_EQ(run(), "finished ");
  EXPECT_TRUE(allThere());
}

TEST_F(Download, APartOfSomethingElseIsThrownAway) {
  QDir().mkpath(m_folder.filePath("mnist"));
  QFile part(path("images.gz.part"));
  ASSERT_TRUE(part.open(QIODevice::WriteOnly));
  part.write(QByteArray(500, 'x'));
  part.close();
  EXPECT_EQ(run(), "finished ");
  EXPECT_TRUE(allThere());
}

TEST_F(Download, DamagedDataIsRefusedAndNotKept) {
  m_server.files["images.gz"][m_images.size() / 2] = char(m_images[m_images.size() / 2] ^ 0x55);
  EXPECT_EQ(run(), "failed ");
  EXPECT_NE(m_issue.what.find("MD5"), std::string::npos) << m_issue.what;
  EXPECT_TRUE(QDir(m_folder.filePath("mnist")).entryList(QDir::Files).isEmpty());
}

TEST_F(Download, CancelStopsAtOnceAndKeepsThePart) {
  m_server.cuts = 1;
  m_server.cutAfter = 100;
  EXPECT_EQ(run(), "failed ");
  m_server.silent = true;
  startIt();
  EXPECT_TRUE(QTest::qWaitFor([this] { return m_server.requests == 2; }, 5000));
  m_download.cancel();
  EXPECT_EQ(m_end, "canceled ");
  EXPECT_FALSE(m_download.isRunning());
  QTest::qWait(50);
  EXPECT_EQ(m_end, "canceled ") << "one end only";
  EXPECT_EQ(QFileInfo(path("images.gz.part")).size(), 100);
  m_server.silent = false;
  EXPECT_EQ(run(), "finished ");
  EXPECT_TRUE(allThere());
}

TEST_F(Download, ASilentServerCountsAsLost) {
  m_download.setPatience({0, 10, 200});
  m_server.silent = true;
  EXPECT_EQ(run(), "failed ");
}

TEST_F(Download, AServerThatIsNotThereIsAnError) {
  m_server.close();
  EXPECT_EQ(run(), "failed ");
  EXPECT_FALSE(m_issue.hint.empty());
}

TEST_F(Download, DestroyingItAnywhereIsSafe) {
  for (int turns = 0; turns < 40; ++turns) {
    const QString folder = m_folder.filePath(QString("turn%1").arg(turns));
    auto download = std::make_unique<io::DatasetDownload>();
    download->start(folder, m_server.base(), m_files);
    for (int i = 0; i < turns; ++i) QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
    download.reset();
    QCoreApplication::processEvents();
  }
}

TEST_F(Download, AFolderThatCannotBeMadeIsAnError) {
  QFile file(m_folder.filePath("mnist"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.close();
  EXPECT_EQ(run(), "failed ");
  EXPECT_NE(m_issue.what.find("folder"), std::string::npos);
}

TEST_F(Download, AFullDiskIsAnError) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit tiny = before;
  tiny.rlim_cur = 4096;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tiny), 0);
  const std::string end = run();
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(end, "failed ");
  EXPECT_NE(m_issue.hint.find("space"), std::string::npos) << m_issue.what << " " << m_issue.hint;
  EXPECT_EQ(run(), "finished ");
}

TEST_F(Download, ManyAttemptsAfterAnotherReuseTheSameObject) {
  for (int i = 0; i < 3; ++i) {
    QDir(m_folder.filePath("mnist")).removeRecursively();
    EXPECT_EQ(run(), "finished ");
  }
}

}  // namespace
