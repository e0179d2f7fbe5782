// A camera before the pad: its picture with the square that is read, and as long as it is open what lies in the square stands on the pad,
// at most ten times a second and always the newest. One of them is kept as an edit; else the pad becomes again what it was. Who draws on
// the pad, or puts something else on it, ends it. Owned by the window; UI thread, frames are read beside it.
#pragma once

#include <memory>

#include <QDialog>
#include <QFutureWatcher>
#include <QImage>
#include <QTimer>

#include "data/Preprocessing.h"
#include "ui/app/FrameSource.h"
#include "ui/panels/drawing/DrawingPad.h"

class QComboBox;
class QLabel;
class QPushButton;

namespace ui {

class CameraView;

class CameraDialog : public QDialog {
  Q_OBJECT
 public:
  CameraDialog(DrawingPad& pad, std::unique_ptr<FrameSource> source, QWidget* parent = nullptr);
  ~CameraDialog() override;

  static QRect squareOf(QSize frame);  // that is read
  QString words() const;               // what is told of the camera

 public slots:
  void take();
  void done(int result) override;

 signals:
  void taken(const data::Picture& picture, const QString& name);  // for the pad

 private:
  void listDevices();
  void startChosen();
  void frameArrived(const QImage& frame);
  void readNext();
  void putOnPad(const data::Picture& picture);
  void tell(const QString& what, const QString& hint = {});
  void end(bool restores);

  DrawingPad& m_pad;
  std::unique_ptr<FrameSource> m_source;
  CameraView* m_view;
  QComboBox* m_devices;
  QLabel* m_words;
  QPushButton* m_take;
  DrawingPad::Content m_before;  // of the pad
  bool m_changesPad = false, m_over = false;
  QImage m_latest;  // that is not read yet
  data::Picture m_picture;
  QFutureWatcher<data::Picture> m_reading;
  QTimer m_next, m_patience;
};

}  // namespace ui
