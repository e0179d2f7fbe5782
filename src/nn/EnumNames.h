// The names of an enumeration whose values count up from 0, one each in their order: what files, options and menus call them. Constants;
// any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace nn {

template <typename Enum, std::size_t Count>
class EnumNames {
 public:
  template <typename... Names>
  explicit constexpr EnumNames(Names... names) : m_names{names...} {
    static_assert(sizeof...(Names) == Count);
    for (std::size_t i = 0; i < Count; ++i) m_all[i] = Enum(i);
  }
  std::span<const Enum> all() const { return m_all; }
  std::string_view of(Enum value) const { return m_names.at(std::size_t(value)); }
  std::optional<Enum> find(std::string_view name) const {
    const auto found = std::find(m_names.begin(), m_names.end(), name);
    return found == m_names.end() ? std::nullopt : std::optional(m_all[std::size_t(found - m_names.begin())]);
  }

 private:
  std::array<std::string_view, Count> m_names;
  std::array<Enum, Count> m_all{};
};

}  // namespace nn
