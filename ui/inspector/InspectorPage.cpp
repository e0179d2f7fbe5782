#include "ui/inspector/InspectorPage.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <QCoreApplication>
#include <QFontMetricsF>

#include "scene/ColorMap.h"

namespace ui {
namespace {

using scene::Explanation;
using Item = InspectorItem;

QString tr(const char* text) {
  return QCoreApplication::translate("Inspector", text);
}

struct Scales {
  float input = 1e-6f, weight = 1e-6f, product = 1e-6f;
  bool signedInput = false;
};

Scales scalesOf(const Explanation& e) {
  Scales scales;
  for (const scene::Term& term : e.terms) {
    scales.input = std::max(scales.input, std::abs(term.input));
    scales.weight = std::max(scales.weight, std::abs(term.weight));
    scales.product = std::max(scales.product, std::abs(term.product));
    scales.signedInput = scales.signedInput || term.input < 0;
  }
  return scales;
}

enum class Quantity { Input, Weight, Product };

class Builder {
 public:
  Builder(const Explanation& explanation, int patch, double width, const Theme& theme)
      : m_e(explanation),
        m_patch(patch),
        m_theme(theme),
        m_scales(scalesOf(explanation)),
        m_margin(theme.grid * 1.5),
        m_right(width - m_margin) {
    m_y = m_margin;
  }

  InspectorPage build() {
    addTitle();
    switch (m_e.kind) {
      case nn::Combine::WeightedSum:
        m_e.patches.empty() ? addDense() : addConvolution();
        addSum();
        break;
      case nn::Combine::Maximum:
      case nn::Combine::Average:
        addPool();
        break;
      case nn::Combine::Input:
        addText(tr("A value of the picture that the network receives."), m_theme.body, m_theme.muted, 2);
        break;
      case nn::Combine::Softmax:
        addSoftmax(m_e);
        break;
      default:
        addTerms();
    }
    for (const Explanation* next = &m_e; !next->then.empty(); next = &next->then.back()) addStep(next->then.back());
    addFormula();
    m_page.height = m_y + m_margin;
    return std::move(m_page);
  }

 private:
  double width() const { return m_right - m_margin; }

  Item& add(Item::Kind kind, const QRectF& rect) {
    m_page.items.push_back({.kind = kind, .rect = rect});
    return m_page.items.back();
  }

  Item& addTextAt(const QRectF& rect, const QString& text, const QFont& font, const QColor& color, Qt::Alignment align) {
    Item& item = add(Item::Kind::Text, rect);
    item.text = text;
    item.font = font;
    item.color = color;
    item.align = align;
    return item;
  }

  // A paragraph of at most `lines` lines; advances.
  void addText(const QString& text, const QFont& font, const QColor& color, int lines = 1) {
    const QFontMetricsF metrics(font);
    const double most = metrics.height() * lines + 2;
    const QRectF used = metrics.boundingRect(QRectF(0, 0, width(), 10000), Qt::TextWordWrap, text);
    const double height = std::min(std::max(used.height(), metrics.height()), most);
    addTextAt({m_margin, m_y, width(), height + 2}, text, font, color, Qt::AlignLeft | Qt::AlignTop);
    m_y += height + m_theme.grid / 2.0;
  }

  void addHeading(const QString& text) {
    m_y += m_theme.grid;
    add(Item::Kind::Rule, {m_margin, m_y, width(), 1}).color = m_theme.line;
    m_y += m_theme.grid;
    addText(text, m_theme.bold(m_theme.small), m_theme.muted);
  }

