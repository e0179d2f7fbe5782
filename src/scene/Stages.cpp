#include "scene/Stages.h"

#include <algorithm>
#include <limits>

namespace scene {
namespace {

constexpr std::size_t kMostStages = 16;
constexpr float kWorthFolding = 1.3f;  // times as large must all become by several stages: one that is read through is better
constexpr float kWorth = 1.2f;         // the same by further ones
// What it costs a stage to begin amid a resolution, and for each further way over its border; of the square of a mean stage.
constexpr double kAmid = 0.15, kWay = 0.1;
// Type is not written smaller than some pixels: how much larger that is than in the world, where the picture's height shows 1 unit of that.
// Names are written all the same; legends that have no room are left out.
constexpr float kTypePerUnit = 0.08f, kLowTypePerUnit = 0.11f, kLargestLegend = 2.2f;

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

// Gives the stages what their levels take, at the size that type has in the world.
float gather(const std::vector<LevelExtent>& levels, std::vector<Stage>& stages) {
  float longest = 0;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    Stage& stage = stages[i];
    const std::size_t end = i + 1 < stages.size() ? std::size_t(stages[i + 1].first) : levels.size();
    float along = 0;
    for (std::size_t level = std::size_t(stage.first); level < end; ++level) {
      along += levels[level].along;
      stage.half = std::max(stage.half, levels[level].half);
      stage.names = std::max(stage.names, levels[level].names);
      stage.legends = std::max(stage.legends, levels[level].legends);
    }
    longest = std::max(longest, along);
  }
  return longest;
}

// How much larger than in the world names and legends are written at a scale. Beside a single stage there is nothing that they could meet.
struct Type {
  float names = 1, legends = 1;
};
Type typeAt(float scale, float typePerUnit, std::size_t stages) {
  const float type = stages > 1 ? std::max(1.0f, typePerUnit / scale) : 1;
  return {type, std::min(type, kLargestLegend)};
}

float acrossAt(float scale, float typePerUnit, const std::vector<Stage>& stages, float gap) {
  const Type type = typeAt(scale, typePerUnit, stages.size());
  float all = gap * float(stages.size() - 1);
  for (const Stage& stage : stages) all += 2 * stage.half + stage.names * type.names + stage.legends * type.legends;
  return all;
}

// The largest scale, up to `most`, at which stages beside each other have room. The smaller it is, the larger is their type in the world.
float fittingScale(const std::vector<Stage>& stages, float typePerUnit, float most, float room, float gap) {
  if (most * acrossAt(most, typePerUnit, stages, gap) <= room) return most;
  constexpr int kHalvings = 24;
  float low = 0, high = most;
  for (int i = 0; i < kHalvings; ++i) {
    const float middle = (low + high) / 2;
    (middle * acrossAt(middle, typePerUnit, stages, gap) <= room ? low : high) = middle;
  }
  return low;
}

}  // namespace

Stages chooseStages(const std::vector<LevelExtent>& levels, ViewShape shape, bool rightward, float gap) {
  const float aspect = aspectOf(shape), typePerUnit = isLow(shape) ? kLowTypePerUnit : kTypePerUnit;
  const float roomAlong = rightward ? aspect : 1, roomAcross = rightward ? 1 : aspect;
  std::vector<Stages> choices;
  Partitions partitions(levels);
  std::vector<int> first{0};
  float largest = 0;
  for (std::size_t count = 1; count <= std::min(kMostStages, levels.size()); ++count) {
    if (count > 1) first = partitions.further();
    Stages& choice = choices.emplace_back();
    for (const int level : first) choice.stages.push_back({level});
    const float along = gather(levels, choice.stages);
    choice.scale = fittingScale(choice.stages, typePerUnit, roomAlong / std::max(along, 1e-3f), roomAcross, gap);
    largest = std::max(largest, choice.scale);
  }
  const auto suffices = [&](const Stages& choice) { return choice.scale * (choice.stages.size() > 1 ? kWorth : kWorthFolding) >= largest; };
  Stages best = *std::find_if(choices.begin(), choices.end(), suffices);
  const Type type = typeAt(best.scale, typePerUnit, best.stages.size());
  for (Stage& stage : best.stages) stage.names *= type.names, stage.legends *= type.legends;
  return best;
}

}  // namespace scene
