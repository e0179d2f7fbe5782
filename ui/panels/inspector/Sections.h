// The parts that a unit's calculation is shown in, one below the other: formula, patches, sums, pooling window, strongest
// terms, activation curve, softmax. Each draws straight from the explanation, so that new numbers need only a repaint.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include <QPointF>
#include <QString>

#include "scene/ColorMap.h"
#include "scene/Explanation.h"
#include "ui/base/Theme.h"

class QPainter;

namespace ui {

// What a section draws from. `lit`: indices of the terms that are pointed at, here, in the scene or in another sheet. `patch`: the
// input map worked out large.
struct SectionView {
  const scene::Explanation& e;
  const Theme& theme;
  double width = 0;
  std::vector<int> lit = {};
  std::size_t patch = 0;
  bool isLit(int term) const { return term >= 0 && std::find(lit.begin(), lit.end(), term) != lit.end(); }
  int firstLit() const { return lit.empty() ? -1 : lit.front(); }
  int worked = -1;                                     // cells of the patches, map by map, that an animation has worked out; -1: all
  std::vector<const scene::Explanation*> beside = {};  // of like units in other sheets: one scale for all of them
  scene::Palette palette = scene::Palette::Glow;       // of values that cannot be negative, as in the scene
  // Of a cell of one patch: whether it is, and whether it is the last of them.
  bool isWorked(const scene::Patch& of, std::size_t cell) const { return worked < 0 || order(of, cell) < worked; }
  bool isNow(const scene::Patch& of, std::size_t cell) const { return worked >= 0 && order(of, cell) == worked - 1; }
  float sumSoFar(const scene::Patch& of) const;
  bool isComplete() const;  // nothing is left for the animation to work out
  int order(const scene::Patch& of, std::size_t cell) const { return int(std::size_t(&of - e.patches.data()) * of.cells.size() + cell); }
};

// A line above what a section shows, in quiet small type, and its height.
double captionHeight(const SectionView& view);
void paintCaption(QPainter& painter, const SectionView& view, double top, const QString& words);

// What a section is called, and what it says in words: for screen readers.
struct AccessibleSection {
  QString name, words;
};

class Section {
 public:
  virtual ~Section() = default;
  virtual AccessibleSection reading(const SectionView& view) const = 0;
  virtual double height(const SectionView& view) const = 0;
  virtual void paint(QPainter& painter, const SectionView& view) const = 0;
  // The term shown at a position (from the section's top left corner), -1 for none.
  virtual int termAt(QPointF /*position*/, const SectionView& /*view*/) const { return -1; }
  // Another unit of the same layer that a click there goes to.
  virtual std::optional<scene::UnitId> unitAt(QPointF /*position*/, const SectionView& /*view*/) const { return std::nullopt; }
  // The input map that a click there chooses to be worked out, -1 for none.
  virtual int patchAt(QPointF /*position*/, const SectionView& /*view*/) const { return -1; }
};

// The sections for one explanation, without those of `then`. `first`: the pinned unit itself, not a layer that follows.
std::vector<std::unique_ptr<Section>> sectionsFor(const scene::Explanation& explanation, bool first);
// Whether the same sections fit: same unit and same parts, only the numbers differ.
bool sameSections(const scene::Explanation& a, const scene::Explanation& b);

// The value as it is written large, and everywhere else.
QString valueText(const scene::Explanation& explanation);
QString runningText(const scene::Explanation& explanation, int worked);  // the sum, or the largest value, so far
QString activationText(nn::Activation activation);                       // "ReLU: max(0, x)"
// The map whose numbers are worked out when the person has chosen none: the one that weighs most.
std::size_t strongestPatch(const scene::Explanation& explanation);
QString sourceText(const scene::Explanation& explanation, const scene::UnitId& unit);  // "conv1, map 2, row 3, column 4"
QString plainText(const scene::Explanation& explanation);

// Further sections, in files of their own.
std::unique_ptr<Section> makeFormulaSection();
std::unique_ptr<Section> makePatchSection();
std::unique_ptr<Section> makeOverviewSection();
std::unique_ptr<Section> makePicturesSection();
std::unique_ptr<Section> makeWindowSection();
std::unique_ptr<Section> makeActivationSection();
std::unique_ptr<Section> makeGallerySection();

}  // namespace ui
