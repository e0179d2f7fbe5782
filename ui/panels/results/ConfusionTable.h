// Which class was taken for which, as a table that can be asked for counts, shares and words: the matrix of a train::Evaluation with the
// names of its classes. A plain value; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <QString>
#include <QStringList>

#include "train/Evaluation.h"

namespace ui {

// A cell: what it is, and what it was taken for.
struct ClassPair {
  std::size_t label = 0, answer = 0;
  bool isRight() const { return label == answer; }
  bool operator==(const ClassPair&) const = default;
};

class ConfusionTable {
 public:
  ConfusionTable() = default;
  // names: as many as the evaluation has classes. perPixel: pixels were counted, not images.
  ConfusionTable(const train::Evaluation& evaluation, QStringList names, bool perPixel);

  std::size_t classes() const { return m_asked.size(); }
  bool isEmpty() const { return m_asked.empty(); }
  const QString& name(std::size_t index) const { return m_names[qsizetype(index)]; }
  const QStringList& names() const { return m_names; }
  std::uint32_t count(ClassPair cell) const { return m_counts[cell.label * classes() + cell.answer]; }
  std::uint64_t asked(std::size_t label) const { return m_asked[label]; }  // the sum of its row
  double share(ClassPair cell) const;                                      // of its row, 0..1; of an empty row 0
  double largestMistake() const { return m_largestMistake; }               // of the shares beside the diagonal
  // The wrong answers that were given most often, at most so many of them; of equally many the first.
  std::vector<ClassPair> mostConfused(std::size_t most) const;
  // "Of 98 fours, 3 were taken for a nine: 3.1 %".
  QString words(ClassPair cell) const;

 private:
  QString things(std::size_t label) const;     // "fours", "pictures of cat"
  QString takenFor(std::size_t answer) const;  // "a nine", "cat"

  QStringList m_names;
  std::vector<std::uint32_t> m_counts;
  std::vector<std::uint64_t> m_asked;
  double m_largestMistake = 0;
  bool m_perPixel = false;
};

}  // namespace ui
