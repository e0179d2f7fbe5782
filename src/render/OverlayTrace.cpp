#include <algorithm>
#include <cmath>
#include <numeric>

#include <QFontMetricsF>

#include "nn/SizeText.h"
#include "render/OverlayWriter.h"
#include "scene/text/Text.h"
#include "scene/text/UnitText.h"

namespace render {

using scene::Vec3;

namespace {

constexpr int kSharesPerLayer = 3;  // edges that are labeled
constexpr double kRounding = 1e-6;  // of a sum: less is what rounding left

QString withSign(float value, const QString& text) {
  return (value > 0 ? QStringLiteral("+") : QString()) + text;
}

}  // namespace

// A third line below a layer's name and size: how much of it the highlighted unit sees.
void Writer::receptiveField(const scene::Block& block, const BlockName& name) {
  if (!m_state.highlight()) return;
  for (const scene::ReceptiveFieldName& seen : m_state.highlight()->receptiveFieldNames) {
    if (&m_layout.blocks[std::size_t(seen.block)] != &block) continue;
    QString words = seen.wholeMap ? QStringLiteral("sees all")
                                  : QStringLiteral("sees %1").arg(QString::fromStdString(nn::sizeText(seen.rows, seen.columns)));
    if (block.isInput) words += seen.wholeMap ? QStringLiteral(" of it") : QStringLiteral(" of the input");
    const QFontMetricsF metrics(name.belowFont);
    const QRectF above = nameRect(name.anchor, name.size);
    const qreal width = metrics.horizontalAdvance(words);
    QRectF line(turned() ? above.center().x() - width / 2 : above.right() - width, above.bottom(), width, metrics.height());
    line.moveLeft(std::clamp(line.left(), kEdge, std::max(kEdge, m_area.width() - kEdge - width)));
    if (!claim(line.adjusted(-2, 2, 2, -2))) return;
    backing(line.adjusted(-4, 0, 4, 0));
    text({line.left(), line.top() + metrics.ascent()}, words, name.belowFont, m_style.accent);
  }
}

// Each layer's strongest edges, with what share they have in all that flows into it.
void Writer::shares() {
  if (!m_state.tracing()) return;
  const std::vector<scene::DrawnEdge>& edges = m_state.highlight()->edges;
  const QFont font = m_style.font(11, true);
  const QFontMetricsF metrics(font);
  std::vector<int> written(m_layout.blocks.size(), 0);
  for (auto edge = edges.rbegin(); edge != edges.rend(); ++edge) {
    int& count = written[std::size_t(m_layout.sheets[std::size_t(edge->to.sheet)].block)];
    if (count >= kSharesPerLayer || std::abs(edge->share) < 0.005f) continue;
    const Vec3 middle = m_camera.project(mix(m_layout.center(edge->from), m_layout.center(edge->to), 0.5f));
    if (middle.z <= 0) continue;
    QString words = QString::fromStdString(scene::percent(double(std::abs(edge->share)), 0));
    words.insert(words.front().isDigit() ? 0 : 2, edge->share > 0 ? QChar(u'+') : QChar(u'−'));
    const QRectF rect(middle.x - metrics.horizontalAdvance(words) / 2, middle.y - metrics.height() / 2, metrics.horizontalAdvance(words),
                      metrics.height());
    if (!m_area.contains(rect) || !claim(rect.adjusted(-3, -1, 3, 1))) continue;
    ++count;
    backing(rect.adjusted(-3, 0, 3, 0));
    text({rect.left(), rect.top() + metrics.ascent()}, words, font, edge->share > 0 ? m_style.positive : m_style.negative);
  }
}

// What the percentages on the edges of a trace are of; told once.
QStringList Writer::shareWords() {
  return {QStringLiteral("%: of all that flows into"), QStringLiteral("the layer, for or against")};
}

Writer::TagWords Writer::traceWords() const {
  const scene::Highlight& highlight = *m_state.highlight();
  const QString name = QString::fromStdString(scene::tracedName(m_state));
  TagWords tag;
  const bool pointed = m_state.selection().hovered && !m_state.selection().hovered->kernel;
  if (pointed) {
    tag.head = QString::fromStdString(scene::describe(m_state, *m_state.selection().hovered));
    const float amount = m_state.shown().cells()[m_layout.cellIndex(m_state.selection().hovered->cell)];
    tag.place = m_layout.corners(m_state.selection().hovered->cell)[1];
    if (m_state.selection().hovered->slab) return tag;
    if (!highlight.focus[std::size_t(m_state.selection().hovered->cell.sheet)].lit) {
      tag.number = QString::fromStdString(scene::valueWords(m_state, m_state.selection().hovered->unit, amount));
      return tag;
    }
    tag.number = withSign(amount, numberText(amount));
    tag.note = amount > 0   ? QStringLiteral("speaks for %1").arg(name)
               : amount < 0 ? QStringLiteral("speaks against %1").arg(name)
                            : QStringLiteral("says nothing about %1").arg(name);
    return tag;
  }
  const analysis::Trace& trace = *highlight.trace;
  double pixels = 0;
  for (const int input : m_layout.network->inputs())
    pixels += std::accumulate(trace.amounts[std::size_t(input)].begin(), trace.amounts[std::size_t(input)].end(), 0.0);
  double biases = std::accumulate(trace.bias.begin(), trace.bias.end(), 0.0);
  if (std::abs(biases) < kRounding * (std::abs(pixels) + std::abs(trace.total))) biases = 0;
  tag.head = name + (highlight.against >= 0              ? QStringLiteral(" · logits")
                     : isLogit(m_layout, highlight.unit) ? QStringLiteral(" · logit")
                                                         : QStringLiteral(" · before its activation"));
  std::vector<float> parts{float(pixels), float(biases)};
  if (std::abs(trace.rest) > 5e-4 * std::max(1.0, std::abs(trace.total))) parts.push_back(float(trace.rest));
  // As the unit's sheet writes its sum, so that a bias reads the same in both.
  scene::SumWords sum = scene::sumWords(parts, float(trace.total), 1);
  // With more digits where the first figure closes the sum, but is not what it would round to by itself.
  for (int more = 0; more < 2 && sum.addends.front() != scene::fixedNumber(parts.front(), sum.decimals); ++more)
    sum = scene::sumWords(parts, float(trace.total), 1, sum.decimals + 1);
  const auto written = [&](std::size_t i) { return withSign(parts[i], QString::fromStdString(sum.addends[i])); };
  tag.number = QString::fromStdString(sum.total);
  tag.place = m_layout.corners(highlight.cell)[1];
  tag.corner = true;
  if (tracesNothing()) {
    tag.note = QStringLiteral("nothing contributed, every path brings 0");
    return tag;
  }
  tag.note = QStringLiteral("pixels %1, biases %2").arg(written(0), written(1));
  if (parts.size() > 2) tag.note += QStringLiteral(", rest %1").arg(written(2));
  if (keyWidth(m_style, m_area.size()) == 0) tag.more = shareWords();
  return tag;
}

// All that the trace reached is zero.
bool Writer::tracesNothing() const {
  const scene::Highlight& highlight = *m_state.highlight();
  const analysis::Trace& trace = *highlight.trace;
  const auto isZero = [](double value) { return value == 0; };
  if (trace.total != 0 || trace.rest != 0 || !std::all_of(trace.bias.begin(), trace.bias.end(), isZero)) return false;
  for (const scene::Block& block : m_layout.blocks)
    if (!block.folded && highlight.focus[std::size_t(block.firstSheet)].lit &&
        !m_state.shown().unitScale(int(&block - m_layout.blocks.data())).nothing)
      return false;
  return true;
}

// What the percentages are of, where the tag has no room for it: in lines as long as there is a place for.
void Writer::sharesApart(const QPointF& near, qreal foot) {
  const QFont font = m_style.font(11);
  const QFontMetricsF metrics(font);
  const QStringList words = shareWords().join(QLatin1Char(' ')).split(QLatin1Char(' '));
  QStringList lines;
  QSizeF size;
  std::optional<QRectF> place;
  for (const qreal width : {m_area.width(), 170.0 * m_style.textScale, 90.0 * m_style.textScale}) {
    lines.clear();
    for (const QString& word : words) {
      const bool fits = !lines.isEmpty() && metrics.horizontalAdvance(lines.back() + QLatin1Char(' ') + word) <= width;
      if (fits)
        lines.back() += QLatin1Char(' ') + word;
      else
        lines << word;
    }
    size = {0, metrics.lineSpacing() * qreal(lines.size())};
    for (const QString& line : lines) size.setWidth(std::max(size.width(), metrics.horizontalAdvance(line)));
    place = freePlace(near, size, foot);
    if (place) break;
  }
  const QRectF rect = place ? *place : inCorner(size, foot);
  backing(rect.adjusted(-4, -1, 4, 1));
  m_taken.push_back(rect);
  for (int i = 0; i < int(lines.size()); ++i)
    text({rect.left(), rect.top() + metrics.ascent() + i * metrics.lineSpacing()}, lines[i], font, m_style.muted);
}

}  // namespace render
