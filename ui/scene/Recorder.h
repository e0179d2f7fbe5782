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
  struct Reel;  // what the two threads share

 public:
  static constexpr int kPicturesPerSecond = 25;

  explicit Recorder(std::function<QImage()> camera, QObject* parent = nullptr);
  // Ends the film: it is finished where that takes no more than a moment, and what it fails by is told on stderr. A program that hangs
  // holds nothing up.
  ~Recorder() override;

  void start(const QString& path);  // .mp4 or .gif
  void stop();                      // the film is finished in the background; saved(), failed() or dropped() follows
  bool finishing() const { return m_reel && !recording(); }
  // The film that is being written, for whoever waits for it; any thread.
  class Film {
   public:
    bool over() const;
    bool whole() const;   // it is over, and there
    void cancel() const;  // it is thrown away, at once; dropped() follows

   private:
    friend Recorder;
    std::shared_ptr<Reel> m_reel;
  };
  Film film() const;
  bool recording() const { return m_timer.isActive(); }
  double seconds() const { return recording() ? double(m_clock.elapsed()) / 1000 : 0; }

 signals:
  void recordingChanged(bool on);
  void saved(const QString& path);
  void failed(const nn::Issue& issue);
  void dropped();

 private:
  void takePicture();
  void ended(const std::shared_ptr<Reel>& reel);

  std::function<QImage()> m_camera;
  std::shared_ptr<Reel> m_reel;
  QTimer m_timer;
  QElapsedTimer m_clock;
  qint64 m_taken = 0;
};

}  // namespace ui
