// Gradient saliency (Simonyan, Vedaldi and Zisserman 2013, section 3): how the class's score would move if a pixel changed a little.
#include <cmath>

#include "analysis/attribution/Maps.h"

namespace analysis {

namespace {

nn::DerivativeRule ruleOf(const std::string& name) {
  if (name == "guided") return nn::DerivativeRule::Guided;
  return name == "deconvolution" ? nn::DerivativeRule::Deconvolution : nn::DerivativeRule::Gradient;
}

// Absolute: of a pixel in color the steepest channel, as in the paper. Signed and times input: the sum of its channels. Every unit below
// the scores has its number by the same rule.
std::optional<Result> saliency(const Question& question, const Progress&) {
  const nn::Fields& fields = question.request.fields;
  const std::string &show = std::get<std::string>(fields.at("show")), &rule = std::get<std::string>(fields.at("rule"));
  Result result;
  result.units = question.pass.backward(*question.request.weights, question.target.node, question.target.seed, ruleOf(rule));
  for (std::size_t node = 0; node < result.units.size(); ++node) {
    std::vector<float>& units = result.units[node];
    if (units.empty()) continue;
    const std::vector<float>& values = question.pass.values(int(node));
    for (std::size_t i = 0; i < units.size(); ++i) {
      if (show == "absolute") units[i] = std::abs(units[i]);
      if (show == "times-input") units[i] *= values[i];
    }
  }
  const std::vector<float>& cells = result.units[std::size_t(question.network().inputs().front())];
  result.isSigned = show != "absolute";
  result.map = result.isSigned ? sumOfChannels(question.inputShape(), cells) : largestOfChannels(question.inputShape(), cells);
  if (show == "absolute") result.words = {"slope, either way", "flat", "steep"};
  if (show == "signed") result.words = {"slope", "lowers score", "raises score"};
  if (show == "times-input") result.words = {"slope × value", "against", "for"};
  if (rule != "gradient")
    result.notes.push_back(
        "By this rule the map follows the edges of the picture more than the network: with random weights it looks much the "
        "same (Adebayo et al. 2018).");
  return result;
}

}  // namespace

Method describeSaliency() {
  Method method{"saliency", "Gradient saliency", "How steeply the score of the class changes with each pixel and each unit.",
                "Simonyan, Vedaldi and Zisserman 2013"};
  method.fields = {
      nn::choiceField("show", "Show", "The size of the slope, the slope with its sign, or the slope times the value there.",
                      {"absolute", "signed", "times-input"}),
      nn::choiceField("rule", "Rule",
                      "How rectifiers hand the gradient back: as it is, guided (Springenberg et al. 2015) or deconvolution (Zeiler and "
                      "Fergus 2014).",
                      {"gradient", "guided", "deconvolution"})};
  method.run = saliency;
  return method;
}

}  // namespace analysis
