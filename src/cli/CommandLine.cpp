#include "cli/CommandLine.h"

#include <algorithm>

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
  return QString::number(number, 'g', 12);
}

void checkRange(const Option& option, double number) {
  if (number >= option.minimum && number <= option.maximum) return;
  if (option.maximum >= 1e300) throw UsageError{"--" + option.name + " must be at least " + plain(option.minimum)};
  throw UsageError{"--" + option.name + " must lie between " + plain(option.minimum) + " and " + plain(option.maximum)};
}

void checkValue(const Option& option, const QString& value) {
  bool fine = true;
  switch (option.kind) {
    case Kind::Flag:
      return;
    case Kind::Text:
      if (option.choices.isEmpty() || option.choices.contains(value)) return;
      throw UsageError{"--" + option.name + " must be one of: " + option.choices.join(", ")};
    case Kind::Whole: {
      const qint64 number = value.toLongLong(&fine);
      if (!fine) throw UsageError{"--" + option.name + " needs a whole number, not '" + value + "'"};
      return checkRange(option, double(number));
    }
    case Kind::Real: {
      const double number = value.toDouble(&fine);
      if (!fine || number != number) throw UsageError{"--" + option.name + " needs a number, not '" + value + "'"};
      return checkRange(option, number);
    }
    case Kind::Size: {
      const auto size = parseSize(value);
      if (!size) throw UsageError{"--" + option.name + " needs a size such as 1280x800, not '" + value + "'"};
      checkRange(option, size->first);
      return checkRange(option, size->second);
    }
  }
}

}  // namespace

Arguments Arguments::parse(const QStringList& words, const std::vector<Option>& options, int fewest, int most) {
  Arguments result;
  bool optionsOver = false;
  for (qsizetype i = 0; i < words.size(); ++i) {
    if (optionsOver || !words[i].startsWith("--")) {
      // A lone word, or a negative number that stands where an operand may.
      result.m_operands << words[i];
      continue;
    }
    if (words[i] == "--") {
      optionsOver = true;
      continue;
    }
    const qsizetype equals = words[i].indexOf('=');
    const QString name = words[i].mid(2, equals < 0 ? -1 : equals - 2);
    const Option* option = findOption(options, name);
    if (!option) throw UsageError{"unknown option --" + name};
    if (option->kind == Kind::Flag) {
      if (equals >= 0) throw UsageError{"--" + name + " takes no value"};
      result.m_values[name] = "true";
      continue;
    }
    if (equals < 0 && i + 1 >= words.size()) throw UsageError{"--" + name + " needs a value"};
    const QString value = equals >= 0 ? words[i].mid(equals + 1) : words[++i];
    checkValue(*option, value);
    result.m_values[name] = value;
  }
  for (const Option& option : options) {
    if (result.has(option.name)) continue;
    if (option.required) throw UsageError{"--" + option.name + " is missing"};
    if (!option.standard.isEmpty()) result.m_values[option.name] = option.standard;
  }
  if (result.m_operands.size() < fewest) throw UsageError{fewest == 1 ? "something to work on is missing" : "too few words"};
  if (most >= 0 && result.m_operands.size() > most) throw UsageError{"one word too many: '" + result.m_operands[most] + "'"};
  return result;
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
