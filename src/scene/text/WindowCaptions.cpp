#include <algorithm>
#include <cmath>

#include "nn/SizeText.h"
#include "scene/text/Captions.h"
#include "scene/text/Formula.h"
#include "scene/text/Text.h"

namespace scene {

namespace {

std::string text(int number) {
  return std::to_string(number);
}

// "conv1, map 3: row 7, column 12 of 28 × 28"
std::string placeOf(const nn::Network& network, const SlidingWindow& run, const WindowStep& step) {
  const nn::Network::Node& node = network.node(run.node);
  if (node.shape.isVector()) return node.name + ", unit " + text(run.channel + 1);
  const std::string map = node.shape.channels > 1 ? node.name + ", map " + text(run.channel + 1) : node.name;
  return map + ", row " + text(step.unit.cell.row + 1) + ", column " + text(step.unit.cell.column + 1) + " of " +
         nn::sizeText(run.rows, run.columns);
}

// "; with the bias (−0.0531): 0.0133"
std::string biasWords(const Explanation& e, const SumWords& sum) {
  return e.hasBias ? "; with the bias (" + sum.addends[1] + "): " + sum.total : std::string();
}

const char* nameInWords(nn::Activation activation) {
  switch (activation) {
    case nn::Activation::Relu:
      return "ReLU";
    case nn::Activation::LeakyRelu:
      return "leaky ReLU";
    case nn::Activation::Sigmoid:
      return "the sigmoid";
    case nn::Activation::Tanh:
      return "tanh";
    case nn::Activation::ScaledTanh:
      return "the scaled tanh";
    case nn::Activation::BinaryStep:
      return "the step";
    case nn::Activation::Elu:
      return "ELU";
    case nn::Activation::Gelu:
      return "GELU";
    case nn::Activation::Silu:
      return "SiLU";
    case nn::Activation::Relu6:
      return "ReLU6";
    case nn::Activation::HardSigmoid:
      return "the hard sigmoid";
    case nn::Activation::HardTanh:
      return "the hard tanh";
    case nn::Activation::HardSwish:
      return "the hard swish";
    case nn::Activation::Softplus:
      return "softplus";
    case nn::Activation::Softsign:
      return "softsign";
    case nn::Activation::Mish:
      return "Mish";
    case nn::Activation::None:
      break;
  }
  return "";
}

// "; ReLU keeps it", "; tanh makes 0.68 of it"
std::string activated(const Explanation& e) {
  const nn::Activation activation = e.activation;
  if (activation == nn::Activation::None) return {};
  const std::string name = std::string("; ") + nameInWords(activation);
  if (e.value == e.preActivation) return name + " keeps it";
  const bool cuts = activation == nn::Activation::Relu || activation == nn::Activation::Relu6 || activation == nn::Activation::HardTanh;
  if (cuts && std::isfinite(e.value)) return name + " cuts it to " + shortNumber(e.value);
  if (activation == nn::Activation::LeakyRelu) return name + " leaves a hundredth of it: " + shortNumber(e.value);
  return name + " makes " + valueWords(e) + " of it";
}

// "; norm1 brings it to 0.42": a layer that follows cell by cell and is shown with this one.
std::string followedBy(const Explanation& e) {
  const std::string name = "; " + e.nodeName;
  const float before = e.terms.empty() ? e.preActivation : e.terms[std::size_t(e.own)].input;
  const bool normalizes = e.kind == nn::Combine::Standardize || e.kind == nn::Combine::Inhibit || (e.hasScale && e.hasBias);
  if (normalizes) return name + " brings it to " + shortNumber(e.preActivation) + activated(e);
  if (e.kind == nn::Combine::Softmax) return name + " makes it a share of " + valueWords(e);
  if (e.kind == nn::Combine::LogSoftmax) return name + " makes it the logarithm of a share, " + shortNumber(e.value);
  if (e.activation != nn::Activation::None) return activated(e);
  if (e.value == before) return name + " keeps it";
  if (e.hasScale) return name + " multiplies it by its slope (" + shortNumber(e.scale) + "): " + shortNumber(e.value);
  return name + " makes " + shortNumber(e.value) + " of it";
}

// What becomes of the sum: by the layer's own activation, then by the layers that are shown with it.
std::string whatFollows(const Explanation& e) {
  std::string words = activated(e);
  for (const Explanation* next = &e; !next->then.empty();) {
    next = &next->then.front();
    words += followedBy(*next);
  }
  return words;
}

std::string paddingWords(const Explanation& e, bool largest) {
  if (e.patches.empty()) return {};
  const std::vector<PatchCell>& cells = e.patches.front().cells;
  const auto outside = std::count_if(cells.begin(), cells.end(), [](const PatchCell& cell) { return !cell.inside; });
  if (outside == 0) return {};
  const bool one = outside == 1;
  const std::string of = " " + std::to_string(outside) + " of " + counted(cells.size(), "cell", "cells");
  const std::string part = of + (one ? " lies" : " lie") + " in the padding and ";
  if (largest) return part + (one ? "does not count." : "do not count.");
  if (e.kind == nn::Combine::Average) return part + (one ? "is not input." : "are not input.");
  return part + (one ? "counts as zero." : "count as zero.");
}

// Told while the first row is written: then it is seen.
std::string strideWords(const SlidingWindow& run, const WindowStep& step) {
  if (step.cell >= std::size_t(run.columns) || !run.regular) return {};
  if (run.window.strideX < 2 && run.window.strideY < 2) return {};
  if (run.window.strideX == run.window.strideY) return " The window moves by " + text(run.window.strideX) + ".";
  return " The window moves by " + text(run.window.strideX) + " across and " + text(run.window.strideY) + " down.";
}

std::string largestWords(const Explanation& e) {
  std::string words = "the largest of " + std::to_string(e.terms.size()) + ": " + shortNumber(e.value);
  for (const Patch& patch : e.patches)
    for (std::size_t i = 0; i < patch.cells.size(); ++i)
      if (patch.cells[i].winner && e.terms.size() > 1)
        words += " (row " + text(int(i) / patch.columns + 1) + ", column " + text(int(i) % patch.columns + 1) + " of the window)";
  return words;
}

// "the 4 cells add up to 1.68; divided by 4: 0.42; times the coefficient (1.2): 0.504; with the bias ..."
std::string meanWords(const Explanation& e) {
  if (e.terms.empty()) return "the window has no cells";
  const float mean = e.sum / float(e.terms.size());
  std::string words = e.terms.size() == 1 ? "the one cell is " + shortNumber(mean)
                                          : "the " + std::to_string(e.terms.size()) + " cells add up to " + shortNumber(e.sum) +
                                                "; divided by " + std::to_string(e.terms.size()) + ": " + shortNumber(mean);
  const SumWords sum = totalWords(e);
  if (e.hasScale) words += "; times the coefficient (" + shortNumber(e.scale) + "): " + (e.hasBias ? sum.addends[0] : sum.total);
  return words + biasWords(e, sum);
}

std::string sumOfProducts(const SlidingWindow& run, const Explanation& e) {
  const std::size_t count = run.regular ? run.products : e.terms.size();
  const SumWords sum = totalWords(e);
  const std::string all = e.hasBias ? sum.addends[0] : sum.total;
  const std::string from = run.inputs.size() > 1 ? " from " + std::to_string(run.inputs.size()) + " maps" : "";
  if (count == 0) return "no cell reaches this one, so the sum is " + all + biasWords(e, sum);
  if (count == 1) return "the one product is " + all + biasWords(e, sum);
  return "the " + std::to_string(count) + " products" + from + " add up to " + all + biasWords(e, sum);
}

std::string writtenWords(const SlidingWindow& run, const Explanation& e) {
  if (e.kind == nn::Combine::Maximum) return largestWords(e) + whatFollows(e);
  return (e.kind == nn::Combine::Average ? meanWords(e) : sumOfProducts(run, e)) + whatFollows(e);
}

std::string productWords(const SlidingWindow& run, const WindowStep& step, const Explanation& e) {
  const Running running = runningOver(windowCells(e, run.products), step.products);
  const bool weighted = e.kind == nn::Combine::WeightedSum;
  std::string words = (weighted ? "product " : "cell ") + std::to_string(step.products) + " of " + std::to_string(run.products) + ": ";
  const PatchCell& cell = running.last;
  if (e.kind == nn::Combine::Maximum) {
    if (!cell.inside) return words + "in the padding, it does not count";
    if (running.news) return words + shortNumber(cell.input) + " is the largest so far";
    return words + shortNumber(cell.input) + " is not above " + shortNumber(running.largest);
  }
  // With the decimals of the sum that it leads to; the last one is that sum.
  const SumWords sum = totalWords(e);
  const bool complete = step.products == run.products && weighted;
  const std::string sofar = complete   ? (e.hasBias ? sum.addends[0] : sum.total)
                            : weighted ? fixedNumber(running.sum, sum.decimals)
                                       : shortNumber(running.sum);
  if (!weighted) return words + (cell.inside ? shortNumber(cell.input) : "in the padding, 0") + "; together " + sofar;
  const std::string weight = cell.weight < 0 ? "(" + shortNumber(cell.weight) + ")" : shortNumber(cell.weight);
  words +=
      cell.inside ? shortNumber(cell.input) + " × " + weight + " = " + shortNumber(cell.product) : "in the padding, 0 × " + weight + " = 0";
  return words + "; sum so far " + sofar;
}

}  // namespace

std::string windowCaption(const nn::Network& network, const SlidingWindow& run, const WindowStep& step, const Explanation& explanation) {
  const std::string place = placeOf(network, run, step) + ": ";
  if (!step.writes) return place + productWords(run, step, explanation) + ".";
  return place + writtenWords(run, explanation) + "." + paddingWords(explanation, explanation.kind == nn::Combine::Maximum) +
         strideWords(run, step);
}

}  // namespace scene
