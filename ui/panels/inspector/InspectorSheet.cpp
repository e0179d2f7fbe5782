#include "ui/panels/inspector/InspectorSheet.h"

#include <algorithm>
#include <cmath>

#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/base/Icons.h"
#include "ui/base/Widgets.h"
#include "ui/panels/inspector/Figures.h"

namespace ui {

namespace {

constexpr double kMargin = 12;

}  // namespace

InspectorSheet::InspectorSheet(QWidget* parent) : QWidget(parent), m_theme(lightTheme()) {
  setMouseTracking(true);
}

void InspectorSheet::setTheme(const Theme& theme) {
  m_theme = theme;
  place();
}

void InspectorSheet::setPalette(scene::Palette palette) {
  m_palette = palette;
  update();
}

void InspectorSheet::setPlayed(bool played, int worked) {
  m_played = played;
  m_worked = worked;
}

void InspectorSheet::setExplanation(std::shared_ptr<const scene::Explanation> explanation) {
  const bool same = m_explanation && explanation && sameSections(*m_explanation, *explanation);
  m_explanation = std::move(explanation);
  if (!same) {
    setHovered({});
    m_pointedPatch = -1;
    m_sections.clear();
    // While a window slides, the map that is worked out stays.
    if (!m_explanation || !m_played || m_patch >= m_explanation->patches.size())
      m_patch = m_explanation ? strongestPatch(*m_explanation) : 0;
    const scene::Explanation* link = m_explanation.get();
    for (std::size_t i = 0; link; ++i) {
      for (auto& section : sectionsFor(*link, i == 0)) m_sections.push_back({std::move(section), i});
      link = link->then.empty() ? nullptr : &link->then.front();
    }
  }
  if (m_explanation && m_worked > 0 && !m_explanation->patches.empty())
    m_patch = std::min(std::size_t(m_worked - 1) / m_explanation->patches[0].cells.size(), m_explanation->patches.size() - 1);
  place();
}

// Explanations that follow each other are nested.
const scene::Explanation& InspectorSheet::at(std::size_t link) const {
  const scene::Explanation* e = m_explanation.get();
  for (; link > 0; --link) e = &e->then.front();
  return *e;
}

SectionView InspectorSheet::view(std::size_t link) const {
  const std::size_t patch = m_pointedPatch >= 0 ? std::size_t(m_pointedPatch) : m_patch;
  std::vector<const scene::Explanation*> beside;
  for (const auto& other : m_beside)
    if (link == 0) beside.push_back(other.get());
  return {at(link), m_theme,  std::max(1.0, width() - 2 * kMargin), litTerms(link), link == 0 ? patch : 0, link == 0 ? m_worked : -1,
          beside,   m_palette};
}

void InspectorSheet::setBeside(std::vector<std::shared_ptr<const scene::Explanation>> others) {
  if (others == m_beside) return;
  m_beside = std::move(others);
  update();
}

// The term under the mouse; else those whose unit is pointed at elsewhere.
std::vector<int> InspectorSheet::litTerms(std::size_t link) const {
  if (m_hovered.term >= 0) return m_hovered.link == link ? std::vector{m_hovered.term} : std::vector<int>();
  std::vector<int> lit;
  if (const int term = link == 0 ? termOfWeight() : -1; term >= 0) lit.push_back(term);
  const std::vector<scene::Term>& terms = at(link).terms;
  for (std::size_t i = 0; !m_pointed.empty() && i < terms.size(); ++i)
    if (std::find(m_pointed.begin(), m_pointed.end(), terms[i].source) != m_pointed.end()) lit.push_back(int(i));
  return lit;
}

void InspectorSheet::setPointed(std::vector<scene::UnitId> names) {
  if (names == m_pointed) return;
  m_pointed = std::move(names);
  showPointedMap();
  update();
}

void InspectorSheet::setPointedWeight(const std::optional<scene::Pick>& weight) {
  if (!weight && !m_pointedWeight) return;
  m_pointedWeight = weight;
  showPointedMap();
  update();
}

// Where the sheet's unit uses the weight that is pointed at; -1: nowhere. A kernel has one tile for each map that it reads.
int InspectorSheet::termOfWeight() const {
  if (!m_pointedWeight || !m_explanation || m_pointedWeight->unit.node != m_explanation->unit.node) return -1;
  const scene::CellRef& cell = m_pointedWeight->cell;
  if (m_pointedWeight->unit.cell.channel != m_explanation->unit.cell.channel) return -1;
  if (cell.tile < 0 || cell.tile >= int(m_explanation->patches.size())) return -1;
  const scene::Patch& patch = m_explanation->patches[std::size_t(cell.tile)];
  const int index = cell.row * patch.columns + cell.column;
  return index < int(patch.cells.size()) ? patch.cells[std::size_t(index)].term : -1;
}

// Of many input maps, the one with the pointed cell.
void InspectorSheet::showPointedMap() {
  m_pointedPatch = -1;
  if (!m_explanation || m_hovered.term >= 0) return;
  const std::vector<int> lit = litTerms(0);
  for (std::size_t i = 0; !lit.empty() && i < m_explanation->patches.size(); ++i)
    for (const scene::PatchCell& cell : m_explanation->patches[i].cells)
      if (cell.term == lit.front()) m_pointedPatch = int(i);
}

void InspectorSheet::place() {
  double top = m_theme.grid;
  for (Placed& placed : m_sections) {
    placed.top = top;
    placed.height = std::ceil(placed.section->height(view(placed.link)));
    const auto index = std::size_t(&placed - m_sections.data());
    if (index < m_leastHeights.size()) placed.height = std::max(placed.height, m_leastHeights[index]);
    top += placed.height;
  }
  const int height = m_sections.empty() ? 0 : int(std::ceil(top)) + m_theme.grid;
  if (height != minimumHeight()) setMinimumHeight(height);
  update();
}

AccessibleSection InspectorSheet::sectionAccessible(int index) const {
  const Placed& placed = m_sections[std::size_t(index)];
  return placed.section->reading(view(placed.link));
}

QRect InspectorSheet::sectionRect(int index) const {
  const Placed& placed = m_sections[std::size_t(index)];
  return {0, int(placed.top), width(), int(placed.height)};
}

bool InspectorSheet::isLike(const InspectorSheet& other) const {
  return m_explanation && other.m_explanation && m_explanation->layerType == other.m_explanation->layerType &&
         m_sections.size() == other.m_sections.size();
}

std::vector<double> InspectorSheet::ownHeights() const {
  std::vector<double> heights;
  for (const Placed& placed : m_sections) heights.push_back(std::ceil(placed.section->height(view(placed.link))));
  return heights;
}

void InspectorSheet::setLeastHeights(std::vector<double> heights) {
  if (heights == m_leastHeights) return;
  m_leastHeights = std::move(heights);
  place();
}

void InspectorSheet::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  if (!m_explanation) return paintEmpty(painter);
  for (const Placed& placed : m_sections) {
    if (placed.top > event->rect().bottom() || placed.top + placed.height < event->rect().top()) continue;
    painter.save();
    painter.translate(kMargin, placed.top);
    placed.section->paint(painter, view(placed.link));
    painter.restore();
  }
}

