// Stands around the making of a QGuiApplication, which ends the program by abort() where no display can be used. With a guard there, one
// sentence says why instead, or the program starts anew without a display. One at a time; main thread.
#pragma once

#include <QString>
#include <QStringList>

namespace cli {

class DisplayGuard {
 public:
  enum class Otherwise {
    Fail,            // exit status 1
    DrawWithoutOne,  // the same command line again, with Qt's own picture in memory for a display
  };
  // argv: the program's; it outlives the guard.
  DisplayGuard(char** argv, Otherwise otherwise);
  ~DisplayGuard();  // the application is there: messages go their usual way, those that were held back first
  DisplayGuard(const DisplayGuard&) = delete;
  DisplayGuard& operator=(const DisplayGuard&) = delete;
};

// Has the application, which is yet to be made, do without a display: nobody has to have one.
void doWithoutDisplay();
// Why no display is used by a command that can use one; empty where one is, or where QT_QPA_PLATFORM asks for none.
QString whyNoDisplay();

// What a person wrote behind the program's name, without the words that Qt takes for itself (-platform NAME, -session ID, ...).
QStringList plainWords(int argc, char** argv);

}  // namespace cli
