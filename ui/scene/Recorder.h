// Films the scene while the person works: drawing, training, moving about. Pictures are taken in the UI thread and written on a thread
// of its own; where that falls behind, pictures are left out and the film keeps its time. Owned by the window; UI thread.
#pragma once

#include <functional>
#include <memory>

#include <QElapsedTimer>
#include <QImage>
#include <QObject>
#include <QTimer>

#include "nn/Error.h"

namespace ui {

class Recorder : public QObject {
  Q_OBJECT
 public:
  static constexpr int kPicturesPerSecond = 25;

  explicit Recorder(std::function<QImage()> camera, QObject* parent = nullptr);
  ~Recorder() override;  // ends the film

  void start(const QString& path);  // .mp4 or .gif
  void stop();                      // the film is finished in the background; saved() or failed() follows
  bool recording() const { return m_timer.isActive(); }
  double seconds() const { return recording() ? double(m_clock.elapsed()) / 1000 : 0; }

 signals:
  void recordingChanged(bool on);
  void saved(const QString& path);
  void failed(const nn::Issue& issue);

 private:
  struct Reel;  // what the two threads share
  void takePicture();
  void ended(const std::shared_ptr<Reel>& reel);

  std::function<QImage()> m_camera;
  std::shared_ptr<Reel> m_reel;
  QTimer m_timer;
  QElapsedTimer m_clock;
  qint64 m_taken = 0;
};

}  // namespace ui