  void addTitle() {
    addText(QString::fromStdString(m_e.nodeName + " · " + m_e.unitName), m_theme.title, m_theme.text, 2);
    QString type = QString::fromStdString(m_e.layerType);
    if (m_e.activation != nn::Activation::None) type += ", " + QString::fromUtf8(nn::activationName(m_e.activation).data());
    for (const Explanation* next = &m_e; !next->then.empty(); next = &next->then.back())
      type += " → " + QString::fromStdString(next->then.back().layerType);
    addText(type, m_theme.small, m_theme.muted);
    const QFont font = m_theme.displayAt(m_theme.title.pixelSize() * 2);
    const double height = QFontMetricsF(font).height();
    const float value = m_e.shownValue();
    addTextAt({m_margin, m_y, width(), height}, inspectorNumber(value), font, m_theme.text, Qt::AlignLeft | Qt::AlignVCenter);
    m_y += height;
  }

  QColor colorOf(Quantity quantity, float value) const {
    if (quantity == Quantity::Input && !m_scales.signedInput) {
      const scene::Rgb c = scene::ColorMap::sequential(m_theme.dark).at(value / m_scales.input);
      return {c.r, c.g, c.b};
    }
    const float scale = quantity == Quantity::Input ? m_scales.input : quantity == Quantity::Weight ? m_scales.weight : m_scales.product;
    return m_theme.valueColour(value / scale);
  }

  static float valueOf(const scene::PatchCell& cell, Quantity quantity) {
    return quantity == Quantity::Input ? cell.input : quantity == Quantity::Weight ? cell.weight : cell.product;
  }

  // A patch as a grid of `pitch` px; returns its rectangle.
  QRectF addGrid(int patchIndex, Quantity quantity, QPointF corner, double pitch) {
    const scene::Patch& patch = m_e.patches[std::size_t(patchIndex)];
    QFont font = m_theme.small;
    font.setPixelSize(std::clamp(int(pitch * 0.33), 7, m_theme.body.pixelSize()));
    for (int i = 0; i < patch.rows * patch.columns; ++i) {
      const scene::PatchCell& cell = patch.cells[std::size_t(i)];
      const QRectF rect(corner.x() + i % patch.columns * pitch, corner.y() + i / patch.columns * pitch, pitch, pitch);
      Item& item = add(Item::Kind::Cell, rect);
      item.color = cell.inside ? colorOf(quantity, valueOf(cell, quantity)) : m_theme.surface;
      if (pitch >= 21 && cell.inside) item.text = inspectorNumber(valueOf(cell, quantity));
      item.font = font;
      item.term = cell.term;
      item.patch = patchIndex;
      item.winner = cell.winner;
    }
    return {corner, QSizeF(patch.columns * pitch, patch.rows * pitch)};
  }

  QString mapName(const scene::Patch& patch) const { return tr("map %1").arg(patch.inputChannel + 1); }

  void addConvolution() {
    const scene::Patch& chosen = m_e.patches[std::size_t(m_patch)];
    const bool several = m_e.patches.size() > 1;
    addHeading(several ? tr("Input patch × kernel, %1 of %2").arg(mapName(chosen)).arg(m_e.patches.size()) : tr("Input patch × kernel"));
    const double gap = m_theme.grid * 2.5;
    const double pitch = std::clamp(std::floor((width() - gap) / 2 / chosen.columns), 6.0, 44.0);
    const QRectF input = addGrid(m_patch, Quantity::Input, {m_margin, m_y}, pitch);
    const QRectF kernel = addGrid(m_patch, Quantity::Weight, {input.right() + gap, m_y}, pitch);
    addTextAt({input.right(), m_y, gap, input.height()}, "×", m_theme.title, m_theme.muted, Qt::AlignCenter);
    m_y = kernel.bottom() + m_theme.grid / 2.0;
    addText(tr("= products, sum %1").arg(inspectorNumber(chosen.sum)), m_theme.bold(m_theme.small), m_theme.muted);
    const QRectF products = addGrid(m_patch, Quantity::Product, {m_margin, m_y}, pitch);
    m_y = products.bottom() + m_theme.grid / 2.0;
    if (several) addMaps();
  }

