#include "ui/panels/inspector/UnitHead.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

#include "scene/Pins.h"
#include "ui/base/Icons.h"
#include "ui/base/Widgets.h"
#include "ui/panels/inspector/InspectorSheet.h"

namespace ui {

namespace {

constexpr double kUsualValue = 7;  // characters

QToolButton* smallButton(QWidget* parent, const QString& tip) {
  QToolButton* button = flatButton(parent, tip);
  button->setIconSize({18, 18});
  return button;
}

// A layer's name may be long in a file; it gives way to the buttons, with dots.
class ElidedLabel : public QLabel {
 public:
  using QLabel::QLabel;
  QSize minimumSizeHint() const override { return {0, QLabel::minimumSizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    drawElided(painter, rect(), Qt::AlignVCenter, text(), font(), palette().color(foregroundRole()));
  }
};

QString placeText(const scene::Explanation& e) {
  if (e.shape.isVector()) return QObject::tr("%1 · %2 units").arg(QString::fromStdString(e.unitName)).arg(e.shape.channels);
  return QStringLiteral("%1 · %2").arg(QString::fromStdString(e.unitName), QString::fromStdString(e.shape.text()));
}

}  // namespace

UnitHead::UnitHead(QWidget* parent)
    : QWidget(parent),
      m_badge(new QLabel(this)),
      m_title(new ElidedLabel(this)),
      m_place(new QLabel(this)),
      m_value(new QLabel(this)),
      m_keep(smallButton(this, tr("Hold this unit beside others, to compare them (H; or Ctrl and click units in the scene)"))),
      m_trace(smallButton(this, tr("Trace this unit to the pixels: what spoke for it and against it (T)"))),
      m_copy(smallButton(this, tr("Copy the calculation as text"))),
      m_close(smallButton(this, tr("Unpin this unit"))) {
  QHBoxLayout* row = rowOf(nullptr, {12, 8, 8, 0}, 4, {m_badge, {m_title, 1}, m_keep, m_trace, m_copy, m_close});
  columnOf(this, {}, 0, {row, rowOf(nullptr, {12, 0, 12, 4}, -1, {{m_place, 1}, m_value})});
  m_badge->setAlignment(Qt::AlignCenter);
  m_place->setWordWrap(true);
  m_keep->setCheckable(true);
  m_keep->setObjectName("inspectorKeep");
  m_trace->setCheckable(true);
  m_trace->setObjectName("inspectorTrace");
  m_close->setObjectName("inspectorClose");
  connect(m_keep, &QToolButton::clicked, this, &UnitHead::keepToggled);
  connect(m_trace, &QToolButton::clicked, this, &UnitHead::traceToggled);
  connect(m_copy, &QToolButton::clicked, this, &UnitHead::copyRequested);
  connect(m_close, &QToolButton::clicked, this, &UnitHead::closeRequested);
}

void UnitHead::setTheme(const Theme& theme) {
  m_theme = theme;
  m_title->setFont(theme.title);
  m_place->setFont(theme.small);
  colorWords(*m_place, theme.muted);
  m_badge->setFont(theme.bold(theme.body));
  const int side = QFontMetrics(m_badge->font()).height() + 4;
  m_badge->setFixedSize(side, side);
  m_keep->setIcon(icon(Icon::Pin, theme));
  m_trace->setIcon(icon(Icon::Trace, theme));
  m_copy->setIcon(icon(Icon::Copy, theme));
  m_close->setIcon(icon(Icon::Cross, theme));
}

void UnitHead::setKept(bool kept) {
  m_keep->setChecked(kept);
}

void UnitHead::setTracing(bool on) {
  m_trace->setChecked(on);
}

void UnitHead::setUnit(const scene::Explanation* explanation, int letter, int worked) {
  for (QWidget* widget : std::initializer_list<QWidget*>{m_title, m_place, m_value, m_keep, m_close})
    widget->setVisible(explanation != nullptr);
  const bool alone = explanation && letter < 0;  // else there is no room for more buttons; the menu has them too
  m_trace->setVisible(alone);
  m_copy->setVisible(alone);
  m_badge->setVisible(explanation && letter >= 0);
  if (!explanation) return;
  if (letter >= 0) showLetter(letter);
  m_title->setText(QString::fromStdString(explanation->nodeName));
  m_place->setText(alone ? placeText(*explanation) : QString::fromStdString(explanation->unitName));
  showValue(*explanation, alone, worked);
}

void UnitHead::showLetter(int letter) {
  const scene::Rgb color = scene::pinColor(std::size_t(letter), m_theme.dark);
  m_badge->setText(QString(QLatin1Char(scene::pinLetter(std::size_t(letter)))));
  m_badge->setStyleSheet(QStringLiteral("background:rgb(%1,%2,%3);color:%4;border-radius:4px")
                             .arg(color.r)
                             .arg(color.g)
                             .arg(color.b)
                             .arg(m_theme.readableOn(QColor(color.r, color.g, color.b)).name()));
}

// Beside others there is less room for it, and a long number takes the room of a usual one.
void UnitHead::showValue(const scene::Explanation& explanation, bool alone, int worked) {
  const scene::Explanation* shown = &explanation;
  while (!shown->then.empty()) shown = &shown->then.back();
  const QString value = worked >= 0 ? runningText(explanation, worked) : valueText(*shown);
  const double size = m_theme.title.pixelSize() * (alone ? 1.75 : 1.2);
  m_value->setFont(m_theme.displayAt(int(size * std::min(1.0, kUsualValue / double(value.size())))));
  m_value->setText(value);
}

QString UnitHead::name() const {
  return QStringLiteral("%1, %2").arg(m_title->text(), m_place->text());
}

}  // namespace ui
