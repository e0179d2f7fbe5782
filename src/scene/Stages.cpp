#include "scene/Stages.h"

#include <algorithm>
#include <limits>

namespace scene {
namespace {

constexpr std::size_t kMostStages = 16;
constexpr float kWorth = 1.3f;  // times as large must all become by a further stage: one that is read through is better
// What it costs a stage to begin amid a resolution, and for each further way over its border; of the square of a mean stage.
constexpr double kAmid = 0.15, kWay = 0.1;
// Type is not written smaller than a picture's height allows: how much larger it is than in the world, where the picture shows 1 unit of
// that, and at most. Beyond that the names of some layers are left out.
constexpr float kTypePerUnit = 0.11f, kLargestType = 2.2f;

// The partitions into 1, 2, ... stages whose lengths are most alike, one after the other.
class Partitions {
 public:
  explicit Partitions(const std::vector<LevelExtent>& levels) : m_levels(levels), m_end(levels.size() + 1), m_costs(levels.size() + 1) {
    for (std::size_t i = 0; i < levels.size(); ++i) m_end[i + 1] = m_end[i] + double(levels[i].along);
    for (std::size_t i = 0; i <= levels.size(); ++i) m_costs[i] = m_end[i] * m_end[i];
  }

  // first levels of one stage more than before.
  std::vector<int> further() {
    const std::size_t n = m_levels.size(), stages = m_from.size() + 2;
    const double mean = m_end[n] / double(stages), square = mean * mean;
    std::vector<double> costs(n + 1, std::numeric_limits<double>::infinity());
    std::vector<std::size_t> from(n + 1);
    for (std::size_t end = stages; end <= n; ++end) {
      for (std::size_t begin = stages - 1; begin < end; ++begin) {
        const double length = m_end[end] - m_end[begin];
        const LevelExtent& level = m_levels[begin];
        const double awkward = (level.resized ? 0 : kAmid) + kWay * std::max(0, level.ways - 1);
        const double cost = m_costs[begin] + length * length + awkward * square;
        if (cost < costs[end]) costs[end] = cost, from[end] = begin;
      }
    }
    m_costs = std::move(costs);
    m_from.push_back(std::move(from));
    std::vector<int> first(stages);
    std::size_t end = n;
    for (std::size_t stage = stages - 1; stage > 0; --stage) first[stage] = int(end = m_from[stage - 1][end]);
    return first;
  }

 private:
  const std::vector<LevelExtent>& m_levels;
  std::vector<double> m_end;                     // of the first levels together
  std::vector<double> m_costs;                   // of the first levels, in as many stages as there are by now
  std::vector<std::vector<std::size_t>> m_from;  // for each number of stages: where the last one of the first levels begins
};

struct Extent {
  float along = 0, across = 0;
};

// And gives the stages their room.
Extent extentOf(const std::vector<LevelExtent>& levels, std::vector<Stage>& stages, float aspectAlong, float gap) {
  Extent all;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    Stage& stage = stages[i];
    const std::size_t end = i + 1 < stages.size() ? std::size_t(stages[i + 1].first) : levels.size();
    float along = 0;
    for (std::size_t level = std::size_t(stage.first); level < end; ++level) {
      along += levels[level].along;
      stage.half = std::max(stage.half, levels[level].half);
      stage.labelsBefore = std::max(stage.labelsBefore, levels[level].labelsBefore);
      stage.labelsAfter = std::max(stage.labelsAfter, levels[level].labelsAfter);
    }
    all.along = std::max(all.along, along);
  }
  const float type = stages.size() > 1 ? std::clamp(kTypePerUnit * all.along / aspectAlong, 1.0f, kLargestType) : 1;
  for (Stage& stage : stages) {
    stage.labelsBefore *= type;
    stage.labelsAfter *= type;
    all.across += 2 * stage.half + stage.labelsBefore + stage.labelsAfter;
  }
  all.across += gap * float(stages.size() - 1);
  return all;
}

}  // namespace

Stages chooseStages(const std::vector<LevelExtent>& levels, float aspect, bool rightward, float gap) {
  const float roomAlong = rightward ? aspect : 1, roomAcross = rightward ? 1 : aspect;
  Stages best;
  Partitions partitions(levels);
  std::vector<int> first{0};
  for (std::size_t count = 1; count <= std::min(kMostStages, levels.size()); ++count) {
    if (count > 1) first = partitions.further();
    std::vector<Stage> stages;
    for (const int level : first) stages.push_back({level});
    const Extent extent = extentOf(levels, stages, roomAlong, gap);
    const float along = roomAlong / std::max(extent.along, 1e-3f), across = roomAcross / std::max(extent.across, 1e-3f);
    const float scale = std::min(along, across);
    if (count == 1 || scale > kWorth * best.scale) best = {std::move(stages), scale};
    if (across <= along) break;  // further ones have no room beside these
  }
  return best;
}

}  // namespace scene
