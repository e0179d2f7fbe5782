// The list of what earlier runs left unsaved, each to be restored or deleted. What stays in it is kept for a later start. It
// only says what is chosen. Made by Recovery; UI thread.
#pragma once

#include <QDialog>
#include <QStringList>

class QListWidget;

namespace ui {

class RecoveryDialog : public QDialog {
  Q_OBJECT
 public:
  RecoveryDialog(const QStringList& names, int mostDays, QWidget* parent = nullptr);

 signals:
  // Index into the names; the entry leaves the list, and the dialog closes after the last one.
  void restoreRequested(int index);
  void deleteRequested(int index);

 private:
  void take(void (RecoveryDialog::*chosen)(int));

  QListWidget* m_list;
};

}  // namespace ui
