#include <cmath>

#include <QFontMetricsF>
#include <QObject>
#include <QPainter>

#include "scene/text/Formula.h"
#include "ui/base/Widgets.h"
#include "ui/panels/inspector/Sections.h"

namespace ui {

namespace {

// The notation, and which terms stand below it with their numbers.
QString symbols(const scene::Explanation& e) {
  const QString choice = QString::fromStdString(scene::choiceOf(e)), notation = QString::fromStdString(e.notation);
  return choice.isEmpty() ? notation : QStringLiteral("%1\n%2:").arg(notation, choice);
}

// The calculation in the notation of the lectures, and below it with this unit's numbers, where each term can be pointed at.
class FormulaSection : public Section {
 public:
  AccessibleSection reading(const SectionView& view) const override {
    return {QObject::tr("Formula: %1").arg(symbols(view.e)), QString::fromStdString(view.e.formula)};
  }

  double height(const SectionView& view) const override {
    // Always room for two lines, so that what follows rests while the numbers change.
    return symbolsHeight(view) + std::max(2.0, double(linesOf(view))) * lineHeight(view) + view.theme.grid * 2;
  }

  void paint(QPainter& painter, const SectionView& view) const override {
    drawWords(painter, {0, 0, view.width, symbolsHeight(view)}, Qt::TextWordWrap, symbols(view.e), view.theme.small, view.theme.muted);
    painter.setFont(view.theme.body);
    for (const Placed& placed : place(view)) {
      if (view.isLit(placed.term)) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(view.theme.accentSoft);
        painter.drawRoundedRect(placed.rect.adjusted(-2, 0, 2, 0), 3, 3);
      }
      painter.setPen(view.isLit(placed.term) ? view.theme.accent : view.theme.text);
      painter.drawText(placed.rect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, placed.text);
    }
  }

  int termAt(QPointF position, const SectionView& view) const override {
    for (const Placed& placed : place(view))
      if (placed.rect.contains(position)) return placed.term;
    return -1;
  }

 private:
  struct Placed {
    QString text;
    QRectF rect;
    int term = -1;
  };

  static double lineHeight(const SectionView& view) { return std::ceil(QFontMetricsF(view.theme.body).lineSpacing()); }
  static double symbolsHeight(const SectionView& view) {
    return QFontMetricsF(view.theme.small).boundingRect(QRectF(0, 0, view.width, 10000), Qt::TextWordWrap, symbols(view.e)).height() + 4;
  }
  // As many lines as any of its terms needs: nothing moves while one after the other is pointed at.
  static int linesOf(const SectionView& view) {
    const std::vector<Placed> all = place(view, true);
    return all.empty() ? 0 : int(std::lround((all.back().rect.top() - symbolsHeight(view)) / lineHeight(view))) + 1;
  }
  // Broken only between parts: a product stays in one piece.
  static std::vector<Placed> place(const SectionView& view, bool widest = false) {
    const QFontMetricsF metrics(view.theme.body);
    const double product = metrics.horizontalAdvance(QStringLiteral("+ (−0.000) × (−0.0000)"));
    const bool products = widest && view.e.kind == nn::Combine::WeightedSum && view.e.terms.size() > 3;
    const double dots = metrics.horizontalAdvance(QStringLiteral("+ …"));
    const double space = metrics.horizontalAdvance(QLatin1Char(' ')), line = lineHeight(view);
    QPointF at(0, symbolsHeight(view));
    std::vector<Placed> all;
    for (const scene::FormulaPart& part : scene::formulaParts(view.e, view.firstLit())) {
      const QString text = QString::fromStdString(part.text);
      if (products && part.term < 0 && text.contains(QChar(0x2026))) continue;  // before each product instead
      if (products && part.term >= 0)
        at = at.x() > 0 && at.x() + dots > view.width ? QPointF(dots + space, at.y() + line) : at + QPointF(dots + space, 0);
      const double own = metrics.horizontalAdvance(text), width = products && part.term >= 0 ? std::max(own, product) : own;
      if (at.x() > 0 && at.x() + width > view.width) at = {0, at.y() + line};
      all.push_back({text, QRectF(at, QSizeF(width, line)), part.term});
      at.rx() += width + space;
    }
    return all;
  }
};

}  // namespace

std::unique_ptr<Section> makeFormulaSection() {
  return std::make_unique<FormulaSection>();
}

}  // namespace ui
