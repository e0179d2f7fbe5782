// The same scene drawn by the CPU with QPainter: the flat view, and every picture where OpenGL 3.3 is missing. Works for any
// camera; the overlay comes on top of it as on the GL picture.
#pragma once

#include <QPainter>

#include "render/GlScene.h"
#include "render/SceneStyle.h"
#include "scene/Camera.h"
#include "scene/SceneState.h"

namespace render {

void drawWithPainter(QPainter& painter, const scene::SceneState& state, const scene::Camera& camera, const SceneStyle& style,
                     const Motion& motion);

}  // namespace render
