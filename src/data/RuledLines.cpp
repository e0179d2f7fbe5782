#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "data/InkCleaning.h"

namespace data {
namespace {

constexpr float kFaintestLine = 0.08f;  // of the strongest ink: lines are printed paler than a pen writes
constexpr float kFringe = 0.02f;        // what of a line's soft sides is erased with it
constexpr int kThinnest = 30;           // a line is as thick as this part of the picture's side, at most
constexpr double kSteepest = 0.12;      // as the paper lies in a photo
constexpr double kUnbroken = 0.9;       // of the way across
constexpr int kSmallestSide = 64;       // in smaller pictures a stroke is as thin as a line

// A drawing seen by rows, or by columns: then lines that run down run across.
class InkAcross {
 public:
  InkAcross(GrayImage& image, bool down) : m_image(image), m_down(down) {}
  int length() const { return m_down ? m_image.height : m_image.width; }
  int breadth() const { return m_down ? m_image.width : m_image.height; }
  float& at(int along, int across) const {
    const auto x = std::size_t(m_down ? across : along), y = std::size_t(m_down ? along : across);
    return m_image.ink[y * std::size_t(m_image.width) + x];
  }

 private:
  GrayImage& m_image;
  bool m_down;
};

// Where it crosses the columns from, counted from 0, and what it rises by from one to the next.
struct RuledLine {
  double start = 0, slope = 0;
  double at(int along) const { return start + slope * along; }
};

struct Marks {
  int along = 0;
  std::vector<double> middles;
};

// The middles of the thin marks near one end; of a few columns that in which there are most: a line of the other direction may hide them.
Marks thinMarks(const InkAcross& ink, bool atEnd, float edge) {
  const int breadth = ink.breadth(), shorter = std::min(ink.length(), breadth), thickest = std::max(2, shorter / kThinnest);
  Marks most;
  for (const int inside : {0, shorter / 50, shorter / 25}) {
    Marks marks{atEnd ? ink.length() - 1 - inside : inside, {}};
    for (int y = 0; y < breadth; ++y) {
      if (ink.at(marks.along, y) < edge) continue;
      const int from = y;
      while (y < breadth && ink.at(marks.along, y) >= edge) ++y;
      if (y - from <= thickest) marks.middles.push_back(double(from + y - 1) / 2);
    }
    if (marks.middles.size() > most.middles.size() || inside == 0) most = std::move(marks);
  }
  return most;
}

// Of its way within the picture; 0 where that is short.
double shareInked(const InkAcross& ink, const RuledLine& line, float edge) {
  const int off = 1 + ink.breadth() / 300;
  int inked = 0, within = 0;
  for (int x = 0; x < ink.length(); ++x) {
    const int middle = int(std::lround(line.at(x)));
    if (middle < 0 || middle >= ink.breadth()) continue;
    ++within;
    bool any = false;
    for (int y = std::max(0, middle - off); y <= std::min(ink.breadth() - 1, middle + off); ++y) any = any || ink.at(x, y) >= edge;
    inked += any ? 1 : 0;
  }
  return within < 4 * off ? 0 : double(inked) / double(within);
}

std::vector<RuledLine> linesAcross(const InkAcross& ink, float edge) {
  std::vector<RuledLine> lines;
  const Marks starts = thinMarks(ink, false, edge), ends = thinMarks(ink, true, edge);
  const double length = ends.along - starts.along;
  for (const double from : starts.middles) {
    double best = kUnbroken;
    RuledLine found;
    for (const double to : ends.middles) {
      const RuledLine line{from - (to - from) / length * starts.along, (to - from) / length};
      if (std::abs(line.slope) > kSteepest) continue;
      const double share = shareInked(ink, line, edge);
      if (share <= best) continue;
      best = share;
      found = line;
    }
    if (best > kUnbroken) lines.push_back(found);
  }
  if (lines.empty()) return lines;
  // Of paper that lies askew, some lines leave the picture at its other sides: they run as the others do.
  const double slope = lines[lines.size() / 2].slope;
  const std::size_t whole = lines.size();
  for (const Marks& marks : {starts, ends})
    for (const double middle : marks.middles) {
      const RuledLine line{middle - slope * marks.along, slope};
      const auto found = [&](const RuledLine& other) { return std::abs(other.at(marks.along) - middle) < 1.5; };
      if (std::any_of(lines.begin(), lines.begin() + std::ptrdiff_t(whole), found)) continue;
      if (shareInked(ink, line, edge) > kUnbroken) lines.push_back(line);
    }
  return lines;
}

struct Crossing {
  int from = 0, to = 0;
};

// The ink that the line meets at one place along it.
Crossing crossingOf(const InkAcross& ink, const RuledLine& line, int along) {
  const int middle = int(std::lround(line.at(along)));
  if (middle < 0 || middle >= ink.breadth()) return {};
  int start = middle;
  for (const int y : {middle - 1, middle + 1})
    if (y >= 0 && y < ink.breadth() && ink.at(along, y) > ink.at(along, start)) start = y;
  Crossing crossing{start, start};
  while (crossing.from > 0 && ink.at(along, crossing.from - 1) > kFringe) --crossing.from;
  while (crossing.to < ink.breadth() && ink.at(along, crossing.to) > kFringe) ++crossing.to;
  return crossing;
}

// Where a stroke crosses the line, the ink is thicker than the line and stays.
void erase(const InkAcross& ink, const RuledLine& line) {
  std::vector<Crossing> crossings;
  std::vector<int> sizes;
  for (int x = 0; x < ink.length(); ++x) {
    crossings.push_back(crossingOf(ink, line, x));
    if (const int size = crossings.back().to - crossings.back().from; size > 0) sizes.push_back(size);
  }
  if (sizes.empty()) return;
  const auto middle = sizes.begin() + std::ptrdiff_t(sizes.size() / 2);
  std::nth_element(sizes.begin(), middle, sizes.end());
  const int thickest = *middle + *middle / 2 + 2;
  for (int x = 0; x < ink.length(); ++x) {
    const Crossing& crossing = crossings[std::size_t(x)];
    if (crossing.to - crossing.from > thickest) continue;
    for (int y = crossing.from; y < crossing.to; ++y) ink.at(x, y) = 0;
  }
}

}  // namespace

int eraseRuledLines(GrayImage& drawing) {
  if (std::min(drawing.width, drawing.height) < kSmallestSide) return 0;
  const float edge = kFaintestLine * *std::max_element(drawing.ink.begin(), drawing.ink.end());
  if (!(edge > 0)) return 0;
  const InkAcross rows(drawing, false), columns(drawing, true);
  // Both are looked for before any is erased: squared paper has gaps where lines of the other direction were.
  const std::vector<RuledLine> across = linesAcross(rows, edge), down = linesAcross(columns, edge);
  for (const RuledLine& line : across) erase(rows, line);
  for (const RuledLine& line : down) erase(columns, line);
  return int(across.size() + down.size());
}

}  // namespace data
