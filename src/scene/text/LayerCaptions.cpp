#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/Answer.h"
#include "nn/LayerCatalogue.h"
#include "nn/SizeText.h"
#include "scene/text/Captions.h"
#include "scene/text/Text.h"

namespace scene {

namespace {

// What a sentence is made of.
struct Told {
  const nn::Network& network;
  const nn::Network::Node& node;
  std::span<const float> parameters;  // of the node
  std::span<const float> values;      // of the node; empty at rest
  const nn::Shape& out() const { return node.shape; }
  const nn::Shape& in() const { return node.layer->inputShapes()[0]; }
  // As the scene calls it: what works cell by cell is shown with the layer before.
  std::string source(std::size_t input) const {
    int at = node.inputs[input];
    while (network.node(at).layer->isPointwise() && network.node(at).inputs.size() == 1) {
      const nn::Network::Node& before = network.node(network.node(at).inputs[0]);
      if (before.consumers.size() != 1 || before.shape.size() != network.node(at).shape.size()) break;
      at = network.node(at).inputs[0];
    }
    return network.node(at).name;
  }
  // "6 maps of 28 × 28", "120 values"
  static std::string maps(const nn::Shape& s) {
    if (s.isVector()) return counted(std::size_t(s.channels), "value", "values");
    return counted(std::size_t(s.channels), "map", "maps") + " of " + s.mapText();
  }
  std::string made() const { return maps(out()); }
  // The class of a unit; empty where the node is no answer.
  std::string nameOf(int unit) const { return analysis::answerName(network, int(&node - network.nodes().data()), unit); }
};

// "; ReLU sets what is negative to 0", empty without an activation.
std::string activationWords(nn::Activation activation) {
  switch (activation) {
    case nn::Activation::None:
      return {};
    case nn::Activation::Relu:
      return "ReLU sets what is negative to 0";
    case nn::Activation::LeakyRelu:
      return "leaky ReLU leaves a hundredth of what is negative";
    case nn::Activation::Sigmoid:
      return "the sigmoid squeezes every sum between 0 and 1";
    case nn::Activation::Tanh:
      return "tanh squeezes every sum between −1 and 1";
    case nn::Activation::ScaledTanh:
      return "the scaled tanh squeezes every sum between −1.72 and 1.72";
    case nn::Activation::BinaryStep:
      return "the step makes 1 of what is above 0, and 0 of the rest";
    case nn::Activation::Elu:
      return "ELU bends what is negative towards −1";
    case nn::Activation::Gelu:
      return "GELU fades out what is negative";
    case nn::Activation::Silu:
      return "SiLU fades out what is negative";
    case nn::Activation::Relu6:
      return "ReLU6 sets what is negative to 0 and what is above 6 to 6";
    case nn::Activation::HardSigmoid:
      return "the hard sigmoid squeezes every sum between 0 and 1";
    case nn::Activation::HardTanh:
      return "the hard tanh cuts every sum off at −1 and 1";
    case nn::Activation::HardSwish:
      return "the hard swish fades out what is negative";
    case nn::Activation::Softplus:
      return "softplus bends what is negative towards 0";
    case nn::Activation::Softsign:
      return "softsign squeezes every sum between −1 and 1";
    case nn::Activation::Mish:
      return "Mish fades out what is negative";
  }
  return {};
}

std::string after(const std::string& words) {
  return words.empty() ? words : "; " + words;
}

std::string stepsOf(const nn::Window& window) {
  if (window.strideY == 1 && window.strideX == 1) return {};
  if (window.strideY == window.strideX) return ", moving by " + std::to_string(window.strideY);
  return ", moving by " + std::to_string(window.strideY) + " down and " + std::to_string(window.strideX) + " across";
}

std::string input(const Told& t) {
  const nn::Shape& s = t.out();
  if (s.isVector()) return counted(std::size_t(s.channels), "value comes", "values come") + " in";
  const std::string picture = "the picture comes in: " + t.out().mapText() + " pixels";
  return s.channels == 1 ? picture : picture + " in " + std::to_string(s.channels) + (s.channels == 3 ? " colors" : " maps");
}

// How many input maps the middle of a map reads.
std::size_t mapsRead(const Told& t) {
  nn::CellLinks links;
  std::size_t most = 0;
  for (int channel = 0; channel < std::min(t.out().channels, 64); ++channel) {
    t.node.layer->linksInto({channel, t.out().height / 2, t.out().width / 2}, links);
    std::vector<int> seen;
    for (const nn::Link& link : links.terms) seen.push_back(link.cell.channel);
    std::sort(seen.begin(), seen.end());
    most = std::max(most, std::size_t(std::unique(seen.begin(), seen.end()) - seen.begin()));
  }
  return most;
}

std::string conv(const Told& t) {
  const nn::Window window = *t.node.layer->window();
  const bool picture = t.network.node(t.node.inputs[0]).inputs.empty();
  const int from = t.in().channels;
  const std::size_t read = from > 1 ? mapsRead(t) : 1;
  const std::string deep = read > 1 ? " × " + std::to_string(read) : "";
  std::string over = picture ? "the picture" : from == 1 ? "the map" : "all " + std::to_string(from) + " maps";
  if (read < std::size_t(from)) over = counted(read, "map", "maps") + " of " + std::to_string(from) + " each";
  const bool one = t.out().channels == 1;
  std::string text = counted(std::size_t(t.out().channels), "kernel", "kernels") + " of " + nn::sizeText(window.height, window.width) +
                     deep + (one ? " slides over " : " slide over ") + over + stepsOf(window) + (one ? " and makes " : " and make ") +
                     t.made();
  if (window.dilationY > 1 || window.dilationX > 1) text += "; it reads every " + std::to_string(window.dilationY) + ". cell";
  if (window.height > 1 && (window.paddingTop > 0 || window.paddingLeft > 0)) text += "; around the border zeros are added";
  return text + after(activationWords(t.node.layer->activation()));
}

std::string transposedConv(const Told& t) {
  return "every cell stamps a kernel, as strong as it is, on a larger map: " + t.made() +
         after(activationWords(t.node.layer->activation()));
}

std::string maxPool(const Told& t) {
  const nn::Window window = *t.node.layer->window();
  return "keeps the largest of each " + nn::sizeText(window.height, window.width) + ": " + Told::maps(t.in()) + " become " +
         t.out().mapText();
}

std::string averagePool(const Told& t) {
  const nn::Window window = *t.node.layer->window();
  const std::string learned = t.node.layer->parameterBlocks().empty() ? "" : ", times a learned number, plus a learned bias";
  return "takes the mean of each " + nn::sizeText(window.height, window.width) + learned + ": " + Told::maps(t.in()) + " become " +
         t.out().mapText() + after(activationWords(t.node.layer->activation()));
}

std::string adaptiveMax(const Told& t) {
  return "keeps the largest value under windows as large as needed to make " + t.made();
}

std::string adaptiveAverage(const Told& t) {
  return "takes the mean under windows as large as needed to make " + t.made();
}

std::string globalAverage(const Told& t) {
  return "takes the mean of each whole map: " + Told::maps(t.in()) + " become " + t.made();
}

// Who is ahead, where a vector is one of the answers; -1 also where several are.
int leaderOf(const Told& t) {
  if (t.values.empty() || !t.out().isVector() || t.out().channels < 2 || t.nameOf(0).empty()) return -1;
  return analysis::winnerOf(t.values);
}

std::string dense(const Told& t) {
  const std::string units = t.out().channels == 1 ? "one unit weighs" : "each of " + std::to_string(t.out().channels) + " units weighs";
  const std::string values = t.in().size() == 1 ? " the one value" : " all " + std::to_string(t.in().size()) + " values and adds them up";
  std::string text = units + values + after(activationWords(t.node.layer->activation()));
  const int best = leaderOf(t);
  if (best >= 0 && t.node.consumers.empty())
    text += "; " + t.nameOf(best) + " has the largest score, " + shortNumber(t.values[std::size_t(best)]);
  return text;
}

std::string flatten(const Told& t) {
  return "lays " + Told::maps(t.in()) + " out in one row of " + counted(std::size_t(t.out().channels), "value", "values");
}

std::string reshape(const Told& t) {
  return "reads " + Told::maps(t.in()) + ", in their order, as " + t.made();
}

std::string dropout(const Told& t) {
  return "switches units off only while training; now all " + std::to_string(t.out().size()) + " pass";
}

std::string spatialDropout(const Told& t) {
  return "switches whole maps off only while training; now all " + std::to_string(t.out().channels) + " pass";
}

std::string activation(const Told& t) {
  const std::string words = activationWords(t.node.layer->activation());
  if (!words.empty()) return words;
  return t.out().size() == 1 ? "passes the one value on" : "passes all " + std::to_string(t.out().size()) + " values on";
}

std::string prelu(const Told& t) {
  std::string text = "what is positive passes; what is negative is multiplied by a learned slope";
  if (t.parameters.size() == 1) text += ", " + shortNumber(t.parameters[0]);
  return text;
}

std::string batchNorm(const Told& t) {
  const std::string of = t.out().isVector() ? "units" : "maps";
  return "brings each of " + std::to_string(t.out().channels) + " " + of +
         " to mean 0 and deviation 1, as learned over the mini-batches, then scales and shifts it";
}

std::string layerNorm(const Told& t) {
  const bool positions = t.node.layer->window().has_value();
  nn::CellLinks links;
  t.node.layer->linksInto({}, links);
  const std::size_t sets = t.out().size() / links.terms.size();
  if (!positions && sets > 1)
    return "brings the values of each of " + std::to_string(sets) + (sets == std::size_t(t.out().channels) ? " maps" : " groups of maps") +
           " to mean 0 and deviation 1, then scales and shifts them";
  return "brings " +
         (positions ? "the " + std::to_string(t.out().channels) + " values at each position"
                    : "all " + std::to_string(t.out().size()) + " values together") +
         " to mean 0 and deviation 1, then scales and shifts them";
}

std::string localResponse(const Told& t) {
  nn::CellLinks links;
  t.node.layer->linksInto({t.out().channels / 2, 0, 0}, links);
  return "strong values hold those at the same place of neighboring maps down: " + std::to_string(links.terms.size()) + " maps take part";
}

std::string sourcesOf(const Told& t) {
  std::string text;
  for (std::size_t i = 0; i < t.node.inputs.size(); ++i)
    text += (i == 0 ? "" : i + 1 == t.node.inputs.size() ? " and " : ", ") + t.source(i);
  return text;
}

std::string add(const Told& t) {
  return "adds " + sourcesOf(t) + " cell by cell: " + t.made();
}

std::string multiply(const Told& t) {
  bool cells = true, maps = true;
  for (const nn::Shape& shape : t.node.layer->inputShapes()) {
    cells = cells && shape.height == t.out().height && shape.width == t.out().width;
    maps = maps && shape.channels == t.out().channels;
  }
  const char* how = !cells ? ", whole maps by one number each: " : maps ? " cell by cell: " : ", all maps by the cells of one: ";
  return "multiplies " + sourcesOf(t) + how + t.made();
}

std::string matmul(const Told& t) {
  const std::string each = t.out().channels > 1 ? ", map by map: " : ": ";
  return "multiplies the rows of " + t.source(0) + " by the columns of " + t.source(1) + each + t.made();
}

std::string function(const Told& t) {
  const nn::Shape& shape = t.out();
  return "computes one function of each of " + counted(shape.size(), "value", "values");
}

std::string concat(const Told& t) {
  std::string counts;
  if (!t.node.layer->window()) return "puts the maps of " + sourcesOf(t) + " side by side: " + t.made();
  for (const nn::Shape& shape : t.node.layer->inputShapes()) counts += (counts.empty() ? "" : " + ") + std::to_string(shape.channels);
  return "puts " + sourcesOf(t) + " one after the other: " + counts + " = " + t.made();
}

std::string slice(const Told& t) {
  const nn::Shape &from = t.in(), &to = t.out();
  if (from.channels != to.channels)
    return "takes " + std::to_string(to.channels) + " of the " + std::to_string(from.channels) + (to.isVector() ? " values" : " maps");
  return "cuts " + t.out().mapText() + " out of each map of " + from.mapText();
}

std::string upsample(const Told& t) {
  const bool drawnIn = t.node.layer->combineKind() != nn::Combine::Copy;
  return "makes every map larger, " + t.in().mapText() + " becomes " + t.out().mapText() +
         (drawnIn ? ": values in between are drawn in" : ": every cell is repeated");
}

std::string zeroPad(const Told& t) {
  return "puts a border of zeros around every map: " + t.in().mapText() + " becomes " + t.out().mapText();
}

std::string affine(const Told& t) {
  return "multiplies each of " + std::to_string(t.out().size()) + " cells by a number of its own and adds another";
}

std::string rearrange(const Told& t) {
  return "puts the cells of " + t.in().text() + " into another order: " + t.out().text();
}

std::string select(const Told& t) {
  return "takes maps, rows and columns by their numbers: " + t.in().text() + " becomes " + t.out().text();
}

std::string resize(const Told& t) {
  return "makes every map of another size, " + t.in().mapText() + " becomes " + t.out().mapText() + ": values in between are drawn in";
}

std::string softmax(const Told& t) {
  if (!t.out().isVector())
    return "turns the " + std::to_string(t.out().channels) + " scores at each place into shares that add up to 100 %";
  std::string text = "turns the " + std::to_string(t.out().channels) + " scores into shares that add up to 100 %";
  if (const int best = leaderOf(t); best >= 0)
    text += ": " + t.nameOf(best) + " wins with " + probabilityPercent(t.values[std::size_t(best)], t.out().channels);
  return text;
}

std::string logSoftmax(const Told& t) {
  if (!t.out().isVector()) return "turns the " + std::to_string(t.out().channels) + " scores at each place into logarithms of shares";
  std::string text = "turns the " + std::to_string(t.out().channels) + " scores into logarithms of shares";
  if (const int best = leaderOf(t); best >= 0) {
    const float value = t.values[std::size_t(best)];
    text +=
        ": " + t.nameOf(best) + " wins with " + shortNumber(value) + ", which is " + probabilityPercent(std::exp(value), t.out().channels);
  }
  return text;
}

using Tells = std::string (*)(const Told&);
const std::map<std::string_view, Tells>& tellers() {
  static const std::map<std::string_view, Tells> all = {{"input", input},
                                                        {"conv2d", conv},
                                                        {"transposed-conv2d", transposedConv},
                                                        {"max-pool", maxPool},
                                                        {"average-pool", averagePool},
                                                        {"adaptive-max-pool", adaptiveMax},
                                                        {"adaptive-average-pool", adaptiveAverage},
                                                        {"global-average-pool", globalAverage},
                                                        {"dense", dense},
                                                        {"flatten", flatten},
                                                        {"reshape", reshape},
                                                        {"dropout", dropout},
                                                        {"spatial-dropout", spatialDropout},
                                                        {"activation", activation},
                                                        {"prelu", prelu},
                                                        {"batch-norm", batchNorm},
                                                        {"layer-norm", layerNorm},
                                                        {"local-response-norm", localResponse},
                                                        {"add", add},
                                                        {"multiply", multiply},
                                                        {"matmul", matmul},
                                                        {"function", function},
                                                        {"concat", concat},
                                                        {"slice", slice},
                                                        {"upsample", upsample},
                                                        {"zero-pad", zeroPad},
                                                        {"affine", affine},
                                                        {"rearrange", rearrange},
                                                        {"select", select},
                                                        {"resize", resize},
                                                        {"softmax", softmax},
                                                        {"log-softmax", logSoftmax}};
  return all;
}

// "Scales and shifts." -> "scales and shifts"
std::string fromCatalogue(const nn::Layer& layer) {
  const nn::LayerType* type = nn::findLayerType(layer.type());
  std::string text = type ? type->description : std::string(layer.type());
  if (!text.empty() && text.back() == '.') text.pop_back();
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = char(text[0] - 'A' + 'a');
  return text;
}

// Says only that values pass: not worth a sentence beside others.
bool passesOn(const nn::Layer& layer) {
  return layer.type() == "flatten" || layer.type() == "dropout" || layer.type() == "spatial-dropout" || layer.type() == "reshape";
}

}  // namespace

std::string layerCaption(const nn::Network& network, std::span<const float> parameters, const Values* values, int index) {
  const nn::Network::Node& node = network.node(index);
  Told told{network, node, {}, {}};
  if (parameters.size() == network.parameterCount()) told.parameters = parameters.subspan(node.parameterOffset, node.parameterCount);
  if (values) told.values = values->of(index);
  const auto found = tellers().find(node.layer->type());
  return node.name + ": " + (found == tellers().end() ? fromCatalogue(*node.layer) : found->second(told)) + ".";
}

std::string forwardPassCaption(const Layout& layout, std::span<const float> parameters, const Values* values, std::size_t step) {
  const Block& block = layout.blocks[std::min(step, layout.blocks.size() - 1)];
  std::string text;
  for (const int node : block.nodes) {
    if (node != block.node && passesOn(*layout.network->node(node).layer)) continue;
    if (!text.empty()) text += ' ';
    text += layerCaption(*layout.network, parameters, values, node);
  }
  return text;
}

}  // namespace scene
