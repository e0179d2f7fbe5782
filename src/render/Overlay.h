// What is written over a scene, in pixels but at the scene's places: names, sizes and numeric legends of the layers, class labels,
// the tag of the unit under the pointer, the invitation of a network at rest. Drawn with QPainter on every renderer's picture.
#pragma once

#include <optional>
#include <vector>

#include <QPainter>
#include <QRectF>

#include "render/GlScene.h"
#include "render/SceneStyle.h"
#include "scene/Camera.h"
#include "scene/SceneState.h"

namespace render {

struct WrittenText {
  QString words;
  QRectF rect;         // of the ink
  bool onTag = false;  // on the tag at the pointer, which covers what is below it
};

// Where the name of a layer was written, the part of it that folds the layer away or unfolds it, and the legend of its colors, if any.
struct WrittenName {
  int block = -1;
  QRectF rect, mark, legend = {};
};

struct OverlayOptions {
  bool key = true;  // what the colors mean, in a corner
  bool tag = true;
  Motion motion;                                // as in the picture below: what has stepped back
  std::vector<QRectF> reserved;                 // nothing is written there
  qreal foot = 0;                               // pixels at the lower edge that bars take: an animation's caption stands above them
  int pointed = -1;                             // block whose name is under the pointer: it shows its mark
  std::vector<WrittenName>* names = nullptr;    // where names were written
  std::vector<WrittenText>* written = nullptr;  // what was written, for whoever wants to know
};

// Pixels that labels and legends need around the scene.
scene::Margins overlayMargins(const scene::SceneState& state, const SceneStyle& style, QSizeF size, qreal foot = 0);
// Of an animation's caption, 0 without an animation.
qreal captionHeight(const scene::SceneState& state, const SceneStyle& style, QSizeF size);
// Width of the key in the corner below right, 0 where a picture has no room for it.
qreal keyWidth(const SceneStyle& style, QSizeF size);
void drawOverlay(QPainter& painter, const scene::SceneState& state, const scene::Camera& camera, const SceneStyle& style,
                 const OverlayOptions& options = {});
// As scene::shortNumber writes it: "0", "0.25", "−1.4", "3.2e-05".
QString numberText(float value);

}  // namespace render
