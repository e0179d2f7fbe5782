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
    for (const int again : {SIGINT, SIGQUIT}) {
      struct sigaction now {};
      ::sigaction(again, nullptr, &now);
      if (now.sa_handler == noteSignal) ::sigaction(again, &atOnce, nullptr);
    }
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
  for (const int signal : endingSignals()) {
    struct sigaction before {};
    if (::sigaction(signal, nullptr, &before) != 0 || before.sa_handler != SIG_DFL) continue;
    ::sigaction(signal, &note, nullptr);
    m_before.emplace_back(signal, before);
  }
}

Interruption::~Interruption() {
  for (const auto& [signal, before] : m_before) ::sigaction(signal, &before, nullptr);
}

int Interruption::signal() const {
  return g_first;
}

std::string Interruption::nameOf(int signal) {
  if (signal >= SIGRTMIN && signal <= SIGRTMAX) return "SIGRTMIN+" + std::to_string(signal - SIGRTMIN);
  const char* name = ::sigabbrev_np(signal);
  return name ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

// PIPE: nobody reads the output any more, as when Ctrl+C has ended a reader in the same pipeline first. XCPU: the time that the person or
// the batch system allows is over.
std::vector<int> Interruption::endingSignals() {
  std::vector<int> all{SIGINT,  SIGTERM, SIGHUP,    SIGPIPE, SIGQUIT, SIGXCPU, SIGUSR1,
                       SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO,   SIGPWR,  SIGSTKFLT};
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) all.push_back(signal);
  return all;
}

}  // namespace cli