  // All input maps in small, each with the sum it brings; a click works one out.
  void addMaps() {
    addHeading(tr("All %1 input maps: patch, kernel, products, sum").arg(m_e.patches.size()));
    const double sumWidth = QFontMetricsF(m_theme.body).horizontalAdvance("−00.00") + m_theme.grid;
    const double nameWidth = QFontMetricsF(m_theme.small).horizontalAdvance(tr("map %1").arg(000)) + m_theme.grid;
    const double gap = m_theme.grid;
    for (int i = 0; i < int(m_e.patches.size()); ++i) {
      const scene::Patch& patch = m_e.patches[std::size_t(i)];
      const double pitch = std::clamp(std::floor((width() - sumWidth - nameWidth - 2 * gap) / 3 / patch.columns), 2.0, 12.0);
      const double height = patch.rows * pitch;
      Item& name =
          addTextAt({m_margin, m_y, nameWidth, height}, mapName(patch), m_theme.small, m_theme.muted, Qt::AlignLeft | Qt::AlignVCenter);
      name.patch = i;
      double x = m_margin + nameWidth;
      for (const Quantity quantity : {Quantity::Input, Quantity::Weight, Quantity::Product})
        x = addGrid(i, quantity, {x, m_y}, pitch).right() + gap;
      Item& sum = addTextAt({m_right - sumWidth, m_y, sumWidth, height}, inspectorNumber(patch.sum),
                            i == m_patch ? m_theme.bold(m_theme.body) : m_theme.body, i == m_patch ? m_theme.accent : m_theme.text,
                            Qt::AlignRight | Qt::AlignVCenter);
      sum.patch = i;
      m_y += height + m_theme.grid;
    }
  }

  void addRow(const QString& name, const QString& value, bool strong = false) {
    const QFont font = strong ? m_theme.bold(m_theme.body) : m_theme.body;
    const double height = QFontMetricsF(font).height() + 4;
    addTextAt({m_margin, m_y, width(), height}, name, font, strong ? m_theme.text : m_theme.muted, Qt::AlignLeft | Qt::AlignVCenter);
    addTextAt({m_margin, m_y, width(), height}, value, font, m_theme.text, Qt::AlignRight | Qt::AlignVCenter);
    m_y += height;
  }

  void addSum() {
    addHeading(tr("Sum and activation"));
    addRow(tr("sum of the %1 products").arg(m_e.terms.size()), inspectorNumber(m_e.sum));
    if (m_e.hasBias) addRow(tr("+ bias"), inspectorNumber(m_e.bias));
    addRow(tr("= weighted sum"), inspectorNumber(m_e.preActivation), true);
    addActivation(m_e);
  }

  void addActivation(const Explanation& e) {
    if (e.activation == nn::Activation::None) return;
    m_y += m_theme.grid / 2.0;
    Item& curve = add(Item::Kind::Curve, {m_margin, m_y, width(), m_theme.grid * 12.0});
    curve.activation = e.activation;
    curve.x = e.preActivation;
    curve.y = e.value;
    curve.font = m_theme.small;
    m_y = curve.rect.bottom() + m_theme.grid / 2.0;
    addRow(QString("%1(%2)").arg(QString::fromUtf8(nn::activationName(e.activation).data()), inspectorNumber(e.preActivation)),
           "= " + inspectorNumber(e.value), true);
  }

  void addPool() {
    const bool maximum = m_e.kind == nn::Combine::Maximum;
    addHeading(maximum ? tr("The largest of the window goes on") : tr("The mean of the window goes on"));
    if (!m_e.patches.empty()) {
      const double pitch = std::clamp(std::floor(width() / m_e.patches.front().columns), 6.0, 56.0);
      m_y = addGrid(0, Quantity::Input, {m_margin, m_y}, pitch).bottom() + m_theme.grid;
    }
    if (maximum) {
      addRow(tr("maximum"), inspectorNumber(m_e.value), true);
      return;
    }
    addRow(tr("mean of %1").arg(m_e.terms.size()), inspectorNumber(m_e.terms.empty() ? 0.0f : m_e.sum / float(m_e.terms.size())));
    if (m_e.hasScale) addRow(tr("× coefficient"), inspectorNumber(m_e.scale));
    if (m_e.hasBias) addRow(tr("+ bias"), inspectorNumber(m_e.bias));
    addRow(tr("="), inspectorNumber(m_e.preActivation), true);
    addActivation(m_e);
  }

