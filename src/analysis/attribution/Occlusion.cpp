// Occlusion (Zeiler and Fergus 2014, section 4.2): how much the class's score drops when a square of the picture is covered. A measurement,
// which looks at no weight. Where squares overlap, a pixel has their mean.
#include <algorithm>
#include <cmath>

#include "analysis/Activity.h"
#include "analysis/attribution/Maps.h"
#include "nn/Counted.h"
#include "nn/Error.h"

namespace analysis {

namespace {

constexpr int kSquaresAcross = 7;  // of a picture, where nobody says how large they are

constexpr double kRounding = 4e-6;  // of a score in single precision, summed up over layers

struct Square {
  int top, left;
};

std::vector<int> startsOf(int size, int window, int stride) {
  std::vector<int> starts;
  const int last = std::max(0, size - window);
  for (int start = 0; start < last; start += stride) starts.push_back(start);
  starts.push_back(last);
  return starts;
}

class Occluder {
 public:
  explicit Occluder(const Question& question)
      : m_question(question),
        m_pixels(pixelsOf(question.inputShape())),
        m_picture(question.request.inputs.front()),
        m_cover(coverOf(question)),
        m_lanes(lanesFor(question.network())),
        m_workspace(question.request.network, m_lanes, false),
        m_sums(std::size_t(m_pixels.height) * std::size_t(m_pixels.width), 0.0),
        m_counts(m_sums.size(), 0) {
    const int side = std::max(m_pixels.height, m_pixels.width);
    const auto field = [&](const char* name) { return int(std::get<std::int64_t>(question.request.fields.at(name))); };
    m_window = field("window") > 0 ? field("window") : std::max(1, (side + kSquaresAcross - 1) / kSquaresAcross);
    m_stride = field("stride") > 0 ? field("stride") : std::max(1, m_window / 2);
    if (m_stride > m_window)
      throw nn::Error("squares of " + nn::counted(std::size_t(m_window), "pixel", "pixels") + " every " + std::to_string(m_stride) +
                          " pixels leave pixels that are never covered, of which nothing can be said",
                      question.network().spec().title, "Choose a stride of " + std::to_string(m_window) + " at most, or a larger window");
    if (m_window > side)
      m_note = "The square is larger than the picture, of " + std::to_string(m_pixels.width) + " by " + std::to_string(m_pixels.height) +
               " pixels, and covers all of it.";
    for (const int top : startsOf(m_pixels.height, m_window, m_stride))
      for (const int left : startsOf(m_pixels.width, m_window, m_stride)) m_squares.push_back({top, left});
  }

  std::optional<Result> run(const Progress& progress) {
    for (std::size_t first = 0; first < m_squares.size(); first += std::size_t(m_lanes)) {
      if (progress && !progress(double(first) / double(m_squares.size()))) return std::nullopt;
      measure(first, std::min(m_squares.size() - first, std::size_t(m_lanes)));
    }
    Result result;
    if (!m_note.empty()) result.notes.emplace_back(m_note);
    // What is left of rounding would be colored like anything else, since colors go by the largest.
    if (m_largest > 0 && m_largest <= kRounding * std::max(1.0, std::abs(m_question.target.score))) {
      std::fill(m_sums.begin(), m_sums.end(), 0.0);
      result.notes.emplace_back("No square changes the score by more than rounding does, which is shown as 0.");
    }
    result.map = {m_pixels.width, m_pixels.height, std::vector<float>(m_sums.size())};
    for (std::size_t i = 0; i < m_sums.size(); ++i) result.map.values[i] = m_counts[i] > 0 ? float(m_sums[i] / m_counts[i]) : 0.0f;
    result.isSigned = true;
    result.words = {"drop of the score", "against", "for"};
    result.figures = {{"side of the square", double(m_window)}, {"stride", double(m_stride)}, {"squares", double(m_squares.size())}};
    return result;
  }

 private:
  // What a covered pixel holds, per channel and pixel: nothing, as on an empty picture, or each channel's mean over this one.
  static std::vector<float> coverOf(const Question& question) {
    const std::vector<float>& picture = question.request.inputs.front();
    if (std::get<std::string>(question.request.fields.at("cover")) == "blank")
      return question.request.blank.empty() ? std::vector<float>(picture.size(), 0.0f) : question.request.blank;
    const nn::Shape pixels = pixelsOf(question.inputShape());
    const std::size_t area = std::size_t(pixels.height) * std::size_t(pixels.width);
    std::vector<float> cover;
    for (std::size_t first = 0; first < picture.size(); first += area) {
      double sum = 0;
      for (std::size_t i = 0; i < area; ++i) sum += double(picture[first + i]);
      cover.insert(cover.end(), area, float(sum / double(area)));
    }
    return cover;
  }

  template <typename Function>
  void forEachPixel(const Square& square, Function function) const {
    for (int y = square.top; y < std::min(square.top + m_window, m_pixels.height); ++y)
      for (int x = square.left; x < std::min(square.left + m_window, m_pixels.width); ++x)
        function(std::size_t(y) * std::size_t(m_pixels.width) + std::size_t(x));
  }

  void measure(std::size_t first, std::size_t count) {
    const Request& request = m_question.request;
    for (std::size_t lane = 0; lane < count; ++lane) {
      std::vector<float> covered = m_picture;
      forEachPixel(m_squares[first + lane], [&](std::size_t pixel) {
        for (std::size_t cell = pixel; cell < covered.size(); cell += m_sums.size()) covered[cell] = m_cover[cell];
      });
      m_workspace.setInput(int(lane), covered);
      for (std::size_t i = 1; i < request.inputs.size(); ++i) m_workspace.setInput(int(lane), request.inputs[i], int(i));
    }
    m_workspace.forward(*request.weights, {false, 0, int(count)});
    std::vector<float> scores(m_question.target.seed.size());
    for (std::size_t lane = 0; lane < count; ++lane) {
      m_workspace.read(m_question.target.node, int(lane), scores);
      const double drop = m_question.target.score - scoreOf(m_question.target, scores);
      m_largest = std::max(m_largest, std::abs(drop));
      forEachPixel(m_squares[first + lane], [&](std::size_t pixel) { m_sums[pixel] += drop, ++m_counts[pixel]; });
    }
  }

  const Question& m_question;
  nn::Shape m_pixels;
  const std::vector<float>& m_picture;
  std::vector<float> m_cover;
  int m_lanes;
  nn::Workspace m_workspace;
  std::vector<double> m_sums;  // of the drops, per pixel
  std::vector<int> m_counts;   // of squares that covered it
  double m_largest = 0;        // drop or rise of any square
  int m_window = 1, m_stride = 1;
  std::vector<Square> m_squares;
  std::string m_note;
};

std::optional<Result> occlusion(const Question& question, const Progress& progress) {
  return Occluder(question).run(progress);
}

}  // namespace

Method describeOcclusion() {
  Method method{"occlusion", "Occlusion", "How much the score of the class drops when a square of the picture is covered.",
                "Zeiler and Fergus 2014"};
  method.fields = {{"window", "Window", "Side of the square in pixels; 0: a seventh of the picture.", std::int64_t(0), 0, 4096},
                   {"stride", "Stride", "Pixels from one square to the next, its side at most; 0: half of that.", std::int64_t(0), 0, 4096},
                   nn::choiceField("cover", "Cover", "What covers it: blank, as where nothing is drawn, or the mean color of the picture.",
                                   {"blank", "mean"})};
  method.run = occlusion;
  return method;
}

}  // namespace analysis
