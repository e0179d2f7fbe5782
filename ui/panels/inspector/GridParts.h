// What the sections of patches, windows and weight pictures share: the scale, the numbers and the painting of one grid. Where the scene's
// scales are known, a number has the color that it has there, wherever a window lies. Private to the inspector; UI thread.
#pragma once

#include "ui/panels/inspector/Figures.h"
#include "ui/panels/inspector/Sections.h"

namespace ui {

enum class Part { Input, Weight, Product };

// One scale for all patches, so that maps can be compared, and with those of other sheets.
ValueScale scaleOf(const SectionView& view, const scene::Patch& patch, Part part);
// How the cells are written: an input like the map that it is a part of, kernels as in the scene by the largest weight that leads into
// the map, products by their own largest.
scene::CellNumbers numbersOf(const SectionView& view, const GridGeometry& grid, const scene::Patch& patch, Part part);
void paintPart(QPainter& painter, const GridGeometry& grid, const SectionView& view, const scene::Patch& patch, Part part);
// The sums of the patches: with the bias they add up to the whole sum as they are written. While an animation works, of what is done so
// far.
std::vector<QString> sumTexts(const SectionView& view);
double written(QString text);  // what was written, as a number
QString mapName(const scene::Explanation& e, const scene::Patch& patch);
// Row by row; "padding" where the window lies beyond the border.
QString gridWords(const scene::Patch& patch, Part part);

}  // namespace ui
