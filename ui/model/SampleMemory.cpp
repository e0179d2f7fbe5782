#include "ui/model/SampleMemory.h"

#include <QHashFunctions>

namespace ui {

namespace {

std::size_t fingerprint(const data::GrayImage& ink) {
  return qHashBits(ink.ink.data(), ink.ink.size() * sizeof(float), std::size_t(ink.width));
}

}  // namespace

void SampleMemory::remember(const data::GrayImage& ink, const KnownClass& known) {
  m_known[fingerprint(ink)] = known;
}

std::optional<KnownClass> SampleMemory::find(const data::GrayImage& ink) const {
  if (m_known.empty()) return std::nullopt;
  const auto found = m_known.find(fingerprint(ink));
  return found == m_known.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace ui
