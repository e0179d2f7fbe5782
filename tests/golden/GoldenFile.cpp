#include "golden/GoldenFile.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "nn/SplitMix64.h"

namespace golden {

namespace {

const std::filesystem::path kFolder = std::filesystem::path(CONVSCOPE_SOURCE_DIR) / "tests/golden/numbers";

nn::FieldValue fieldOf(const std::string& key, const std::string& text) {
  if (text == "true" || text == "false") return text == "true";
  if (key == "connections") {
    std::string table = text;
    std::replace(table.begin(), table.end(), '+', ' ');
    return table;
  }
  if (text.find_first_not_of("-0123456789.") == std::string::npos && text.find('.') != std::string::npos) return std::stod(text);
  if (text.find_first_not_of("0123456789,") != std::string::npos) return text;
  std::vector<std::int64_t> numbers;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) numbers.push_back(std::stoll(part));
  if (numbers.size() == 1) return numbers[0];
  return numbers;
}

std::pair<std::string, std::string> keyAndValue(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos) throw std::runtime_error("not name=value: " + word);
  return {word.substr(0, equals), word.substr(equals + 1)};
}

Line parse(const std::string& text) {
  Line line;
  const std::size_t colon = text.find(':');
  std::istringstream words(text.substr(0, colon));
  for (std::string word; words >> word;) line.words.push_back(word);
  if (colon == std::string::npos) return line;
  std::istringstream values(text.substr(colon + 1));
  for (double value; values >> value;) line.values.push_back(value);
  if (line.words.size() != 2 || std::stoull(line.words[1]) != line.values.size())
    throw std::runtime_error("a count is wrong: " + line.words[0]);
  return line;
}

}  // namespace

std::vector<Line> readFile(const std::string& name) {
  std::ifstream file(kFolder / (name + ".txt"));
  if (!file) throw std::runtime_error("cannot read " + name);
  std::vector<Line> lines;
  for (std::string text; std::getline(file, text);)
    if (!text.empty()) lines.push_back(parse(text));
  return lines;
}

std::vector<std::string> filesStartingWith(const std::string& prefix) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder))
    if (entry.path().stem().string().starts_with(prefix)) names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

const Line& lineOf(const std::vector<Line>& lines, const std::string& word) {
  for (const Line& line : lines)
    if (!line.words.empty() && line.words[0] == word) return line;
  throw std::runtime_error("no line " + word);
}

nn::NetworkSpec networkOf(const std::vector<Line>& lines) {
  nn::NetworkSpec spec;
  spec.name = "golden";
  for (const Line& line : lines) {
    if (line.words[0] != "node") continue;
    nn::NodeSpec node;
    node.name = line.words.at(1);
    node.type = line.words.at(2);
    std::istringstream inputs(line.words.at(3) == "-" ? "" : line.words.at(3));
    for (std::string input; std::getline(inputs, input, ',');) node.inputs.push_back(input);
    for (std::size_t i = 4; i < line.words.size(); ++i) {
      const auto [key, value] = keyAndValue(line.words[i]);
      node.fields[key] = fieldOf(key, value);
    }
    spec.nodes.push_back(node);
  }
  return spec;
}

nn::OptimizerSettings optimizerOf(const Line& line, std::size_t first) {
  nn::OptimizerSettings settings;
  settings.kind = nn::optimizerKindOf(line.words.at(1)).value();
  const std::map<std::string, float nn::OptimizerSettings::*> members{{"learningRate", &nn::OptimizerSettings::learningRate},
                                                                      {"momentum", &nn::OptimizerSettings::momentum},
                                                                      {"smoothing", &nn::OptimizerSettings::smoothing},
                                                                      {"beta1", &nn::OptimizerSettings::beta1},
                                                                      {"beta2", &nn::OptimizerSettings::beta2},
                                                                      {"epsilon", &nn::OptimizerSettings::epsilon},
                                                                      {"weightDecay", &nn::OptimizerSettings::weightDecay}};
  for (std::size_t i = first; i < line.words.size(); ++i) {
    const auto [key, value] = keyAndValue(line.words[i]);
    settings.*members.at(key) = std::stof(value);
  }
  return settings;
}

std::vector<float> formula(std::uint64_t stream, std::size_t count, float scale) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = scale * (float(nn::mixed(stream * 1000003 + i) >> 40) / float(1 << 23) - 1.0f);
  return values;
}

std::vector<std::uint8_t> byteFormula(std::uint64_t stream, std::size_t count) {
  std::vector<std::uint8_t> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = std::uint8_t(nn::mixed(stream * 1000003 + i) >> 56);
  return values;
}

double largestRelativeError(const std::vector<float>& values, const std::vector<double>& expected) {
  if (values.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double largest = 0, error = 0;
  for (const double value : expected) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double difference = std::abs(double(values[i]) - expected[i]) / std::max({std::abs(expected[i]), 0.1 * largest, 1e-30});
    error = std::isnan(difference) ? std::numeric_limits<double>::infinity() : std::max(error, difference);
  }
  return error;
}

}  // namespace golden
