#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "nn/Error.h"
#include "tasks/ClassNames.h"
#include "tasks/Task.h"

namespace {

using tasks::Objective;
using tasks::Sample;
using tasks::SampleResult;
using V = std::int64_t;

// channels x height x width into an output of so many maps of the same size.
std::shared_ptr<const nn::Network> network(const nn::Shape& input, int channels, bool softmax = false, const std::string& task = {}) {
  nn::NetworkSpec spec;
  spec.name = "made";
  spec.task = task;
  spec.nodes = {{"input", "input", {}, {{"channels", V(input.channels)}, {"height", V(input.height)}, {"width", V(input.width)}}},
                {"scores", "conv2d", {}, {{"filters", V(channels)}, {"kernel", std::vector<V>{1}}}}};
  if (softmax) spec.nodes.push_back({"softmax", "softmax", {}, {}});
  return nn::Network::create(spec);
}

std::shared_ptr<const nn::Network> dense(int units, const std::string& task = {}, const std::string& activation = "none") {
  nn::NetworkSpec spec;
  spec.name = "made";
  spec.task = task;
  spec.nodes = {{"input", "input", {}, {{"channels", V(1)}, {"height", V(8)}, {"width", V(8)}}},
                {"output", "dense", {}, {{"units", V(units)}, {"activation", activation}}}};
  return nn::Network::create(spec);
}

std::unique_ptr<Objective> objectiveOf(const std::shared_ptr<const nn::Network>& of, nn::LossKind loss = nn::LossKind::CrossEntropy) {
  return tasks::taskOf(*of).objective(*of, loss);
}

data::Dataset samples(const nn::Shape& shape, int count = 4) {
  data::Dataset set;
  set.name = "samples";
  set.shape = shape;
  for (int i = 0; i < count; ++i) {
    set.labels.push_back(std::uint8_t(i % 2));
    for (std::size_t k = 0; k < shape.size(); ++k) set.pixels.push_back(std::uint8_t((k * 37 + std::size_t(i) * 91) % 256));
  }
  return set;
}

// A generator and a discriminator, each of one layer.
std::shared_ptr<const nn::Network> adversaries() {
  nn::NetworkSpec spec;
  spec.name = "made";
  spec.task = "generate";
  spec.nodes = {{"picture", "input", {}, {{"channels", V(1)}, {"height", V(8)}, {"width", V(8)}}},
                {"noise", "input", {}, {{"channels", V(3)}, {"source", std::string("noise")}}},
                {"seed", "dense", {"noise"}, {{"units", V(64)}}, "generator"},
                {"generated", "reshape", {}, {{"shape", std::vector<V>{1, 8, 8}}}, "generator"},
                {"score", "dense", {"picture"}, {{"units", V(1)}}, "discriminator"}};
  return nn::Network::create(spec);
}

// A network that has learned nothing, of each task: to be added to with every row.
std::shared_ptr<const nn::Network> networkFor(const std::string& task) {
  if (task == "generate") return adversaries();
  if (task == "segment") return network({1, 8, 8}, 3, true, task);
  if (task == "yes-no") return dense(1, task, "sigmoid");
  if (task == "reconstruct") return dense(64, task, "sigmoid");
  return dense(task == "brightness" ? 1 : 3, task);
}

TEST(TaskCatalogue, EveryRowIsWhole) {
  std::set<std::string> ids;
  for (const tasks::Task& task : tasks::allTasks()) {
    SCOPED_TRACE(task.id);
    EXPECT_TRUE(ids.insert(task.id).second) << "two of the same name";
    EXPECT_FALSE(task.title.empty());
    EXPECT_TRUE(task.help.ends_with('.'));
    ASSERT_GE(task.metrics.size(), 1u);
    EXPECT_LE(task.metrics.size(), tasks::kMostFigures);
    for (const tasks::Metric& metric : task.metrics) EXPECT_FALSE(metric.id.empty() || metric.title.empty() || metric.brief.empty());
    EXPECT_EQ(tasks::findTask(task.id), &task);
    EXPECT_NO_THROW(tasks::requireKnownTask(task.id, ""));
    const auto said = networkFor(task.id);
    EXPECT_EQ(tasks::taskOf(*said).id, task.id);
    EXPECT_EQ(tasks::taskAssumption(*said), "") << "nothing is assumed where the network says it";
    EXPECT_NO_THROW(task.requireFit(*said, samples({1, 8, 8})));
    EXPECT_EQ(task.whyNoClass(*said, said->outputs().front()).empty(), task.firstClass >= 0);
    EXPECT_LT(task.askedNode(*said), int(said->nodes().size()));
    EXPECT_EQ(task.measures({}).front().metric.id, task.metrics.front().id);
    const std::vector<float> outputs(said->outputShape().size(), 0.5f);
    EXPECT_EQ(task.classProbabilities(*said, said->outputs().front(), outputs).size(), std::size_t(tasks::classCount(*said)));
  }
  EXPECT_TRUE(ids.contains("brightness")) << "the one that only tests know";
  EXPECT_THROW(tasks::requireKnownTask("telepathy", "a file"), nn::Error);
}

// Loss and gradient of every task, against differences.
TEST(TaskCatalogue, GradientsAreTheSlopesOfTheLoss) {
  for (const tasks::Task& task : tasks::allTasks()) {
    SCOPED_TRACE(task.id);
    const auto made = networkFor(task.id);
    const auto objective = task.objective(*made, task.usualLoss(*made));
    EXPECT_GT(objective->guessing(), 0);
    const std::size_t count = made->node(objective->lossNode()).shape.size();
    std::vector<float> outputs(count), input(made->inputShape().size()), gradient(count);
    for (std::size_t i = 0; i < count; ++i) outputs[i] = 0.2f + 0.6f * float(i * 7 % 11) / 11;
    for (std::size_t i = 0; i < input.size(); ++i) input[i] = float(i * 5 % 13) / 12;
    const auto lossAt = [&](std::span<const float> at) { return objective->evaluate({at, input, input, 1}, {}, {}).loss; };
    const SampleResult result = objective->evaluate({outputs, input, input, 1}, gradient, {});
    EXPECT_NEAR(result.loss, lossAt(outputs), 1e-12);
    EXPECT_EQ(result.answers, task.perPixel ? 64 : 1);
    for (std::size_t i = 0; i < count; i += 5) {
      constexpr float kStep = 4e-3f;
      std::vector<float> up = outputs, down = outputs;
      up[i] += kStep;
      down[i] -= kStep;
      EXPECT_NEAR((lossAt(up) - lossAt(down)) / double(2 * kStep), double(gradient[i]), 2e-3) << i;
    }
  }
}

// Its three passes: a picture of the data, one that was made, and the same for the generator.
TEST(Generate, AsksOfEachPassWhatTheGameAsks) {
  const auto network = adversaries();
  const tasks::Task& task = tasks::taskOf(*network);
  EXPECT_EQ(&tasks::taskOf(*network, network->outputs().back()), &task) << "of all its outputs";
  EXPECT_EQ(task.askedNode(*network), network->find("score"));
  EXPECT_EQ(task.generation(*network).picture, network->find("generated"));
  EXPECT_DOUBLE_EQ(task.generation(*network).probability(0), 0.5) << "a value without a sigmoid is a logit";
  for (const nn::LossKind loss : {nn::LossKind::CrossEntropy, nn::LossKind::MeanSquaredError}) {
    const auto objective = task.objective(*network, nn::LossSettings(loss, 0.1f));
    ASSERT_EQ(objective->phases().size(), 2u);
    EXPECT_EQ(objective->phases()[0].group, "discriminator");
    EXPECT_EQ(objective->phases()[1].group, "generator");
    EXPECT_EQ(objective->firstPass(1), 2);
    EXPECT_FALSE(objective->isWhole());
    EXPECT_NEAR(objective->guessing(), loss == nn::LossKind::CrossEntropy ? 3 * std::log(2.0) : 0.75, 1e-9);
    for (const int pass : {0, 1, 2}) {
      const float logit = 0.7f, step = 1e-2f;
      const auto at = [&](float value, std::span<float> gradient) {
        return objective->evaluate({std::span(&value, 1), {}, {}, 0, pass}, gradient, {});
      };
      float slope = 0;
      const SampleResult result = at(logit, {&slope, 1});
      EXPECT_NEAR((at(logit + step, {}).loss - at(logit - step, {}).loss) / double(2 * step), double(slope), 1e-3) << pass;
      EXPECT_EQ(slope > 0, pass == 1) << "what was made is to be found out by the one, and to deceive by the other";
      EXPECT_EQ(result.answers, pass == 0 ? 1 : 0);
      EXPECT_DOUBLE_EQ(result.figures[pass == 2 ? 1 : 0], result.loss);
      EXPECT_NEAR(result.figures[pass == 0 ? 2 : 3], pass == 2 ? 0 : 1 / (1 + std::exp(-0.7)), 1e-6);
    }
  }
}

TEST(Task, IsChosenByShapesWhereTheNetworkSaysNone) {
  EXPECT_EQ(tasks::taskOf(*dense(10)).id, "classify");
  EXPECT_EQ(tasks::taskAssumption(*dense(10)), "") << "what everybody takes it for";
  const auto segmenter = network({1, 8, 8}, 3, true);
  EXPECT_EQ(tasks::taskOf(*segmenter).id, "segment");
  EXPECT_THAT(tasks::taskAssumption(*segmenter), testing::HasSubstr("channel 0 being the ground"));
}

TEST(Task, ThatDoesNotSuitTheNetworkIsRefusedInWords) {
  for (const auto& [made, words] :
       {std::pair(network({1, 8, 8}, 3, true, "classify"), "ends in a picture (scores)"), {dense(10, "segment"), "picture"}}) {
    EXPECT_THAT(tasks::taskOf(*made).whyNoClass(*made, made->outputs().front()), testing::HasSubstr(words));
    EXPECT_THROW(tasks::taskOf(*made).requireFit(*made, samples({1, 8, 8})), nn::Error);
  }
}

std::vector<std::string> namesOf(const std::shared_ptr<const nn::Network>& network, const data::Dataset& set, bool ofData = false) {
  return tasks::withClassNames(network, set, ofData)->spec().classNames;
}

TEST(ClassNames, AreTakenFromTheDataWhereTheTaskHasClasses) {
  data::Dataset set = samples({1, 8, 8});
  set.classNames = {"cat", "dog"};
  EXPECT_EQ(namesOf(dense(2), set), set.classNames);
  EXPECT_EQ(namesOf(network({1, 8, 8}, 3, true), set), set.classNames);
  EXPECT_TRUE(namesOf(dense(1, "brightness"), set).empty());
  EXPECT_TRUE(namesOf(dense(64, "reconstruct"), set).empty());
}

TEST(ClassNames, OfOneSetGiveWayToThoseOfTheNext) {
  data::Dataset animals = samples({1, 8, 8}), digits = animals, others = animals;
  animals.classNames = {"cat", "dog"};
  digits.classNames = {"0", "1", "2"};
  others.classNames = {"x", "y", "z"};
  bool ofData = false;
  auto named = tasks::withClassNames(dense(3), animals, ofData);
  EXPECT_TRUE(ofData);
  EXPECT_EQ(named->spec().classNames, (std::vector<std::string>{"cat", "dog", "2"}));
  EXPECT_EQ(tasks::withClassNames(named, animals, ofData), named);
  named = tasks::withClassNames(named, others, ofData);
  EXPECT_EQ(named->spec().classNames, others.classNames);
  named = tasks::withClassNames(named, digits, ofData);
  EXPECT_TRUE(named->spec().classNames.empty()) << "numbers are no names";
  EXPECT_FALSE(ofData);
  EXPECT_EQ(tasks::keptClassNames(*named, digits), "");
}

TEST(ClassNames, OfTheModelItselfStayAndItIsSaid) {
  data::Dataset set = samples({1, 8, 8});
  set.classNames = {"x", "y", "z"};
  nn::NetworkSpec spec = dense(3)->spec();
  spec.classNames = {"cat", "dog", "z"};
  const auto own = nn::Network::create(spec);
  bool ofData = false;
  EXPECT_EQ(tasks::withClassNames(own, set, ofData), own);
  EXPECT_FALSE(ofData);
  EXPECT_EQ(tasks::keptClassNames(*own, set),
            "The network keeps its own names of classes, and the data has others: cat is x there, dog is y there");
  set.classNames = spec.classNames;
  EXPECT_EQ(tasks::keptClassNames(*own, set), "");
}

// Folders may be sorted otherwise, and some of them may be missing.
TEST(ClassNames, OfTheDataAreThoseOfTheNetworkWhateverTheirOrder) {
  auto set = std::make_shared<data::Dataset>(samples({1, 8, 8}));
  set->labels = {0, 1, 0, 1};
  set->pixels.resize(4 * set->shape.size());
  set->classNames = {"Dog", "z"};
  nn::NetworkSpec spec = dense(3)->spec();
  spec.classNames = {"cat", "dog", "z"};
  const auto own = nn::Network::create(spec);
  const auto ordered = tasks::inOrderOf(*own, set);
  EXPECT_EQ(ordered->labels, (std::vector<data::Label>{1, 2, 1, 2}));
  EXPECT_EQ(ordered->classNames, spec.classNames);
  EXPECT_EQ(ordered->image(3).data(), set->image(3).data()) << "no image is copied";
  EXPECT_EQ(tasks::inOrderOf(*own, ordered), ordered);
  EXPECT_EQ(tasks::inOrderOf(*dense(3), set), set) << "a network without names has numbers";
  set->classNames = {"1", "2"};
  EXPECT_EQ(tasks::inOrderOf(*dense(3), set)->labels, (std::vector<data::Label>{1, 2, 1, 2}));
  EXPECT_EQ(tasks::inOrderOf(*own, set), set);
  const data::DataSplit split = tasks::inOrderOf(*dense(3), data::holdOut(set, 0.5, 1));
  EXPECT_EQ(split.notes.back(), "The classes of the data are the network's of the same names; there are no images of 0");
}

TEST(Classify, IsTheLossOfTheLabel) {
  const auto objective = objectiveOf(dense(3));
  const std::vector<float> scores{0.5f, 2, -1};
  std::vector<float> gradient(3), expected(3);
  std::vector<std::uint32_t> confusion(9);
  const SampleResult result = objective->evaluate({scores, {}, {}, 0}, gradient, confusion);
  EXPECT_FLOAT_EQ(float(result.loss), nn::lossAndGradient(nn::LossKind::CrossEntropy, scores, 0, expected));
  EXPECT_EQ(gradient, expected);
  EXPECT_EQ(result.answers, 1);
  EXPECT_EQ(result.answered, 1);
  EXPECT_EQ(result.figures[0], 0);
  EXPECT_EQ(confusion, (std::vector<std::uint32_t>{0, 1, 0, 0, 0, 0, 0, 0, 0}));
}

// What the numbers are decides the loss as it decides what is shown: never a softmax of what is none of scores.
TEST(Classify, ComparesProbabilitiesAsWhatTheyAre) {
  const auto sigmoids = objectiveOf(dense(2, {}, "sigmoid"));
  std::vector<float> gradient(2);
  const SampleResult each = sigmoids->evaluate({std::vector<float>{0.8f, 0.3f}, {}, {}, 0}, gradient, {});
  EXPECT_NEAR(each.loss, -(std::log(0.8) + std::log(0.7)) / 2, 1e-6);
  EXPECT_NEAR(gradient[0], -1 / 0.8 / 2, 1e-5);
  EXPECT_NEAR(gradient[1], 1 / 0.7 / 2, 1e-5);
  nn::NetworkSpec spec = dense(3)->spec();
  spec.scores = nn::Scores::Softmax;
  const auto shares = objectiveOf(nn::Network::create(spec));
  EXPECT_NEAR(shares->evaluate({std::vector<float>{0.5f, 0.3f, 0.2f}, {}, {}, 1}, {}, {}).loss, -std::log(0.3), 1e-6);
  EXPECT_NEAR(shares->guessing(), std::log(3), 1e-6);
}

TEST(YesNo, IsTheProbabilityOfTheSecondOfTwoClasses) {
  const auto one = dense(1, {}, "sigmoid");
  const tasks::Task& task = tasks::taskOf(*one);
  EXPECT_EQ(task.id, "yes-no");
  EXPECT_EQ(tasks::classCount(*one), 2);
  EXPECT_EQ(task.classProbabilities(*one, one->outputs().front(), std::vector<float>{0.75f}), (std::vector<float>{0.25f, 0.75f}));
  const auto objective = objectiveOf(one);
  std::vector<std::uint32_t> confusion(4);
  const SampleResult no = objective->evaluate({std::vector<float>{0.75f}, {}, {}, 0}, {}, confusion);
  EXPECT_NEAR(no.loss, -std::log(0.25), 1e-6);
  EXPECT_EQ(no.answered, 1);
  EXPECT_EQ(confusion, (std::vector<std::uint32_t>{0, 1, 0, 0}));
  data::Dataset set = samples({1, 8, 8});
  set.classNames = {"cat", "dog"};
  EXPECT_EQ(namesOf(one, set), set.classNames);
  EXPECT_NO_THROW(task.requireFit(*one, set));
  set.classNames = {"cat", "dog", "cow"};
  EXPECT_THROW(task.requireFit(*one, set), nn::Error);
  EXPECT_THROW(objectiveOf(one, nn::LossKind::Hinge), nn::Error);
  EXPECT_EQ(tasks::taskOf(*dense(1)).id, "classify") << "of a single number nothing is known";
}

TEST(Segment, CountsWhereSeveralOutputsAreTheLargest) {
  const auto vector = objectiveOf(dense(3)), picture = objectiveOf(network({1, 1, 2}, 3));
  const auto ties = [](Objective& objective, const std::vector<float>& scores) {
    return objective.evaluate({scores, std::vector<float>(2), {}, 0}, {}, {}).ties;
  };
  EXPECT_EQ(ties(*vector, {1, 2, 0}), 0);
  EXPECT_EQ(ties(*vector, {2, 1, 2}), 1);
  EXPECT_EQ(ties(*vector, {1, 1, 2}), 0) << "not those below";
  EXPECT_EQ(ties(*picture, {0, 0, /**/ 0, 1, /**/ 0, 0}), 1);
}

// Two classes and the ground on 1 x 3 pixels: ground, ink, ink of class 1.
TEST(Segment, AsksEveryPixel) {
  const auto objective = objectiveOf(network({1, 1, 3}, 3));
  const std::vector<float> input{0.1f, 0.9f, 0.6f}, scores{4, 0, 1, /**/ 0, 0, 2, /**/ 0, 3, 0};
  std::vector<float> gradient(9), one(3);
  std::vector<std::uint32_t> confusion(9);
  const SampleResult result = objective->evaluate({scores, input, {}, 1}, gradient, confusion);
  double loss = 0;
  const int asked[] = {0, 2, 2};
  for (std::size_t pixel = 0; pixel < 3; ++pixel) {
    const std::vector<float> own{scores[pixel], scores[3 + pixel], scores[6 + pixel]};
    loss += double(nn::lossAndGradient(nn::LossKind::CrossEntropy, own, asked[pixel], one)) / 3;
    for (std::size_t c = 0; c < 3; ++c) EXPECT_FLOAT_EQ(gradient[c * 3 + pixel], one[c] / 3);
  }
  EXPECT_NEAR(result.loss, loss, 1e-6);
  EXPECT_EQ(result.answers, 3);
  EXPECT_EQ(result.figures[0], 2);
  EXPECT_EQ(confusion, (std::vector<std::uint32_t>{1, 0, 0, /**/ 0, 0, 0, /**/ 0, 1, 1}));
}

TEST(Reconstruct, IsChosenWhereThereAreAsManyOutputsAsPixels) {
  for (const auto& made : {dense(64), network({1, 8, 8}, 1), network({3, 8, 8}, 3)}) {
    EXPECT_EQ(tasks::taskOf(*made).id, "reconstruct") << made->outputShape().text();
    EXPECT_THAT(tasks::taskAssumption(*made), testing::HasSubstr("taken for a reconstruction"));
  }
  EXPECT_EQ(tasks::taskOf(*network({3, 8, 8}, 3, true)).id, "segment") << "a softmax goes over classes";
  nn::NetworkSpec named = dense(64)->spec();
  for (int i = 0; i < 64; ++i) named.classNames.push_back("class " + std::to_string(i));
  EXPECT_EQ(tasks::taskOf(*nn::Network::create(named)).id, "classify") << "names are of classes";
}

// The sigmoid as a part of the layer or behind it: the same loss, each with the gradient by what it compares.
TEST(Reconstruct, TakesTheSigmoidIntoTheLossWhereItStandsAlone) {
  nn::NetworkSpec spec = dense(64, "reconstruct")->spec();
  spec.nodes.push_back({"sigmoid", "activation", {}, {{"activation", std::string("sigmoid")}}});
  const auto apart = nn::Network::create(spec), within = dense(64, "reconstruct", "sigmoid");
  const auto logits = objectiveOf(apart), shares = objectiveOf(within);
  EXPECT_EQ(logits->lossNode(), apart->find("output"));
  EXPECT_EQ(shares->lossNode(), within->find("output"));
  std::vector<float> scores(64), probabilities(64), clean(64), byScore(64), byShare(64);
  for (std::size_t i = 0; i < 64; ++i) {
    scores[i] = float(i) / 8 - 4;
    probabilities[i] = 1 / (1 + std::exp(-scores[i]));
    clean[i] = float(i % 5) / 4;
  }
  const SampleResult one = logits->evaluate({scores, clean, clean}, byScore, {}),
                     other = shares->evaluate({probabilities, clean, clean}, byShare, {});
  EXPECT_NEAR(one.loss, other.loss, 1e-5);
  EXPECT_NEAR(one.figures[0], other.figures[0], 1e-4);
  EXPECT_EQ(one.figures[1], 0) << "the input had no noise";
  for (std::size_t i = 0; i < 64; ++i) EXPECT_NEAR(byScore[i], byShare[i] * probabilities[i] * (1 - probabilities[i]), 1e-5);
}

TEST(Reconstruct, NoiseComesFromItsKeyAndStaysInk) {
  const auto made = dense(64, "reconstruct", "sigmoid");
  const auto corrupted = [&](float noise, std::uint64_t key) {
    std::vector<float> ink(64, 0.5f);
    tasks::taskOf(*made).objective(*made, {nn::LossSettings(), noise})->corrupt(ink, key);
    return ink;
  };
  EXPECT_EQ(corrupted(0.3f, 7), corrupted(0.3f, 7));
  EXPECT_NE(corrupted(0.3f, 7), corrupted(0.3f, 8));
  EXPECT_EQ(corrupted(0, 7), std::vector<float>(64, 0.5f));
  for (const float ink : corrupted(2, 3)) EXPECT_TRUE(ink >= 0 && ink <= 1);
}

TEST(Reconstruct, ErrorsAreThoseOfInkWhateverTheRangeOfTheInput) {
  nn::NetworkSpec spec = dense(64, "reconstruct")->spec();
  spec.input.low = -1;  // 0.25 of ink is -0.5
  const auto made = nn::Network::create(spec);
  const auto objective = objectiveOf(made, nn::LossKind::MeanSquaredError);
  const std::vector<float> clean(64, 0.25f), outputs(64, 0.0f);
  const SampleResult result = objective->evaluate({outputs, clean, clean}, {}, {});
  EXPECT_NEAR(result.loss, 0.25, 1e-6);
  EXPECT_NEAR(result.figures[0] / 64, 0.0625, 1e-6);
}

TEST(Reconstruct, ALossThatCannotBeIsRefusedInWords) {
  const auto refusal = [](const std::shared_ptr<const nn::Network>& made, nn::LossKind loss) {
    try {
      objectiveOf(made, loss);
    } catch (const nn::Error& error) {
      return error.message();
    }
    return std::string();
  };
  EXPECT_THAT(refusal(dense(64, "reconstruct", "sigmoid"), nn::LossKind::Hinge), testing::HasSubstr("hinge"));
  EXPECT_THAT(refusal(dense(64, "reconstruct"), nn::LossKind::CrossEntropy), testing::HasSubstr("does not end in a sigmoid"));
  EXPECT_EQ(refusal(dense(64, "reconstruct"), nn::LossKind::MeanSquaredError), "");
  EXPECT_THROW(tasks::taskOf(*dense(10, "reconstruct")).requireFit(*dense(10, "reconstruct"), samples({1, 8, 8})), nn::Error);
}

}  // namespace
