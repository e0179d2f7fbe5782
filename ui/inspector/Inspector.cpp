#include "ui/inspector/Inspector.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/Icons.h"
#include "ui/inspector/InspectorSheet.h"

namespace ui {

namespace {

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
  return QStringLiteral("%1 · %2").arg(QString::fromStdString(e.unitName),
                                       QString::fromStdString(e.shape.text()).replace('x', QStringLiteral(" × ")));
}

}  // namespace

Inspector::Inspector(QWidget* parent)
    : QWidget(parent),
      m_title(new QLabel(this)),
      m_place(new QLabel(this)),
      m_value(new QLabel(this)),
      m_trace(smallButton(this, tr("Trace this unit to the pixels: what spoke for it and against it (T)"))),
      m_copy(smallButton(this, tr("Copy the calculation as text"))),
      m_close(smallButton(this, tr("Unpin this unit"))),
      m_scroll(new QScrollArea(this)),
      m_sheet(new InspectorSheet) {
  auto* head = new QHBoxLayout;
  head->setContentsMargins(12, 8, 8, 0);
  head->setSpacing(4);
  head->addWidget(m_title, 1);
  head->addWidget(m_value);
  head->addSpacing(4);
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
  connect(m_trace, &QToolButton::clicked, this, &Inspector::traceToggled);
  connect(m_copy, &QToolButton::clicked, this, &Inspector::copyText);
  connect(m_close, &QToolButton::clicked, this, &Inspector::closeRequested);
  connect(m_sheet, &InspectorSheet::termHovered, this, &Inspector::termHovered);
  connect(m_sheet, &InspectorSheet::unitRequested, this, &Inspector::unitRequested);
  setTheme(lightTheme());
  clear();
}

Inspector::~Inspector() = default;

void Inspector::setTheme(const Theme& theme) {
  m_theme = theme;
  m_title->setFont(theme.title);
  m_value->setFont(theme.displayAt(int(theme.title.pixelSize() * 1.75)));
  m_place->setFont(theme.small);
  QPalette colours = palette();
  colours.setColor(QPalette::WindowText, theme.muted);
  m_place->setPalette(colours);
  m_trace->setIcon(icon(Icon::Trace, theme));
  m_copy->setIcon(icon(Icon::Copy, theme));
  m_close->setIcon(icon(Icon::Close, theme));
  m_sheet->setTheme(theme);
}

void Inspector::setExplanation(const scene::Explanation& explanation) {
  present(std::make_shared<scene::Explanation>(explanation));
}

void Inspector::clear() {
  present(nullptr);
}

void Inspector::present(std::shared_ptr<const scene::Explanation> explanation) {
  const bool other =
      !explanation || !m_explanation || !(explanation->unit == m_explanation->unit) || explanation->nodeName != m_explanation->nodeName;
  m_explanation = std::move(explanation);
  const bool any = m_explanation != nullptr;
  for (QWidget* widget : std::initializer_list<QWidget*>{m_title, m_place, m_value, m_trace, m_copy, m_close}) widget->setVisible(any);
  if (any) {
    m_title->setText(QString::fromStdString(m_explanation->nodeName));
    m_place->setText(placeText(*m_explanation));
    const scene::Explanation* shown = m_explanation.get();
    while (!shown->then.empty()) shown = &shown->then.back();
    m_value->setText(valueText(*shown));
  }
  m_sheet->setExplanation(m_explanation);
  if (other) m_scroll->verticalScrollBar()->setValue(0);
}

void Inspector::setTracing(bool on) {
  m_trace->setChecked(on);
}

QString Inspector::text() const {
  return m_explanation ? plainText(*m_explanation) : QString();
}

void Inspector::copyText() {
  QGuiApplication::clipboard()->setText(text());
}

}  // namespace ui
