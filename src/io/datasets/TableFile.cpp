// Tables of numbers, an image in each row, as Kaggle has them.
#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <string_view>

#include <QRegularExpression>

#include "io/FileNames.h"
#include "io/Unpacking.h"
#include "io/datasets/DataReaders.h"
#include "io/datasets/Numbers.h"
#include "nn/Counted.h"
#include "nn/Error.h"
#include "nn/FreeMemory.h"

namespace io {
namespace {

constexpr qint64 kLargestTable = qint64(4) << 30;
constexpr qint64 kManyBytesOfTable = qint64(1) << 28;  // from here on there must be room for as many more
constexpr const char* kTableHint = "A row holds the numbers of one image, and its class in the first or the last column";

std::string_view trimmed(std::string_view cell) {
  const auto isEdge = [](char c) { return c == ' ' || c == '"' || c == '\'' || c == '\r' || c == '\t'; };
  while (!cell.empty() && isEdge(cell.front())) cell.remove_prefix(1);
  while (!cell.empty() && isEdge(cell.back())) cell.remove_suffix(1);
  return cell;
}

// Nearly all numbers of a table are short whole ones, of which there are millions.
std::optional<double> numberOf(std::string_view cell) {
  constexpr std::size_t kMostDigits = 9;
  if (cell.empty()) return std::nullopt;
  std::uint32_t whole = 0;
  const bool digits = cell.size() <= kMostDigits && std::all_of(cell.begin(), cell.end(), [&whole](char c) {
                        whole = 10 * whole + std::uint32_t(c - '0');
                        return c >= '0' && c <= '9';
                      });
  if (digits) return double(whole);
  bool read = false;
  const double value = QByteArray::fromRawData(cell.data(), qsizetype(cell.size())).toDouble(&read);
  return read ? std::optional(value) : std::nullopt;
}

// The rows of a table as cells; nothing is copied.
class Table {
 public:
  explicit Table(const QByteArray& text) : m_text(text.constData(), std::size_t(text.size())) {
    if (m_text.starts_with("\xef\xbb\xbf")) m_text.remove_prefix(3);
    const std::string_view first = m_text.substr(0, m_text.find('\n'));
    for (const char separator : {',', ';', '\t'})
      if (std::count(first.begin(), first.end(), separator) > std::count(first.begin(), first.end(), m_separator)) m_separator = separator;
  }
  bool next(std::vector<std::string_view>& cells) {
    cells.clear();
    while (!m_text.empty() && cells.empty()) {
      const std::size_t end = std::min(m_text.find('\n'), m_text.size());
      std::string_view row = m_text.substr(0, end);
      m_text.remove_prefix(std::min(end + 1, m_text.size()));
      ++m_row;
      if (trimmed(row).empty()) continue;
      for (std::size_t at = 0; at <= row.size();) {
        const std::size_t stop = std::min(row.find(m_separator, at), row.size());
        cells.push_back(trimmed(row.substr(at, stop - at)));
        at = stop + 1;
      }
    }
    return !cells.empty();
  }
  std::size_t row() const { return m_row; }  // of the file, from 1

