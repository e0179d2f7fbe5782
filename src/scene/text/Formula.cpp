#include "scene/text/Formula.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scene/text/Text.h"

namespace scene {
namespace {

constexpr std::size_t kProducts = 3, kValues = 9;  // that are written out

std::string number(float value) {
  return shortNumber(value);
}

std::string inBrackets(float value) {
  return value < 0 ? "(" + number(value) + ")" : number(value);
}

// "+ 0.03", "+ (−0.03)"
std::string added(const std::string& text) {
  return "+ " + (text.rfind("−", 0) == 0 ? "(" + text + ")" : text);
}

using Parts = std::vector<FormulaPart>;

// The indices of the `most` terms of the largest weight, and of `shown`, in their own order.
template <typename Weight>
std::vector<int> chosen(const Explanation& e, std::size_t most, int shown, Weight weight) {
  std::vector<int> order(e.terms.size());
  std::iota(order.begin(), order.end(), 0);
  const std::size_t kept = std::min(most, order.size());
  std::partial_sort(order.begin(), order.begin() + std::ptrdiff_t(kept), order.end(),
                    [&](int a, int b) { return weight(e.terms[std::size_t(a)]) > weight(e.terms[std::size_t(b)]); });
  order.resize(kept);
  const bool there = std::find(order.begin(), order.end(), shown) != order.end();
  if (shown >= 0 && shown < int(e.terms.size()) && !there && !order.empty()) order.back() = shown;
  std::sort(order.begin(), order.end());
  return order;
}

Parts productParts(const Explanation& e, int shown) {
  if (e.terms.empty()) return {{"0"}};
  Parts parts;
  int next = 0;  // the term that would follow without a gap
  for (const int i : chosen(e, kProducts, shown, [](const Term& term) { return std::abs(term.product); })) {
    const Term& term = e.terms[std::size_t(i)];
    if (i != next) parts.push_back({parts.empty() ? "… +" : "+ …"});
    const bool first = parts.empty() || (parts.size() == 1 && parts[0].term < 0);
    parts.push_back({(first ? "" : "+ ") + inBrackets(term.input) + " × " + inBrackets(term.weight), i});
    next = i + 1;
  }
  if (next < int(e.terms.size())) parts.push_back({"+ …"});
  return parts;
}

// The products of a sum of pairs that weigh most.
Parts pairParts(const Explanation& e, int shown) {
  Explanation products;
  const std::size_t half = e.terms.size() / 2;
  for (std::size_t i = 0; i < half; ++i) {
    const float first = e.terms[i].input, second = e.terms[half + i].input;
    products.terms.push_back({{}, first, second, first * second, false});
  }
  const int pair = shown < int(half) ? shown : shown - int(half);
  Parts parts = productParts(products, pair);
  for (FormulaPart& part : parts)
    if (part.term == pair) part.term = shown;  // whichever of both is pointed at
  return parts;
}

// "before" 0.5, 0.2, … 0.1 "after", or with another sign between them.
Parts valueParts(const Explanation& e, const std::string& before, const std::string& sign, const std::string& after, int shown) {
  const bool comma = sign == ",";
  std::vector<int> order;
  for (int i = 0; i < int(std::min(kValues, e.terms.size())); ++i) order.push_back(i);
  if (shown >= int(order.size()) && shown < int(e.terms.size())) order.back() = shown;
  Parts parts;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::string value = inBrackets(e.terms[std::size_t(order[i])].input);
    parts.push_back({comma || i == 0 ? value : sign + " " + value, order[i]});
  }
  if (order.size() < e.terms.size()) parts.push_back({comma ? "…" : sign + " …"});
  if (parts.empty()) parts.push_back({"0"});
  for (std::size_t i = 0; comma && i + 1 < parts.size(); ++i) parts[i].text += ",";
  parts.front().text = before + parts.front().text;
  parts.back().text += after;
  return parts;
}

// "(exp(1.20) + exp(0.30) + … )"
Parts exponentialParts(const Explanation& e, int shown, const std::string& before, const std::string& after) {
  Parts parts;
  int next = 0;
  for (const int i : chosen(e, kProducts, shown, [](const Term& term) { return term.input; })) {
    if (i != next) parts.push_back({parts.empty() ? "… +" : "+ …"});
    const bool first = parts.empty() || (parts.size() == 1 && parts[0].term < 0);
    parts.push_back({(first ? "" : "+ ") + ("exp(" + number(e.terms[std::size_t(i)].input) + ")"), i});
    next = i + 1;
  }
  if (next < int(e.terms.size())) parts.push_back({"+ …"});
  parts.front().text = before + parts.front().text;
  parts.back().text += after;
  return parts;
}

// "= 0.842", "> 0.9999"
std::string result(const Explanation& e) {
  const std::string value = valueWords(e);
  return value.front() == '<' || value.front() == '>' ? value : "= " + value;
}

// The bias, the sum and what the activation makes of it.
void end(const Explanation& e, Parts& parts) {
  const SumWords sum = totalWords(e);
  if (e.hasBias)
    parts.push_back({added(e.kind == nn::Combine::WeightedSum || e.kind == nn::Combine::Average ? sum.addends[1] : number(e.bias))});
  const bool activated = e.activation != nn::Activation::None;
  parts.push_back({"= " + number(e.preActivation) + (activated ? "," : "")});
  if (activated) parts.push_back({std::string(nn::activationName(e.activation)) + "(" + number(e.preActivation) + ") " + result(e)});
}

Parts averageParts(const Explanation& e, int shown) {
  const std::string before = e.hasScale ? inBrackets(e.scale) + " × (" : "(";
  Parts parts = valueParts(e, before, "+", ") / " + std::to_string(std::max<std::size_t>(1, e.terms.size())), shown);
  end(e, parts);
  return parts;
}

Parts normalizedParts(const Explanation& e) {
  const int own = e.own;
  Parts parts = {{inBrackets(e.scale) + " ×"},
                 {"(" + number(e.terms[std::size_t(own)].input) + " − " + inBrackets(e.center) + ") / " + number(e.divisor), own}};
  end(e, parts);
  return parts;
}

Parts softmaxParts(const Explanation& e, int shown) {
  const int own = e.own;
  const std::string input = number(e.terms[std::size_t(own)].input);
  const bool share = e.kind == nn::Combine::Softmax;
  Parts parts = {{share ? "exp(" + input + ")" : input, own}};
  for (FormulaPart& part : exponentialParts(e, shown, share ? "/ (" : "− log(", ")")) parts.push_back(std::move(part));
  parts.push_back({result(e)});
  return parts;
}

// "exp(0.30)", "0.30^2"
std::string functionText(const Explanation& e, const std::string& input) {
  const std::string power = "power ";
  if (e.function.rfind(power, 0) != 0) return e.function + "(" + input + ")";
  return (input.rfind("−", 0) == 0 ? "(" + input + ")" : input) + "^" + e.function.substr(power.size());
}

Parts pointwiseParts(const Explanation& e) {
  if (e.hasScale && e.hasBias) return normalizedParts(e);
  if (e.hasScale && e.terms.front().input < 0)
    return {{inBrackets(e.scale) + " × " + inBrackets(e.terms.front().input), 0}, {"= " + number(e.value)}};
  if (!e.function.empty()) return {{functionText(e, number(e.terms.front().input)), 0}, {"= " + number(e.value)}};
  if (e.activation == nn::Activation::None) return {{number(e.value), e.terms.empty() ? -1 : 0}};
  return {{std::string(nn::activationName(e.activation)) + "(" + number(e.preActivation) + ")", 0}, {result(e)}};
}

// "I1 w1 + I2 w2 + … + I25 w25"
std::string symbols(const Explanation& e, const char* separator, bool weighted) {
  const auto term = [&](std::size_t i) {
    const std::string index = std::to_string(i + 1);
    return weighted ? "I" + index + " w" + index : "I" + index;
  };
  std::string text = e.terms.empty() ? "0" : "";  // a cell that nothing leads to
  const std::size_t count = e.terms.size();
  for (std::size_t i = 0; i < std::min<std::size_t>(count, 2); ++i) text += (i ? separator : "") + term(i);
  if (count > 3) text += std::string(separator) + "…";
  if (count > 2) text += separator + term(count - 1);
  return text;
}

std::string exponentials(const Explanation& e) {
  return "exp(I1) + … + exp(I" + std::to_string(e.terms.size()) + ")";
}

}  // namespace

