// Runs one command inside the test and keeps what it wrote.
#pragma once

#include <functional>
#include <gtest/gtest.h>
#include <optional>
#include <sstream>
#include <vector>

#include <QDir>
#include <QFile>
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

// Empty where there is none.
inline QByteArray bytesOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

struct Act {
  std::string when;  // as soon as this was written
  std::function<void()> act;
};

// Acts in the order given.
class ActAt : public std::stringbuf {
 public:
  explicit ActAt(std::vector<Act> acts) : m_acts(std::move(acts)) {}

 protected:
  int sync() override {
    while (m_done < m_acts.size() && str().find(m_acts[m_done].when) != std::string::npos) m_acts[m_done++].act();
    return std::stringbuf::sync();
  }

 private:
  std::vector<Act> m_acts;
  std::size_t m_done = 0;
};

inline Outcome runActing(const QStringList& words, std::vector<Act> acts) {
  ActAt watched(std::move(acts));
  std::ostream err(&watched);
  std::ostringstream out;
  Outcome outcome;
  outcome.status = cli::runCommand(words, out, err);
  outcome.out = out.str();
  outcome.err = watched.str();
  return outcome;
}

inline Outcome runActing(const QStringList& words, const std::string& when, std::function<void()> act) {
  return runActing(words, {{when, std::move(act)}});
}

// Where what cannot be saved under its own name is saved instead, as long as this lives: nothing of a test is left with the person.
class OtherPlaces {
 public:
  OtherPlaces() {
    qputenv("XDG_STATE_HOME", state().toUtf8());
    qputenv("TMPDIR", temporary().toUtf8());
    QDir(m_folder.path()).mkpath("tmp");
  }
  ~OtherPlaces() {
    restore("XDG_STATE_HOME", m_state);
    restore("TMPDIR", m_temporary);
  }
  OtherPlaces(const OtherPlaces&) = delete;
  OtherPlaces& operator=(const OtherPlaces&) = delete;

  QString state() const { return m_folder.filePath("state"); }
  QString temporary() const { return m_folder.filePath("tmp"); }

 private:
  static void restore(const char* name, const std::optional<QByteArray>& value) { value ? qputenv(name, *value) : qunsetenv(name); }
  static std::optional<QByteArray> now(const char* name) {
    return qEnvironmentVariableIsSet(name) ? std::optional(qgetenv(name)) : std::nullopt;
  }

  QTemporaryDir m_folder;
  std::optional<QByteArray> m_state = now("XDG_STATE_HOME"), m_temporary = now("TMPDIR");
};

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

// Of DigitsFolder(600, 50), so fast that it comes and goes: at the latest the tenth of its twelve epochs is the best, with the first seed
// for which that is so, since it depends on how this machine rounds.
inline QStringList wildTraining(const DigitsFolder& digits, const QString& out) {
  const auto words = [&digits](int seed, const QString& to) {
    return QStringList{"train",           "softmax", "--data", digits.path(),         "--epochs", "12", "--optimizer", "sgd",
                       "--learning-rate", "20",      "--seed", QString::number(seed), "--out",    to,   "--json"};
  };
  static const int chosen = [&] {
    const QTemporaryDir folder;
    for (int seed = 1; seed < 50; ++seed)
      if (run(words(seed, folder.filePath("m.onnx"))).json()["best_epoch"].toInt() <= 10) return seed;
    return 1;
  }();
  return words(chosen, out);
}

}  // namespace clitest
