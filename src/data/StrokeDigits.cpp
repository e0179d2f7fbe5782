#include "data/StrokeDigits.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <numbers>
#include <system_error>
#include <thread>
#include <vector>

#include "data/DigitStyles.h"
#include "data/Pen.h"
#include "data/Random.h"
#include "nn/SplitMix64.h"

namespace data {
namespace {

constexpr int kDrawingPx = 72;  // of the digits of a data set: three to four pixels for each of the 20 they are fitted to
constexpr int kImagePx = 28;
constexpr std::size_t kPortion = 64;  // digits between two looks at the progress
constexpr float kInkShare = 0.84f;    // of the drawing's side that the digit's longer side takes

// The hand: how this digit is bent, turned and inked.
struct Hand {
  float aspect, slant, turn;
  float curveX, curveY;      // proportions: which end is written larger
  float bendX[4], bendY[4];  // phases and amounts of a smooth deformation
  float penWidth;            // as a share of the digit's longer side
  float pressureSwing, pressurePhase, pressureRate;
  float softness;  // likewise
};

Hand randomHand(int digit, Random& random) {
  Hand hand{};
  hand.aspect = std::exp(0.22f * random.normal());
  hand.slant = digit == 1 ? 0.28f + 0.3f * random.normal() : 0.24f + 0.3f * random.normal();
  hand.turn = 0.11f * random.normal();
  hand.curveX = 0.25f * random.normal();
  hand.curveY = 0.3f * random.normal();
  for (float* bend : {hand.bendX, hand.bendY}) {
    bend[0] = 0.026f * random.normal();
    bend[1] = random.uniform(0, 2 * std::numbers::pi_v<float>);
    bend[2] = 0.026f * random.normal();
    bend[3] = random.uniform(0, 2 * std::numbers::pi_v<float>);
  }
  hand.penWidth = std::clamp(0.135f * std::exp(0.3f * random.normal()), 0.055f, 0.3f);
  hand.pressureSwing = std::abs(0.12f * random.normal());
  hand.pressurePhase = random.uniform(0, 2 * std::numbers::pi_v<float>);
  hand.pressureRate = random.uniform(2, 7);
  hand.softness = random.uniform(0.015f, 0.045f);
  return hand;
}

void deform(const Hand& hand, std::span<Point> points) {
  const float cosine = std::cos(hand.turn), sine = std::sin(hand.turn);
  for (Point& point : points) {
    // A parabola that leaves both ends of the unit where they are.
    point.x += hand.curveX * point.x * (0.6f - point.x);
    point.y += hand.curveY * point.y * (1 - point.y);
    const float x = point.x + hand.bendX[0] * std::sin(5 * point.y + hand.bendX[1]) + hand.bendX[2] * std::sin(6 * point.x + hand.bendX[3]);
    const float y = point.y + hand.bendY[0] * std::sin(6 * point.x + hand.bendY[1]) + hand.bendY[2] * std::sin(5 * point.y + hand.bendY[3]);
    const float leaning = x * hand.aspect - hand.slant * (y - 0.5f);
    point = {leaning * cosine - y * sine, leaning * sine + y * cosine};
  }
}

// The digit in the middle of the drawing, its longer side (with the pen's width) as large as the share allows.
void fitToDrawing(std::span<Point> points, float penWidth, int sizePx, float& scale) {
  float left = points[0].x, right = left, top = points[0].y, bottom = top;
  for (const Point& point : points) {
    left = std::min(left, point.x);
    right = std::max(right, point.x);
    top = std::min(top, point.y);
    bottom = std::max(bottom, point.y);
  }
  const float side = std::max({right - left, bottom - top, 1e-3f});
  scale = float(sizePx) * kInkShare;
  const float factor = scale * (1 - penWidth) / side;
  for (Point& point : points) {
    point = {(point.x - (left + right) / 2) * factor + float(sizePx) / 2, (point.y - (top + bottom) / 2) * factor + float(sizePx) / 2};
  }
}

// Everything one thread needs to write digits, reused from one to the next.
class Writer {
 public:
  // The strokes on a drawing of this size.
  const PenStrokes& strokes(int digit, std::uint64_t key, Handwriting handwriting, int sizePx) {
    Random random(key);
    writeDigit(digit, handwriting, random, m_skeleton);
    m_skeleton.jitterKnots([&random] { return Point{0.017f * random.normal(), 0.017f * random.normal()}; });
    m_skeleton.trace(0.06f);
    const Hand hand = randomHand(digit, random);
    deform(hand, m_skeleton.points());
    float scale = 1;
    fitToDrawing(m_skeleton.points(), hand.penWidth, sizePx, scale);
    m_softness = std::max(1.0f, hand.softness * scale);
    const float radius = hand.penWidth * scale / 2;
    float traveled = 0;
    m_strokes.resize(m_skeleton.strokeCount());
    for (std::size_t k = 0; k < m_strokes.size(); ++k) {
      m_strokes[k].clear();
      for (const Point& point : m_skeleton.stroke(k)) {
        if (!m_strokes[k].empty()) traveled += std::hypot(point.x - m_strokes[k].back().x, point.y - m_strokes[k].back().y) / scale;
        const float pressure = 1 + hand.pressureSwing * std::sin(hand.pressurePhase + hand.pressureRate * traveled);
        m_strokes[k].push_back({point.x, point.y, radius * pressure});
      }
    }
    return m_strokes;
  }