std::vector<FormulaPart> formulaParts(const Explanation& e, int shown) {
  Parts parts;
  switch (e.kind) {
    case nn::Combine::Input:
      return {{"I = " + number(e.value)}};
    case nn::Combine::WeightedSum:
      parts = productParts(e, shown);
      end(e, parts);
      return parts;
    case nn::Combine::Maximum:
      parts = valueParts(e, "max(", ",", ")", shown);
      break;
    case nn::Combine::Average:
      return averageParts(e, shown);
    case nn::Combine::Softmax:
    case nn::Combine::LogSoftmax:
      return softmaxParts(e, shown);
    case nn::Combine::Standardize:
      return normalizedParts(e);
    case nn::Combine::Inhibit:
      parts = {{number(e.terms[std::size_t(e.own)].input) + " / " + number(e.divisor), e.own}};
      break;
    case nn::Combine::Sum:
    case nn::Combine::Product:
      if (e.pairs()) {
        parts = pairParts(e, shown);
        break;
      }
      parts = valueParts(e, "", e.kind == nn::Combine::Sum ? "+" : "×", "", shown);
      break;
    case nn::Combine::Pointwise:
      return pointwiseParts(e);
    case nn::Combine::Copy:
      return {{number(e.value), e.terms.empty() ? -1 : 0}};
  }
  parts.push_back({"= " + number(e.value)});
  return parts;
}

