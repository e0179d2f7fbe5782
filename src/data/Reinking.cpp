#include "data/Reinking.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "data/InkParts.h"
#include "data/Pen.h"
#include "data/Resampling.h"

namespace data {
namespace {

constexpr float kPenOfData = 0.135f, kWidestPen = 0.2f;  // of the longer side, the pen included; few in MNIST are wider
constexpr float kLeastWay = 0.25f;                       // of a pen's width: a drawing that goes no further is a dot
constexpr float kSoftnessPx = 1;

struct Box {
  float left = 1e9f, top = 1e9f, right = -1e9f, bottom = -1e9f;
  void add(float x, float y) {
    left = std::min(left, x);
    top = std::min(top, y);
    right = std::max(right, x);
    bottom = std::max(bottom, y);
  }
  float side() const { return std::max({right - left, bottom - top, 0.0f}); }
};

Box boxOf(const PenStrokes& strokes) {
  Box box;
  for (const auto& stroke : strokes)
    for (const PenPoint& point : stroke) box.add(point.x, point.y);
  return box;
}

// Where the pen went on paper that has ink still: what was left out of the drawing (data/InkCleaning.h) is drawn no more.
PenStrokes onInk(const PenStrokes& strokes, const GrayImage& drawing) {
  PenStrokes kept;
  for (const auto& stroke : strokes) {
    bool runs = false;
    for (const PenPoint& point : stroke) {
      const bool inside = point.x >= 0 && point.y >= 0 && point.x < float(drawing.width) && point.y < float(drawing.height);
      const bool inked = inside && drawing.ink[std::size_t(point.y) * std::size_t(drawing.width) + std::size_t(point.x)] > 0;
      if (inked && !runs) kept.emplace_back();
      if (inked) kept.back().push_back(point);
      runs = inked;
    }
  }
  return kept;
}

// Of the pen's way; of dots alone, the mean.
float meanWidth(const PenStrokes& strokes) {
  double length = 0, sum = 0, count = 0, widths = 0;
  for (const auto& stroke : strokes)
    for (std::size_t i = 0; i < stroke.size(); ++i) {
      count += 1;
      widths += 2 * double(stroke[i].radius);
      if (i == 0) continue;
      const double way = std::hypot(double(stroke[i].x - stroke[i - 1].x), double(stroke[i].y - stroke[i - 1].y));
      length += way;
      sum += way * double(stroke[i].radius + stroke[i - 1].radius);
    }
  return float(length > 0 ? sum / length : widths / std::max(1.0, count));
}

// The wider the pen was, the nearer it comes to that of the data: a drawing that grows changes evenly.
GrayImage drawn(const PenStrokes& strokes, float way, float width, const GrayImage& drawing) {
  const float share = std::max(kPenOfData, 2 * kWidestPen - width / (way + width));
  const float thinner = share * way / (1 - share) / width;
  GrayImage ink{drawing.width, drawing.height, std::vector<float>(drawing.ink.size())};
  for (const auto& stroke : strokes)
    for (std::size_t i = 0; i < stroke.size(); ++i) {
      const PenPoint &a = stroke[i > 0 ? i - 1 : 0], &b = stroke[i];
      drawSegment({{a.x, a.y}, {b.x, b.y}, a.radius * thinner, b.radius * thinner}, kSoftnessPx, ink);
    }
  return ink;
}

// The box of the ink at one size for every drawing, with how far it is from each pixel to paper, in pixels.
class Depths {
 public:
  static constexpr int kLongerSide = 64;
  static constexpr float kBeside = 0.95f, kAcross = 1.35f;  // the steps that are wrong least (Borgefors 1986)

  Depths(const GrayImage& drawing, const Box& box, float outline) : m_step(box.side() / float(kLongerSide)) {
    const auto side = [this](float size) { return std::max(1, int(std::lround(size / m_step))) + 2; };  // with a rim of paper
    m_width = side(box.right - box.left);
    m_height = side(box.bottom - box.top);
    m_depths.resize(std::size_t(m_width) * std::size_t(m_height));
    m_window = {box.left - m_step, box.top - m_step, box.left + m_step * float(m_width - 1), box.top + m_step * float(m_height - 1)};
    resample(drawing.ink, drawing.width, drawing.height, m_window, m_depths, m_width, m_height);
    for (float& depth : m_depths) depth = depth >= outline ? 1e9f : 0;
    measure();
  }

