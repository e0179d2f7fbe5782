#include "ui/panels/inspector/UnitPanel.h"

#include <algorithm>

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "scene/Pins.h"
#include "ui/base/Icons.h"
#include "ui/panels/inspector/InspectorSheet.h"

namespace ui {

namespace {

constexpr double kUsualValue = 7;  // characters

QToolButton* smallButton(QWidget* parent, const QString& tip) {
  auto* button = new QToolButton(parent);
  button->setAutoRaise(true);
  button->setIconSize({18, 18});
  button->setToolTip(tip);
  button->setAccessibleName(tip);
  return button;
}

QString placeText(const scene::Explanation& e) {
  if (e.shape.isVector()) return QObject::tr("%1 · %2 units").arg(QString::fromStdString(e.unitName)).arg(e.shape.channels);
  return QStringLiteral("%1 · %2").arg(QString::fromStdString(e.unitName), QString::fromStdString(e.shape.text()));
}

}  // namespace

UnitPanel::UnitPanel(QWidget* parent)
    : QWidget(parent),
      m_badge(new QLabel(this)),
      m_title(new QLabel(this)),
      m_place(new QLabel(this)),
      m_value(new QLabel(this)),
      m_keep(smallButton(this, tr("Hold this unit beside others, to compare them (H; or Ctrl and click units in the scene)"))),
      m_trace(smallButton(this, tr("Trace this unit to the pixels: what spoke for it and against it (T)"))),
      m_copy(smallButton(this, tr("Copy the calculation as text"))),
      m_close(smallButton(this, tr("Unpin this unit"))),
      m_scroll(new QScrollArea(this)),
      m_sheet(new InspectorSheet) {
  auto* head = new QHBoxLayout;
  head->setContentsMargins(12, 8, 8, 0);
  head->setSpacing(4);
  head->addWidget(m_badge);
  head->addWidget(m_title, 1);
  head->addWidget(m_value);
  head->addSpacing(4);
  head->addWidget(m_keep);
  head->addWidget(m_trace);
  head->addWidget(m_copy);
  head->addWidget(m_close);
  auto* place = new QHBoxLayout;
  place->setContentsMargins(12, 0, 12, 4);
  place->addWidget(m_place);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addLayout(head);
  column->addLayout(place);
  column->addWidget(m_scroll, 1);
  m_place->setWordWrap(true);
  m_scroll->setWidgetResizable(true);
  m_scroll->setFrameShape(QFrame::NoFrame);
  m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroll->setWidget(m_sheet);
  m_scroll->viewport()->setAutoFillBackground(false);
  m_sheet->setAutoFillBackground(false);
  m_trace->setCheckable(true);
  m_trace->setObjectName("inspectorTrace");
  connect(m_trace, &QToolButton::clicked, this, &UnitPanel::traceToggled);
  connect(m_copy, &QToolButton::clicked, this, &UnitPanel::copyText);
  m_keep->setCheckable(true);
  m_keep->setObjectName("inspectorKeep");
  m_close->setObjectName("inspectorClose");
  m_badge->setAlignment(Qt::AlignCenter);
  connect(m_keep, &QToolButton::clicked, this, [this](bool on) { emit keepRequested(m_explanation->unit, on); });
  connect(m_close, &QToolButton::clicked, this, [this] { emit closeRequested(m_explanation->unit); });
  connect(m_sheet, &InspectorSheet::termHovered, this, &UnitPanel::termHovered);
  connect(m_sheet, &InspectorSheet::unitRequested, this, &UnitPanel::unitRequested);
  setTheme(lightTheme());
  clear();
}

UnitPanel::~UnitPanel() = default;

void UnitPanel::setTheme(const Theme& theme) {
  m_theme = theme;
  m_title->setFont(theme.title);
  m_value->setFont(theme.displayAt(int(theme.title.pixelSize() * 1.75)));
  m_place->setFont(theme.small);
  QPalette colors = palette();
  colors.setColor(QPalette::WindowText, theme.muted);
  m_place->setPalette(colors);
  m_badge->setFont(theme.bold(theme.body));
  const int side = QFontMetrics(m_badge->font()).height() + 4;
  m_badge->setFixedSize(side, side);
  m_keep->setIcon(icon(Icon::Pin, theme));
  m_trace->setIcon(icon(Icon::Trace, theme));
  m_copy->setIcon(icon(Icon::Copy, theme));
  m_close->setIcon(icon(Icon::Cross, theme));
  m_sheet->setTheme(theme);
}

void UnitPanel::setUnit(const ShownUnit& unit, int letter) {
  m_letter = letter;
  m_current = unit.current;
  m_keep->setChecked(unit.kept);
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
  const bool any = m_explanation != nullptr;
  for (QWidget* widget : std::initializer_list<QWidget*>{m_title, m_place, m_value, m_keep, m_close}) widget->setVisible(any);
  m_badge->setVisible(any && m_letter >= 0);
  const bool alone = any && m_letter < 0;  // else there is no room for more buttons; the menu has them too
  m_trace->setVisible(alone);
  m_copy->setVisible(alone);
  if (m_badge->isVisibleTo(this)) {
    const scene::Rgb color = scene::pinColor(std::size_t(m_letter), m_theme.dark);
    m_badge->setText(QString(QLatin1Char(scene::pinLetter(std::size_t(m_letter)))));
    m_badge->setStyleSheet(QStringLiteral("background:rgb(%1,%2,%3);color:%4;border-radius:4px")
                               .arg(color.r)
                               .arg(color.g)
                               .arg(color.b)
                               .arg(m_theme.readableOn(QColor(color.r, color.g, color.b)).name()));
  }
  if (any) {
    m_title->setText(QString::fromStdString(m_explanation->nodeName));
    m_place->setText(alone ? placeText(*m_explanation) : QString::fromStdString(m_explanation->unitName));
    const scene::Explanation* shown = m_explanation.get();
    while (!shown->then.empty()) shown = &shown->then.back();
    const QString value = m_worked >= 0 ? runningText(*m_explanation, m_worked) : valueText(*shown);
    // Beside others there is less room for it, and a long number takes the room of a usual one.
    const double size = m_theme.title.pixelSize() * (alone ? 1.75 : 1.2);
    m_value->setFont(m_theme.displayAt(int(size * std::min(1.0, kUsualValue / double(value.size())))));
    m_value->setText(value);
  }
  m_sheet->setExplanation(m_explanation);
  m_sheet->setAccessibleName(any ? QStringLiteral("%1, %2").arg(m_title->text(), m_place->text()) : tr("No unit is pinned"));
  if (other) m_scroll->verticalScrollBar()->setValue(0);
  update();
}

void UnitPanel::setTracing(bool on) {
  m_trace->setChecked(on);
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
  if (event->button() == Qt::LeftButton && m_explanation && !m_current) emit currentRequested(m_explanation->unit);
}

void UnitPanel::copyText() {
  QGuiApplication::clipboard()->setText(text());
}

}  // namespace ui
