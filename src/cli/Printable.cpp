#include "cli/Printable.h"

namespace cli {

namespace {

bool steersTerminal(QChar letter) {
  const char16_t code = letter.unicode();
  const bool embeds = code >= 0x202a && code <= 0x202e, isolates = code >= 0x2066 && code <= 0x2069;
  return letter.category() == QChar::Other_Control || code == QChar::LineSeparator || code == QChar::ParagraphSeparator || embeds ||
         isolates;
}

std::string escaped(const QString& text, bool keepLines) {
  QString result;
  for (const QChar letter : text) {
    if (steersTerminal(letter) && !(keepLines && letter == u'\n'))
      result += QStringLiteral("\\u%1").arg(int(letter.unicode()), 4, 16, QLatin1Char('0'));
    else
      result += letter;
  }
  return result.toStdString();
}

}  // namespace

std::string printable(const QString& text) {
  return escaped(text, false);
}

QString inOneLine(const QString& name) {
  return QString::fromStdString(printable(name));
}

std::string printableLines(const QString& text) {
  return escaped(text, true);
}

}  // namespace cli
