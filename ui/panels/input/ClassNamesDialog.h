// The names of the open model's classes: typed, from a list in a file, or those of a data set that is common knowledge. Owned by the
// window; UI thread.
#pragma once

#include <string>
#include <vector>

#include <QDialog>

#include "ui/app/Workbench.h"

class QComboBox;
class QLabel;
class QPushButton;
class QTableWidget;

namespace ui {

class ClassNamesDialog : public QDialog {
  Q_OBJECT
 public:
  explicit ClassNamesDialog(Workbench& workbench, QWidget* parent = nullptr);

  void readFile(const QString& path);  // a list of names; what is wrong with it is told in the dialog

 public slots:
  void use();

 private:
  void fill();
  void show(const std::vector<std::string>& names);
  std::vector<std::string> names() const;
  void check();
  void askFile();

  Workbench& m_workbench;
  QTableWidget* m_rows;
  QComboBox* m_lists;
  QLabel* m_problem;
  QPushButton* m_use;
};

}  // namespace ui
