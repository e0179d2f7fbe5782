// Writes pictures as a film, MP4 or GIF by the name's end, with the program ffmpeg where it is installed. Blocks while it writes:
// for a thread of its own.
#pragma once

#include <QImage>
#include <QProcess>
#include <QSize>
#include <QString>

namespace io {

class FilmWriter {
 public:
  static bool available();                            // ffmpeg is installed
  static void requireAvailable(const QString& path);  // throws nn::Error where not, with what to do

  // size: of every picture, both sides even. Throws nn::Error when ffmpeg is missing or does not start.
  FilmWriter(const QString& path, const QSize& size, int picturesPerSecond);
  ~FilmWriter();  // without finish(): the unfinished film is taken away

  // Scaled to fit where the size is another. Throws nn::Error with ffmpeg's own words when it has stopped.
  void add(const QImage& picture);
  void finish();  // throws nn::Error when the film is not whole

 private:
  [[noreturn]] void fail();

  QString m_path, m_part;  // it gets its name when it is whole
  QSize m_size;
  QProcess m_ffmpeg;
  bool m_whole = false;
};

}  // namespace io
