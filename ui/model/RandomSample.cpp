#include "ui/model/RandomSample.h"

#include <span>

#include <QHashFunctions>
#include <QObject>
#include <QRandomGenerator>

#include "data/StrokeDigits.h"
#include "io/PictureFile.h"
#include "ui/base/ColorPicture.h"

namespace ui {

namespace {

std::size_t fingerprint(const data::Picture& picture) {
  const std::size_t ink = qHashBits(picture.ink.ink.data(), picture.ink.ink.size() * sizeof(float), std::size_t(picture.ink.width));
  return picture.colors ? qHashBits(picture.colors->pixels.data(), picture.colors->pixels.size(), ink) : ink;
}

}  // namespace

Sample sampleOf(const data::Dataset& set, std::size_t index) {
  const std::span<const std::uint8_t> bytes = set.image(index);
  data::Picture picture{{set.shape.width, set.shape.height, {}}};
  if (set.shape.channels == 3)
    picture = io::pictureOf(imageOf({set.shape, {bytes.begin(), bytes.end()}}));
  else
    for (const std::uint8_t byte : bytes) picture.ink.ink.push_back(float(byte) / 255.0f);
  QStringList names;
  for (const std::string& name : set.classNames) names << QString::fromStdString(name);
  return {picture, {int(set.labels[index]), names}, QObject::tr("%1, picture %2").arg(QString::fromStdString(set.name)).arg(index)};
}

Sample randomSample(const data::DataSplit& split, bool takesColors, int sizePx) {
  QRandomGenerator& random = *QRandomGenerator::global();
  const bool held = split.validation && split.validation->count() > 0;
  const auto& set = split.test ? split.test : held ? split.validation : split.train;
  const bool colors = set && set->shape.channels == 3 && takesColors;
  if (set && (set->shape.channels == 1 || colors)) return sampleOf(*set, std::size_t(random.bounded(quint64(set->count()))));
  const int digit = int(random.bounded(10));
  QStringList names;
  for (int i = 0; i < 10; ++i) names << QString::number(i);
  return {{data::strokeDigit(digit, random.generate64(), sizePx)}, {digit, names}, QObject::tr("stroke digit")};
}

void SampleMemory::remember(const data::Picture& picture, const KnownClass& known) {
  m_known[fingerprint(picture)] = known;
}

std::optional<KnownClass> SampleMemory::find(const data::Picture& picture) const {
  if (m_known.empty()) return std::nullopt;
  const auto found = m_known.find(fingerprint(picture));
  return found == m_known.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace ui
