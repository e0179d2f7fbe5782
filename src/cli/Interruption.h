// Ctrl+C and the other signals that ask a command to end, as a word that its loop asks for between two steps. As long as an object
// lives, the first of them is only noted, so that what was made can be saved; before and after, they end the program at once, which
// is right wherever there is nothing to save. One at a time; made and asked by the thread that runs the command.
#pragma once

#include <array>
#include <csignal>

namespace cli {

// Thrown by a command that a signal ended early, when all is saved and said: the exit status is 128 and the signal, as of a shell.
struct Interrupted {
  int signal;
};

class Interruption {
 public:
  // notice: one sentence for stderr at the first signal, or nothing; it must outlive the object. A signal that was ignored before (by
  // nohup, say) stays ignored.
  explicit Interruption(const char* notice = "");
  ~Interruption();  // the signals mean again what they meant before
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  // The first signal, or 0. After it a second Ctrl+C ends the program at once; TERM and HUP, which a closing terminal may send twice,
  // do not cut the saving short.
  int signal() const;
  static const char* nameOf(int signal);  // "SIGINT"

  // PIPE: nobody reads the output any more, as when Ctrl+C has ended a reader in the same pipeline first.
  static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP, SIGPIPE};

 private:
  std::array<struct sigaction, kSignals.size()> m_before{};
};

}  // namespace cli