void InspectorSheet::paintEmpty(QPainter& painter) const {
  const double side = 40;
  const QPointF middle(width() / 2.0, std::min(height() / 2.0, 200.0));
  paintIcon(painter, {middle.x() - side / 2, middle.y() - side * 1.3, side, side}, Icon::Pin, m_theme.faint);
  const double line = m_theme.title.pixelSize() * 1.7;
  drawWords(painter, QRectF(16, middle.y(), width() - 32, line), Qt::AlignCenter, tr("Click a unit in the scene"), m_theme.title,
            m_theme.muted);
  drawWords(painter, QRectF(24, middle.y() + line, width() - 48, 80), Qt::AlignHCenter | Qt::TextWordWrap,
            tr("Its inputs, weights, sum and activation appear here, with the real numbers."), m_theme.small, m_theme.muted);
}

void InspectorSheet::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  place();
}

const InspectorSheet::Placed* InspectorSheet::placedAt(QPointF position) const {
  const auto found = std::find_if(m_sections.begin(), m_sections.end(), [&](const Placed& placed) {
    return position.y() >= placed.top && position.y() < placed.top + placed.height;
  });
  return found != m_sections.end() ? &*found : nullptr;
}

InspectorSheet::Hit InspectorSheet::hitAt(QPointF position) const {
  const Placed* placed = placedAt(position);
  if (!placed) return {};
  return {placed->link, placed->section->termAt(position - QPointF(kMargin, placed->top), view(placed->link))};
}

int InspectorSheet::patchAt(QPointF position) const {
  const Placed* placed = placedAt(position);
  return placed && placed->link == 0 ? placed->section->patchAt(position - QPointF(kMargin, placed->top), view(0)) : -1;
}

std::optional<scene::UnitId> InspectorSheet::unitAt(QPointF position) const {
  const Hit hit = hitAt(position);
  if (hit.term < 0) return neighborAt(position);
  return at(hit.link).terms[std::size_t(hit.term)].source;
}

std::optional<scene::UnitId> InspectorSheet::neighborAt(QPointF position) const {
  const Placed* placed = placedAt(position);
  if (!placed || placed->link > 0) return std::nullopt;
  return placed->section->unitAt(position - QPointF(kMargin, placed->top), view(0));
}

void InspectorSheet::setHovered(Hit hit) {
  if (hit.term < 0) hit = {};
  if (hit == m_hovered) return;
  m_hovered = hit;
  if (hit.term < 0) showPointedMap();
  update();
  if (hit.term < 0) return emit termHovered(std::nullopt);
  emit termHovered(at(hit.link).terms[std::size_t(hit.term)].source);
}

// "conv1, map 2, row 3, column 4" and the multiplication.
QString InspectorSheet::hint(Hit hit) const {
  const scene::Explanation& e = at(hit.link);
  const scene::Term& term = e.terms[std::size_t(hit.term)];
  QString text = sourceText(e, term.source) + QStringLiteral("\n");
  if (e.kind != nn::Combine::WeightedSum) return text + number(term.input);
  return text + QStringLiteral("%1 × %2 = %3").arg(number(term.input), number(term.weight), number(term.product));
}

void InspectorSheet::mouseMoveEvent(QMouseEvent* event) {
  const Hit hit = hitAt(event->position());
  setHovered(hit);
  setCursor(hit.term >= 0 || patchAt(event->position()) >= 0 || neighborAt(event->position()) ? Qt::PointingHandCursor : Qt::ArrowCursor);
  if (hit.term >= 0)
    QToolTip::showText(event->globalPosition().toPoint(), hint(hit), this);
  else
    QToolTip::hideText();
}

void InspectorSheet::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return QWidget::mousePressEvent(event);
  if (const int patch = patchAt(event->position()); patch >= 0) {
    m_patch = std::size_t(patch);
    place();
  } else if (const std::optional<scene::UnitId> unit = unitAt(event->position())) {
    emit unitRequested(*unit);
  }
}

void InspectorSheet::leaveEvent(QEvent*) {
  setHovered({});
}

}  // namespace ui
