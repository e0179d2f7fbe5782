// Runs one command inside the test and keeps what it wrote.
#pragma once

#include <gtest/gtest.h>
#include <sstream>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include "cli/Cli.h"

namespace clitest {

struct Outcome {
  int status = -1;
  std::string out, err;

  // What --json printed: one line, one object.
  QJsonObject json() const {
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(out), &problem);
    EXPECT_EQ(problem.error, QJsonParseError::NoError) << out;
    EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 1) << out;
    return document.object();
  }
};

inline Outcome run(const QStringList& words) {
  std::ostringstream out, err;
  Outcome outcome;
  outcome.status = cli::runCommand(words, out, err);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

// A folder with a few stroke digits as a training and a test set.
class DigitsFolder {
 public:
  explicit DigitsFolder(int train = 400, int test = 100) {
    EXPECT_EQ(run({"generate", "--count", QString::number(train), "--out", path()}).status, 0);
    EXPECT_EQ(run({"generate", "--count", QString::number(test), "--seed", "2", "--test", "--out", path()}).status, 0);
  }
  QString path(const QString& file = {}) const { return file.isEmpty() ? m_folder.path() : m_folder.filePath(file); }

 private:
  QTemporaryDir m_folder;
};

}  // namespace clitest
