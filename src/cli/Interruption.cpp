#include "cli/Interruption.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace cli {

namespace {

// What the handler may touch.
std::atomic<int> g_first = 0;
std::atomic<const char*> g_notice = "";
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<const char*>::is_always_lock_free);

void tell(const char* text) {
  // A notice that cannot be shown changes nothing.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text));
}

extern "C" void noteSignal(int signal) {
  const int problem = errno;
  int none = 0;
  if (g_first.compare_exchange_strong(none, signal)) {
    struct sigaction atOnce {};
    atOnce.sa_handler = SIG_DFL;
    struct sigaction now {};
    ::sigaction(SIGINT, nullptr, &now);
    if (now.sa_handler != SIG_IGN) ::sigaction(SIGINT, &atOnce, nullptr);
    if (const char* notice = g_notice.load(); *notice != 0) {
      tell("\n");
      tell(notice);
      tell("\n");
    }
  }
  errno = problem;
}

}  // namespace

Interruption::Interruption(const char* notice) {
  g_first = 0;
  g_notice = notice;
  struct sigaction note {};
  note.sa_handler = noteSignal;
  note.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    ::sigaction(kSignals[i], nullptr, &m_before[i]);
    if (m_before[i].sa_handler != SIG_IGN) ::sigaction(kSignals[i], &note, nullptr);
  }
}

Interruption::~Interruption() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &m_before[i], nullptr);
}

int Interruption::signal() const {
  return g_first;
}

const char* Interruption::nameOf(int signal) {
  switch (signal) {
    case SIGINT:
      return "SIGINT";
    case SIGTERM:
      return "SIGTERM";
    case SIGHUP:
      return "SIGHUP";
    default:
      return "SIGPIPE";
  }
}

}  // namespace cli
