// What is said of an explanation in words and single numbers.
#include <algorithm>

#include <QObject>

#include "scene/animation/SlidingWindow.h"
#include "scene/text/Formula.h"
#include "ui/panels/inspector/Figures.h"
#include "ui/panels/inspector/Sections.h"

namespace ui {

QString valueText(const scene::Explanation& e) {
  return QString::fromStdString(scene::valueWords(e));
}

QString runningText(const scene::Explanation& e, int worked) {
  std::size_t all = 0;
  for (const scene::Patch& patch : e.patches) all += patch.cells.size();
  const scene::Running running = scene::runningOver(scene::windowCells(e, std::max(all, e.terms.size())), std::size_t(worked));
  return e.kind == nn::Combine::Maximum
             ? QObject::tr("max %1").arg(number(running.largest))
             : QStringLiteral("Σ %1").arg(QString::fromStdString(scene::fixedNumber(running.sum, scene::totalWords(e).decimals)));
}

QString sourceText(const scene::Explanation& e, const scene::UnitId& unit) {
  for (const scene::Source& source : e.sources) {
    if (source.node != unit.node) continue;
    const QString name = QString::fromStdString(source.name);
    if (source.shape.isVector()) return QObject::tr("%1, unit %2").arg(name).arg(unit.cell.channel + 1);
    const QString place = QObject::tr("row %1, column %2").arg(unit.cell.row + 1).arg(unit.cell.column + 1);
    return source.shape.channels == 1 ? QObject::tr("%1, %2").arg(name, place)
                                      : QObject::tr("%1, map %2, %3").arg(name).arg(unit.cell.channel + 1).arg(place);
  }
  return {};
}

QString plainText(const scene::Explanation& e) {
  QString text = QStringLiteral("%1, %2\n%3\n%4\n")
                     .arg(QString::fromStdString(e.nodeName), QString::fromStdString(e.unitName), QString::fromStdString(e.notation),
                          QString::fromStdString(e.formula));
  for (const scene::Term& term : e.terms) {
    text += QStringLiteral("%1\t%2\t%3\t%4%5\n")
                .arg(sourceText(e, term.source))
                .arg(double(term.input), 0, 'g', 7)
                .arg(double(term.weight), 0, 'g', 7)
                .arg(double(term.product), 0, 'g', 7)
                .arg(term.winner ? QObject::tr("\tlargest") : QString());
  }
  if (e.hasScale) text += QObject::tr("coefficient\t%1\n").arg(double(e.scale), 0, 'g', 7);
  if (e.hasBias) text += QObject::tr("bias\t%1\n").arg(double(e.bias), 0, 'g', 7);
  if (e.kind == nn::Combine::Softmax) text += QObject::tr("sum of exponentials\t%1\n").arg(double(e.denominator), 0, 'g', 7);
  text += QObject::tr("before the activation\t%1\nvalue\t%2\n").arg(double(e.preActivation), 0, 'g', 7).arg(double(e.value), 0, 'g', 7);
  for (const scene::Explanation& next : e.then) text += QStringLiteral("\n") + plainText(next);
  return text;
}

}  // namespace ui
