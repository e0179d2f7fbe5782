#include "ui/base/Numbers.h"

#include <cmath>
#include <limits>

#include <QRegularExpression>

namespace ui {

namespace {

constexpr char16_t kNarrowSpace = 0x202f;

bool isDecimalMark(QChar c) {
  return c == u'.' || c == u',' || c == QChar(0x066b);  // the last one is the Arabic mark
}

// Narrow and unbreakable spaces, apostrophes and the Arabic mark of thousands, between digits; marks of the writing direction anywhere.
bool isPassedOver(QChar c, bool afterDigit) {
  static const QString groups = QString::fromUtf16(u"\u00a0\u2009\u202f'\u2019\u066c");
  static const QString directions = QString::fromUtf16(u"\u200e\u200f\u061c");
  return directions.contains(c) || (afterDigit && groups.contains(c));
}

// With the digits 0 to 9, a point and a small e; empty where a character belongs to no number.
QString normalized(const QString& text) {
  QString result;
  for (const QChar c : text.trimmed()) {
    const bool afterDigit = !result.isEmpty() && result.back().isDigit();
    if (c.digitValue() >= 0)
      result += QChar(u'0' + c.digitValue());
    else if (isDecimalMark(c))
      result += u'.';
    else if (c == u'e' || c == u'E')
      result += u'e';
    else if (c == u'-' || c == QChar(0x2212))
      result += u'-';
    else if (c == u'+')
      result += u'+';
    else if (!isPassedOver(c, afterDigit))
      return {};
  }
  return result;
}

}  // namespace

Legible legible(const QString& text) {
  if (text.trimmed().isEmpty()) return Legible::Begun;
  static const QRegularExpression complete(QStringLiteral(R"(^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$)"));
  static const QRegularExpression begun(QStringLiteral(R"(^[+-]?(\.?|(\d+\.?\d*|\.\d+)e[+-]?)$)"));
  const QString number = normalized(text);
  if (complete.match(number).hasMatch()) return Legible::Yes;
  return !number.isEmpty() && begun.match(number).hasMatch() ? Legible::Begun : Legible::No;
}

std::optional<double> readNumber(const QString& text) {
  if (legible(text) != Legible::Yes) return std::nullopt;
  const QString number = normalized(text);
  bool fine = false;
  const double value = number.toDouble(&fine);
  if (fine) return value;
  return number.contains(QLatin1String("e-")) ? 0.0 : std::numeric_limits<double>::infinity();
}

QString plainNumber(double value) {
  constexpr int kMostDecimals = 10, kMostDigits = 9;
  const auto same = [value](const QString& text) { return float(text.toDouble()) == float(value); };
  const double size = std::abs(value);
  if (size == 0 || (size >= 1e-4 && size < 1e6)) {
    for (int decimals = 0; decimals <= kMostDecimals; ++decimals)
      if (const QString text = QString::number(value, 'f', decimals); same(text)) return text;
  }
  QString text;
  for (int digits = 0; digits < kMostDigits; ++digits) {
    text = QString::number(value, 'e', digits);
    if (same(text)) break;
  }
  static const QRegularExpression exponent(QStringLiteral("e([+-])0*(\\d)"));
  return text.replace(exponent, QStringLiteral("e\\1\\2")).replace(QLatin1String("e+"), QLatin1String("e"));
}

QString countText(qulonglong count) {
  QString text = QString::number(count);
  if (text.size() < 5) return text;
  for (qsizetype at = text.size() - 3; at > 0; at -= 3) text.insert(at, QChar(kNarrowSpace));
  return text;
}

}  // namespace ui
