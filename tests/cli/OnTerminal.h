// The program itself with a terminal for what it says, so that it tells how far it is in the middle of an epoch, and a signal just then.
#pragma once

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

namespace clitest {

struct TerminalOutcome {
  int status = -1;
  std::string said, out;  // on stderr and on stdout
  QJsonObject object;     // where the words ask for --json
};

// Sends the signal as soon as it has said `when`; `last`: what it says before it ends.
inline TerminalOutcome runOnTerminal(const QStringList& words, const char* when, int signal, const char* last) {
  TerminalOutcome outcome;
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  EXPECT_TRUE(terminal >= 0 && ::grantpt(terminal) == 0 && ::unlockpt(terminal) == 0);
  QProcess process;
  process.setStandardErrorFile(QString::fromLocal8Bit(::ptsname(terminal)));
  process.start(QString(CONVSCOPE_BINARY_DIR) + "/convscope", words);
  const auto readUntil = [&](const char* word) {
    std::array<char, 4096> piece;
    while (outcome.said.find(word) == std::string::npos) {
      const ssize_t count = ::read(terminal, piece.data(), piece.size());
      if (count <= 0) return;
      outcome.said.append(piece.data(), std::size_t(count));
    }
  };
  readUntil(when);
  ::kill(pid_t(process.processId()), signal);
  readUntil(last);
  EXPECT_TRUE(process.waitForFinished(60000));
  ::close(terminal);
  EXPECT_EQ(process.exitStatus(), QProcess::NormalExit);
  outcome.status = process.exitCode();
  const QByteArray out = process.readAllStandardOutput();
  outcome.out = out.toStdString();
  outcome.object = QJsonDocument::fromJson(out).object();
  return outcome;
}

}  // namespace clitest
