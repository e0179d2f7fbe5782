#include "train/history/MetricTable.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <vector>

namespace train {
namespace {

// The fewest digits that are read as the same number again.
std::string numberText(double value) {
  char words[40];
  for (int digits = 6; digits <= 17; ++digits) {
    std::snprintf(words, sizeof words, "%.*g", digits, value);
    if (std::strtod(words, nullptr) == value) break;
  }
  std::string text = words;
  std::replace(text.begin(), text.end(), ',', '.');  // whatever the language of the system
  return text;
}

}  // namespace

std::string tableOf(const MetricLog& metrics) {
  struct Row {
    double epoch = 0;
    std::vector<std::string> cells;
  };
  std::vector<std::string_view> names;
  for (const auto& [name, samples] : metrics.all())
    if (name != MetricLog::kSeconds) names.push_back(name);
  std::map<std::uint64_t, Row> rows;
  for (std::size_t column = 0; column < names.size(); ++column)
    for (const MetricSample& sample : metrics.series(names[column])) {
      Row& row = rows[sample.step];
      row.epoch = sample.epoch;
      row.cells.resize(names.size());
      row.cells[column] = numberText(sample.value);
    }
  std::string table = "step,epoch,seconds";
  for (const std::string_view name : names) table += "," + std::string(name);
  table += "\n";
  for (const auto& [step, row] : rows) {
    const MetricSample* seconds = sampleAt(metrics.series(MetricLog::kSeconds), step);
    table += std::to_string(step) + "," + numberText(row.epoch) + "," + (seconds ? numberText(seconds->value) : "");
    for (const std::string& cell : row.cells) table += "," + cell;
    table += "\n";
  }
  return table;
}

}  // namespace train
