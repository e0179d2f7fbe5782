#include "cli/Shortage.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <system_error>
#include <unistd.h>

#include <QString>

#include "train/WorkerPool.h"

namespace cli {

namespace {

constexpr const char* kNoMemory = "there is not enough memory for this";

QtMessageHandler g_beforeWatch = nullptr;
std::terminate_handler g_beforeTerminate = nullptr;

void watch(QtMsgType type, const QMessageLogContext& context, const QString& message) {
  endIfShort(message);
  if (g_beforeWatch) g_beforeWatch(type, context, message);
}

// What is thrown in a thread of Qt's, or through a function that must not throw, reaches nobody else.
void endIfThrown() {
  try {
    if (const std::exception_ptr thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "convscope: %s\n", kNoMemory);
    endNow(1);
  } catch (...) {  // a fault of ours
  }
  if (g_beforeTerminate) g_beforeTerminate();
  std::abort();
}

}  // namespace

ShortageWatch::ShortageWatch() {
  g_beforeWatch = qInstallMessageHandler(watch);
  g_beforeTerminate = std::set_terminate(endIfThrown);
}

ShortageWatch::~ShortageWatch() {
  std::set_terminate(g_beforeTerminate);
  qInstallMessageHandler(g_beforeWatch);
}

void endIfShort(const QString& message) {
  std::string why;
  if (message.startsWith("QThread::start:") && message.contains("error"))
    why = train::threadError(std::system_error(EAGAIN, std::generic_category())).message();
  else if (message.startsWith("QPainter::begin: Paint device returned engine == 0") || message.startsWith("QImage: out of memory"))
    why = kNoMemory;
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
