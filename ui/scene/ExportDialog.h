// Asks what the scene is to be saved as: a picture of any size, vectors for slides, a film of a turn. The writing itself is a job of
// the session. Made anew each time; UI thread.
#pragma once

#include <QDialog>

#include "render/Export.h"

class QComboBox;
class QLabel;
class QPushButton;

namespace ui {

class NumberField;

class ExportDialog : public QDialog {
  Q_OBJECT
 public:
  ExportDialog(const render::SceneCapture& capture, QWidget* parent);
  const render::SceneCapture& capture() const { return m_capture; }
  QString suffix() const;  // "png", "svg", "pdf", "mp4" or "gif"
  int widthPx() const;

 private:
  void present();

  render::SceneCapture m_capture;
  QComboBox* m_kind;
  NumberField* m_width;
  QLabel *m_size, *m_note;
  QPushButton* m_save;
};

}  // namespace ui
