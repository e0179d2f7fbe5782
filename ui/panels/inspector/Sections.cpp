#include "ui/panels/inspector/Sections.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <QFontMetricsF>
#include <QObject>
#include <QPainter>

#include "scene/animation/SlidingWindow.h"
#include "scene/text/Formula.h"
#include "scene/text/Text.h"
#include "ui/base/Widgets.h"
#include "ui/panels/inspector/Figures.h"

namespace ui {

namespace {

constexpr std::size_t kMostTerms = 12;

double lineHeight(const Theme& theme) {
  return std::round(theme.body.pixelSize() * 1.7);
}

// The name of what follows: "then softmax".
class HeadingSection : public Section {
 public:
  AccessibleSection reading(const SectionView& view) const override {
    return {QObject::tr("then %1").arg(QString::fromStdString(view.e.nodeName)), valueText(view.e)};
  }
  double height(const SectionView& view) const override { return lineHeight(view.theme) + view.theme.grid; }
  void paint(QPainter& painter, const SectionView& view) const override {
    painter.setPen(QPen(view.theme.line, 1));
    painter.drawLine(QPointF(0, 0.5), QPointF(view.width, 0.5));
    const QRectF line(0, view.theme.grid, view.width, lineHeight(view.theme));
    drawWords(painter, line, Qt::AlignLeft | Qt::AlignVCenter, QString::fromStdString(view.e.nodeName), view.theme.bold(view.theme.body),
              view.theme.text);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, valueText(view.e));
  }
};

// Rows of a table: a name, a figure or two, and a bar that goes left for negative and right for positive.
struct Row {
  QString name, left, right;
  float bar = 0;
  int term = -1;
  bool strong = false, line = false;  // line: a rule above, for sums
};

class TableSection : public Section {
 public:
  AccessibleSection reading(const SectionView& view) const override {
    QStringList lines;
    for (const Row& row : rows(view)) {
      const QString figures = row.left.isEmpty() ? row.right : QStringLiteral("%1 = %2").arg(row.left, row.right);
      lines << (figures.isEmpty() ? row.name : QStringLiteral("%1: %2").arg(row.name, figures));
    }
    const QString name = caption(view.e);
    return {name.isEmpty() ? QObject::tr("Terms and sum") : name, lines.join('\n')};
  }

  double height(const SectionView& view) const override {
    const std::vector<Row> all = rows(view);
    return headHeight(view) + double(all.size()) * columns(view, all).rowHeight + view.theme.grid * 2;
  }

  void paint(QPainter& painter, const SectionView& view) const override {
    const std::vector<Row> all = rows(view);
    const double top = headHeight(view);
    if (top > 0)
      drawWords(painter, {0, 0, view.width, top}, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextWordWrap, caption(view.e), view.theme.small,
                view.theme.muted);
    float largest = 0;
    const auto measure = [&largest](const std::vector<Row>& of) {
      for (const Row& row : of) largest = std::max(largest, std::isfinite(row.bar) ? std::abs(row.bar) : 0.0f);
    };
    measure(all);
    for (const scene::Explanation* other : view.beside) measure(rows({*other, view.theme, view.width}));
    const Columns fitted = columns(view, all);
    for (std::size_t i = 0; i < all.size(); ++i) paintRow(painter, view, all[i], top + double(i) * fitted.rowHeight, fitted, largest);
  }

  int termAt(QPointF position, const SectionView& view) const override {
    const std::vector<Row> all = rows(view);
    const double line = (position.y() - headHeight(view)) / columns(view, all).rowHeight;
    return line >= 0 && line < double(all.size()) ? all[std::size_t(line)].term : -1;
  }

 protected:
  virtual std::vector<Row> rows(const SectionView& view) const = 0;
  virtual QString caption(const scene::Explanation&) const { return {}; }
  double headHeight(const SectionView& view) const {
    if (caption(view.e).isEmpty()) return 0;
    const QFontMetricsF metrics(view.theme.small);
    const QRectF text = metrics.boundingRect(QRectF(0, 0, view.width, 1000), Qt::TextWordWrap, caption(view.e));
    return view.theme.small.pixelSize() * 1.9 + std::max(0.0, text.height() - metrics.height());
  }

