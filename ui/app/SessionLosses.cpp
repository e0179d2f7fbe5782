#include "ui/app/SessionLosses.h"

#include <map>

#include <QObject>

namespace ui {

namespace {

// "the network with its weights", "the view".
QString shownSection(const QString& name) {
  static const std::map<QString, QString> names = {{"about", QObject::tr("its title and time")},
                                                   {"arrangement", QObject::tr("the arrangement of the panels")},
                                                   {"camera", QObject::tr("the view")},
                                                   {"data", QObject::tr("which data it was trained on")},
                                                   {"drawing", QObject::tr("the drawing")},
                                                   {"model", QObject::tr("the network with its weights")},
                                                   {"recipe", QObject::tr("the settings of training")},
                                                   {"selection", QObject::tr("what was pinned")},
                                                   {"training", QObject::tr("the state of the training")},
                                                   {"moments", QObject::tr("what was recorded of the training")},
                                                   {"", QObject::tr("what stands at the end of the file")}};
  const auto found = names.find(name);
  return found != names.end() ? found->second : u'"' + name.left(40) + u'"';
}

}  // namespace

QString shownSections(const QStringList& names) {
  QStringList words;
  for (const QString& name : names) words << shownSection(name);
  if (words.size() < 2) return words.join(QString());
  const QString last = words.takeLast();
  return QObject::tr("%1 and %2").arg(words.join(QStringLiteral(", ")), last);
}

QString shownLosses(const std::vector<io::LostSection>& lost) {
  QStringList names;
  for (const io::LostSection& one : lost) names << one.name;
  return shownSections(names);
}

QString allElse(const std::vector<io::LostSection>& lost) {
  if (lost.empty()) return QObject::tr("All else of the session is there.");
  return QObject::tr("Of the damaged session this is missing as well: %1. All else of it is there.").arg(shownLosses(lost));
}

nn::Issue issueOf(const std::vector<io::LostSection>& lost) {
  const nn::Issue& first = lost.front().issue;
  const QString words = shownLosses(lost);
  const QString what = lost.front().damaged ? QObject::tr("this file is damaged: %1 cannot be read").arg(words)
                                            : QObject::tr("%1 cannot be read: %2").arg(words, QString::fromStdString(first.what));
  return {first.where, what.toStdString(), first.hint};
}

}  // namespace ui
