// Looks at the pictures of a folder that has no classes: the network's answer stands below each, and a picture goes to the pad with one
// click more. Says that they cannot be learned from as they are. Owned by the window; UI thread.
#pragma once

#include <QDialog>
#include <QStringList>

#include "nn/Error.h"

class QLabel;

namespace ui {

class PictureGrid;
class UnlabeledAnswers;
class Workbench;

class PictureBrowser : public QDialog {
  Q_OBJECT
 public:
  // folder: where they lie; why: what is told of them.
  PictureBrowser(Workbench& workbench, const QString& folder, const QStringList& pictures, const nn::Issue& why, QWidget* parent = nullptr);

 signals:
  void chosen(const QString& path);  // for the pad

 private:
  void describe();

  UnlabeledAnswers* m_answers;
  QLabel* m_picture;
  PictureGrid* m_grid;
};

}  // namespace ui