 private:
  struct Columns {
    double left = 0, right = 0, bar = 0;  // their widths; bar: 0 where there is no room for it
    double rowHeight = 0, figures = 0;    // figures: how far below the name they stand
  };
  // Where a name would be cut, first the bars give way, then the figures go below the names.
  static Columns columns(const SectionView& view, const std::vector<Row>& all) {
    const QFontMetricsF metrics(view.theme.bold(view.theme.body));
    Columns fitted{0, metrics.horizontalAdvance(number(-10.0f)), std::min(56.0, view.width * 0.16), lineHeight(view.theme), 0};
    for (const Row& row : all) {
      fitted.left = std::max(fitted.left, metrics.horizontalAdvance(row.left));
      fitted.right = std::max(fitted.right, metrics.horizontalAdvance(row.right));
    }
    double names = 0;
    for (const Row& row : all) names = std::max(names, metrics.horizontalAdvance(row.name) - (row.left.isEmpty() ? fitted.left : 0));
    const double gap = view.theme.grid, room = view.width - fitted.left - fitted.right - 2 * gap;
    if (names > room) {
      fitted.figures = 0.8 * fitted.rowHeight;
      fitted.rowHeight += fitted.figures;
      names = 0;
    }
    if (names > room - fitted.bar - gap) fitted.bar = 0;
    return fitted;
  }

  static void paintRow(QPainter& painter, const SectionView& view, const Row& row, double top, const Columns& columns, float largest) {
    const Theme& theme = view.theme;
    const QRectF whole(0, top, view.width, columns.rowHeight), line(0, top + columns.figures, view.width, lineHeight(theme));
    if (view.isLit(row.term)) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(theme.accentSoft);
      painter.drawRoundedRect(whole.adjusted(-4, 0, 4, 0), 4, 4);
    }
    if (row.line) {
      painter.setPen(QPen(theme.line, 1));
      painter.drawLine(whole.topLeft() + QPointF(0, 0.5), whole.topRight() + QPointF(0, 0.5));
    }
    const double bar = largest > 0 ? columns.bar : 0;
    const double names = view.width - columns.left - columns.right - (bar > 0 ? bar + theme.grid : 0) - 2 * theme.grid;
    const double ownRoom = columns.figures > 0 ? view.width : row.left.isEmpty() ? names + columns.left : names;
    const QFont font = row.strong ? theme.bold(theme.body) : theme.body;
    drawWords(painter, QRectF(whole.topLeft(), line.size()), Qt::AlignLeft | Qt::AlignVCenter,
              QFontMetricsF(font).elidedText(row.name, Qt::ElideRight, std::ceil(ownRoom)), font, row.strong ? theme.text : theme.muted);
    const double right = names + columns.left + 2 * theme.grid;
    painter.drawText(QRectF(names + theme.grid, line.top(), columns.left, line.height()), Qt::AlignRight | Qt::AlignVCenter, row.left);
    painter.setPen(theme.text);
    painter.drawText(QRectF(right, line.top(), columns.right, line.height()), Qt::AlignRight | Qt::AlignVCenter, row.right);
    if (bar <= 0 || !std::isfinite(row.bar)) return;
    const double middle = view.width - bar / 2;
    const double length = bar / 2 * double(row.bar / largest);
    painter.setPen(Qt::NoPen);
    painter.setBrush(row.bar < 0 ? theme.negative : theme.positive);
    painter.drawRect(QRectF(middle, line.center().y() - 4, length, 8).normalized());
    painter.setPen(QPen(theme.line, 1));
    painter.drawLine(QPointF(middle, line.top() + 2), QPointF(middle, line.bottom() - 2));
  }
};

// The bias and the sum, as they are written; the terms above add up to them.
void addTotals(const scene::Explanation& e, const std::string& bias, const std::string& total, std::vector<Row>& rows) {
  if (e.hasBias) rows.push_back({QObject::tr("bias b"), {}, QString::fromStdString(bias), e.bias});
  Row sum{e.kind == nn::Combine::Average ? QObject::tr("together") : QObject::tr("sum"), {}, QString::fromStdString(total)};
  sum.strong = sum.line = true;
  rows.push_back(sum);
}

