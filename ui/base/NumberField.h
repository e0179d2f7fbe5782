// A field for a number, whole or not, that reads and writes it as ui/base/Numbers.h does, whatever the locale. Each text can be typed;
// one that is no number, or has a sign that cannot be, is not taken, what lies outside the range becomes its nearest end, and a note below
// the field says so. UI thread.
#pragma once

#include <QDoubleSpinBox>

class QLabel;
class QTimer;

namespace ui {

class NumberField : public QDoubleSpinBox {
  Q_OBJECT
 public:
  explicit NumberField(QWidget* parent = nullptr);
  QValidator::State validate(QString& text, int& cursor) const override;
  void fixup(QString& text) const override;
  double valueFromText(const QString& text) const override;
  QString textFromValue(double value) const override;

 protected:
  // Undo and redo are the window's, but for a number that is being typed.
  bool event(QEvent* event) override;

 private:
  QString stripped(QString text) const;  // without what stands before and after the number
  void explain(const QString& why) const;

  QLabel* m_note;  // no tool tip, which goes with the click or key that the field is left by
  QTimer* m_noteEnds;
};

}  // namespace ui