  QString termName(const scene::Term& term, bool maps) const {
    if (!maps) return tr("unit %1").arg(term.source.cell.channel + 1);
    return QString("%1 (%2, %3)").arg(term.source.cell.channel + 1).arg(term.source.cell.row + 1).arg(term.source.cell.column + 1);
  }

  bool readsMaps() const {
    return std::any_of(m_e.terms.begin(), m_e.terms.end(), [](const scene::Term& t) { return t.source.cell.row || t.source.cell.column; });
  }

  void addDense() {
    const bool maps = readsMaps();
    if (maps) addPictures();
    addHeading(tr("What weighs most: input × weight"));
    std::vector<int> order(m_e.terms.size());
    std::iota(order.begin(), order.end(), 0);
    const std::size_t kept = std::min<std::size_t>(order.size(), 10);
    const auto weight = [this](int i) { return std::abs(m_e.terms[std::size_t(i)].product); };
    std::partial_sort(order.begin(), order.begin() + std::ptrdiff_t(kept), order.end(),
                      [&](int a, int b) { return weight(a) > weight(b); });
    double rest = m_e.sum;
    for (std::size_t i = 0; i < kept; ++i) {
      addTermRow(order[i], maps);
      rest -= double(m_e.terms[std::size_t(order[i])].product);
    }
    if (kept < order.size()) addRow(tr("the other %1").arg(order.size() - kept), inspectorNumber(float(rest)));
  }

  void addTermRow(int index, bool maps) {
    const scene::Term& term = m_e.terms[std::size_t(index)];
    const double height = QFontMetricsF(m_theme.small).height() + m_theme.grid * 0.75;
    const double nameWidth = width() * 0.24, valueWidth = QFontMetricsF(m_theme.body).horizontalAdvance("−00.00");
    Item& name =
        addTextAt({m_margin, m_y, nameWidth, height}, termName(term, maps), m_theme.small, m_theme.muted, Qt::AlignLeft | Qt::AlignVCenter);
    name.term = index;
    const QString product = inspectorNumber(term.input) + " × " + inspectorNumber(term.weight);
    Item& factors = addTextAt({m_margin + nameWidth, m_y, width() * 0.33, height}, product, m_theme.small, m_theme.muted,
                              Qt::AlignRight | Qt::AlignVCenter);
    factors.term = index;
    const double left = m_margin + nameWidth + width() * 0.33 + m_theme.grid, right = m_right - valueWidth - 2;
    const double middle = (left + right) / 2, length = (right - left) / 2 * std::abs(term.product) / m_scales.product;
    Item& bar = add(Item::Kind::Bar, {term.product < 0 ? middle - length : middle, m_y + height * 0.2, length, height * 0.6});
    bar.color = m_theme.valueColour(term.product < 0 ? -1.0f : 1.0f);
    bar.term = index;
    Item& value = addTextAt({m_right - valueWidth, m_y, valueWidth, height}, inspectorNumber(term.product), m_theme.body, m_theme.text,
                            Qt::AlignRight | Qt::AlignVCenter);
    value.term = index;
    m_y += height;
  }

