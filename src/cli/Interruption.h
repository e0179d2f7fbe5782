// Ctrl+C and the other signals that ask a command to end, as a word that its loop asks for between two steps. As long as an object
// lives, the first of them is only noted, so that what was made can be saved; before and after, they end the program at once, which
// is right wherever there is nothing to save. One at a time; made and asked by the thread that runs the command.
#pragma once

#include <csignal>
#include <string>
#include <utility>
#include <vector>

namespace cli {

// Thrown by a command that a signal ended early, when all is saved and said: the exit status is 128 and the signal, as of a shell.
struct Interrupted {
  int signal;
};

class Interruption {
 public:
  // notice: one sentence for stderr, written in the moment of the first signal, however long it takes until somebody asks for it; it must
  // outlive the object. A signal that was ignored before (by nohup, say) stays ignored, and one that a tool uses (a profiler, say) its own.
  explicit Interruption(const char* notice = "");
  ~Interruption();  // the signals mean again what they meant before
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  // The first signal, or 0. After it a second one from the keyboard (Ctrl+C, Ctrl+\) ends the program at once; TERM and HUP, which a
  // closing terminal may send twice, and XCPU, which comes again every second, do not cut the saving short.
  int signal() const;
  static std::string nameOf(int signal);  // "SIGINT", "SIGRTMIN+3"

  // All that can be noted and would else end the program, without those that tell of a fault in the program itself.
  static std::vector<int> endingSignals();

 private:
  std::vector<std::pair<int, struct sigaction>> m_before;  // of those that are noted
};

}  // namespace cli