  // Along the middles of the lines, half their width, in order.
  std::vector<float> halfWidths() const {
    std::vector<float> all;
    for (int y = 1; y + 1 < m_height; ++y)
      for (int x = 1; x + 1 < m_width; ++x) {
        const float here = at(x, y);
        bool ridge = here > 0;  // nowhere beside it is it deeper by nearly the step there
        for (int dy = -1; dy <= 1; ++dy)
          for (int dx = -1; dx <= 1; ++dx) ridge = ridge && at(x + dx, y + dy) < here + 0.6f * (dx != 0 && dy != 0 ? kAcross : kBeside);
        if (ridge) all.push_back(here);
      }
    std::sort(all.begin(), all.end());
    return all;
  }
  // What lies deeper than this, in a drawing's pixels.
  GrayImage below(float depth, const GrayImage& drawing) const {
    std::vector<float> kept(m_depths);
    for (float& ink : kept) ink = std::clamp(ink - depth + 0.5f, 0.0f, 1.0f);
    GrayImage result{drawing.width, drawing.height, std::vector<float>(drawing.ink.size())};
    const auto scaled = [this](float from, float pixel) { return (pixel - from) / m_step; };
    resample(kept, m_width, m_height,
             {scaled(m_window.left, 0), scaled(m_window.top, 0), scaled(m_window.left, float(drawing.width)),
              scaled(m_window.top, float(drawing.height))},
             result.ink, result.width, result.height);
    return result;
  }

 private:
  float at(int x, int y) const { return m_depths[std::size_t(y) * std::size_t(m_width) + std::size_t(x)]; }

  // Along rows, columns and diagonals.
  void measure() {
    for (int x = 0; x < m_width; ++x) m_depths[std::size_t(x)] = m_depths[m_depths.size() - 1 - std::size_t(x)] = 0;
    for (int y = 0; y < m_height; ++y)
      m_depths[std::size_t(y) * std::size_t(m_width)] = m_depths[std::size_t(y + 1) * std::size_t(m_width) - 1] = 0;
    const auto pass = [this](int x, int y, int side) {
      float& here = m_depths[std::size_t(y) * std::size_t(m_width) + std::size_t(x)];
      here = std::min(
          {here, at(x - side, y) + kBeside, at(x, y - side) + kBeside, at(x - side, y - side) + kAcross, at(x + side, y - side) + kAcross});
    };
    for (int y = 1; y + 1 < m_height; ++y)
      for (int x = 1; x + 1 < m_width; ++x) pass(x, y, 1);
    for (int y = m_height - 2; y > 0; --y)
      for (int x = m_width - 2; x > 0; --x) pass(x, y, -1);
    for (float& depth : m_depths) depth = std::max(0.0f, depth - 0.5f);  // to the edge of the paper's pixel, not its middle
  }

  float m_step = 1;
  int m_width = 0, m_height = 0;
  SourceWindow m_window;
  std::vector<float> m_depths;
};

Box inkBox(const GrayImage& drawing, float outline) {
  Box box;
  for (const InkPart& part : partsOf(drawing, outline).parts) {
    box.add(float(part.left), float(part.top));
    box.add(float(part.right), float(part.bottom));
  }
  return box;
}

}  // namespace

std::optional<GrayImage> reinked(const GrayImage& drawing, const PenStrokes& strokes) {
  if (!isWhole(drawing)) return std::nullopt;
  const PenStrokes kept = onInk(strokes, drawing);
  const float way = boxOf(kept).side(), width = meanWidth(kept);
  if (way < kLeastWay * width || width <= kWidestPen * (way + width)) return std::nullopt;
  return drawn(kept, way, width, drawing);
}

std::optional<GrayImage> reinked(const GrayImage& drawing) {
  constexpr float kFarWider = 0.25f, kNoLine = 0.45f;  // of the longer side; what is wider still is a spot
  if (!isWhole(drawing)) return std::nullopt;
  const float outline = outlineOf(drawing);
  const Box box = inkBox(drawing, outline);
  if (!(box.side() > 0)) return std::nullopt;
  const Depths depths(drawing, box, outline);
  const std::vector<float> halves = depths.halfWidths();
  if (halves.empty()) return std::nullopt;
  const float half = halves[halves.size() / 2], share = 2 * half / float(Depths::kLongerSide);
  if (share < kFarWider || share > kNoLine) return std::nullopt;
  // As much from each side as leaves a pen of the data; thin places stay lines.
  const float way = float(Depths::kLongerSide) - 2 * half, wanted = kPenOfData * way / (1 - kPenOfData) / 2;
  return depths.below(std::min(half - wanted, 0.7f * halves[halves.size() / 10]), drawing);
}

}  // namespace data
