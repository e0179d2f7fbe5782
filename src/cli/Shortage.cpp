#include "cli/Shortage.h"

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <string>
#include <system_error>
#include <unistd.h>

#include <QString>

#include "train/WorkerPool.h"

namespace cli {

namespace {

QtMessageHandler g_beforeWatch = nullptr;

void watch(QtMsgType type, const QMessageLogContext& context, const QString& message) {
  endIfShort(message);
  if (g_beforeWatch) g_beforeWatch(type, context, message);
}

}  // namespace

ShortageWatch::ShortageWatch() {
  g_beforeWatch = qInstallMessageHandler(watch);
}

ShortageWatch::~ShortageWatch() {
  qInstallMessageHandler(g_beforeWatch);
}

void endIfShort(const QString& message) {
  std::string why;
  if (message.startsWith("QThread::start:") && message.contains("error"))
    why = train::threadError(std::system_error(EAGAIN, std::generic_category())).message();
  else if (message.startsWith("QPainter::begin: Paint device returned engine == 0"))
    why = "there is not enough memory for this";
  if (why.empty()) return;
  std::fputs(("convscope: " + why + "\n").c_str(), stderr);
  endNow(1);
}

void endNow(int status) {
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
  ::_exit(status);
}

}  // namespace cli
