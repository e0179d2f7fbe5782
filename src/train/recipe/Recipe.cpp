#include "train/recipe/Recipe.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <optional>
#include <set>

#include "nn/Counted.h"
#include "nn/NumberText.h"

namespace train {

std::string fieldText(const nn::FieldValue& value) {
  struct Writer {
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return nn::shortestText(number); }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const std::vector<std::int64_t>& numbers) const {
      return nn::joined(
          numbers, [](std::int64_t number) { return std::to_string(number); }, ",");
    }
  };
  return std::visit(Writer{}, value);
}

std::string layerNamesText(const std::vector<std::string>& names, const char* between) {
  std::string text;
  for (std::size_t n = 0; n < names.size(); ++n) {
    const std::string& name = names[n];
    if (n > 0) text += between;
    for (std::size_t i = 0; i < name.size(); ++i) {
      const bool edge = name[i] == ' ' && (i == 0 || i + 1 == name.size());
      if (edge || name[i] == ',' || name[i] == '\\') text += '\\';
      text += name[i];
    }
  }
  return text;
}

std::vector<std::string> layerNamesOf(const std::string& text) {
  if (text.find_first_not_of(' ') == std::string::npos) return {};
  std::vector<std::string> names(1);
  std::size_t kept = 0;  // so many letters of the last name stay, spaces or not
  const auto trim = [&] {
    while (names.back().size() > kept && names.back().back() == ' ') names.back().pop_back();
    kept = 0;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string& name = names.back();
    if (text[i] == '\\' && i + 1 < text.size()) {
      name += text[++i];
      kept = name.size();
    } else if (text[i] == ',') {
      trim();
      names.emplace_back();
    } else if (text[i] != ' ' || !name.empty()) {
      name += text[i];
    }
  }
  trim();
  return names;
}

const RecipeField* findRecipeField(std::string_view name) {
  const auto& rows = recipeFields();
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const RecipeField& field) { return field.info.name == name; });
  return row == rows.end() ? nullptr : &*row;
}

std::string whyIdle(const RecipeField& field, const Recipe& recipe, const nn::Network& network) {
  if (!field.task.empty() && tasks::taskOf(network).id != field.task) return "needs a network whose task is " + field.task;
  return field.idle(recipe);
}

namespace {

// Adam's usual memory lets the discriminator run away from the generator (Radford et al. 2016).
constexpr std::array kUsual{UsualSetting{"generate", "beta1", 0.5}};

std::optional<nn::FieldValue> valueOf(const nn::FieldInfo& info, const std::string& text) {
  if (std::holds_alternative<bool>(info.defaultValue)) {
    if (text == "true" || text == "false") return text == "true";
    return std::nullopt;
  }
  if (std::holds_alternative<std::string>(info.defaultValue)) {
    if (!info.choices.empty() && std::find(info.choices.begin(), info.choices.end(), text) == info.choices.end()) return std::nullopt;
    return text;
  }
  const std::optional<double> number = nn::numberOf<double>(text);
  if (!number || !std::isfinite(*number) || *number < info.minimum || *number > info.maximum) return std::nullopt;
  if (std::holds_alternative<double>(info.defaultValue)) return *number;
  if (const auto whole = nn::numberOf<std::int64_t>(text)) return *whole;
  return std::nullopt;
}

std::string expectation(const nn::FieldInfo& info) {
  if (!info.choices.empty()) return "Use one of " + nn::joined(info.choices);
  if (std::holds_alternative<bool>(info.defaultValue)) return "Use true or false";
  const bool whole = std::holds_alternative<std::int64_t>(info.defaultValue);
  return std::string("Use a ") + (whole ? "whole " : "") + "number from " + fieldText(info.minimum) + " to " + fieldText(info.maximum);
}

}  // namespace

bool setFieldFromText(Recipe& recipe, const RecipeField& field, const std::string& text, std::vector<nn::Issue>& issues) {
  if (const auto value = valueOf(field.info, text)) {
    field.set(recipe, *value);
    return true;
  }
  issues.push_back({field.info.name, "\"" + text.substr(0, 40) + "\" is no value of it", expectation(field.info)});
  return false;
}

