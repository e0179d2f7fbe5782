// The questions after files and folders. They are Qt's own, but look into no file: to know its type, Qt's dialog reads the
// beginning of every file in the folder, and waits for ever where one does not answer (/proc/kmsg). UI thread.
#pragma once

#include <QString>

class QFileDialog;
class QWidget;

namespace ui {

// Each returns an empty text when the person thought better of it. `where`: a folder, or a file to suggest.
QString askOpenFile(QWidget* parent, const QString& title, const QString& where, const QString& filter);
QString askSaveFile(QWidget* parent, const QString& title, const QString& where, const QString& filter);
QString askFolder(QWidget* parent, const QString& title, const QString& where);

// What makes a dialog look into no file.
void lookIntoNoFile(QFileDialog& dialog);

}  // namespace ui