  void write(int digit, std::uint64_t key, Handwriting handwriting, GrayImage& drawing) {
    std::fill(drawing.ink.begin(), drawing.ink.end(), 0.0f);
    for (const auto& stroke : strokes(digit, key, handwriting, drawing.width))
      for (std::size_t i = 0; i + 1 < stroke.size(); ++i) {
        const PenPoint &from = stroke[i], &to = stroke[i + 1];
        drawSegment({{from.x, from.y}, {to.x, to.y}, from.radius, to.radius}, m_softness, drawing);
      }
  }

 private:
  Skeleton m_skeleton;
  PenStrokes m_strokes;
  float m_softness = 1;
};

std::vector<Label> shuffledLabels(std::size_t count, std::uint64_t seed) {
  std::vector<Label> labels(count);
  for (std::size_t i = 0; i < count; ++i) labels[i] = Label(i % 10);
  Random random(nn::mixed(seed));
  for (std::size_t i = count; i > 1; --i) std::swap(labels[i - 1], labels[random.below(i)]);
  return labels;
}

std::uint64_t keyOf(std::uint64_t seed, std::size_t index) {
  return nn::mixed(nn::mixed(seed) ^ (std::uint64_t(index) * 0xd1342543de82ef95u));
}

}  // namespace

std::shared_ptr<const Dataset> generateStrokeDigits(std::size_t count, std::uint64_t seed, int threads, const Progress& progress,
                                                    Handwriting hand) {
  auto dataset = std::make_shared<Dataset>();
  dataset->name = "Stroke digits";
  dataset->shape = {1, kImagePx, kImagePx};
  for (int digit = 0; digit < 10; ++digit) dataset->classNames.push_back(std::to_string(digit));
  dataset->labels = shuffledLabels(count, seed);
  dataset->pixels.resize(count * dataset->shape.size());
  std::atomic<std::size_t> next{0}, done{0};
  std::atomic<bool> canceled{false};
  const auto work = [&](bool reports) {
    Writer writer;
    GrayImage drawing{kDrawingPx, kDrawingPx, std::vector<float>(std::size_t(kDrawingPx) * kDrawingPx)};
    while (!canceled) {
      const std::size_t first = next.fetch_add(kPortion);
      if (first >= count) return;
      const std::size_t last = std::min(count, first + kPortion);
      for (std::size_t i = first; i < last; ++i) {
        writer.write(dataset->labels[i], keyOf(seed, i), hand, drawing);
        const GrayImage image = prepare(drawing).result;
        std::transform(image.ink.begin(), image.ink.end(), dataset->pixels.begin() + std::ptrdiff_t(i * dataset->shape.size()),
                       [](float ink) { return std::uint8_t(std::lround(std::clamp(ink, 0.0f, 1.0f) * 255)); });
      }
      done += last - first;
      if (reports && progress && !progress(double(done) / double(count))) canceled = true;
    }
  };
  {
    // The calling thread works too, and it alone reports.
    std::vector<std::jthread> helpers;
    try {
      for (int i = 1; i < threads; ++i) helpers.emplace_back(work, false);
    } catch (const std::system_error&) {
      // The system has no more threads: those that began and the caller do the work.
    }
    work(true);
  }
  if (canceled) return nullptr;
  return dataset;
}

GrayImage strokeDigit(int digit, std::uint64_t seed, int sizePx) {
  const int side = std::max(1, sizePx);
  GrayImage drawing{side, side, std::vector<float>(std::size_t(side) * std::size_t(side))};
  Writer().write(std::clamp(digit, 0, 9), nn::mixed(seed), Handwriting::Any, drawing);
  return drawing;
}

PenStrokes penStrokes(int digit, std::uint64_t seed, int sizePx, Handwriting hand) {
  return Writer().strokes(std::clamp(digit, 0, 9), nn::mixed(seed), hand, std::max(1, sizePx));
}

}  // namespace data
