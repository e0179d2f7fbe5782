// What the numbers at the open model's input stand for: which are black and white, mean and deviation, ink on paper or on dark ground. Each
// choice that its input may have is a row; trying them out says how many labeled images each gets right. Owned by the window; UI thread.
#pragma once

#include <vector>

#include <QDialog>

#include "nn/InputSpec.h"
#include "train/InputPresets.h"
#include "ui/app/Workbench.h"

class QLabel;
class QPushButton;
class QTreeWidget;

namespace ui {

class InputDialog : public QDialog {
  Q_OBJECT
 public:
  explicit InputDialog(Workbench& workbench, QWidget* parent = nullptr);

 public slots:
  void tryOut();
  void useChosen();

 private:
  void fill();
  void tryOn(const std::shared_ptr<const data::Dataset>& images, const QString& title);
  void showTried(const std::vector<train::InputProposal>& proposals, std::size_t count, const QString& title);

  Workbench& m_workbench;
  QTreeWidget* m_rows;
  QLabel* m_tried;
  QPushButton *m_try, *m_use;
  std::vector<nn::InputSpec> m_inputs;  // of the rows
};

}  // namespace ui
