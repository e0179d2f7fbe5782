#include "io/ClassLists.h"

#include <algorithm>
#include <map>
#include <set>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QStringList>

#include "io/FileNames.h"
#include "io/Files.h"
#include "nn/Counted.h"
#include "nn/Error.h"

namespace io {

namespace {

constexpr qint64 kLargestList = 1 << 20;  // the window reads it at once
constexpr std::size_t kMostNames = 65000;
const char* const kHint = "Write one name on each line, in the order of the outputs";

std::vector<std::string> lettersOf(const char* letters) {
  std::vector<std::string> names;
  for (const char* letter = letters; *letter; ++letter) names.emplace_back(1, *letter);
  return names;
}

using Numbered = std::map<qint64, QString>;

// Counted from 0 or 1 without a gap.
std::vector<std::string> inOrder(const Numbered& names, const std::string& where) {
  std::vector<std::string> ordered;
  const qint64 first = names.empty() ? 0 : names.begin()->first;
  for (const auto& [number, name] : names) {
    if (first < 0 || first > 1 || number != first + qint64(ordered.size()))
      throw nn::Error("the numbers of its classes leave " + std::to_string(first + qint64(ordered.size())) + " out", where, kHint);
    ordered.push_back(name.toStdString());
  }
  return ordered;
}

// What a value of such a file says: a name, or the last of several, as ["n01440764", "tench"].
QString nameIn(const QJsonValue& value) {
  return value.isArray() ? value.toArray().last().toString() : value.toString();
}

std::vector<std::string> namesInJson(const QByteArray& bytes, const std::string& where) {
  QJsonParseError problem;
  const QJsonDocument document = QJsonDocument::fromJson(bytes, &problem);
  if (problem.error != QJsonParseError::NoError) throw nn::Error("it is no JSON: " + problem.errorString().toStdString(), where, kHint);
  std::vector<std::string> names;
  for (const QJsonValue& value : document.array()) names.push_back(nameIn(value).toStdString());
  if (document.isArray()) return names;
  Numbered numbered;
  const QJsonObject object = document.object();
  for (auto entry = object.begin(); entry != object.end(); ++entry) {
    bool isNumber = false;
    const qint64 number = entry.key().toLongLong(&isNumber);
    isNumber ? numbered.emplace(number, nameIn(entry.value())) : numbered.emplace(entry.value().toInteger(-1), entry.key());
  }
  if (numbered.size() != std::size_t(object.size())) throw nn::Error("two of its classes have one number", where, kHint);
  return inOrder(numbered, where);
}

// Python's quotation marks and numbers as keys, which JSON does not have.
QByteArray jsonOf(const QByteArray& text) {
  static const QRegularExpression bareKey(QStringLiteral("([{,]\\s*)(\\d+)(\\s*:)"));
  QString json = QString::fromUtf8(text);
  if (!json.contains(u'"')) json.replace(u'\'', u'"');
  return json.replace(bareKey, QStringLiteral("\\1\"\\2\"\\3")).toUtf8();
}

std::vector<std::string> namesInLines(const QByteArray& bytes, const std::string& where) {
  static const QRegularExpression number(QStringLiteral("^\\s*(\\d+)\\s*[:;,.\\t ]\\s*(\\S.*)$")),
      synset(QStringLiteral("^n\\d{8}[\\s,]+(\\S.*)$"));
  QStringList lines = QString::fromUtf8(bytes).split(QRegularExpression(QStringLiteral("\\r?\\n")));
  lines.removeIf([](const QString& line) { return line.trimmed().isEmpty(); });
  Numbered numbered;
  for (const QString& line : lines)
    if (const auto match = number.match(line); match.hasMatch())
      numbered.emplace(match.captured(1).toLongLong(), match.captured(2).trimmed());
  if (!lines.isEmpty() && numbered.size() == std::size_t(lines.size())) return inOrder(numbered, where);
  std::vector<std::string> names;
  for (const QString& line : lines) {
    const auto match = synset.match(line);
    names.push_back((match.hasMatch() ? match.captured(1) : line).trimmed().toStdString());
  }
  return names;
}

}  // namespace

const std::vector<ClassList>& knownClassLists() {
  static const std::vector<ClassList> all{
      {"digits", "Digits", lettersOf("0123456789")},
      {"fashion", "Fashion-MNIST", {"T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"}},
      {"kmnist", "Kuzushiji-MNIST", {"o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"}},
      {"cifar10", "CIFAR-10", {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}},
      {"letters", "Letters (EMNIST letters)", lettersOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ")},
      {"emnist-balanced", "EMNIST balanced", lettersOf("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt")},
      {"emnist-byclass", "EMNIST by class", lettersOf("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")}};
  return all;
}

const ClassList* findClassList(const QString& word) {
  const auto& all = knownClassLists();
  const auto found = std::find_if(all.begin(), all.end(), [&](const ClassList& list) { return word == QLatin1String(list.word); });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> readClassNames(const QString& path) {
  const std::string where = shownPath(path).toStdString();
  const QByteArray bytes = readFile(path, kLargestList);
  return classNamesIn(bytes, where);
}

std::vector<std::string> classNamesIn(const QByteArray& text, const std::string& where) {
  const QByteArray begin = text.left(64).trimmed();
  const bool listed = begin.startsWith('[') || begin.startsWith('{');
  std::vector<std::string> names = listed ? namesInJson(jsonOf(text), where) : namesInLines(text, where);
  if (!listed && names.size() == 1)
    if (const QStringList words = QString::fromStdString(names.front()).split(u','); words.size() > 1) {
      names.clear();
      for (const QString& word : words) names.push_back(word.trimmed().toStdString());
    }
  if (names.empty() || names.size() > kMostNames) throw nn::Error("it is no list of classes", where, kHint);
  return names;
}

std::vector<std::string> classNamesOf(const QString& words) {
  if (const ClassList* known = findClassList(words)) return known->names;
  if (pathExists(words)) return readClassNames(words);
  std::vector<std::string> names;
  for (const QString& name : words.split(u',')) names.push_back(name.trimmed().toStdString());
  if (names.size() > 1) return names;
  QStringList known;
  for (const ClassList& list : knownClassLists()) known << QLatin1String(list.word);
  throw nn::Error("there is no such file, and no such list of classes", words.toStdString(),
                  "Give a file, names with commas between them, or one of: " + known.join(", ").toStdString());
}

void requireClassNames(const std::vector<std::string>& names, std::size_t classes, const std::string& where) {
  if (names.size() != classes)
    throw nn::Error("there are " + nn::counted(names.size(), "name", "names") + " for " + nn::counted(classes, "class", "classes"), where,
                    "Give one name for each, in the order of the outputs");
  std::set<std::string> seen;
  for (const std::string& name : names)
    if (name.empty() || !seen.insert(name).second)
      throw nn::Error(name.empty() ? "a class has no name" : "two classes have one name, " + name, where, "Give each a name of its own");
}

}  // namespace io
