#include "cli/CommandLine.h"

#include <algorithm>
#include <cmath>

#include <QRegularExpression>

#include "io/FileNames.h"
#include "train/recipe/Recipe.h"

namespace cli {

namespace {

const Option* findOption(const std::vector<Option>& options, const QString& name) {
  const auto found = std::find_if(options.begin(), options.end(), [&](const Option& option) { return option.name == name; });
  return found == options.end() ? nullptr : &*found;
}

std::optional<std::pair<int, int>> parseSize(const QString& text) {
  const QStringList parts = text.toLower().split('x');
  if (parts.size() != 2) return std::nullopt;
  bool wideFine = false, highFine = false;
  const int width = parts[0].toInt(&wideFine), height = parts[1].toInt(&highFine);
  if (!wideFine || !highFine) return std::nullopt;
  return std::pair(width, height);
}

QString plain(double number) {
  const bool whole = std::abs(number) < 1e16 && number == double(qint64(number));
  return whole ? QString::number(qint64(number)) : QString::number(number, 'g', 12);
}

void checkRange(const Option& option, double number, const QString& value) {
  if (number >= option.minimum && number <= option.maximum) return;
  const QString bounds = option.maximum >= 1e300 ? "be at least " + plain(option.minimum)
                                                 : "lie between " + plain(option.minimum) + " and " + plain(option.maximum);
  throw UsageError{"--" + option.name + " must " + bounds + ", not '" + value + "'"};
}

UsageError notA(const Option& option, const char* kind, const QString& value) {
  const QString point = value.contains(',') ? " (decimals are written with a point)" : "";
  return {"--" + option.name + " needs " + kind + ", not '" + value + "'" + point};
}

void checkChoice(const Option& option, const QString& value) {
  if (option.choices.isEmpty() || option.choices.contains(value)) return;
  throw UsageError{"--" + option.name + " must be one of: " + option.choices.join(", ") + ", not '" + value + "'"};
}

void checkValue(const Option& option, const QString& value) {
  bool fine = true;
  switch (option.kind) {
    case Kind::Flag:
      return;
    case Kind::Text:
      return checkChoice(option, value);
    case Kind::Whole: {
      const qint64 number = value.toLongLong(&fine);
      static const QRegularExpression digits("^[+-]?[0-9]+$");
      if (!fine && !digits.match(value).hasMatch()) throw notA(option, "a whole number", value);
      if (!fine) throw UsageError{"--" + option.name + " is too large a number: '" + value + "'"};
      return checkRange(option, double(number), value);
    }
    case Kind::Real: {
      const double number = value.toDouble(&fine);
      if (!fine || number != number) throw notA(option, "a number", value);
      return checkRange(option, number, value);
    }
    case Kind::Size: {
      const auto size = parseSize(value);
      if (!size) throw notA(option, "a size such as 1280x800", value);
      checkRange(option, size->first, value);
      return checkRange(option, size->second, value);
    }
  }
}

// How many letters have to be added, left out, changed, or swapped with the next.
int distanceOf(const QString& a, const QString& b) {
  const auto rows = std::size_t(a.size()) + 1, columns = std::size_t(b.size()) + 1;
  std::vector<std::vector<int>> least(rows, std::vector<int>(columns));
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) {
      if (i == 0 || j == 0) {
        least[i][j] = int(i + j);
        continue;
      }
      const QChar x = a[qsizetype(i) - 1], y = b[qsizetype(j) - 1];
      least[i][j] = std::min({least[i - 1][j] + 1, least[i][j - 1] + 1, least[i - 1][j - 1] + (x == y ? 0 : 1)});
      if (i > 1 && j > 1 && x == b[qsizetype(j) - 2] && y == a[qsizetype(i) - 2])
        least[i][j] = std::min(least[i][j], least[i - 2][j - 2] + 1);
    }
  return least.back().back();
}

// What stands where an option's value should: nothing is taken for one that looks like the next option.
QString valueAfter(const Option& option, const QStringList& words, qsizetype at) {
  if (at >= words.size())
    throw UsageError{"--" + option.name + " needs a value" + (option.mayBeEmpty ? ", which may be empty (\"\")" : "")};
  if (words[at].startsWith("--"))
    throw UsageError{"--" + option.name + " needs a value, and " + words[at] + " stands there (if that is meant: --" + option.name + "=" +
                     words[at] + ")"};
  return words[at];
}

bool isNumber(const QString& word) {
  bool fine = false;
  word.toDouble(&fine);
  return fine;
}

}  // namespace

bool namesFile(const Option& option) {
  static const QStringList kNames{"DIR", "FILE", "SOURCE", "C", "M.onnx", "R.json", "X.png", "MODEL", "LESSON"};
  return option.kind == Kind::Text && kNames.contains(option.valueName);
}

