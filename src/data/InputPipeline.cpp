#include "data/InputPipeline.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "data/InkCleaning.h"
#include "data/Reinking.h"
#include "data/Resampling.h"
#include "nn/SizeText.h"

namespace data {
namespace {

constexpr const char* kLocalPaperNote = "Its light is uneven: paper and ink were told apart place by place.";
constexpr int kMnistPx = 28, kMnistBoxPx = 20;

// The mean over channels of one pixel, or the pixel itself: how gray and color meet.
template <typename Pixel>
float valueAt(std::span<const Pixel> image, const nn::Shape& from, int channel, bool sameChannels, std::size_t pixel, float unit) {
  const std::size_t area = std::size_t(from.height) * std::size_t(from.width);
  if (sameChannels) return float(image[std::size_t(channel) * area + pixel]) * unit;
  float sum = 0;
  for (int c = 0; c < from.channels; ++c) sum += float(image[std::size_t(c) * area + pixel]);
  return sum * unit / float(from.channels);
}

bool holds(const nn::Shape& to, const nn::Shape& from) {
  return to.height >= from.height && to.width >= from.width;
}

// No larger than the picture itself.
bool hasNarrowFrame(const nn::Shape& from, const nn::Shape& to) {
  return holds(to, from) && 2LL * from.height * from.width >= 1LL * to.height * to.width;
}

// The width before the height, as of all pictures.
std::string pictureText(const nn::Shape& shape, bool colors) {
  if (shape.isVector()) return std::to_string(shape.channels) + (shape.channels == 1 ? " number" : " numbers");
  const std::string size = nn::sizeText(shape.width, shape.height);
  if (!colors) return size;
  return size + (shape.channels == 1   ? " in gray"
                 : shape.channels == 3 ? " in color"
                                       : " of " + std::to_string(shape.channels) + " channels");
}

// Of the pixels along the border.
template <typename Pixel>
float borderLight(std::span<const Pixel> image, const nn::Shape& from, float unit) {
  const auto width = std::size_t(from.width), height = std::size_t(from.height);
  double sum = 0;
  for (std::size_t x = 0; x < width; ++x) sum += double(image[x]) + double(image[(height - 1) * width + x]);
  for (std::size_t y = 0; y < height; ++y) sum += double(image[y * width]) + double(image[y * width + width - 1]);
  return float(sum / double(2 * (width + height))) * unit;
}

// What part of a picture fills the input, where it is not placed as it is.
SourceWindow windowOf(nn::InputFit fit, const nn::Shape& from, const nn::Shape& to) {
  if (fit == nn::InputFit::Stretch) return {0, 0, float(from.width), float(from.height)};
  const float across = float(from.width) / float(to.width), down = float(from.height) / float(to.height);
  // One scale for both directions: the rest of the target stays paper, or what lies outside of it is cut off.
  const float step = fit == nn::InputFit::Crop ? std::min(across, down) : std::max(across, down);
  const float left = (float(from.width) - step * float(to.width)) / 2, top = (float(from.height) - step * float(to.height)) / 2;
  return {left, top, float(from.width) - left, float(from.height) - top};
}

}  // namespace

InputPipeline::InputPipeline(const nn::InputSpec& spec, const nn::Shape& input)
    : m_spec(spec), m_input(input), m_picture(nn::pictureShape(input)), m_colors(nn::takesColors(spec, input)) {
  const auto of = [](const std::vector<double>& values, std::size_t channel, double none) {
    return values.empty() ? none : values[values.size() == 1 ? 0 : channel];
  };
  const bool light = spec.ink == nn::InkPolarity::LightOnDark;
  for (std::size_t c = 0; c < std::size_t(m_picture.channels); ++c) {
    const double mean = of(spec.mean, c, 0), deviation = of(spec.deviation, c, 1);
    const double paper = light ? spec.low : spec.high, ink = light ? spec.high : spec.low;
    m_channels.push_back({float((paper - mean) / deviation), float((ink - paper) / deviation)});
    m_plain = m_plain && m_channels.back().paper == 0 && m_channels.back().step == 1;
  }
  const nn::Shape mnist{1, kMnistPx, kMnistPx};
  const int shorter = std::min(m_picture.height, m_picture.width);
  const bool asMnist = spec.fit == nn::InputFit::Mnist || (spec.fit == nn::InputFit::ByShape && hasNarrowFrame(mnist, m_picture));
  m_drawingPx = asMnist ? kMnistPx : std::max(kMnistPx, shorter);
}

std::optional<float> InputPipeline::lightAround() const {
  if (m_spec.fit == nn::InputFit::Crop || m_spec.fit == nn::InputFit::Stretch) return std::nullopt;
  return m_spec.ink == nn::InkPolarity::LightOnDark ? 0.0f : 1.0f;
}

PreparedDrawing InputPipeline::prepare(const GrayImage& drawing, bool likeMnist, const PenStrokes& strokes) const {
  const PreprocessingOptions options{likeMnist, (2 * kMnistBoxPx * m_drawingPx / kMnistPx + 1) / 2, m_drawingPx};
  const auto withNotes = [&drawing](PreparedDrawing prepared, std::vector<std::string> notes) {
    prepared.notes = std::move(notes);
    if (drawing.localPaper) prepared.notes.insert(prepared.notes.begin(), kLocalPaperNote);
    return prepared;
  };
  if (!likeMnist) return withNotes(data::prepare(drawing, options), {});
  CleanedInk clean = cleaned(drawing);
  const GrayImage& ink = clean.ink ? *clean.ink : drawing;
  const std::optional<GrayImage> thinner = strokes.empty() ? reinked(ink) : reinked(ink, strokes);
  if (thinner && strokes.empty()) clean.notes.emplace_back(kReinkedNote);
  return withNotes(data::prepare(thinner ? *thinner : ink, options), std::move(clean.notes));
}

bool InputPipeline::keepsChannels(const nn::Shape& from) const {
  return from.channels == m_picture.channels && (from.channels != 3 || m_spec.colors != nn::InputColors::Gray);
}

InputPipeline::Way InputPipeline::wayOf(const nn::Shape& from) const {
  if (m_input.isVector() && from.size() == m_input.size()) return Way::AsItIs;  // as many numbers as they are, one by one
  if (from.height == m_picture.height && from.width == m_picture.width) return keepsChannels(from) ? Way::AsItIs : Way::Pad;
  const bool exact = from.height == m_picture.height || from.width == m_picture.width;
  switch (m_spec.fit) {
    case nn::InputFit::ByShape:
      return holds(m_picture, from) && (exact || hasNarrowFrame(from, m_picture)) ? Way::Pad : Way::Scale;
    case nn::InputFit::Mnist:
      return holds(m_picture, from) ? Way::Pad : Way::Scale;
    case nn::InputFit::Fit:
      return holds(m_picture, from) && exact ? Way::Pad : Way::Scale;
    case nn::InputFit::Crop:
    case nn::InputFit::Stretch:
      break;
  }
  return Way::Scale;
}

bool InputPipeline::onlyPads(const nn::Shape& from) const {
  return m_plain && keepsChannels(from) && wayOf(from) != Way::Scale;
}

template <typename Pixel>
void InputPipeline::fitPixels(std::span<const Pixel> image, const nn::Shape& from, std::span<float> ink, float unit) const {
  assert(image.size() == from.size() && ink.size() == m_input.size());
  const Way way = wayOf(from);
  if (way == Way::AsItIs) {
    std::transform(image.begin(), image.end(), ink.begin(), [unit](Pixel pixel) { return float(pixel) * unit; });
    return;
  }
  const nn::Shape& to = m_picture;
  const bool sameChannels = keepsChannels(from);
  std::fill(ink.begin(), ink.end(), 0.0f);
  std::vector<float> plane;
  if (way == Way::Scale) plane.resize(std::size_t(from.height) * std::size_t(from.width));
  for (int c = 0; c < to.channels; ++c) {
    const auto target =
        ink.subspan(std::size_t(c) * std::size_t(to.height) * std::size_t(to.width), std::size_t(to.height) * std::size_t(to.width));
    if (way == Way::Scale) {
      for (std::size_t i = 0; i < plane.size(); ++i) plane[i] = valueAt(image, from, c, sameChannels, i, unit);
      resample(plane, from.width, from.height, windowOf(m_spec.fit, from, to), target, to.width, to.height);
      continue;
    }
    const int top = (to.height - from.height) / 2, left = (to.width - from.width) / 2;
    for (int y = 0; y < from.height; ++y) {
      float* row = target.data() + std::size_t(y + top) * std::size_t(to.width) + left;
      const std::size_t first = std::size_t(y) * std::size_t(from.width);
      if (sameChannels) {  // what training does with every image: a loop that the compiler turns into vectors
        const Pixel* const pixels = image.data() + (std::size_t(c) * std::size_t(from.height) + std::size_t(y)) * std::size_t(from.width);
        for (int x = 0; x < from.width; ++x) row[x] = float(pixels[x]) * unit;
        continue;
      }
      for (int x = 0; x < from.width; ++x) row[x] = valueAt(image, from, c, sameChannels, first + std::size_t(x), unit);
    }
  }
}

void InputPipeline::fit(std::span<const std::uint8_t> image, const nn::Shape& from, std::span<float> ink) const {
  constexpr float kUnit = 1.0f / 255.0f;
  // Dark ink on light goes in as it is, and so does a photo; light ink on dark, as in MNIST, is turned round.
  const bool turned = m_spec.ink == nn::InkPolarity::DarkOnLight && (from.channels != 1 || borderLight(image, from, kUnit) >= 0.5f);
  if (!turned) return fitPixels(image, from, ink, kUnit);
  std::vector<std::uint8_t> inverted(image.size());
  std::transform(image.begin(), image.end(), inverted.begin(), [](std::uint8_t light) { return std::uint8_t(255 - light); });
  fitPixels(std::span<const std::uint8_t>(inverted), from, ink, kUnit);
}

void InputPipeline::write(std::span<const std::uint8_t> image, const nn::Shape& from, std::span<float> values) const {
  fit(image, from, values);
  inkToInput(values);
}

void InputPipeline::write(const GrayImage& prepared, const ColorImage* colors, std::span<float> values) const {
  if (colors && m_colors) return write(colors->pixels, colors->shape, values);
  fitPixels(std::span<const float>(prepared.ink), {1, prepared.height, prepared.width}, values, 1.0f);
  inkToInput(values);
}

void InputPipeline::inkToInput(std::span<float> values) const {
  if (m_plain) return;
  const std::size_t area = values.size() / m_channels.size();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = m_channels[i / area].paper + m_channels[i / area].step * values[i];
}

void InputPipeline::inputToInk(std::span<float> values) const {
  if (m_plain) return;
  const std::size_t area = values.size() / m_channels.size();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = (values[i] - m_channels[i / area].paper) / m_channels[i / area].step;
}

void InputPipeline::inputToLight(std::span<float> values) const {
  inputToInk(values);
  if (m_spec.ink == nn::InkPolarity::DarkOnLight)
    for (float& value : values) value = 1 - value;
}

std::string InputPipeline::wayText(const nn::Shape& from) const {
  const std::string paper = m_plain ? "zeros" : "paper";
  if (wayOf(from) == Way::Pad) return "placed in the middle, with " + paper + " around";
  if (from.width * m_picture.height == m_picture.width * from.height) return "scaled";
  if (m_spec.fit == nn::InputFit::Crop) return "scaled to cover it, the rest cut off";
  return m_spec.fit == nn::InputFit::Stretch ? "stretched" : "scaled to fit, with " + paper + " on two sides";
}

std::string InputPipeline::fitText(const std::string& subject, const nn::Shape& from) const {
  const nn::Shape& to = m_picture;
  const bool colors = !keepsChannels(from);
  if (wayOf(from) == Way::AsItIs || (wayOf(from) == Way::Pad && hasNarrowFrame(from, to) && !colors)) return {};
  const std::string text = subject + " " + pictureText(from, colors) + ", the network takes " + pictureText(to, colors) + ": ";
  if (to.isVector()) return text + (to.channels == 1 ? "it is" : "each of them is") + " the mean of a whole picture";
  std::string what;
  if (from.height != to.height || from.width != to.width) what = wayText(from);
  if (!colors) return text + what;
  if (!what.empty()) what += ", ";
  if (from.channels == 1) return text + what + "gray repeated in each channel";
  if (from.channels == 3 && (to.channels == 1 || m_spec.colors == nn::InputColors::Gray)) return text + what + "colors made gray";
  return text + what + "each channel is the mean of theirs";
}

std::string InputPipeline::fitText(std::size_t count, const nn::Shape& from) const {
  return fitText(count == 1 ? "the picture is" : "all " + std::to_string(count) + " pictures are", from);
}

std::string InputPipeline::flatText() const {
  if (m_picture == m_input) return {};
  return "Its input of " + std::to_string(m_input.channels) + " numbers is taken for a picture of " +
         nn::sizeText(m_picture.width, m_picture.height) + (m_picture.channels == 3 ? " in color." : ".");
}

std::vector<std::string> InputPipeline::assumptions() const {
  std::vector<std::string> all;
  if (const std::string flat = flatText(); !flat.empty()) all.push_back(flat);
  if (m_drawingPx > kMnistPx && m_spec.fit == nn::InputFit::ByShape)
    all.push_back(std::string("Drawings and pictures are scaled to ") + (m_picture.width == m_picture.height ? "fill" : "fit in") +
                  " its " + nn::sizeText(m_picture.width, m_picture.height) + ".");
  if (m_colors && m_spec.colors == nn::InputColors::ByShape)
    all.push_back("It is given photos in color, and drawings in all three channels.");
  return all;
}

}  // namespace data
