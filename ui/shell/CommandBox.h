// The find box over all commands: a few letters of what is wanted, Enter, and it is done. Owned by the main window; UI thread.
#pragma once

#include <QFrame>

class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace ui {

class Commands;

class CommandBox : public QFrame {
  Q_OBJECT
 public:
  CommandBox(const Commands& commands, QWidget* window);
  void open();  // over the middle of the window, ready to type into

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void list(const QString& words);
  void choose(QTreeWidgetItem* item);

  const Commands& m_commands;
  QLineEdit* m_field;
  QTreeWidget* m_list;
};

}  // namespace ui