Option optionOf(const nn::FieldInfo& field) {
  Option option{QString::fromStdString(field.name), Kind::Text, "TEXT", QString::fromStdString(field.tooltip),
                QString::fromStdString(train::fieldText(field.defaultValue))};
  if (std::holds_alternative<std::int64_t>(field.defaultValue)) option.kind = Kind::Whole, option.valueName = "N";
  if (std::holds_alternative<double>(field.defaultValue)) option.kind = Kind::Real, option.valueName = "X";
  if (std::holds_alternative<bool>(field.defaultValue)) option.choices = {"true", "false"};
  if (option.kind != Kind::Text) option.minimum = field.minimum, option.maximum = field.maximum;
  option.mayBeEmpty = option.kind == Kind::Text && option.standard.isEmpty();
  if (option.mayBeEmpty) option.help += " May be empty (\"\").";
  for (const std::string& choice : field.choices) option.choices << QString::fromStdString(choice);
  return option;
}

QString nearest(const QString& word, const QStringList& candidates) {
  QString best;
  int least = 1 + int(word.size() / 3);  // one slip for every three letters: of fewer, hardly anything would be left
  for (const QString& candidate : candidates) {
    const bool begins = word.size() >= 2 && candidate.startsWith(word, Qt::CaseInsensitive);
    const int distance = begins ? 0 : distanceOf(word.toLower(), candidate.toLower());
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

Arguments Arguments::parse(const QStringList& words, const std::vector<Option>& options, int fewest, int most,
                           const QString& operandNames) {
  Arguments result;
  bool optionsOver = false;
  for (qsizetype i = 0; i < words.size(); ++i) {
    const QString& word = words[i];
    if (!optionsOver && word == "--") {
      optionsOver = true;
      continue;
    }
    // A lone dash or a negative number stands where an operand may.
    const bool oneDash = word.startsWith('-') && !word.startsWith("--") && word.size() > 1 && !isNumber(word);
    if (!optionsOver && oneDash) throw UsageError{"unknown option " + word + "; options begin with two dashes", word.mid(1)};
    if (optionsOver || !word.startsWith("--")) {
      if (word.isEmpty()) throw UsageError{"one of the words is empty"};
      result.m_operands << io::pathOfWord(word);
      continue;
    }
    const qsizetype equals = word.indexOf('=');
    const QString name = word.mid(2, equals < 0 ? -1 : equals - 2);
    const Option* option = findOption(options, name);
    if (!option) throw UsageError{"unknown option --" + name, name};
    if (option->kind == Kind::Flag) {
      if (equals >= 0) throw UsageError{"--" + name + " takes no value, and '" + word.mid(equals + 1) + "' stands there"};
      result.m_given << name;
      result.m_values[name] = "true";
      continue;
    }
    const QString value = equals >= 0 ? word.mid(equals + 1) : valueAfter(*option, words, ++i);
    if (value.isEmpty() && !option->mayBeEmpty) throw UsageError{"--" + name + " needs a value, and an empty one stands there"};
    checkValue(*option, value);
    if (result.given(name)) result.m_notes << "--" + name + " is given twice: " + value + " counts, and " + result.text(name) + " does not";
    result.m_given << name;
    result.m_values[name] = namesFile(*option) ? io::pathOfWord(value) : value;
  }
  result.complete(options, fewest, most, operandNames);
  return result;
}

void Arguments::complete(const std::vector<Option>& options, int fewest, int most, const QString& operandNames) {
  for (const Option& option : options) {
    if (has(option.name)) continue;
    if (option.required) throw UsageError{"--" + option.name + " is missing"};
    if (!option.standard.isEmpty()) m_values[option.name] = option.standard;
  }
  if (m_operands.size() < fewest) throw UsageError{operandNames.split(' ').value(m_operands.size()) + " is missing"};
  if (most >= 0 && m_operands.size() > most) throw UsageError{"one word too many: '" + m_operands[most] + "'"};
}

void Arguments::refuse(const QString& name, bool hasNoEffect, const QString& reason) const {
  if (hasNoEffect && given(name)) throw UsageError{"--" + name + " " + reason};
}

QString Arguments::text(const QString& name) const {
  const auto found = m_values.find(name);
  return found == m_values.end() ? QString() : found->second;
}
qint64 Arguments::whole(const QString& name) const {
  return text(name).toLongLong();
}
double Arguments::real(const QString& name) const {
  return text(name).toDouble();
}
std::pair<int, int> Arguments::size(const QString& name) const {
  return parseSize(text(name)).value_or(std::pair(0, 0));
}
nn::FieldValue Arguments::value(const nn::FieldInfo& field) const {
  const QString name = QString::fromStdString(field.name);
  if (std::holds_alternative<bool>(field.defaultValue)) return text(name) == "true";
  if (std::holds_alternative<std::int64_t>(field.defaultValue)) return std::int64_t(whole(name));
  if (std::holds_alternative<double>(field.defaultValue)) return real(name);
  return text(name).toStdString();
}

QString helpOf(const std::vector<Option>& options) {
  constexpr int kColumn = 30;
  QString result;
  for (const Option& option : options) {
    QString left = "  --" + option.name;
    if (option.kind != Kind::Flag) left += " " + option.valueName;
    QString right = option.help;
    if (!option.choices.isEmpty()) right += " One of: " + option.choices.join(", ") + ".";
    if (!option.standard.isEmpty()) right += " Default: " + option.standard + ".";
    result += left.size() < kColumn - 1 ? left.leftJustified(kColumn) : left + "\n" + QString(kColumn, ' ');
    result += right + "\n";
  }
  return result;
}

}  // namespace cli
