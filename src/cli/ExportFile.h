// A scene as a file, of the kind that its name ends in: a picture, vectors for slides, a film of a turn. Any thread.
#pragma once

#include <QImage>
#include <QString>

#include "data/StrokeDigits.h"
#include "render/Export.h"

namespace cli {

bool isPicture(const QString& path);  // .png and other kinds of pixels
bool isFilm(const QString& path);     // .gif, .mp4

// All throw nn::Error when the kind is unknown or the file cannot be written; a file that was there before is then kept.
void requireExportable(const QString& path);  // to be asked before the work
void savePicture(const QImage& image, const QString& path);
QSize filmSize(const render::SceneCapture& capture, int widthPx);  // sides are even
// widthPx: of pictures and films; vectors have no size. progress: told of the share that is done; false ends a film early, which is
// then not kept.
void exportCapture(const render::SceneCapture& capture, const QString& path, int widthPx, const data::Progress& progress);

}  // namespace cli
