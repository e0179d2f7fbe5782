// The players: every cell is written once, the window lies where the layer's links say, running sums end at what the engine computed,
// and every type of layer has words.
#include <cmath>
#include <gtest/gtest.h>

#include "nn/LayerCatalogue.h"
#include "scene/ComputedCase.h"
#include "scene/SceneNetworks.h"
#include "scene/SceneState.h"
#include "scene/animation/SlidingWindow.h"
#include "scene/text/Captions.h"
#include "scene/text/Text.h"
#include "support/Select.h"

namespace {

class AnyWindow : public ::testing::TestWithParam<nntest::LayerCase>, protected scene_test::ComputedCase {
 protected:
  AnyWindow() : ComputedCase(GetParam()) {
    layout = scene::buildLayout(network, scene::Arrangement::Space);
    run = scene::slidingWindow(*network, {node, {0, 0, 0}});
  }
  const nn::Layer& layer() const { return *network->node(node).layer; }
  scene::WindowStep at(std::size_t step, bool eachProduct) const { return scene::windowStep(*run, eachProduct, step); }
  std::shared_ptr<const scene::Layout> layout;
  std::optional<scene::SlidingWindow> run;
};

TEST_P(AnyWindow, SlidesWhereOneIsAndOnlyThere) {
  const nn::Combine kind = layer().combineKind();
  const bool pools = kind == nn::Combine::Maximum || kind == nn::Combine::Average;
  if (GetParam().type == "conv2d") {
    EXPECT_TRUE(run);
  }
  if (GetParam().type == "max-pool" && !network->node(node).shape.isVector()) {
    EXPECT_TRUE(run);
  }
  if (kind != nn::Combine::WeightedSum && !pools) {
    EXPECT_FALSE(run);
  }
  if (GetParam().type == "dense" || GetParam().type == "global-average-pool") {
    EXPECT_FALSE(run);
  }
}

TEST_P(AnyWindow, WritesEveryCellOnceInRows) {
  if (!run) return;
  const std::size_t steps = scene::stepCount(*run, false);
  ASSERT_EQ(steps, std::size_t(network->node(node).shape.height) * std::size_t(network->node(node).shape.width));
  for (std::size_t s = 0; s < steps; ++s) {
    const scene::WindowStep step = at(s, false);
    EXPECT_EQ(step.cell, s);
    EXPECT_EQ(nn::flatIndex(network->node(node).shape, step.unit.cell), s);
    EXPECT_TRUE(step.writes);
    EXPECT_EQ(step.written, s + 1);
    EXPECT_EQ(scene::stepOf(*run, false, step.unit.cell), s);
  }
}

TEST_P(AnyWindow, LiesOnTheCellsThatTheLinksName) {
  if (!run) return;
  nn::CellLinks links;
  for (int r = 0; r < run->rows; ++r)
    for (int c = 0; c < run->columns; ++c) {
      layer().linksInto({0, r, c}, links);
      const scene::WindowRect rect = scene::windowAt(*network, *run, r, c);
      std::size_t inside = 0;
      const nn::Shape& from = layer().inputShapes()[0];
      for (int y = rect.top; y < rect.top + rect.height; y += run->window.dilationY)
        for (int x = rect.left; x < rect.left + rect.width; x += run->window.dilationX)
          if (y >= 0 && x >= 0 && y < from.height && x < from.width) ++inside;
      for (const nn::Link& link : links.terms) {
        EXPECT_GE(link.cell.row, rect.top);
        EXPECT_GE(link.cell.column, rect.left);
        EXPECT_LT(link.cell.row, rect.top + rect.height);
        EXPECT_LT(link.cell.column, rect.left + rect.width);
        if (run->regular) {
          EXPECT_EQ((link.cell.row - rect.top) % run->window.dilationY, 0);
        }
      }
      if (run->regular) {
        EXPECT_EQ(inside * run->inputs.size(), links.terms.size()) << r << ", " << c;
      }
    }
}

TEST_P(AnyWindow, AddsUpToWhatTheEngineComputed) {
  if (!run || !run->regular) return;
  const std::size_t each = run->products + 1;
  ASSERT_EQ(scene::stepCount(*run, true), each * run->cells());
  for (std::size_t cell = 0; cell < run->cells(); ++cell) {
    const scene::WindowStep last = at(cell * each + run->products - 1, true), written = at(cell * each + run->products, true);
    EXPECT_FALSE(last.writes);
    EXPECT_EQ(last.written, cell);
    EXPECT_EQ(last.products, run->products);
    EXPECT_TRUE(written.writes);
    EXPECT_EQ(written.written, cell + 1);
    EXPECT_EQ(written.unit, last.unit);
    const scene::Explanation e = scene::explain(*network, parameters, *values, last.unit);
    const std::vector<scene::PatchCell> cells = scene::windowCells(e, run->products);
    ASSERT_EQ(cells.size(), run->products);
    const scene::Running running = scene::runningOver(cells, last.products);
    const float most = 1 + std::abs(e.preActivation);
    if (e.kind == nn::Combine::Maximum) {
      EXPECT_EQ(running.largest, values->at(last.unit));
    }
    if (e.kind == nn::Combine::WeightedSum) {
      EXPECT_NEAR(running.sum + e.bias, e.preActivation, 2e-5 * most);
    }
    EXPECT_NEAR(e.value, values->at(last.unit), 2e-5 * most);
  }
}

TEST_P(AnyWindow, IsShownAtEveryStep) {
  if (!run) return;
  for (const bool each : {false, true})
    for (std::size_t s = 0; s < std::min<std::size_t>(scene::stepCount(*run, each), 60); ++s) {
      const scene::WindowStep step = at(s, each);
      const scene::Highlight highlight = scene::highlightWindow(*layout, parameters, *values, *run, step, {});
      EXPECT_EQ(highlight.cell, *layout->locate(step.unit));
      const scene::Sheet& sheet = layout->sheets[std::size_t(highlight.cell.sheet)];
      if (sheet.kind == scene::Sheet::Kind::Map) {
        EXPECT_EQ(highlight.focus[std::size_t(highlight.cell.sheet)].written, int(step.written));
      }
      for (const scene::DrawnEdge& edge : highlight.edges) EXPECT_LE(std::abs(edge.strength), 1.0f);
      const scene::Explanation e = scene::explain(*network, parameters, *values, step.unit);
      EXPECT_FALSE(scene::windowCaption(*network, *run, step, e).empty());
    }
}

// The number that stands after some words, and a unit of its last digit.
std::optional<std::pair<double, double>> numberAfter(const std::string& sentence, const std::string& words) {
  const std::size_t at = sentence.find(words);
  if (at == std::string::npos) return std::nullopt;
  std::string text = sentence.substr(at + words.size());
  for (std::size_t minus = text.find("−"); minus != std::string::npos; minus = text.find("−")) text.replace(minus, 3, "-");
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  const std::string written = text.substr(0, std::size_t(end - text.c_str()));
  if (written.empty()) return std::nullopt;
  const std::size_t point = written.find('.'), exponent = written.find('e');
  const double power = exponent == std::string::npos ? 0 : std::atof(written.c_str() + exponent + 1);
  const std::size_t last = std::min(exponent, written.size());
  return std::pair(number, std::pow(10.0, power - (point == std::string::npos ? 0.0 : double(last - point - 1))));
}

// What a person adds up from the sentence is what the sentence says.
TEST_P(AnyWindow, SaysSumsThatAddUpAsTheyAreWritten) {
  if (!run) return;
  for (std::size_t cell = 0; cell < run->cells(); ++cell) {
    const scene::WindowStep step = at(cell, false);
    const scene::Explanation e = scene::explain(*network, parameters, *values, step.unit);
    const std::string words = scene::windowCaption(*network, *run, step, e);
    if (e.kind == nn::Combine::Maximum) {
      EXPECT_NE(words.find(": " + scene::shortNumber(e.value)), std::string::npos) << words;
      continue;
    }
    const bool coefficient = words.find("coefficient") != std::string::npos;
    auto terms = numberAfter(words, "add up to ");
    for (const char* other : {"the one product is ", "the one cell is ", "the sum is "})
      if (!terms) terms = numberAfter(words, other);
    ASSERT_TRUE(terms) << words;
    if (const auto mean = numberAfter(words, "; divided by " + std::to_string(e.terms.size()) + ": ")) {
      EXPECT_NEAR(terms->first / double(e.terms.size()), mean->first, mean->second + terms->second / double(e.terms.size())) << words;
      terms = mean;
    }
    if (coefficient) {
      const auto factor = numberAfter(words, "coefficient ("),
                 scaled = numberAfter(words, "coefficient (" + scene::shortNumber(e.scale) + "): ");
      ASSERT_TRUE(factor && scaled) << words;
      EXPECT_NEAR(terms->first * factor->first, scaled->first, 0.02 * (0.01 + std::abs(scaled->first)) + scaled->second) << words;
      terms = scaled;
    }
    ASSERT_EQ(e.hasBias, words.find("with the bias (") != std::string::npos) << words;
    if (e.hasBias) {
      const auto bias = numberAfter(words, "with the bias ("), total = numberAfter(words.substr(words.find("with the bias (")), "): ");
      ASSERT_TRUE(bias && total) << words;
      EXPECT_EQ(bias->first == 0, e.bias == 0) << words;
      EXPECT_NEAR(bias->first, e.bias, std::max(bias->second, total->second) / 1.9) << words;
      // Exactly, but for a bias that is too small for the sum's last digit.
      const double tolerance = bias->second < terms->second / 1.5 ? 0.51 * terms->second : 1e-9;
      EXPECT_NEAR(terms->first + bias->first, total->first, tolerance) << words;
      terms = total;
    }
    EXPECT_NEAR(terms->first, e.preActivation, terms->second * (e.hasBias || e.kind == nn::Combine::Average ? 1.0 : 0.51)) << words;
    EXPECT_NE(words.find(scene::shortNumber(e.preActivation)), std::string::npos) << "as it reads everywhere: " << words;
    if (e.activation == nn::Activation::Relu) {
      EXPECT_NE(words.find(e.preActivation < 0 ? "ReLU cuts it to 0" : "ReLU keeps it"), std::string::npos) << words;
    } else if (e.activation != nn::Activation::None && e.value != e.preActivation) {
      EXPECT_NE(words.find(scene::shortNumber(e.value)), std::string::npos) << words;
    }
  }
}

TEST_P(AnyWindow, HasItsLayerTold) {
  const std::string words = scene::layerCaption(*network, parameters, values.get(), node), name = network->node(node).name + ": ";
  EXPECT_EQ(words.rfind(name, 0), 0u);
  EXPECT_GT(words.size(), name.size() + 10);
  EXPECT_EQ(words.find("Slides"), std::string::npos);
  const nn::LayerType* type = nn::findLayerType(GetParam().type);
  ASSERT_TRUE(type);
  EXPECT_EQ(words.find(type->description.substr(1)), std::string::npos) << "told only by the catalogue: " << words;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, AnyWindow, ::testing::ValuesIn(nntest::layerCases()), [](const auto& test) { return test.param.name; });

TEST(Captions, EveryTypeOfTheCatalogueIsAmongTheCases) {
  for (const nn::LayerType& type : nn::layerTypes()) {
    const bool cased = std::any_of(nntest::layerCases().begin(), nntest::layerCases().end(),
                                   [&](const nntest::LayerCase& one) { return one.type == type.name; });
    EXPECT_TRUE(cased || type.name == "input") << type.name;
  }
}

class HarleyPlays : public ::testing::Test {
 protected:
  HarleyPlays() : network(scene_test::harley()), parameters(network->initialParameters(3)) {
    values = scene_test::valuesOf(network, parameters, scene_test::seven(network->inputShape()));
    layout = scene::buildLayout(network, scene::Arrangement::Space);
  }
  std::string told(const char* name) const { return scene::layerCaption(*network, parameters, values.get(), network->find(name)); }
  std::shared_ptr<const nn::Network> network;
  std::vector<float> parameters;
  std::shared_ptr<const scene::Values> values;
  std::shared_ptr<const scene::Layout> layout;
};

TEST_F(HarleyPlays, CaptionsHoldTheNumbersOfTheNetwork) {
  EXPECT_EQ(told("input"), "input: the picture comes in: 32 × 32 pixels.");
  EXPECT_EQ(told("conv1"), "conv1: 6 kernels of 5 × 5 slide over the picture and make 6 maps of 28 × 28; ReLU sets what is negative to 0.");
  EXPECT_EQ(told("pool1"), "pool1: keeps the largest of each 2 × 2: 6 maps of 28 × 28 become 14 × 14.");
  EXPECT_EQ(told("conv2"),
            "conv2: 16 kernels of 5 × 5 × 6 slide over all 6 maps and make 16 maps of 10 × 10; ReLU sets what is negative to 0.");
  EXPECT_EQ(told("dense1"), "dense1: each of 120 units weighs all 400 values and adds them up; ReLU sets what is negative to 0.");
  const std::span<const float> shares = values->of(network->find("softmax"));
  const auto best = std::max_element(shares.begin(), shares.end()) - shares.begin();
  EXPECT_NE(told("softmax").find("10 scores into shares that add up to 100 %: " + std::to_string(best) + " wins with "), std::string::npos);
}

TEST_F(HarleyPlays, TheFlowTellsTheNodesOfABlockTogether) {
  const int last = layout->blockOfNode[std::size_t(network->find("softmax"))];
  const auto flow = scene::findAnimation("forward-pass")->create(*layout, {});
  const std::string words = flow->frame({*layout, parameters, *values, false, {}}, std::size_t(last)).caption;
  EXPECT_NE(words.find("output: each of 10 units"), std::string::npos);
  EXPECT_NE(words.find("softmax: turns"), std::string::npos);
  EXPECT_EQ(flow->frame({*layout, parameters, *values, true, {}}, std::size_t(last)).caption.find("wins"), std::string::npos);
}

TEST_F(HarleyPlays, TheFlowReachesLayerAfterLayer) {
  const auto flow = scene::findAnimation("forward-pass")->create(*layout, {});
  ASSERT_EQ(flow->steps(), layout->blocks.size());
  for (std::size_t s = 0; s < layout->blocks.size(); ++s) {
    const scene::Highlight highlight = flow->frame({*layout, parameters, *values, false, {}}, s).highlight;
    for (std::size_t b = 0; b < layout->blocks.size(); ++b) {
      const scene::SheetFocus& focus = highlight.focus[std::size_t(layout->blocks[b].firstSheet)];
      EXPECT_EQ(focus.lit, b <= s);
      EXPECT_EQ(focus.blank(0), b > s);
    }
  }
}

TEST_F(HarleyPlays, WindowCaptionsFollowTheSum) {
  const auto run = scene::slidingWindow(*network, {network->find("conv1"), {2, 0, 0}});
  ASSERT_TRUE(run);
  const auto caption = [&](std::size_t step, bool each) {
    const scene::WindowStep at = scene::windowStep(*run, each, step);
    return scene::windowCaption(*network, *run, at, scene::explain(*network, parameters, *values, at.unit));
  };
  EXPECT_EQ(caption(6 * 28 + 11, false).rfind("conv1, map 3, row 7, column 12 of 28 × 28: the 25 products add up to ", 0), 0u);
  EXPECT_NE(caption(26 * 40 + 2, true).find("product 3 of 25: "), std::string::npos);
  EXPECT_NE(caption(26 * 40 + 2, true).find("sum so far"), std::string::npos);
  const auto pool = scene::slidingWindow(*network, {network->find("pool1"), {0, 0, 0}});
  const scene::WindowStep first = scene::windowStep(*pool, false, 60);
  const std::string words = scene::windowCaption(*network, *pool, first, scene::explain(*network, parameters, *values, first.unit));
  EXPECT_NE(words.find("the largest of 4: "), std::string::npos);
}

// The sum of the last product is the one that the cell's sentence begins with.
TEST_F(HarleyPlays, TheRunningSumEndsAtTheSumThatIsTold) {
  const auto run = scene::slidingWindow(*network, {network->find("conv2"), {2, 0, 0}});
  const auto caption = [&](std::size_t cell, std::size_t product) {
    const scene::WindowStep at = scene::windowStep(*run, true, cell * 151 + product);
    return scene::windowCaption(*network, *run, at, scene::explain(*network, parameters, *values, at.unit));
  };
  for (std::size_t cell = 0; cell < run->cells(); cell += 7) {
    const auto last = numberAfter(caption(cell, 149), "sum so far "), all = numberAfter(caption(cell, 150), "add up to ");
    ASSERT_TRUE(last && all);
    EXPECT_EQ(last->first, all->first) << caption(cell, 150);
  }
}

// Every layer that follows cell by cell says what it makes of the sum.
TEST(WindowCaptions, TellWhatFollowsTheSum) {
  const auto caption = [](std::vector<nn::NodeSpec> after, nn::Cell cell) {
    nn::NetworkSpec spec;
    spec.nodes = {scene_test::input(1, 6, 6), scene_test::conv("conv", 2, 3, "same")};
    spec.nodes[1].fields["activation"] = std::string("none");
    spec.nodes.insert(spec.nodes.end(), after.begin(), after.end());
    const auto network = nn::Network::create(spec);
    const std::vector<float> parameters = nntest::randomParameters(*network, 4);
    const auto values = scene_test::valuesOf(network, parameters, scene_test::seven(network->inputShape()));
    const scene::UnitId unit{1, cell};
    const auto run = scene::slidingWindow(*network, unit);
    const scene::WindowStep at = scene::windowStep(*run, false, scene::stepOf(*run, false, cell));
    const scene::Explanation e = scene::explain(*network, parameters, *values, unit);
    return std::pair(scene::windowCaption(*network, *run, at, e), e);
  };
  const auto act = [](std::string_view name) { return scene_test::node("act", "activation", {{"activation", std::string(name)}}); };
  for (int i = 0; i < 36; ++i) {
    const auto [words, e] = caption({scene_test::node("norm", "batch-norm", {}), act("relu")}, {i % 2, i / 6, i % 6});
    const float normed = e.then[0].value, end = e.then[0].then[0].value;
    EXPECT_NE(words.find("; norm brings it to " + scene::shortNumber(normed) + (normed >= 0 ? "; ReLU keeps it." : "; ReLU cuts it to 0.")),
              std::string::npos)
        << words;
    EXPECT_FLOAT_EQ(end, std::max(0.0f, normed));
    const auto [slope, p] = caption({scene_test::node("prelu", "prelu", {})}, {i % 2, i / 6, i % 6});
    EXPECT_NE(slope.find(p.value >= 0 ? "; prelu keeps it" : "; prelu multiplies it by its slope ("), std::string::npos) << slope;
  }
  for (int kind = 1; kind < nn::kActivationCount; ++kind)  // each has a name in words
    EXPECT_EQ(caption({act(nn::activationName(nn::Activation(kind)))}, {0, 2, 3}).first.find(";  "), std::string::npos) << kind;
}

TEST(Branches, AreCalledAsTheSceneCallsThem) {
  nn::NetworkSpec spec;
  spec.nodes = {scene_test::input(1, 8, 8), scene_test::conv("stem", 4, 3, "same"), scene_test::conv("left", 4, 3, "same", {"stem"}),
                scene_test::node("norm", "batch-norm", {}, {"left"}), scene_test::node("sum", "add", {}, {"norm", "stem"})};
  const auto network = nn::Network::create(spec);
  EXPECT_EQ(scene::layerCaption(*network, {}, nullptr, network->find("sum")), "sum: adds left and stem cell by cell: 4 maps of 8 × 8.");
}

TEST(PaddedWindow, ReachesOutsideAndSaysSo) {
  nn::NetworkSpec spec;
  spec.nodes = {scene_test::input(1, 9, 9), scene_test::node("conv", "conv2d",
                                                             {{"filters", std::int64_t(2)},
                                                              {"kernel", std::vector<std::int64_t>{5}},
                                                              {"stride", std::vector<std::int64_t>{2}},
                                                              {"padding", std::string("same")}})};
  const auto network = nn::Network::create(spec);
  const std::vector<float> parameters = network->initialParameters(1);
  const auto values = scene_test::valuesOf(network, parameters, scene_test::seven(network->inputShape()));
  const auto layout = scene::buildLayout(network, scene::Arrangement::Flat);
  const auto run = scene::slidingWindow(*network, {1, {0, 0, 0}});
  ASSERT_TRUE(run);
  const scene::WindowStep step = scene::windowStep(*run, false, 0);
  const scene::Highlight highlight = scene::highlightWindow(*layout, parameters, *values, *run, step, {});
  EXPECT_EQ(highlight.padding.size(), 16u);  // of 25, a corner of 3 x 3 lies inside
  ASSERT_EQ(highlight.patches.size(), 1u);
  ASSERT_EQ(highlight.borders.size(), 1u);
  const scene::Sheet& sheet = layout->sheets[std::size_t(highlight.borders[0].sheet)];
  EXPECT_NEAR(highlight.borders[0].corners[1].x - highlight.borders[0].corners[0].x, 13 * sheet.pitch, 1e-4);  // two on either side of nine
  EXPECT_LT(highlight.patches[0].corners[0].x, layout->sheets[std::size_t(highlight.patches[0].sheet)].origin.x);
  const std::string words = scene::windowCaption(*network, *run, step, scene::explain(*network, parameters, *values, step.unit));
  EXPECT_NE(words.find("16 of 25 cells lie in the padding and count as zero."), std::string::npos) << words;
  EXPECT_NE(words.find("The window moves by 2."), std::string::npos) << words;
}

TEST_F(HarleyPlays, TheStateShowsThePlayerUntilItEnds) {
  scene::SceneState state;
  state.setNetwork(scene::SceneRequest{network, scene::Arrangement::Space});
  state.setParameters(std::make_shared<const std::vector<float>>(parameters));
  state.setValues(values);
  const scene::AnimationType& window = *scene::findAnimation("sliding-window");
  const scene::UnitId first{network->find("conv2"), {4, 0, 0}};
  state.setAnimation(scene::AnimationStep{window.create(*layout, {first, true}), 500});
  ASSERT_TRUE(state.highlight());
  EXPECT_EQ(state.highlight()->kind, scene::Highlight::Kind::Animation);
  EXPECT_EQ(state.animation()->animation->steps(), 100u * 151u);
  const scene::AnimationPlace place = state.animation()->place(*state.layout());
  EXPECT_EQ(place.number, 4u);
  EXPECT_EQ(place.count, 100u);
  // The weight that is framed is the one that the caption multiplies by.
  const scene::Highlight& highlight = *state.highlight();
  ASSERT_EQ(highlight.now.size(), 2u);
  const int tile = highlight.focus[std::size_t(highlight.now[1].sheet)].tile;
  const scene::Explanation e = scene::explain(*network, parameters, *values, *place.unit);
  const int last = place.products - 1;
  const scene::Running running = scene::runningOver(scene::windowCells(e, 150), std::size_t(place.products));
  EXPECT_EQ(tile, last / 25);
  const scene::CellRef weight{highlight.now[1].sheet, last % 25 / 5, last % 5, tile};
  EXPECT_EQ(state.shown().cells()[state.layout()->cellIndex(weight)], running.last.weight);
  // Hovering and new values leave it; folding what it reads or writes does not end it.
  const std::uint64_t before = state.versions().highlight;
  state.setValues(values);
  EXPECT_GT(state.versions().highlight, before);
  for (const char* folded : {"conv2", "pool1"}) {
    scene_test::fold(state, {network->find(folded)});
    EXPECT_EQ(state.highlight()->kind, scene::Highlight::Kind::Animation);
    EXPECT_FALSE(state.caption().empty());
    EXPECT_FALSE(state.animation()->closeUp(*state.layout()).empty());
  }
  EXPECT_FALSE(window.create(*layout, {scene::UnitId{network->find("dense1"), {3, 0, 0}}, false}));
  state.setAnimation(scene::AnimationStep{scene::findAnimation("forward-pass")->create(*layout, {}), 3});
  EXPECT_EQ(state.animation()->animation->steps(), state.layout()->blocks.size());
  EXPECT_NE(state.caption().find("conv2"), std::string::npos);
  state.setNetwork(scene::SceneRequest{scene_test::mlp(), scene::Arrangement::Space});
  EXPECT_FALSE(state.animation());
  EXPECT_TRUE(state.caption().empty());
}

}  // namespace
