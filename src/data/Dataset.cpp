#include "data/Dataset.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "data/Random.h"
#include "data/Resampling.h"
#include "nn/SizeText.h"

namespace data {
namespace {

// The mean over channels of one pixel, or the pixel itself: how gray and color meet.
template <typename Pixel>
float valueAt(std::span<const Pixel> image, const nn::Shape& from, int channel, bool sameChannels, std::size_t pixel, float unit) {
  const std::size_t area = std::size_t(from.height) * std::size_t(from.width);
  if (sameChannels) return float(image[std::size_t(channel) * area + pixel]) * unit;
  float sum = 0;
  for (int c = 0; c < from.channels; ++c) sum += float(image[std::size_t(c) * area + pixel]);
  return sum * unit / float(from.channels);
}

// A vector takes as many numbers as they are, one by one.
bool fitsAsItIs(const nn::Shape& from, const nn::Shape& to) {
  return from == to || (to.isVector() && from.size() == to.size());
}

bool onlyPads(const nn::Shape& from, const nn::Shape& to) {
  return to.height >= from.height && to.width >= from.width;
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

template <typename Pixel>
void fit(std::span<const Pixel> image, const nn::Shape& from, const nn::Shape& to, std::span<float> values, float unit) {
  assert(image.size() == from.size() && values.size() == to.size());
  if (fitsAsItIs(from, to)) {
    std::transform(image.begin(), image.end(), values.begin(), [unit](Pixel pixel) { return float(pixel) * unit; });
    return;
  }
  const bool sameChannels = from.channels == to.channels;
  const bool pads = onlyPads(from, to);
  std::fill(values.begin(), values.end(), 0.0f);
  std::vector<float> plane;
  if (!pads) plane.resize(std::size_t(from.height) * std::size_t(from.width));
  for (int c = 0; c < to.channels; ++c) {
    const auto target =
        values.subspan(std::size_t(c) * std::size_t(to.height) * std::size_t(to.width), std::size_t(to.height) * std::size_t(to.width));
    if (pads) {
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
    } else {
      for (std::size_t i = 0; i < plane.size(); ++i) plane[i] = valueAt(image, from, c, sameChannels, i, unit);
      // One scale for both directions, the rest of the target stays paper.
      const float step = std::max(float(from.width) / float(to.width), float(from.height) / float(to.height));
      const float left = (float(from.width) - step * float(to.width)) / 2, top = (float(from.height) - step * float(to.height)) / 2;
      resample(plane, from.width, from.height, {left, top, float(from.width) - left, float(from.height) - top}, target, to.width,
               to.height);
    }
  }
}

}  // namespace

std::shared_ptr<const Dataset> partOf(const std::shared_ptr<const Dataset>& set, std::span<const std::uint32_t> indices) {
  auto part = std::make_shared<Dataset>();
  part->name = set->name;
  part->shape = set->shape;
  part->classNames = set->classNames;
  part->whole = set->whole ? set->whole : set;
  part->labels.reserve(indices.size());
  part->indices.reserve(indices.size());
  for (const std::uint32_t index : indices) {
    part->labels.push_back(set->labels[index]);
    part->indices.push_back(set->whole ? set->indices[index] : index);
  }
  return part;
}

DataSplit holdOut(const std::shared_ptr<const Dataset>& all, double share, std::uint64_t seed, std::shared_ptr<const Dataset> test) {
  std::vector<std::vector<std::size_t>> ofClass(256);
  for (std::size_t i = 0; i < all->count(); ++i) ofClass[all->labels[i]].push_back(i);
  Random random(seed);
  std::vector<bool> held(all->count(), false);
  for (auto& indices : ofClass) {
    const auto count = std::size_t(std::llround(double(indices.size()) * std::clamp(share, 0.0, 1.0)));
    for (std::size_t k = 0; k < count; ++k) {
      std::swap(indices[k], indices[k + random.below(indices.size() - k)]);
      held[indices[k]] = true;
    }
  }
  std::vector<std::uint32_t> train, validation;
  for (std::size_t i = 0; i < all->count(); ++i) (held[i] ? validation : train).push_back(std::uint32_t(i));
  std::vector<std::string> notes = all->notes;
  if (test) notes.insert(notes.end(), test->notes.begin(), test->notes.end());
  return {partOf(all, train), partOf(all, validation), std::move(test), std::move(notes)};
}

std::string fitText(const std::string& subject, const nn::Shape& from, const nn::Shape& to) {
  const bool colors = from.channels != to.channels;
  const bool narrowFrame = onlyPads(from, to) && 2LL * from.height * from.width >= 1LL * to.height * to.width;
  if (fitsAsItIs(from, to) || (narrowFrame && !colors)) return {};
  const std::string text = subject + " " + pictureText(from, colors) + ", the network takes " + pictureText(to, colors) + ": ";
  if (to.isVector()) return text + "each of them is the mean of a whole picture";
  std::string what;
  if (from.height != to.height || from.width != to.width)
    what = onlyPads(from, to)                                 ? "placed in the middle, with zeros around"
           : from.width * to.height == to.width * from.height ? "scaled"
                                                              : "scaled to fit, with zeros on two sides";
  if (!colors) return text + what;
  if (!what.empty()) what += ", ";
  if (from.channels == 1) return text + what + "gray repeated in each channel";
  return text + what + (to.channels == 1 && from.channels == 3 ? "colors made gray" : "each channel is the mean of theirs");
}

std::string fitText(std::size_t count, const nn::Shape& from, const nn::Shape& to) {
  return fitText(count == 1 ? "the picture is" : "all " + std::to_string(count) + " pictures are", from, to);
}

void fitInput(std::span<const std::uint8_t> image, const nn::Shape& from, const nn::Shape& to, std::span<float> values) {
  fit(image, from, to, values, 1.0f / 255.0f);
}

void fitInput(std::span<const float> image, const nn::Shape& from, const nn::Shape& to, std::span<float> values) {
  fit(image, from, to, values, 1.0f);
}

}  // namespace data