std::string formulaOf(const Explanation& e) {
  std::string text;
  for (const FormulaPart& part : formulaParts(e)) text += (text.empty() ? "" : " ") + part.text;
  return text;
}

std::string choiceOf(const Explanation& e) {
  const std::string count = std::to_string(kProducts), all = std::to_string(e.terms.size());
  if (e.terms.size() <= kProducts) return {};
  if (e.kind == nn::Combine::WeightedSum) return "the " + count + " largest of " + all + " products, in the order of the grid";
  if (e.pairs() && e.terms.size() > 2 * kProducts)
    return "the " + count + " largest of " + std::to_string(e.terms.size() / 2) + " products, in their order";
  const bool shares = e.kind == nn::Combine::Softmax || e.kind == nn::Combine::LogSoftmax;
  return shares ? "the " + count + " largest of " + all + " exponentials, in their order" : std::string();
}

SumWords totalWords(const Explanation& e) {
  const float mean = e.terms.empty() ? 0 : e.sum / float(e.terms.size());
  std::vector<float> addends{e.kind == nn::Combine::Average ? mean * (e.hasScale ? e.scale : 1) : e.sum};
  if (e.hasBias) addends.push_back(e.bias);
  return sumWords(addends, e.preActivation, 1);
}

std::string valueWords(nn::Combine kind, nn::Activation activation, std::size_t classes, float value) {
  constexpr int kDecimals = 4;
  if (!std::isfinite(value)) return shortNumber(value);
  if (kind == nn::Combine::Softmax) return probabilityFigure(double(value), int(classes), kDecimals);
  const bool rounded = activation == nn::Activation::Sigmoid && (value == 0 || value == 1);
  return rounded ? probabilityFigure(double(value), 2, kDecimals) : shortNumber(value);
}

std::string valueWords(const Explanation& e) {
  return valueWords(e.kind, e.activation, e.terms.size(), e.value);
}

std::string notationOf(const Explanation& e) {
  const std::string activation(e.activation == nn::Activation::None ? "" : nn::activationName(e.activation));
  const auto activated = [&](const std::string& inner) { return activation.empty() ? inner : activation + "(" + inner + ")"; };
  const std::string count = std::to_string(e.terms.size());
  const std::string own = "I" + std::to_string(e.own + 1);
  switch (e.kind) {
    case nn::Combine::Input:
      return "I, as it comes in";
    case nn::Combine::WeightedSum:
      return activated(symbols(e, " + ", true) + (e.hasBias ? " + b" : ""));
    case nn::Combine::Maximum:
      return "max(" + symbols(e, ", ", false) + ")";
    case nn::Combine::Average: {
      const std::string mean = "(" + symbols(e, " + ", false) + ") / " + count;
      return activated((e.hasScale ? "w · " + mean : mean) + (e.hasBias ? " + b" : ""));
    }
    case nn::Combine::Softmax:
      return "exp(" + own + ") / (" + exponentials(e) + ")";
    case nn::Combine::LogSoftmax:
      return own + " − log(" + exponentials(e) + ")";
    case nn::Combine::Standardize:
      return "γ (" + own + " − mean) / deviation + β";
    case nn::Combine::Inhibit:
      return own + " / (k + α / n (I1² + … + I" + count + "²))^β";
    case nn::Combine::Sum:
      return symbols(e, " + ", false);
    case nn::Combine::Product:
      if (e.pairs())
        return e.terms.size() == 2 ? "I1 J1"
                                   : "I1 J1 + … + I" + std::to_string(e.terms.size() / 2) + " J" + std::to_string(e.terms.size() / 2);
      return symbols(e, " · ", false);
    case nn::Combine::Pointwise:
      if (e.hasScale && e.hasBias) return activated("γ (I − mean) / deviation + β");
      if (!e.function.empty()) return functionText(e, "I");
      return e.hasScale ? "I above 0, a · I below" : activated("I");
    case nn::Combine::Copy:
      return e.terms.empty() ? "0: beyond the border" : "I, passed on as it is";
  }
  return {};
}

}  // namespace scene
