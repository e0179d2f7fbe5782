// A scene as it stands at one moment, kept by value, and drawn for a file: a picture of any size, an SVG or a PDF whose text and edges
// are vectors, the pictures of a turn. Drawn by the CPU, so that it may happen on any thread while the window goes on.
#pragma once

#include <QIODevice>
#include <QImage>
#include <QPainter>

#include "render/GlScene.h"
#include "render/SceneStyle.h"
#include "scene/Camera.h"
#include "scene/SceneState.h"

namespace render {

struct SceneCapture {
  scene::SceneState state;
  scene::Camera camera;
  SceneStyle style;
  Motion motion;
  QSize size() const { return QSize(int(camera.widthPx()), int(camera.heightPx())); }  // of the view, in its pixels
};

// Without what only the pointer or an animation shows: nothing is hovered, the eye has arrived, nothing fades. What is pinned, traced or
// played stays.
SceneCapture atRest(SceneCapture capture);
// Ground, scene and overlay, in the pixels of the view.
void paint(QPainter& painter, const SceneCapture& capture);
// widthPx wide; the height follows from the view. Null where there is not enough memory.
QImage pictureOf(const SceneCapture& capture, int widthPx);
// The height that belongs to a width; even, as films need it, where `even`.
int heightFor(const SceneCapture& capture, int widthPx, bool even = false);
// False where the device cannot be written.
bool writeSvg(QIODevice& device, const SceneCapture& capture, const QString& title);
bool writePdf(QIODevice& device, const SceneCapture& capture, const QString& title);  // one page of the picture's shape
// The same scene at `share` (0..1) of a turn to one side, to the other and back, which begins and ends at the shot's own view. A flat
// arrangement cannot be turned and stays.
SceneCapture turned(const SceneCapture& capture, double share);
// The same view at another step of the animation that it shows.
SceneCapture stepped(const SceneCapture& capture, std::size_t step);

}  // namespace render