  // A dense layer that reads maps: its weights and its contributions as pictures, map by map.
  void addPictures() {
    std::map<int, std::vector<int>> maps;
    int rows = 1, columns = 1;
    for (int i = 0; i < int(m_e.terms.size()); ++i) {
      const nn::Cell& cell = m_e.terms[std::size_t(i)].source.cell;
      maps[cell.channel].push_back(i);
      rows = std::max(rows, cell.row + 1);
      columns = std::max(columns, cell.column + 1);
    }
    for (const Quantity quantity : {Quantity::Weight, Quantity::Product}) {
      addHeading(quantity == Quantity::Weight ? tr("Weights, as pictures") : tr("Contributions: input × weight"));
      const int across = maps.size() == 1 ? 1 : std::min<int>(int(maps.size()), 8);
      const double pitch = std::min(std::floor((width() - (across - 1) * 4.0) / across / columns * 2) / 2, 8.0);
      int place = 0;
      const double top = m_y;
      for (const auto& [channel, terms] : maps) {
        const double x = m_margin + place % across * (columns * pitch + 4), y = top + place / across * (rows * pitch + 4);
        for (const int i : terms) {
          const scene::Term& term = m_e.terms[std::size_t(i)];
          Item& item = add(Item::Kind::Cell, {x + term.source.cell.column * pitch, y + term.source.cell.row * pitch, pitch, pitch});
          item.color = colorOf(quantity, quantity == Quantity::Weight ? term.weight : term.product);
          item.term = i;
        }
        ++place;
        m_y = std::max(m_y, y + rows * pitch + 4);
      }
    }
  }

  void addTerms() {
    addHeading(tr("What comes in"));
    for (std::size_t i = 0; i < m_e.terms.size() && i < 24; ++i)
      addRow(termName(m_e.terms[i], readsMaps()), inspectorNumber(m_e.terms[i].input));
    addRow(tr("result"), inspectorNumber(m_e.value), true);
    addActivation(m_e);
  }

  void addStep(const Explanation& step) {
    if (step.kind == nn::Combine::Softmax) return addSoftmax(step);
    addHeading(QString::fromStdString(step.nodeName));
    addActivation(step);
  }

  void addSoftmax(const Explanation& e) {
    addHeading(tr("Softmax: this exponential, as a share of all"));
    const float own = std::exp(e.preActivation - e.largest);
    addRow(tr("exp(%1 − %2), the largest logit taken off").arg(inspectorNumber(e.preActivation), inspectorNumber(e.largest)),
           inspectorNumber(own));
    addRow(tr("÷ sum of all %1 exponentials").arg(e.terms.size()), inspectorNumber(e.denominator));
    addRow(tr("= probability"), QString::number(double(e.value), 'f', 4), true);
  }

  void addFormula() {
    addHeading(tr("With these numbers"));
    QString formula = QString::fromStdString(m_e.formula);
    addText(formula.replace('-', QChar(0x2212)), m_theme.body, m_theme.text, 6);
  }

  const Explanation& m_e;
  int m_patch;
  const Theme& m_theme;
  Scales m_scales;
  double m_margin, m_right, m_y = 0;
  InspectorPage m_page;
};

}  // namespace

QString inspectorNumber(float value) {
  if (!std::isfinite(value)) return QString::number(double(value));
  QString text = QString::number(double(value), 'f', std::abs(value) >= 100 ? 1 : 2);
  if (text == "-0.00") text = "0.00";
  return text.replace('-', QChar(0x2212));
}

int strongestPatch(const Explanation& explanation) {
  const auto weaker = [](const scene::Patch& a, const scene::Patch& b) { return std::abs(a.sum) < std::abs(b.sum); };
  const auto strongest = std::max_element(explanation.patches.begin(), explanation.patches.end(), weaker);
  return strongest == explanation.patches.end() ? 0 : int(strongest - explanation.patches.begin());
}

InspectorPage layOutInspector(const Explanation& explanation, int patch, double width, const Theme& theme) {
  return Builder(explanation, patch, width, theme).build();
}

QString inspectorText(const Explanation& e) {
  QString text = QString::fromStdString(e.nodeName + " · " + e.unitName + "\n");
  for (const scene::Term& term : e.terms)
    text += QString("%1\t%2\t%3\n").arg(double(term.input)).arg(double(term.weight)).arg(double(term.product));
  if (e.hasBias) text += QString("bias\t%1\n").arg(double(e.bias));
  text += QString::fromStdString(e.formula) + "\n";
  for (const Explanation& next : e.then) text += inspectorText(next);
  return text;
}

}  // namespace ui
