#include "io/datasets/Numbers.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <QString>

#include "io/datasets/DataSearch.h"
#include "nn/Counted.h"
#include "nn/Error.h"
#include "nn/NumberText.h"
#include "nn/SizeText.h"

namespace io {
namespace {

constexpr std::size_t kMostLabels = 65000;
constexpr int kSmallestSide = 4;  // of what is taken for a picture although its file says no sides

int squareSideOf(std::size_t area) {
  const auto side = std::size_t(std::llround(std::sqrt(double(area))));
  return side * side == area && side >= kSmallestSide ? int(side) : 0;
}

std::string textOf(double value) {
  return QString::number(value, 'g', 6).toStdString();
}

// A whole number without a sign; -1: it is none.
long long wholeOf(const std::string& name) {
  bool read = false;
  const double value = QString::fromStdString(name).toDouble(&read);
  return read && value >= 0 && value < double(kMostLabels) && value == std::floor(value) ? (long long)(value) : -1;
}

}  // namespace

std::uint8_t ValueScale::byteOf(double value) const {
  return std::uint8_t(std::lround(std::clamp((value - black) / (white - black), 0.0, 1.0) * 255));
}

void ValueRange::add(double value) {
  if (!std::isfinite(value)) {
    finite = false;
    return;
  }
  least = any ? std::min(least, value) : value;
  most = any ? std::max(most, value) : value;
  whole = whole && value == std::floor(value);
  any = true;
}

const ValueScale& scaleOf(const ValueRange& range, const std::string& where, std::optional<ValueScale>& scale,
                          std::vector<std::string>& notes) {
  if (!range.finite) throw nn::Error("Some of its values are no numbers (NaN or infinite)", where, "Replace them first");
  if (scale) return *scale;
  ValueScale& made = scale.emplace();
  if (range.least >= 0 && range.most <= 1)
    made.white = 1;
  else if (range.least >= 0 && range.whole && range.most <= 16)
    made.white = 16;
  else if (range.least >= 0 && range.most <= 255)
    return made;  // bytes
  else if (range.least >= -1 && range.most <= 1)
    made.black = -1, made.white = 1;
  else if (range.least >= 0 && range.whole && range.most <= 65535)
    for (made.white = 1023; made.white < range.most;) made.white = made.white * 4 + 3;
  else
    made.black = range.least, made.white = std::max(range.most, range.least + 1e-12);
  notes.push_back("Its values reach from " + textOf(range.least) + " to " + textOf(range.most) + ": " + textOf(made.black) +
                  " is taken for black, " + textOf(made.white) + " for white");
  return made;
}

std::optional<ImageLayout> layoutOf(std::span<const std::size_t> sizes) {
  const auto isChannels = [](std::size_t size) { return size == 1 || size == 3; };
  if (sizes.size() == 2) return ImageLayout{{1, int(sizes[0]), int(sizes[1])}, false, {}};
  if (sizes.size() == 3 && isChannels(sizes[2])) return ImageLayout{{int(sizes[2]), int(sizes[0]), int(sizes[1])}, true, {}};
  if (sizes.size() == 3 && isChannels(sizes[0])) return ImageLayout{{int(sizes[0]), int(sizes[1]), int(sizes[2])}, false, {}};
  if (sizes.size() != 1) return std::nullopt;
  const std::string flat = std::to_string(sizes[0]) + " numbers of an image are taken for ";
  if (const int side = squareSideOf(sizes[0]); side > 0)
    return ImageLayout{{1, side, side}, false, side == 28 ? "" : flat + nn::sizeText(side, side) + " pixels, row by row"};
  if (const int side = sizes[0] % 3 == 0 ? squareSideOf(sizes[0] / 3) : 0; side > 0)
    return ImageLayout{
        {3, side, side}, false, flat + nn::sizeText(side, side) + " pixels in color: all red ones first, then green, then blue"};
  return std::nullopt;
}

std::size_t planeIndex(const ImageLayout& layout, std::size_t at) {
  if (!layout.channelsLast) return at;
  const auto channels = std::size_t(layout.shape.channels);
  return at % channels * (layout.shape.size() / channels) + at / channels;
}

void labelBy(const std::vector<std::string>& names, data::Dataset& set, const std::string& where) {
  std::map<std::string, std::size_t> counts;
  for (const std::string& name : names) ++counts[name];
  if (counts.size() > kMostLabels)
    throw nn::Error("It has " + std::to_string(counts.size()) + " classes; there can be " + std::to_string(kMostLabels), where,
                    "Check that the column of the classes is the right one, or leave some out");
  long long highest = -1;
  bool numbers = true;
  for (const auto& [name, count] : counts) {
    const long long number = wholeOf(name);
    numbers = numbers && number >= 0;
    highest = std::max(highest, number);
  }
  set.labels.clear();
  set.classNames.clear();
  if (numbers && std::size_t(highest) < 2 * counts.size()) {
    for (long long i = 0; i <= highest; ++i) set.classNames.push_back(std::to_string(i));
    for (const std::string& name : names) set.labels.push_back(data::Label(wholeOf(name)));
    return;
  }
  std::vector<QString> sorted;
  for (const auto& [name, count] : counts) sorted.push_back(QString::fromStdString(name));
  std::sort(sorted.begin(), sorted.end(), isBefore);
  std::map<std::string, data::Label> labels;
  for (const QString& name : sorted) {
    labels[name.toStdString()] = data::Label(set.classNames.size());
    set.classNames.push_back(name.toStdString());
  }
  for (const std::string& name : names) set.labels.push_back(labels.at(name));
}

}  // namespace io