std::vector<float> rateFactorsOf(const nn::Network& network, const Recipe& recipe) {
  std::vector<float> factors(network.nodes().size(), 1.0f);
  const auto refuse = [&](const std::string& what, const std::string& hint) -> void { throw nn::Error(what, "rates of groups", hint); };
  std::set<std::string> groups;
  for (const nn::Network::Node& node : network.nodes())
    if (!node.group.empty()) groups.insert(node.group);
  if (groups.empty()) return factors;
  for (const std::string& part : layerNamesOf(recipe.groupRates)) {
    const std::size_t equals = part.rfind('=');
    const std::string group = part.substr(0, equals);
    const auto factor = equals == std::string::npos ? std::nullopt : nn::numberOf<float>(part.substr(equals + 1));
    if (!factor || !(*factor >= 0) || *factor > 1e6f)
      refuse("it says " + part.substr(0, 60) + ", which is no factor of a group",
             "Write it as " + *groups.begin() + "=0.5, with commas between several");
    if (!groups.contains(group))
      refuse("the network has no group \"" + group + "\"", "Its groups are " + layerNamesText({groups.begin(), groups.end()}, ", "));
    for (std::size_t i = 0; i < factors.size(); ++i)
      if (network.node(int(i)).group == group) factors[i] = *factor;
  }
  return factors;
}

nn::FieldValue standardValue(const RecipeField& field, const Recipe& recipe) {
  Recipe standard;
  standard.optimizer.learningRate = nn::standardLearningRate(recipe.optimizer.kind);
  return field.get(standard);
}

void takeStandardRate(Recipe& recipe) {
  recipe.optimizer.learningRate = nn::standardLearningRate(recipe.optimizer.kind);
}

void choose(Recipe& recipe, const RecipeField& field, const nn::FieldValue& value) {
  const nn::OptimizerKind before = recipe.optimizer.kind;
  field.set(recipe, value);
  if (recipe.optimizer.kind != before) takeStandardRate(recipe);
}

std::vector<FieldChange> differences(const Recipe& before, const Recipe& after) {
  std::vector<FieldChange> changes;
  for (const RecipeField& field : recipeFields()) {
    nn::FieldValue old = field.get(before), now = field.get(after);
    if (old != now) changes.push_back({field.info.name, std::move(old), std::move(now)});
  }
  return changes;
}

std::string describe(const FieldChange& change) {
  const RecipeField* field = findRecipeField(change.field);
  std::string title = field ? field->info.label : change.field;
  if (!title.empty()) title[0] = char(std::tolower(static_cast<unsigned char>(title[0])));
  // Settings are single precision: six digits say all of them.
  const auto* number = std::get_if<double>(&change.after);
  char digits[32];
  if (number) std::snprintf(digits, sizeof digits, "%.6g", *number);
  std::string value = number ? std::string(digits) : fieldText(change.after);
  return title + " " + (value.empty() ? "none" : value);
}

void apply(const FieldChange& change, Recipe& recipe) {
  if (const RecipeField* field = findRecipeField(change.field)) field->set(recipe, change.after);
}

std::vector<UsualSetting> usualSettings(const nn::Network& network) {
  std::vector<UsualSetting> settings;
  for (const UsualSetting& setting : kUsual)
    if (setting.task == tasks::taskOf(network).id) settings.push_back(setting);
  return settings;
}

void followNetwork(Recipe& recipe, const nn::Network* before, const nn::Network* now) {
  const auto replace = [&](const nn::Network* network, auto change) {
    if (!network) return;
    for (const UsualSetting& setting : usualSettings(*network)) {
      const RecipeField& field = *findRecipeField(setting.field);
      change(field, nn::FieldValue(setting.value));
    }
  };
  replace(before, [&](const RecipeField& field, const nn::FieldValue& usual) {
    if (field.get(recipe) == usual) field.set(recipe, field.info.defaultValue);
  });
  replace(now, [&](const RecipeField& field, const nn::FieldValue& usual) {
    if (field.get(recipe) == field.info.defaultValue) field.set(recipe, usual);
  });
}

}  // namespace train
