// Writes pictures as a film, MP4 or GIF by the name's end, with the program ffmpeg where it is installed. Blocks while it writes:
// for a thread of its own.
#pragma once

#include <functional>
#include <memory>

#include <QImage>
#include <QProcess>
#include <QSize>
#include <QString>

namespace io {

class CheckedFile;

class FilmWriter {
 public:
  static bool available();                            // ffmpeg is installed
  static void requireAvailable(const QString& path);  // throws nn::Error where not, with what to do

  // size: of every picture, both sides even. Throws nn::Error when ffmpeg is missing or does not start.
  // goesOn: asked several times a second while ffmpeg does not go on; where it says no, add() and finish() return at once.
  FilmWriter(const QString& path, const QSize& size, int picturesPerSecond, std::function<bool()> goesOn = {});
  ~FilmWriter();  // without finish(): ffmpeg is ended, and the unfinished film taken away

  // Scaled to fit where the size is another. Throws nn::Error with ffmpeg's own words when it has stopped. False: it shall not go on.
  bool add(const QImage& picture);
  bool finish();  // the same; throws nn::Error, too, when the film is not whole or holds nothing; what was there before then stays

 private:
  [[noreturn]] void fail();
  [[noreturn]] void hang();
  // True where it waited to the end; false where it shall not go on. Throws where ffmpeg takes too long.
  bool waitUntil(const std::function<bool()>& isReached, const std::function<bool(int ms)>& wait);

  QString m_path;
  std::unique_ptr<CheckedFile> m_part;  // it gets its name when it is whole
  QSize m_size;
  QProcess m_ffmpeg;
  std::function<bool()> m_goesOn;
};

}  // namespace io
