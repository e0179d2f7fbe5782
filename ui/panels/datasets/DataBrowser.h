// Looks at the data that is chosen: its parts, how many images each class has, the pictures themselves as they were read, and what was said
// of them. A picture goes to the pad with one click more, and ink and paper can be exchanged where they were taken for each other. Owned by
// the window; UI thread.
#pragma once

#include <QDialog>

#include "ui/model/RandomSample.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;

namespace ui {

class DatasetCatalog;
class PictureGrid;

class DataBrowser : public QDialog {
  Q_OBJECT
 public:
  explicit DataBrowser(DatasetCatalog& library, QWidget* parent = nullptr);  // loads the data where it is not there

 signals:
  void chosen(const ui::Sample& sample);  // for the pad

 private:
  const std::shared_ptr<const data::Dataset>& part() const;  // the chosen one; null: there is none
  void showData();
  void showPart();
  void showClass();
  void describe(std::size_t index);
  void choose(std::size_t index);
  void turn();

  DatasetCatalog& m_library;
  QLabel *m_what, *m_picture;
  QComboBox *m_parts, *m_classes;
  QCheckBox* m_turned;
  QPushButton* m_toPad;
  PictureGrid* m_grid;
  std::shared_ptr<const data::Dataset> m_shown;
};

}  // namespace ui
