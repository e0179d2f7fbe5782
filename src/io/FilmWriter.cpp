#include "io/FilmWriter.h"

#include <unistd.h>

#include <QFile>
#include <QFileInfo>
#include <QPainter>
#include <QStandardPaths>

#include "io/Files.h"
#include "nn/Error.h"

namespace io {

namespace {

constexpr int kPatienceMs = 60000;  // for one picture, and for the end

QString program() {
  return QStandardPaths::findExecutable("ffmpeg");
}

QStringList argumentsFor(const QString& path, const QString& suffix, const QSize& size, int rate) {
  QStringList arguments{"-hide_banner",
                        "-loglevel",
                        "error",
                        "-xerror",  // also where the last bytes do not fit
                        "-y",
                        "-f",
                        "rawvideo",
                        "-pix_fmt",
                        "rgb24",
                        "-s",
                        QStringLiteral("%1x%2").arg(size.width()).arg(size.height()),
                        "-r",
                        QString::number(rate),
                        "-i",
                        "-"};
  if (suffix == "gif") {
    // Colors chosen for every picture, so that none has to be held back until the last has come. Half the pictures and no dither:
    // a tenth of the bytes.
    arguments << "-filter_complex"
              << "fps=12.5,split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1:dither=none:diff_mode=rectangle"
              << "-f"
              << "gif";
  } else {
    arguments << "-c:v"
              << "libx264"
              << "-crf"
              << "18"
              << "-preset"
              << "fast"
              << "-pix_fmt"
              << "yuv420p"
              << "-movflags"
              << "+faststart"
              << "-f"
              << "mp4";
  }
  return arguments << path;
}

}  // namespace

bool FilmWriter::available() {
  return !program().isEmpty();
}

void FilmWriter::requireAvailable(const QString& path) {
  if (available()) return;
  throw nn::Error("Films are written by the program ffmpeg, which is not installed here", path.toStdString(),
                  "Install it (on Debian and Ubuntu: sudo apt install ffmpeg), or export a picture");
}

FilmWriter::FilmWriter(const QString& path, const QSize& size, int picturesPerSecond) : m_path(path), m_part(path + ".part"), m_size(size) {
  requireAvailable(path);
  requireWritable(path);
  requireWritable(m_part);
  // In a session of its own: Ctrl+C in the terminal is for this program, which then ends the film in order.
  m_ffmpeg.setChildProcessModifier([] { ::setsid(); });
  m_ffmpeg.setProcessChannelMode(QProcess::MergedChannels);
  m_ffmpeg.start(program(), argumentsFor(m_part, QFileInfo(path).suffix().toLower(), size, picturesPerSecond));
  if (!m_ffmpeg.waitForStarted(kPatienceMs)) fail();
}

FilmWriter::~FilmWriter() {
  if (m_ffmpeg.state() != QProcess::NotRunning) {
    m_ffmpeg.kill();
    m_ffmpeg.waitForFinished(kPatienceMs);
  }
  if (!m_whole) QFile::remove(m_part);
}

void FilmWriter::fail() {
  constexpr int kLastWordsMs = 2000;
  m_ffmpeg.closeWriteChannel();
  m_ffmpeg.waitForFinished(kLastWordsMs);
  const QList<QByteArray> lines = m_ffmpeg.readAll().trimmed().split('\n');
  const std::string why = lines.isEmpty() || lines.last().isEmpty() ? m_ffmpeg.errorString().toStdString() : lines.last().toStdString();
  throw nn::Error("The film could not be written: " + why, m_path.toStdString(), "Free some space on the disk, or choose another place");
}

void FilmWriter::add(const QImage& picture) {
  QImage frame = picture;
  if (frame.size() != m_size) {
    frame = QImage(m_size, QImage::Format_RGB888);
    frame.fill(Qt::black);
    QRect target(QPoint(), picture.size().scaled(m_size, Qt::KeepAspectRatio));
    target.moveCenter(frame.rect().center());
    QPainter painter(&frame);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(target, picture);
  }
  frame = frame.convertToFormat(QImage::Format_RGB888);
  for (int row = 0; row < frame.height(); ++row) m_ffmpeg.write(reinterpret_cast<const char*>(frame.constScanLine(row)), frame.width() * 3);
  while (m_ffmpeg.bytesToWrite() > 0)
    if (!m_ffmpeg.waitForBytesWritten(kPatienceMs) || m_ffmpeg.state() == QProcess::NotRunning) fail();
}

void FilmWriter::finish() {
  m_ffmpeg.closeWriteChannel();
  const bool ended = m_ffmpeg.waitForFinished(kPatienceMs);
  if (!ended || m_ffmpeg.exitStatus() != QProcess::NormalExit || m_ffmpeg.exitCode() != 0) fail();
  replaceFile(m_part, m_path);
  m_whole = true;
}

}  // namespace io
