#include "ui/panels/results/ConfusionTable.h"

#include <algorithm>
#include <array>

#include <QObject>

#include "scene/text/Text.h"
#include "ui/base/Numbers.h"

namespace ui {

namespace {

struct DigitWords {
  const char *one, *several;
};
constexpr std::array<DigitWords, 10> kDigitWords = {{{QT_TRANSLATE_NOOP("QObject", "a zero"), QT_TRANSLATE_NOOP("QObject", "zeros")},
                                                     {QT_TRANSLATE_NOOP("QObject", "a one"), QT_TRANSLATE_NOOP("QObject", "ones")},
                                                     {QT_TRANSLATE_NOOP("QObject", "a two"), QT_TRANSLATE_NOOP("QObject", "twos")},
                                                     {QT_TRANSLATE_NOOP("QObject", "a three"), QT_TRANSLATE_NOOP("QObject", "threes")},
                                                     {QT_TRANSLATE_NOOP("QObject", "a four"), QT_TRANSLATE_NOOP("QObject", "fours")},
                                                     {QT_TRANSLATE_NOOP("QObject", "a five"), QT_TRANSLATE_NOOP("QObject", "fives")},
                                                     {QT_TRANSLATE_NOOP("QObject", "a six"), QT_TRANSLATE_NOOP("QObject", "sixes")},
                                                     {QT_TRANSLATE_NOOP("QObject", "a seven"), QT_TRANSLATE_NOOP("QObject", "sevens")},
                                                     {QT_TRANSLATE_NOOP("QObject", "an eight"), QT_TRANSLATE_NOOP("QObject", "eights")},
                                                     {QT_TRANSLATE_NOOP("QObject", "a nine"), QT_TRANSLATE_NOOP("QObject", "nines")}}};

const DigitWords* digitOf(const QString& name) {
  if (name.size() != 1 || name[0] < u'0' || name[0] > u'9') return nullptr;
  return &kDigitWords[std::size_t(name[0].unicode() - u'0')];
}

}  // namespace

ConfusionTable::ConfusionTable(const train::Evaluation& evaluation, QStringList names, bool perPixel)
    : m_names(std::move(names)), m_counts(evaluation.confusion), m_asked(evaluation.classes()), m_perPixel(perPixel) {
  for (std::size_t label = 0; label < classes(); ++label) {
    for (std::size_t answer = 0; answer < classes(); ++answer) m_asked[label] += count({label, answer});
    for (std::size_t answer = 0; answer < classes(); ++answer)
      if (answer != label) m_largestMistake = std::max(m_largestMistake, share({label, answer}));
  }
}

double ConfusionTable::share(ClassPair cell) const {
  return m_asked[cell.label] == 0 ? 0 : double(count(cell)) / double(m_asked[cell.label]);
}

std::vector<ClassPair> ConfusionTable::mostConfused(std::size_t most) const {
  std::vector<ClassPair> cells;
  for (std::size_t label = 0; label < classes(); ++label)
    for (std::size_t answer = 0; answer < classes(); ++answer)
      if (answer != label && count({label, answer}) > 0) cells.push_back({label, answer});
  std::stable_sort(cells.begin(), cells.end(), [this](ClassPair a, ClassPair b) { return count(a) > count(b); });
  cells.resize(std::min(most, cells.size()));
  return cells;
}

QString ConfusionTable::things(std::size_t label) const {
  if (m_perPixel) return QObject::tr("pixels of %1").arg(name(label));
  if (const DigitWords* digit = digitOf(name(label))) return QObject::tr(digit->several);
  return QObject::tr("pictures of %1").arg(name(label));
}

QString ConfusionTable::takenFor(std::size_t answer) const {
  const DigitWords* digit = m_perPixel ? nullptr : digitOf(name(answer));
  return digit ? QObject::tr(digit->one) : name(answer);
}

QString ConfusionTable::words(ClassPair cell) const {
  const std::uint32_t times = count(cell);
  const QString of = things(cell.label), all = countText(m_asked[cell.label]), what = takenFor(cell.answer);
  if (m_asked[cell.label] == 0) return QObject::tr("There are no %1 among them.").arg(of);
  if (times == 0)
    return cell.isRight() ? QObject::tr("None of %1 %2 was recognized.").arg(all, of)
                          : QObject::tr("None of %1 %2 was taken for %3.").arg(all, of, what);
  const QString share = QString::fromStdString(scene::percent(this->share(cell)));
  const QString were = times == 1 ? QObject::tr("1 was") : QObject::tr("%1 were").arg(countText(times));
  return cell.isRight() ? QObject::tr("Of %1 %2, %3 recognized: %4").arg(all, of, were, share)
                        : QObject::tr("Of %1 %2, %3 taken for %4: %5").arg(all, of, were, what, share);
}

}  // namespace ui
