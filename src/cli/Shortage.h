// Where the system gives Qt no thread or no memory, Qt waits for ever for that thread, or draws nothing, and only a warning in its log
// tells. Here that warning ends the program: one sentence on stderr, status 1, and none of the work at a program's end, which would want
// memory again. For the command line, which has nothing half saved then. Any thread may be the one that is refused.
#pragma once

class QString;

namespace cli {

class ShortageWatch {
 public:
  ShortageWatch();  // hears what Qt writes in its log, and passes it on; and what ends the program because nobody catches it
  ~ShortageWatch();
  ShortageWatch(const ShortageWatch&) = delete;
  ShortageWatch& operator=(const ShortageWatch&) = delete;
};

// Ends the program where the message is such a warning. For whoever hears Qt's log instead.
void endIfShort(const QString& message);

// Ends it at once, after all that was written is out.
[[noreturn]] void endNow(int status);

}  // namespace cli
