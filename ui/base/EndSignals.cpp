#include "ui/base/EndSignals.h"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace ui {

namespace {

constexpr std::array kSignals{SIGTERM, SIGHUP, SIGINT, SIGXCPU};
int g_pipe[2] = {-1, -1};

// Nothing but this may be done in a handler.
void handle(int number) {
  const auto byte = static_cast<unsigned char>(number);
  [[maybe_unused]] const ssize_t sent = write(g_pipe[1], &byte, 1);
}

int openPipe() {
  return pipe2(g_pipe, O_CLOEXEC | O_NONBLOCK) == 0 ? g_pipe[0] : -1;
}

// What the person's shell has switched off stays so: nohup keeps a program when its terminal goes.
void setHandler(int number, void (*handler)(int), int flags) {
  struct sigaction now = {};
  if (sigaction(number, nullptr, &now) != 0 || now.sa_handler == SIG_IGN) return;
  struct sigaction wanted = {};
  wanted.sa_handler = handler;
  wanted.sa_flags = flags;
  sigaction(number, &wanted, nullptr);
}

}  // namespace

EndSignals::EndSignals() : m_notifier(openPipe(), QSocketNotifier::Read) {
  connect(&m_notifier, &QSocketNotifier::activated, this, [this] {
    unsigned char byte = 0;
    if (read(g_pipe[0], &byte, 1) == 1) emit arrived(byte);
  });
  // SIGXCPU comes once a second from the soft limit on, until the hard one ends the program: nobody's second wish to end it at once.
  for (const int number : kSignals) setHandler(number, handle, SA_RESTART | (number == SIGXCPU ? 0 : int(SA_RESETHAND)));
}

EndSignals::~EndSignals() {
  for (const int number : kSignals) setHandler(number, SIG_DFL, 0);
  m_notifier.setEnabled(false);
  for (int& end : g_pipe) {
    close(end);
    end = -1;
  }
}

}  // namespace ui
