#include "ui/model/SampleMemory.h"

#include <QHashFunctions>

namespace ui {

namespace {

std::size_t fingerprint(const data::Picture& picture) {
  const std::size_t ink = qHashBits(picture.ink.ink.data(), picture.ink.ink.size() * sizeof(float), std::size_t(picture.ink.width));
  return picture.colors ? qHashBits(picture.colors->pixels.data(), picture.colors->pixels.size(), ink) : ink;
}

}  // namespace

void SampleMemory::remember(const data::Picture& picture, const KnownClass& known) {
  m_known[fingerprint(picture)] = known;
}

std::optional<KnownClass> SampleMemory::find(const data::Picture& picture) const {
  if (m_known.empty()) return std::nullopt;
  const auto found = m_known.find(fingerprint(picture));
  return found == m_known.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace ui
