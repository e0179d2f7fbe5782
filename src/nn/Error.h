// What the person can be told when something goes wrong: what happened, where, and what to do about it.
// Error is thrown for failures of the environment (file, memory, format); Issue is the same three words as a value, for
// what the person can mend while typing (a network specification, a field).
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace nn {

struct Issue {
  std::string where;  // file, node or field, as the person knows it
  std::string what;   // one sentence
  std::string hint;   // what to do; may be empty
  bool operator==(const Issue&) const = default;
};

class Error : public std::runtime_error {
 public:
  Error(std::string what, std::string where, std::string hint = {})
      : std::runtime_error(where.empty() ? what : where + ": " + what), m_issue{std::move(where), std::move(what), std::move(hint)} {}
  explicit Error(const Issue& issue) : Error(issue.what, issue.where, issue.hint) {}
  const Issue& issue() const { return m_issue; }
  // "where: what. hint", one line for a terminal or a status bar.
  std::string message() const { return m_issue.hint.empty() ? std::string(what()) : std::string(what()) + ". " + m_issue.hint; }

 private:
  Issue m_issue;
};

}  // namespace nn
