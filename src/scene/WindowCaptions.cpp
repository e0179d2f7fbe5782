#include <algorithm>

#include "scene/Captions.h"
#include "scene/Words.h"

namespace scene {

namespace {

std::string text(int number) {
  return std::to_string(number);
}

// "conv1, map 3: row 7, column 12 of 28 × 28"
std::string placeOf(const nn::Network& network, const WindowRun& run, const WindowStep& step) {
  const nn::Network::Node& node = network.node(run.node);
  if (node.shape.isVector()) return node.name + ", unit " + text(run.channel + 1);
  const std::string map = node.shape.channels > 1 ? node.name + ", map " + text(run.channel + 1) : node.name;
  return map + ", row " + text(step.unit.cell.row + 1) + ", column " + text(step.unit.cell.column + 1) + " of " +
         sizeWords(1, run.rows, run.columns);
}

// " + bias 0.03", " − bias 0.03"
std::string biasWords(const Explanation& e) {
  if (!e.hasBias) return {};
  return e.bias < 0 ? " − bias " + shortNumber(-e.bias) : " + bias " + shortNumber(e.bias);
}

// "; ReLU keeps it", "; tanh makes 0.68 of it"
std::string activated(const Explanation& e) {
  std::string words;
  if (e.activation == nn::Activation::Relu) {
    words = e.preActivation > 0 ? "; ReLU keeps it" : "; ReLU makes it 0";
  } else if (e.activation != nn::Activation::None) {
    words = "; " + std::string(nn::activationName(e.activation)) + " makes it " + shortNumber(e.value);
  }
  for (const Explanation* next = &e; !next->then.empty();) {
    next = &next->then.front();
    const bool relu = next->activation == nn::Activation::Relu;
    words += relu ? next->preActivation > 0 ? "; ReLU keeps it" : "; ReLU makes it 0"
                  : "; " + next->nodeName + " makes it " + shortNumber(next->value);
  }
  return words;
}

std::string paddingWords(const Explanation& e, bool largest) {
  if (e.patches.empty()) return {};
  const std::vector<PatchCell>& cells = e.patches.front().cells;
  const auto outside = std::count_if(cells.begin(), cells.end(), [](const PatchCell& cell) { return !cell.inside; });
  if (outside == 0) return {};
  const std::string part = " " + std::to_string(outside) + " of " + std::to_string(cells.size()) + " cells lie in the padding and ";
  return part + (largest ? "do not count." : e.kind == nn::Combine::Average ? "are not input." : "count as zero.");
}

// Told while the first row is written: then it is seen.
std::string strideWords(const WindowRun& run, const WindowStep& step) {
  if (step.cell >= std::size_t(run.columns) || !run.regular) return {};
  if (run.window.strideX < 2 && run.window.strideY < 2) return {};
  if (run.window.strideX == run.window.strideY) return " The window moves by " + text(run.window.strideX) + ".";
  return " The window moves by " + text(run.window.strideX) + " across and " + text(run.window.strideY) + " down.";
}

std::string writtenWords(const WindowRun& run, const Explanation& e) {
  switch (e.kind) {
    case nn::Combine::Maximum: {
      std::string words = "the largest of " + std::to_string(e.terms.size()) + ": " + shortNumber(e.value);
      for (const Patch& patch : e.patches)
        for (std::size_t i = 0; i < patch.cells.size(); ++i)
          if (patch.cells[i].winner && e.terms.size() > 1)
            words += " (row " + text(int(i) / patch.columns + 1) + ", column " + text(int(i) % patch.columns + 1) + " of the window)";
      return words;
    }
    case nn::Combine::Average: {
      std::string words = "the mean of " + counted(e.terms.size(), "cell", "cells");
      if (e.hasScale) words += " × " + shortNumber(e.scale);
      return words + biasWords(e) + " = " + shortNumber(e.preActivation) + activated(e);
    }
    default: {
      std::string words = counted(run.regular ? run.products : e.terms.size(), "product", "products");
      if (run.inputs.size() > 1) words += " from " + std::to_string(run.inputs.size()) + " maps";
      return words + biasWords(e) + " = " + shortNumber(e.preActivation) + activated(e);
    }
  }
}

std::string productWords(const WindowRun& run, const WindowStep& step, const Explanation& e) {
  const Running running = runningOver(windowCells(e, run.products), step.products);
  const bool weighted = e.kind == nn::Combine::WeightedSum;
  std::string words = (weighted ? "product " : "cell ") + std::to_string(step.products) + " of " + std::to_string(run.products) + ": ";
  const PatchCell& cell = running.last;
  if (e.kind == nn::Combine::Maximum) {
    if (!cell.inside) return words + "in the padding, it does not count";
    if (running.news) return words + shortNumber(cell.input) + " is the largest so far";
    return words + shortNumber(cell.input) + " is not above " + shortNumber(running.largest);
  }
  if (!weighted) return words + (cell.inside ? shortNumber(cell.input) : "in the padding, 0") + "; together " + shortNumber(running.sum);
  const std::string weight = cell.weight < 0 ? "(" + shortNumber(cell.weight) + ")" : shortNumber(cell.weight);
  words +=
      cell.inside ? shortNumber(cell.input) + " × " + weight + " = " + shortNumber(cell.product) : "in the padding, 0 × " + weight + " = 0";
  return words + "; sum so far " + shortNumber(running.sum);
}

}  // namespace

std::string windowCaption(const nn::Network& network, const WindowRun& run, const WindowStep& step, const Explanation& explanation) {
  const std::string place = placeOf(network, run, step) + ": ";
  if (!step.writes) return place + productWords(run, step, explanation) + ".";
  return place + writtenWords(run, explanation) + "." + paddingWords(explanation, explanation.kind == nn::Combine::Maximum) +
         strideWords(run, step);
}

}  // namespace scene