 private:
  std::string_view m_text;
  char m_separator = ',';
  std::size_t m_row = 0;
};

bool isLabelName(std::string_view name) {
  static const QRegularExpression kLabel("^(label|labels|class|classes|target|y|digit|letter|category|name)$",
                                         QRegularExpression::CaseInsensitiveOption);
  return kLabel.match(QString::fromUtf8(name.data(), qsizetype(name.size()))).hasMatch();
}

// Of a column that counts the rows.
bool isIndexName(std::string_view name) {
  return name.empty() || name == "id" || name == "Id" || name == "ID" || name == "index" || name == "Unnamed: 0";
}

// Which column is what; filled by the first row and the values of the others.
struct Columns {
  std::size_t count = 0, label = 0;
  std::vector<std::size_t> pixels;
  ImageLayout layout;
  bool header = false;
  std::vector<std::string> notes;
};

// The column of the classes among the first and the last: that which leaves a picture, whose values are few and no picture's corner.
std::size_t labelColumn(const std::vector<std::vector<std::string_view>>& rows, std::size_t first) {
  const std::size_t last = rows.front().size() - 1;
  const auto kinds = [&](std::size_t column) {
    std::set<std::string_view> seen;
    for (const auto& row : rows) seen.insert(row[column]);
    return seen.size();
  };
  const auto isText = [&](std::size_t column) { return !numberOf(rows.front()[column]).has_value(); };
  if (isText(first) != isText(last)) return isText(first) ? first : last;
  return kinds(last) > kinds(first) ? last : first;
}

Columns columnsOf(const QByteArray& text, const std::string& where) {
  constexpr std::size_t kLookedAt = 500;
  Table table(text);
  std::vector<std::vector<std::string_view>> rows;
  std::vector<std::string_view> cells;
  while (rows.size() < kLookedAt && table.next(cells)) rows.push_back(cells);
  if (rows.empty()) throw nn::Error("The table is empty", where, kTableHint);
  Columns columns;
  columns.count = rows.front().size();
  columns.header = rows.size() > 1 && (std::any_of(rows[0].begin(), rows[0].end(), isLabelName) ||
                                       std::none_of(rows[0].begin(), rows[0].end(), [](auto cell) { return numberOf(cell).has_value(); }));
  const std::vector<std::string_view> names = columns.header ? rows.front() : std::vector<std::string_view>();
  if (columns.header) rows.erase(rows.begin());
  std::erase_if(rows, [&](const auto& row) { return row.size() != columns.count; });
  if (rows.empty()) throw nn::Error("Its rows have other columns than its first", where, kTableHint);
  const auto named = std::find_if(names.begin(), names.end(), isLabelName);
  const bool indexed = !names.empty() && isIndexName(names.front());
  const std::array<std::size_t, 1> without{columns.count - 1 - std::size_t(indexed)}, all{columns.count - std::size_t(indexed)};
  std::optional<ImageLayout> layout = layoutOf(without);
  if (named == names.end() && !layout && layoutOf(all))
    throw nn::Error("Its rows are images without a class", where, "To train or to measure, a column must say the class of each");
  if (!layout)
    throw nn::Error("Its rows of " + std::to_string(columns.count) + " columns are no square pictures with a class", where, kTableHint);
  columns.label = named != names.end() ? std::size_t(named - names.begin()) : labelColumn(rows, std::size_t(indexed));
  for (std::size_t i = 0; i < columns.count; ++i)
    if (i != columns.label && !(indexed && i == 0)) columns.pixels.push_back(i);
  columns.layout = *layout;
  if (!layout->note.empty()) columns.notes.push_back(layout->note);
  if (indexed) columns.notes.emplace_back("The first column counts the rows, and is left out");
  if (named == names.end())
    columns.notes.push_back(std::string("The classes are taken from the ") + (columns.label + 1 < columns.count ? "first" : "last") +
                            " column");
  return columns;
}

}  // namespace

QByteArray readUnpacked(const QString& path, qint64 most) {
  QFile file;
  if (isPipeOrDevice(path)) throw nn::Error("This is a pipe or a device, not a file", shownName(path), "Put the file itself in its place");
  if (!openForReading(file, path)) throw nn::Error("Cannot be opened: " + whyNotOpened(file, path), shownName(path));
  Unpacking unpacking(file, most);
  QByteArray bytes, piece(1 << 20, '\0');
  for (qint64 got = piece.size(); got == piece.size();) {
    got = unpacking.read(piece.data(), piece.size());
    bytes.append(piece.constData(), got);
    if (unpacking.problem() == Unpacking::Problem::TooLong)
      throw nn::Error("It holds more than " + std::to_string(most >> 20) + " MB", shownName(path), "Take a part of it");
    if (unpacking.problem() != Unpacking::Problem::None)
      throw nn::Error("The compressed data is damaged or ends too early", shownName(path), "Download or copy it again");
    if (bytes.size() > kManyBytesOfTable)
      nn::requireMemory(double(kManyBytesOfTable), "This file", shownName(path), "Close other programs");
  }
  return bytes;
}

std::shared_ptr<data::Dataset> readTable(const DataPart& part, std::optional<ValueScale>& scale) {
  const std::string where = shownName(part.files.front());
  const QByteArray text = readUnpacked(part.files.front(), kLargestTable);
  const Columns columns = columnsOf(text, where);
  auto set = std::make_shared<data::Dataset>();
  set->shape = columns.layout.shape;
  set->notes = columns.notes;
  std::vector<float> values;
  std::vector<std::string> names;
  std::vector<std::string_view> cells;
  ValueRange range;
  std::size_t odd = 0, firstOdd = 0;
  Table table(text);
  if (columns.header) table.next(cells);
  while (table.next(cells)) {
    const std::size_t before = values.size();
    for (const std::size_t column : columns.pixels) {
      const std::optional<double> value = cells.size() == columns.count ? numberOf(cells[column]) : std::nullopt;
      if (!value) break;
      values.push_back(float(*value));
    }
    if (values.size() - before == columns.pixels.size() && !cells[columns.label].empty()) {
      names.emplace_back(cells[columns.label]);
      continue;
    }
    values.resize(before);
    if (odd++ == 0) firstOdd = table.row();
  }
  if (names.empty()) throw nn::Error("None of its rows can be read", where, kTableHint);
  for (const float value : values) range.add(double(value));
  const ValueScale& known = scaleOf(range, where, scale, set->notes);
  set->pixels.resize(values.size());
  std::transform(values.begin(), values.end(), set->pixels.begin(), [&](float value) { return known.byteOf(double(value)); });
  if (odd > 0)
    set->notes.push_back(nn::counted(odd, "row", "rows") + " could not be read and " + (odd == 1 ? "was" : "were") +
                         " left out, the first in line " + std::to_string(firstOdd));
  labelBy(names, *set, where);
  return set;
}

}  // namespace io
