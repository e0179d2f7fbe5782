#include "ui/scene/Recorder.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "io/FilmWriter.h"
#include "ui/base/Jobs.h"
#include "ui/base/LastWords.h"

namespace ui {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostWaiting = 12;                        // pictures; more would only take memory
constexpr Clock::duration kFarewell = std::chrono::seconds(2);  // for a film that the program's end finds unfinished

}  // namespace

struct Recorder::Reel {
  struct Picture {
    QImage image;
    int times;  // how often it is shown: the film keeps its time where pictures were left out
  };
  QString path;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Picture> waiting;
  bool closed = false;
  std::optional<nn::Issue> issue;
  bool whole = false;
  std::atomic<bool> over = false;
  std::atomic<Clock::time_point> until = Clock::time_point::max();  // is not waited for any longer
  std::jthread thread;

  bool goesOn() const { return Clock::now() < until.load(); }
  void close(Clock::time_point latest);
  void write();
  bool take(Picture& picture);
};

void Recorder::Reel::close(Clock::time_point latest) {
  {
    const std::lock_guard lock(mutex);
    closed = true;
    until = latest;
  }
  wake.notify_one();
}

bool Recorder::Reel::take(Picture& picture) {
  std::unique_lock lock(mutex);
  wake.wait(lock, [this] { return closed || !waiting.empty(); });
  if (waiting.empty() || !goesOn()) return false;
  picture = std::move(waiting.front());
  waiting.pop_front();
  return true;
}

void Recorder::Reel::write() {
  try {
    std::optional<io::FilmWriter> film;
    for (Picture picture; take(picture);) {
      const QSize even(picture.image.width() & ~1, picture.image.height() & ~1);
      if (!film) film.emplace(path, even, kPicturesPerSecond, [this] { return goesOn(); });
      for (int i = 0; i < picture.times; ++i)
        if (!goesOn() || !film->add(picture.image)) return;
    }
    whole = film && goesOn() && film->finish();
  } catch (const nn::Error& error) {
    const std::lock_guard lock(mutex);
    issue = error.issue();
    closed = true;
  }
}

Recorder::Recorder(std::function<QImage()> camera, QObject* parent) : QObject(parent), m_camera(std::move(camera)) {
  m_timer.setTimerType(Qt::PreciseTimer);
  m_timer.setInterval(1000 / kPicturesPerSecond);
  connect(&m_timer, &QTimer::timeout, this, &Recorder::takePicture);
}

Recorder::~Recorder() {
  if (!m_reel) return;
  const bool wanted = m_reel->goesOn();
  m_reel->close(std::min(m_reel->until.load(), Clock::now() + kFarewell));
  if (m_reel->thread.joinable()) m_reel->thread.join();
  if (m_reel->issue)
    tellOnStderr(*m_reel->issue);
  else if (wanted && !m_reel->whole)
    tellOnStderr({m_reel->path.toStdString(), "The film is not written: the program was ended before it was finished", ""});
}

void Recorder::start(const QString& path) {
  if (m_reel) return;
  if (const std::optional<nn::Issue> none = Jobs::whyNoThread()) return emit failed(*none);
  m_reel = std::make_shared<Reel>();
  m_reel->path = path;
  m_reel->thread = std::jthread([this, reel = m_reel] {
    reel->write();
    reel->over = true;
    QMetaObject::invokeMethod(
        this, [this, reel] { ended(reel); }, Qt::QueuedConnection);
  });
  m_clock.start();
  m_taken = 0;
  m_timer.start();
  takePicture();
  emit recordingChanged(true);
}

void Recorder::takePicture() {
  const qint64 due = m_clock.elapsed() * kPicturesPerSecond / 1000 + 1;
  if (due <= m_taken) return;
  {
    const std::lock_guard lock(m_reel->mutex);
    if (m_reel->closed || m_reel->waiting.size() >= kMostWaiting) return;
  }
  Reel::Picture picture{m_camera(), int(due - m_taken)};
  if (picture.image.isNull()) return;
  m_taken = due;
  {
    const std::lock_guard lock(m_reel->mutex);
    m_reel->waiting.push_back(std::move(picture));
  }
  m_reel->wake.notify_one();
}

void Recorder::stop() {
  if (!recording()) return;
  m_timer.stop();
  m_reel->close(Clock::time_point::max());
  emit recordingChanged(false);
}

Recorder::Film Recorder::film() const {
  Film film;
  film.m_reel = m_reel;
  return film;
}

bool Recorder::Film::over() const {
  return !m_reel || m_reel->over;
}

bool Recorder::Film::whole() const {
  return m_reel && m_reel->over && m_reel->whole;
}

void Recorder::Film::cancel() const {
  if (m_reel) m_reel->close(Clock::now());
}

void Recorder::ended(const std::shared_ptr<Reel>& reel) {
  const bool cutShort = recording();
  m_timer.stop();
  m_reel->thread.join();
  m_reel.reset();
  if (cutShort) emit recordingChanged(false);
  if (reel->issue)
    emit failed(*reel->issue);
  else
    reel->whole ? emit saved(reel->path) : emit dropped();
}

}  // namespace ui
