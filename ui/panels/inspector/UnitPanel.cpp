#include "ui/panels/inspector/UnitPanel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>

#include "scene/Pins.h"
#include "ui/base/Widgets.h"
#include "ui/panels/inspector/Inspector.h"
#include "ui/panels/inspector/InspectorSheet.h"
#include "ui/panels/inspector/UnitHead.h"

namespace ui {

UnitPanel::UnitPanel(Inspector& inspector, QWidget* parent)
    : QWidget(parent), m_inspector(inspector), m_head(new UnitHead(this)), m_scroll(new QScrollArea(this)), m_sheet(new InspectorSheet) {
  columnOf(this, {}, 0, {m_head, {m_scroll, 1}});
  m_scroll->setWidgetResizable(true);
  m_scroll->setFrameShape(QFrame::NoFrame);
  m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroll->setWidget(m_sheet);
  m_scroll->viewport()->setAutoFillBackground(false);
  m_sheet->setAutoFillBackground(false);
  connect(m_head, &UnitHead::traceToggled, &m_inspector, &Inspector::traceToggled);
  connect(m_head, &UnitHead::copyRequested, this, &UnitPanel::copyText);
  connect(m_head, &UnitHead::keepToggled, this, [this](bool on) { emit m_inspector.keepRequested(m_explanation->unit, on); });
  connect(m_head, &UnitHead::closeRequested, this, [this] { emit m_inspector.closeRequested(m_explanation->unit); });
  connect(m_sheet, &InspectorSheet::termHovered, &m_inspector, &Inspector::termHovered);
  connect(m_sheet, &InspectorSheet::unitRequested, &m_inspector, &Inspector::unitRequested);
  setTheme(lightTheme());
  clear();
}

void UnitPanel::setTheme(const Theme& theme) {
  m_theme = theme;
  m_head->setTheme(theme);
  m_head->setUnit(m_explanation.get(), m_letter, m_worked);
  m_sheet->setTheme(theme);
}

void UnitPanel::setUnit(const ShownUnit& unit, int letter) {
  m_letter = letter;
  m_current = unit.current;
  m_head->setKept(unit.kept);
  m_played = unit.played;
  m_worked = unit.worked;
  m_sheet->setPlayed(unit.played, unit.worked);
  present(std::make_shared<scene::Explanation>(unit.explanation));
}

void UnitPanel::clear() {
  m_letter = -1;
  present(nullptr);
}

void UnitPanel::present(std::shared_ptr<const scene::Explanation> explanation) {
  const scene::Explanation *now = explanation.get(), *before = m_explanation.get();
  // Where a window slides over one map, the rows stay where they are.
  const bool beside =
      m_played && now && before && now->unit.node == before->unit.node && now->unit.cell.channel == before->unit.cell.channel;
  const bool other = !beside && (!now || !before || !(now->unit == before->unit) || now->nodeName != before->nodeName);
  m_explanation = std::move(explanation);
  m_head->setUnit(m_explanation.get(), m_letter, m_worked);
  m_sheet->setExplanation(m_explanation);
  m_sheet->setAccessibleName(m_explanation ? m_head->name() : tr("No unit is pinned"));
  if (other) m_scroll->verticalScrollBar()->setValue(0);
  update();
}

void UnitPanel::setTracing(bool on) {
  m_head->setTracing(on);
}

QString UnitPanel::text() const {
  return m_explanation ? plainText(*m_explanation) : QString();
}

QScrollBar* UnitPanel::scrollBar() const {
  return m_scroll->verticalScrollBar();
}

// Of several, the one in hand has a bar in its color above it; the others are divided by hairlines.
void UnitPanel::paintEvent(QPaintEvent*) {
  if (m_letter < 0) return;
  QPainter painter(this);
  const scene::Rgb color = scene::pinColor(std::size_t(m_letter), m_theme.dark);
  if (m_current) painter.fillRect(QRect(0, 0, width(), 3), QColor(color.r, color.g, color.b));
  if (m_letter > 0) painter.fillRect(QRect(0, 0, 1, height()), m_theme.line);
}

void UnitPanel::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && m_explanation && !m_current) emit m_inspector.currentRequested(m_explanation->unit);
}

void UnitPanel::copyText() {
  QGuiApplication::clipboard()->setText(text());
}

}  // namespace ui
