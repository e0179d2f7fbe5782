#include "ui/base/NumberField.h"

#include <algorithm>

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
  connect(lineEdit(), &QLineEdit::textEdited, m_note, &QWidget::hide);
  setCorrectionMode(QAbstractSpinBox::CorrectToPreviousValue);
  connect(lineEdit(), &QLineEdit::inputRejected, this,
          [this] { explain(tr("That would be no number. One decimal mark, a point or a comma: 0.001 or 1e-3")); });
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

QValidator::State NumberField::validate(QString& text, int&) const {
  const QString number = stripped(text);
  const Legible reading = legible(number);
  if (reading == Legible::No || (minimum() >= 0 && number.startsWith(u'-'))) return QValidator::Invalid;
  if (reading == Legible::Begun) return QValidator::Intermediate;
  const double value = *readNumber(number);
  return value >= minimum() && value <= maximum() ? QValidator::Acceptable : QValidator::Intermediate;
}

// Called where the person leaves a text that is not acceptable.
void NumberField::fixup(QString& text) const {
  const std::optional<double> value = readNumber(stripped(text));
  if (!value) {
    explain(tr("\"%1\" is no number; it stays %2").arg(stripped(text), textFromValue(this->value())));
    return;
  }
  text = textFromValue(std::clamp(*value, minimum(), maximum()));
  explain(tr("From %1 to %2: %3 became %4").arg(textFromValue(minimum()), textFromValue(maximum()), plainNumber(*value), text));
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
