// One picture of a network at work, as the window would show it, without a window: what `convscope render` calls. Needs a
// QGuiApplication; GUI thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QImage>
#include <QSize>

#include "render/Export.h"
#include "scene/ColorMap.h"
#include "scene/Highlight.h"
#include "scene/Scales.h"
#include "scene/Scene.h"
#include "scene/animation/Animation.h"

namespace render {

enum class PictureView { Space, Rightward, Flat };

struct PictureOptions {
  QSize size{1280, 800};
  PictureView view = PictureView::Space;
  bool dark = true;
  scene::ScaleScope scope = scene::ScaleScope::Layer;
  scene::Palette palette = scene::Palette::Glow;
  bool whole = true;                                   // false: parts of the model were not read, and no class is named
  std::optional<scene::UnitId> selected;               // pinned: its edges are drawn, the rest steps back
  std::optional<scene::AnimationStep> animation;       // a step of an animation, instead of what is selected
  std::shared_ptr<const analysis::Activity> activity;  // for the marks of dead units
  scene::ConnectionOptions connectionOptions;          // what of the selected unit; a trace needs none selected
  float pixelRatio = 1;                                // 2: twice as many pixels for the same picture
  float yaw = 0, pitch = 0;                            // radians by which the eye leaves its default place
};

struct Picture {
  QImage image;
  std::string note;  // why the CPU drew it where OpenGL was wanted; empty when all went as asked
};

// What is to be drawn. `parameters` and `values` belong to `network`; without values the network is at rest.
SceneCapture captureOf(const std::shared_ptr<const nn::Network>& network, std::shared_ptr<const std::vector<float>> parameters,
                       std::shared_ptr<const scene::Values> values, const PictureOptions& options = {});
Picture renderPicture(const SceneCapture& capture, const PictureOptions& options);  // its size, view and pixelRatio count
Picture renderPicture(const std::shared_ptr<const nn::Network>& network, std::shared_ptr<const std::vector<float>> parameters,
                      std::shared_ptr<const scene::Values> values, const PictureOptions& options = {});

}  // namespace render
