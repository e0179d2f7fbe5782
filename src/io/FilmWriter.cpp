#include "io/FilmWriter.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <unistd.h>

#include <QElapsedTimer>
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
  // -xerror: also where the last bytes do not fit.
  QString arguments = QStringLiteral("-hide_banner -loglevel error -xerror -y -f rawvideo -pix_fmt rgb24 -s %1x%2 -r %3 -i - ")
                          .arg(size.width())
                          .arg(size.height())
                          .arg(rate);
  // Of a GIF, colors chosen for every picture, so that none has to be held back until the last has come. Half the pictures and no dither:
  // a tenth of the bytes.
  arguments += suffix == "gif" ? "-filter_complex fps=12.5,split[a][b];[a]palettegen=stats_mode=single[p];"
                                 "[b][p]paletteuse=new=1:dither=none:diff_mode=rectangle -f gif"
                               : "-c:v libx264 -crf 18 -preset fast -pix_fmt yuv420p -movflags +faststart -f mp4";
  // Of a file, whatever its name is like: ffmpeg takes "12:30.mp4" for a protocol and "-y.mp4" for an option.
  return arguments.split(' ') << "file:" + path;
}

// What stands at the end of its output, in one line: the reason is not always in the last one.
QString lastWords(const QByteArray& output) {
  constexpr qsizetype kLines = 3;
  QStringList lines;
  for (const QByteArray& line : output.split('\n'))
    if (const QString words = QString::fromUtf8(line).trimmed(); !words.isEmpty()) lines << words;
  return lines.mid(std::max<qsizetype>(0, lines.size() - kLines)).join("; ");
}

std::string adviceOn(const std::string& words) {
  const auto tellsOf = [&](int problem) { return words.find(std::generic_category().message(problem)) != std::string::npos; };
  if (tellsOf(ENOSPC) || tellsOf(EDQUOT)) return "Free some space on the disk, or choose another place";
  if (tellsOf(EFBIG)) return "Raise the limit on the size of files (ulimit -f), or choose another place";
  return "See whether ffmpeg works by itself (ffmpeg -version), or export a picture";
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

FilmWriter::FilmWriter(const QString& path, const QSize& size, int picturesPerSecond, std::function<bool()> goesOn)
    : m_path(path), m_size(size), m_goesOn(std::move(goesOn)) {
  requireAvailable(path);
  m_part = std::make_unique<CheckedFile>(path);
  // In a session of its own: Ctrl+C in the terminal is for this program, which then ends the film in order.
  m_ffmpeg.setChildProcessModifier([] { ::setsid(); });
  m_ffmpeg.setProcessChannelMode(QProcess::MergedChannels);
  m_ffmpeg.start(program(), argumentsFor(m_part->nameForOthers(), QFileInfo(path).suffix().toLower(), size, picturesPerSecond));
  if (!m_ffmpeg.waitForStarted(kPatienceMs)) fail();
}

FilmWriter::~FilmWriter() {
  if (m_ffmpeg.state() != QProcess::NotRunning) {
    ::kill(-pid_t(m_ffmpeg.processId()), SIGKILL);  // and what it has started
    m_ffmpeg.kill();
    m_ffmpeg.waitForFinished(kPatienceMs);
  }
}

void FilmWriter::fail() {
  constexpr int kLastWordsMs = 2000;
  m_ffmpeg.closeWriteChannel();
  m_ffmpeg.waitForFinished(kLastWordsMs);
  const std::string said = lastWords(m_ffmpeg.readAll()).toStdString();
  std::string why = said.empty() ? "" : "ffmpeg says: " + said;
  if (why.empty() && m_ffmpeg.error() == QProcess::FailedToStart)
    why = "ffmpeg does not start: " + m_ffmpeg.errorString().toStdString();
  else if (why.empty() && m_ffmpeg.exitStatus() == QProcess::CrashExit)
    why = "ffmpeg was ended by a signal";
  else if (why.empty())
    why = "ffmpeg ended with status " + std::to_string(m_ffmpeg.exitCode()) + " and left nothing";
  throw nn::Error("The film could not be written: " + why, m_path.toStdString(), adviceOn(said));
}

void FilmWriter::hang() {
  throw nn::Error("The film could not be written: ffmpeg has not gone on for " + std::to_string(kPatienceMs / 1000) + " seconds",
                  m_path.toStdString(), "See whether ffmpeg works by itself (ffmpeg -version), or export a picture");
}

bool FilmWriter::waitUntil(const std::function<bool()>& isReached, const std::function<bool(int ms)>& wait) {
  constexpr int kGlanceMs = 100;
  QElapsedTimer idle;
  idle.start();
  while (!isReached()) {
    if (wait(kGlanceMs)) {
      idle.restart();
      continue;
    }
    if (m_ffmpeg.state() == QProcess::NotRunning && !isReached()) fail();
    if (m_goesOn && !m_goesOn()) return false;
    if (idle.elapsed() > kPatienceMs) hang();
  }
  return true;
}

bool FilmWriter::add(const QImage& picture) {
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
  return waitUntil([this] { return m_ffmpeg.bytesToWrite() == 0 && m_ffmpeg.state() != QProcess::NotRunning; },
                   [this](int ms) { return m_ffmpeg.waitForBytesWritten(ms); });
}

bool FilmWriter::finish() {
  m_ffmpeg.closeWriteChannel();
  const auto ended = [this] { return m_ffmpeg.state() == QProcess::NotRunning; };
  if (!waitUntil(ended, [this](int ms) { return m_ffmpeg.waitForFinished(ms); })) return false;
  if (m_ffmpeg.exitStatus() != QProcess::NormalExit || m_ffmpeg.exitCode() != 0) fail();
  if (m_part->size() == 0) fail();
  m_part->commit();
  return true;
}

}  // namespace io
