#include "ui/app/SessionLosses.h"

#include <QCoreApplication>

namespace ui {

namespace {

struct Shown {
  const char* section;
  const char* words;
};
constexpr Shown kShown[] = {{"about", QT_TRANSLATE_NOOP("SessionLosses", "its title and time")},
                            {"arrangement", QT_TRANSLATE_NOOP("SessionLosses", "the arrangement of the panels")},
                            {"camera", QT_TRANSLATE_NOOP("SessionLosses", "the view")},
                            {"data", QT_TRANSLATE_NOOP("SessionLosses", "which data it was trained on")},
                            {"drawing", QT_TRANSLATE_NOOP("SessionLosses", "the drawing")},
                            {"model", QT_TRANSLATE_NOOP("SessionLosses", "the network with its weights")},
                            {"recipe", QT_TRANSLATE_NOOP("SessionLosses", "the settings of training")},
                            {"selection", QT_TRANSLATE_NOOP("SessionLosses", "what was pinned")},
                            {"training", QT_TRANSLATE_NOOP("SessionLosses", "the state of the training")},
                            {"", QT_TRANSLATE_NOOP("SessionLosses", "what stands at the end of the file")}};

QString translated(const char* text) {
  return QCoreApplication::translate("SessionLosses", text);
}

}  // namespace

QString shownSection(const QString& name) {
  for (const Shown& shown : kShown)
    if (name == QLatin1String(shown.section)) return translated(shown.words);
  return u'"' + name.left(40) + u'"';
}

QString shownSections(const QStringList& names) {
  QStringList words;
  for (const QString& name : names) words << shownSection(name);
  if (words.size() < 2) return words.join(QString());
  const QString last = words.takeLast();
  return translated(QT_TRANSLATE_NOOP("SessionLosses", "%1 and %2")).arg(words.join(QStringLiteral(", ")), last);
}

QString shownLosses(const std::vector<io::LostSection>& lost) {
  QStringList names;
  for (const io::LostSection& one : lost) names << one.name;
  return shownSections(names);
}

nn::Issue issueOf(const std::vector<io::LostSection>& lost) {
  const nn::Issue& first = lost.front().issue;
  const QString what = translated(QT_TRANSLATE_NOOP("SessionLosses", "%1 cannot be read: %2"));
  return {first.where, what.arg(shownLosses(lost), QString::fromStdString(first.what)).toStdString(), first.hint};
}

}  // namespace ui