// "unit 93", "map 5 (2, 4)": where the heading above names the layer.
QString shortSource(const scene::Explanation& e, const scene::UnitId& unit) {
  if (e.sources.size() != 1) return sourceText(e, unit);
  const nn::Shape& shape = e.sources.front().shape;
  const std::vector<std::string>& classes = e.sources.front().classes;
  if (!classes.empty()) return QObject::tr("class %1").arg(QString::fromStdString(classes[std::size_t(unit.cell.channel)]));
  if (shape.isVector()) return QObject::tr("unit %1").arg(unit.cell.channel + 1);
  const QString place = QStringLiteral("(%1, %2)").arg(unit.cell.row + 1).arg(unit.cell.column + 1);
  return shape.channels == 1 ? place : QObject::tr("map %1 %2").arg(unit.cell.channel + 1).arg(place);
}

// The terms that weigh most, and the rest of them together.
class TermsSection : public TableSection {
 protected:
  QString caption(const scene::Explanation& e) const override {
    if (e.sources.size() != 1) return {};
    const QString name = QString::fromStdString(e.sources.front().name);
    if (e.kind != nn::Combine::WeightedSum) return QObject::tr("from %1").arg(name);
    return e.terms.size() > kMostTerms ? QObject::tr("what weighs most of %1: input × weight").arg(name)
                                       : QObject::tr("from %1: input × weight").arg(name);
  }
  std::vector<Row> rows(const SectionView& view) const override {
    const scene::Explanation& e = view.e;
    std::vector<std::size_t> order(e.pairs() ? e.terms.size() / 2 : e.terms.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    const bool weighted = e.kind == nn::Combine::WeightedSum || e.pairs();
    const auto factor = [&](std::size_t i) { return e.pairs() ? e.terms[order.size() + i].input : e.terms[i].weight; };
    const auto amount = [&](std::size_t i) { return e.pairs() ? e.terms[i].input * factor(i) : e.terms[i].product; };
    const std::size_t shown = std::min(order.size(), kMostTerms);
    if (weighted) {
      const auto weight = [&](std::size_t i) { return std::abs(amount(i)); };
      std::partial_sort(order.begin(), order.begin() + std::ptrdiff_t(shown), order.end(),
                        [&](auto a, auto b) { return weight(a) > weight(b); });
    }
    const int lit = e.pairs() ? view.firstLit() % int(order.size()) : view.firstLit();
    const auto end = order.begin() + std::ptrdiff_t(shown);
    if (lit >= 0 && std::find(order.begin(), end, std::size_t(lit)) == end) order[shown - 1] = std::size_t(lit);
    const bool normalizes = e.kind == nn::Combine::Standardize || e.kind == nn::Combine::Inhibit;
    const bool adds = weighted || e.kind == nn::Combine::Sum;
    std::vector<Row> result;
    std::vector<float> addends;
    float sum = 0;
    for (std::size_t i = 0; i < shown; ++i) {
      const scene::Term& term = e.terms[order[i]];
      const float product = amount(order[i]);
      const QString factors = weighted ? QStringLiteral("%1 × %2").arg(number(term.input), number(factor(order[i]))) : QString();
      // Of a pair, the one that is pointed at.
      const auto named = std::size_t(view.firstLit()) == order[i] + order.size() ? order[i] + order.size() : order[i];
      result.push_back({shortSource(e, e.terms[named].source), factors, number(product), weighted ? product : 0, int(named)});
      result.back().strong = term.winner;
      addends.push_back(product);
      sum += product;
    }
    if (shown < order.size() && !adds) {
      result.push_back({QObject::tr("and %1 more").arg(order.size() - shown), {}, {}});
    } else if (shown < order.size()) {
      const float rest = (e.pairs() ? e.preActivation : e.sum) - sum;
      result.push_back({QObject::tr("the other %1").arg(order.size() - shown), {}, {}, rest});
      addends.push_back(rest);
    }
    if (!adds && (!e.hasBias || normalizes)) return result;
    const std::size_t loose = addends.size();
    if (e.hasBias) addends.push_back(e.bias);
    const scene::SumWords words = scene::sumWords(addends, e.preActivation, loose, scene::totalWords(e).decimals);
    for (std::size_t i = 0; adds && i < loose; ++i) result[i].right = QString::fromStdString(words.addends[i]);
    addTotals(e, e.hasBias ? words.addends.back() : std::string(), scene::shortNumber(e.preActivation), result);
    return result;
  }
};

// What a normalization does with its own value, step by step.
class NormalizationSection : public TableSection {
 protected:
  std::vector<Row> rows(const SectionView& view) const override {
    const scene::Explanation& e = view.e;
    const float input = e.terms[std::size_t(e.own)].input;
    std::vector<Row> result;
    result.push_back({shortSource(e, e.terms[std::size_t(e.own)].source), {}, number(input), 0, e.own});
    if (e.kind == nn::Combine::Inhibit) {
      float squares = 0;
      for (const scene::Term& term : e.terms) squares += term.input * term.input;
      result.push_back({QObject::tr("sum of %1 squares").arg(e.terms.size()), {}, number(squares)});
      result.push_back({QObject::tr("divided by (k + α / n · sum)^β"), {}, number(e.divisor)});
      result.push_back({QObject::tr("value"), {}, number(e.value), 0, -1, true, true});
      return result;
    }
    const bool own = e.kind == nn::Combine::Standardize;
    result.push_back({own ? QObject::tr("less the mean of %1").arg(e.terms.size()) : QObject::tr("less the mean"), {}, number(e.center)});
    result.push_back({QObject::tr("divided by the deviation"), {}, number(e.divisor)});
    result.push_back({QObject::tr("normalized"), {}, number((input - e.center) / e.divisor), 0, -1, false, true});
    result.push_back({QObject::tr("times γ"), {}, number(e.scale)});
    result.push_back({QObject::tr("plus β"), {}, number(e.bias)});
    result.push_back({QObject::tr("sum"), {}, number(e.preActivation), 0, -1, true, true});
    return result;
  }
};

class TotalsSection : public TableSection {
 protected:
  std::vector<Row> rows(const SectionView& view) const override {
    const scene::Explanation& e = view.e;
    std::vector<Row> result;
    const scene::SumWords words = scene::totalWords(e);
    const QString together = QString::fromStdString(e.hasBias ? words.addends.front() : words.total);
    if (!view.isComplete()) {
      float soFar = 0;
      for (const scene::Patch& patch : e.patches) soFar += view.sumSoFar(patch);
      result.push_back({QObject::tr("products so far"), {}, QString::fromStdString(scene::fixedNumber(soFar, words.decimals)), soFar});
    } else if (e.kind == nn::Combine::WeightedSum) {
      result.push_back(
          {e.terms.size() == 1 ? QObject::tr("the product") : QObject::tr("all %1 products").arg(e.terms.size()), {}, together, e.sum});
    }
    if (e.hasScale) result.push_back({QObject::tr("coefficient w"), {}, number(e.scale)});
    if (e.hasScale && view.isComplete()) result.push_back({QObject::tr("the mean times w"), {}, together});
    addTotals(e, e.hasBias ? words.addends.back() : std::string(), words.total, result);
    if (!view.isComplete()) result.back().right = QStringLiteral("…");
    return result;
  }
};

// Every score, its exponential, and the share of the sum.
class SoftmaxSection : public TableSection {
 protected:
  QString caption(const scene::Explanation& e) const override {
    return e.largest == 0 ? QString() : QObject::tr("less the largest score: no share changes");
  }
  std::vector<Row> rows(const SectionView& view) const override {
    const scene::Explanation& e = view.e;
    std::vector<std::size_t> order(e.terms.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    const auto own = std::size_t(e.own);
    if (order.size() > kMostTerms) {
      std::partial_sort(order.begin(), order.begin() + kMostTerms, order.end(),
                        [&](auto a, auto b) { return e.terms[a].input > e.terms[b].input; });
      order.resize(kMostTerms);
      const auto include = [&order](std::size_t term, std::size_t place) {
        if (std::find(order.begin(), order.end(), term) == order.end()) order[place] = term;
      };
      include(own, kMostTerms - 1);
      if (view.firstLit() >= 0) include(std::size_t(view.firstLit()), kMostTerms - 2);
    }
    std::vector<float> powers;
    float shown = 0;
    for (const std::size_t i : order) shown += powers.emplace_back(std::exp(e.terms[i].input - e.largest));
    const bool others = order.size() < e.terms.size();
    if (others) powers.push_back(e.denominator - shown);
    const scene::SumWords words = scene::sumWords(powers, e.denominator, powers.size(), kDecimals);
    const auto written = [&](std::size_t at) { return QString::fromStdString(words.addends[at]); };
    std::vector<Row> result;
    QString ownPower = decimals(std::exp(e.preActivation - e.largest));
    for (std::size_t at = 0; at < order.size(); ++at) {
      const scene::Term& term = e.terms[order[at]];
      const QString exponent = e.largest == 0 ? number(term.input) : QStringLiteral("%1 − %2").arg(number(term.input), number(e.largest));
      const bool isOwn = order[at] == own;
      if (isOwn) ownPower = written(at);
      result.push_back(
          {shortSource(e, term.source), QStringLiteral("exp(%1)").arg(exponent), written(at), powers[at], int(order[at]), isOwn});
    }
    if (others)
      result.push_back({QObject::tr("the other %1").arg(e.terms.size() - order.size()), {}, written(order.size()), powers.back()});
    const QString sum = QString::fromStdString(words.total);
    result.push_back({QObject::tr("sum of exponentials"), {}, sum, 0, -1, true, true});
    result.push_back({QObject::tr("share"), QStringLiteral("%1 / %2").arg(ownPower, sum), valueText(e), 0, -1, true});
    return result;
  }

 private:
  static constexpr int kDecimals = 4;
  static QString decimals(float value) { return QString::fromStdString(scene::fixedNumber(value, kDecimals)); }
};

}  // namespace

double captionHeight(const SectionView& view) {
  return view.theme.small.pixelSize() * 1.7;
}

void paintCaption(QPainter& painter, const SectionView& view, double top, const QString& words) {
  drawWords(painter, {0, top, view.width, captionHeight(view)}, Qt::AlignLeft | Qt::AlignVCenter, words, view.theme.small,
            view.theme.muted);
}

float SectionView::sumSoFar(const scene::Patch& of) const {
  if (worked < 0) return of.sum;
  float sum = 0;
  for (std::size_t i = 0; i < of.cells.size() && isWorked(of, i); ++i) sum += of.cells[i].product;
  return sum;
}

std::vector<std::unique_ptr<Section>> sectionsFor(const scene::Explanation& e, bool first) {
  std::vector<std::unique_ptr<Section>> result;
  if (!first) result.push_back(std::make_unique<HeadingSection>());
  result.push_back(makeFormulaSection());
  const bool pooling = e.kind == nn::Combine::Maximum || e.kind == nn::Combine::Average;
  const bool scaled = e.kind == nn::Combine::Pointwise && e.hasScale && e.hasBias;
  if (e.kind == nn::Combine::Standardize || e.kind == nn::Combine::Inhibit || scaled)
    result.push_back(std::make_unique<NormalizationSection>());
  if (e.kind == nn::Combine::Softmax) {
    result.push_back(std::make_unique<SoftmaxSection>());
  } else if (pooling && !e.patches.empty()) {
    result.push_back(makeWindowSection());
    if (e.hasScale || e.hasBias) result.push_back(std::make_unique<TotalsSection>());
  } else if (e.kind == nn::Combine::WeightedSum && e.layerType != "dense" && !e.patches.empty()) {
    result.push_back(makePatchSection());
    if (e.patches.size() > 1) result.push_back(makeOverviewSection());
    result.push_back(std::make_unique<TotalsSection>());
    if (e.pictures) result.push_back(makeGallerySection());
  } else if (!e.terms.empty() && e.kind != nn::Combine::Pointwise) {
    if (!e.patches.empty()) result.push_back(makePicturesSection());
    if (e.pictures) result.push_back(makeGallerySection());
    result.push_back(std::make_unique<TermsSection>());
  }
  if (e.activation != nn::Activation::None) result.push_back(makeActivationSection());
  return result;
}

bool sameSections(const scene::Explanation& a, const scene::Explanation& b) {
  return a.unit == b.unit && a.nodeName == b.nodeName && a.layerType == b.layerType && a.kind == b.kind && a.activation == b.activation &&
         a.terms.size() == b.terms.size() && a.patches.size() == b.patches.size() && !a.pictures == !b.pictures && a.hasBias == b.hasBias &&
         a.hasScale == b.hasScale && a.then.size() == b.then.size() &&
         std::equal(a.then.begin(), a.then.end(), b.then.begin(), sameSections);
}

bool SectionView::isComplete() const {
  return worked < 0 || e.patches.empty() || std::size_t(worked) >= e.patches.size() * e.patches.front().cells.size();
}

}  // namespace ui
