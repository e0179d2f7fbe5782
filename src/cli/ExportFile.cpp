#include "cli/ExportFile.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <QBuffer>
#include <QFileInfo>
#include <QImageWriter>

#include "io/Files.h"
#include "io/FilmWriter.h"
#include "nn/Error.h"

namespace cli {

namespace {

constexpr int kFilmRate = 25;                 // pictures per second
constexpr int kFilmPictures = 6 * kFilmRate;  // one turn there and back

QString suffixOf(const QString& path) {
  return QFileInfo(path).suffix().toLower();
}

// write: returns what went wrong, or nothing. Into memory first: what writes pictures and vectors does not check its device.
void save(const QString& path, const std::function<QString(QIODevice&)>& write) {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  if (const QString why = write(buffer); !why.isEmpty()) throw nn::Error("saving failed: " + why.toStdString(), path.toStdString());
  io::writeFile(path, buffer.data());
}

constexpr std::size_t kMostSteps = 240;  // of an animation; a window has thousands

// From the step that the shot shows to the last, or as many as fit.
void savePlay(const render::SceneCapture& capture, const QString& path, int widthPx, const data::Progress& progress) {
  const QSize size = filmSize(capture, widthPx);
  const scene::Animation& animation = *capture.state.animation()->animation;
  const std::size_t first = capture.state.animation()->step, last = std::min(animation.steps(), first + kMostSteps);
  const int picturesPerStep = std::max(1, int(std::lround(kFilmRate / animation.stepsPerSecond())));
  double done = 0;
  io::FilmWriter film(path, size, kFilmRate, [&] { return !progress || progress(done); });
  for (std::size_t step = first; step < last; ++step) {
    done = double(step - first) / double(last - first);
    if (progress && !progress(done)) return;
    const QImage picture = render::pictureOf(render::stepped(capture, step), size.width());
    for (int i = 0; i < picturesPerStep; ++i)
      if (!film.add(picture)) return;
  }
  film.finish();
}

void saveFilm(const render::SceneCapture& capture, const QString& path, int widthPx, const data::Progress& progress) {
  const QSize size = filmSize(capture, widthPx);
  double done = 0;
  io::FilmWriter film(path, size, kFilmRate, [&] { return !progress || progress(done); });
  for (int picture = 0; picture < kFilmPictures; ++picture) {
    done = double(picture) / kFilmPictures;
    if (progress && !progress(done)) return;
    if (!film.add(render::pictureOf(render::turned(capture, done), size.width()))) return;
  }
  film.finish();
}

}  // namespace

QSize filmSize(const render::SceneCapture& capture, int widthPx) {
  const int width = widthPx + widthPx % 2;
  return {width, render::heightFor(capture, width, true)};
}

// Icons have 256 pixels at most and xbm two colors: what is drawn would be another picture.
bool isPicture(const QString& path) {
  static const QStringList kFaithful{"png", "jpg", "jpeg", "bmp", "ppm", "xpm", "tif", "tiff", "webp"};
  return kFaithful.contains(suffixOf(path)) && QImageWriter::supportedImageFormats().contains(suffixOf(path).toUtf8());
}

bool isFilm(const QString& path) {
  return suffixOf(path) == "gif" || suffixOf(path) == "mp4";
}

void requireExportable(const QString& path) {
  const QString kind = suffixOf(path);
  if (!isPicture(path) && !isFilm(path) && kind != "svg" && kind != "pdf")
    throw nn::Error(kind.isEmpty() ? "the name does not end in the kind of file that is wanted"
                                   : "files of the kind '" + kind.toStdString() + "' cannot be written",
                    path.toStdString(), "Use .png, .jpg, .svg, .pdf, .gif or .mp4");
  io::requireWritable(path);
  if (isFilm(path)) io::FilmWriter::requireAvailable(path);
}

void savePicture(const QImage& image, const QString& path) {
  save(path, [&](QIODevice& file) {
    QImageWriter writer(&file, suffixOf(path).toUtf8());
    return writer.write(image) ? QString() : writer.errorString();
  });
}

void exportCapture(const render::SceneCapture& capture, const QString& path, int widthPx, const data::Progress& progress) {
  requireExportable(path);
  const QString kind = suffixOf(path), title = QFileInfo(path).completeBaseName();
  const auto failed = [](bool fine) { return fine ? QString() : QStringLiteral("it cannot be drawn"); };
  if (isFilm(path))
    return capture.state.animation() ? savePlay(capture, path, widthPx, progress) : saveFilm(capture, path, widthPx, progress);
  if (kind == "svg") return save(path, [&](QIODevice& file) { return failed(render::writeSvg(file, capture, title)); });
  if (kind == "pdf") return save(path, [&](QIODevice& file) { return failed(render::writePdf(file, capture, title)); });
  const QImage image = render::pictureOf(capture, widthPx);
  if (progress && !progress(-1)) return;
  if (image.isNull()) throw nn::Error("there is not enough memory for the picture", path.toStdString(), "Choose a smaller width");
  savePicture(image, path);
}

}  // namespace cli
