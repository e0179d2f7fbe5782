#include "ui/base/NumberField.h"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>

#include "ui/base/Numbers.h"
#include "ui/base/Timers.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {
constexpr int kNoteMs = 8000;
}

NumberField::NumberField(QWidget* parent)
    : QDoubleSpinBox(parent), m_note(named("numberNote", new QLabel(this, Qt::ToolTip))), m_noteEnds(new QTimer(this)) {
  m_note->setAttribute(Qt::WA_ShowWithoutActivating);
  runOnce(*m_noteEnds, kNoteMs, m_note, &QWidget::hide);
  setCorrectionMode(QAbstractSpinBox::CorrectToPreviousValue);
  connect(lineEdit(), &QLineEdit::textEdited, this, [this](const QString& text) {
    if (legible(stripped(text)) == Legible::No)
      explain(tr("That is no number. Digits with at most one decimal mark, a point or a comma: 0.001 or 1e-3"));
    else
      m_note->hide();
  });
}

bool NumberField::event(QEvent* event) {
  if (event->type() == QEvent::Hide) m_note->hide();
  if (event->type() == QEvent::ShortcutOverride && stripped(text()) == textFromValue(value())) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
      event->ignore();
      return true;
    }
  }
  return QDoubleSpinBox::event(event);
}

QString NumberField::stripped(QString text) const {
  if (!prefix().isEmpty() && text.startsWith(prefix())) text.remove(0, prefix().size());
  while (!suffix().isEmpty() && text.endsWith(suffix())) text.chop(suffix().size());  // pasted with its own, it stands there twice
  return text.trimmed();
}

// No character is refused: without it what follows would be another number, 12 instead of 1/2.
QValidator::State NumberField::validate(QString& text, int&) const {
  const std::optional<double> value = readNumber(stripped(text));
  const bool fits = value && *value >= minimum() && *value <= maximum() && (decimals() > 0 || *value == std::round(*value));
  return fits ? QValidator::Acceptable : QValidator::Intermediate;
}

// Called where the person leaves a text that is not acceptable.
void NumberField::fixup(QString& text) const {
  const QString typed = stripped(text), low = textFromValue(minimum()), high = textFromValue(maximum()), old = textFromValue(this->value());
  const std::optional<double> value = readNumber(typed);
  if (!value) return explain(tr("\"%1\" is no number; it stays %2").arg(typed, old));
  // The end of the range that is nearest says nothing of what was meant by a sign.
  if (*value < 0 ? minimum() >= 0 : *value == 0 && minimum() > 0)
    return explain(tr("%1 is not possible, from %2 to %3; it stays %4").arg(typed, low, high, old));
  text = textFromValue(std::clamp(*value, minimum(), maximum()));
  const QString became = tr("%1 became %2").arg(typed, text);
  explain(*value >= minimum() && *value <= maximum() ? tr("A whole number: %1").arg(became)
                                                     : tr("From %1 to %2: %3").arg(low, high, became));
}

double NumberField::valueFromText(const QString& text) const {
  return readNumber(stripped(text)).value_or(value());
}

QString NumberField::textFromValue(double value) const {
  return decimals() == 0 ? QString::number(value, 'f', 0) : plainNumber(value);  // a count keeps all its digits
}

void NumberField::explain(const QString& why) const {
  if (!isVisible()) return;
  m_note->setText(why);
  m_note->adjustSize();
  m_note->move(mapToGlobal(rect().bottomLeft()));
  m_note->show();
  m_noteEnds->start();
}

}  // namespace ui
