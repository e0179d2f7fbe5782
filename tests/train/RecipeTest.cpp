// The rows of the recipe: each reads and writes one thing, and text, values and recipes lead back to each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "train/TestProblem.h"
#include "train/recipe/Recipe.h"

namespace {

using train::Recipe;
using train::RecipeField;

// Another value than the field's own, within its range.
nn::FieldValue otherValue(const RecipeField& field) {
  const nn::FieldInfo& info = field.info;
  if (!info.choices.empty()) return info.choices.front() == std::get<std::string>(info.defaultValue) ? info.choices[1] : info.choices[0];
  if (std::holds_alternative<std::string>(info.defaultValue)) return std::string("conv1,dense1");
  if (const auto* whole = std::get_if<std::int64_t>(&info.defaultValue)) return *whole + 1;
  return (info.minimum + 2 * info.maximum) / 3;
}

class RecipeFieldCatalogue : public testing::TestWithParam<std::string> {
 protected:
  const RecipeField& field() const { return *train::findRecipeField(GetParam()); }
};

TEST_P(RecipeFieldCatalogue, HasWordsAndAStandardWithinItsRange) {
  EXPECT_FALSE(field().info.label.empty());
  EXPECT_TRUE(field().info.tooltip.ends_with(".")) << field().info.tooltip;
  EXPECT_FALSE(field().group.empty());
  EXPECT_EQ(field().get(Recipe{}), field().info.defaultValue);
  std::vector<nn::Issue> issues;
  Recipe recipe;
  EXPECT_TRUE(train::setFieldFromText(recipe, field(), train::fieldText(field().info.defaultValue), issues));
  EXPECT_EQ(recipe, Recipe{});
}

TEST_P(RecipeFieldCatalogue, ChangesItselfAlone) {
  Recipe recipe;
  field().set(recipe, otherValue(field()));
  const auto changes = train::differences(Recipe{}, recipe);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].field, GetParam());
  EXPECT_EQ(changes[0].before, field().info.defaultValue);
  Recipe again;
  train::apply(changes[0], again);
  EXPECT_EQ(again, recipe);
  std::vector<nn::Issue> issues;
  Recipe fromText;
  EXPECT_TRUE(train::setFieldFromText(fromText, field(), train::fieldText(field().get(recipe)), issues));
  EXPECT_EQ(fromText, recipe) << "its text is read as the same";
}

TEST_P(RecipeFieldCatalogue, RefusesWhatIsNoValueOfIt) {
  if (GetParam() == "freeze" || GetParam() == "group-rates") return;  // take any text: which layers there are, the trainer knows
  for (const char* text : {"", "nonsense", "1e999", "-1e300", "nan", "0.5.5"}) {
    Recipe recipe;
    std::vector<nn::Issue> issues;
    EXPECT_FALSE(train::setFieldFromText(recipe, field(), text, issues)) << text;
    ASSERT_EQ(issues.size(), 1u);
    EXPECT_EQ(issues[0].where, GetParam());
    EXPECT_FALSE(issues[0].hint.empty());
    EXPECT_EQ(recipe, Recipe{});
  }
}

// A few steps of a small network whose layers are in groups, so that each group may have its rate.
class ShortRun {
 public:
  explicit ShortRun(const Recipe& recipe) : m_trainer(grouped(), testproblem::quadrants(60), optionsOf(recipe)) { takeSteps(); }
  void set(const RecipeField& field, const nn::FieldValue& value) {
    testproblem::change(m_trainer, [&](Recipe& recipe) { field.set(recipe, value); });
  }
  const Recipe& recipe() const { return m_trainer.options(); }
  std::vector<float> weightsAtTheEnd() {
    takeSteps();
    return testproblem::copyOf(m_trainer.parameters());
  }

 private:
  static std::shared_ptr<const nn::Network> grouped() {
    nn::NetworkSpec spec = testproblem::network()->spec();
    for (nn::NodeSpec& node : spec.nodes) node.group = node.name == "conv" ? "front" : node.name == "scores" ? "back" : "";
    return nn::Network::create(spec);
  }
  static train::TrainingOptions optionsOf(const Recipe& recipe) {
    train::TrainingOptions options;
    static_cast<Recipe&>(options) = recipe;
    options.batchSize = 20;  // three steps are an epoch
    options.threads = 1;
    return options;
  }
  void takeSteps() {
    for (int step = 0; step < 4; ++step) m_trainer.step();
  }
  train::Trainer m_trainer;
};

// Several, since not every one makes a difference just then: a rate that falls after an epoch does, one that falls after a thousand does
// not.
std::vector<nn::FieldValue> otherValues(const RecipeField& field) {
  const nn::FieldInfo& info = field.info;
  std::vector<nn::FieldValue> values;
  for (const std::string& choice : info.choices) values.push_back(choice);
  if (info.name == "freeze") values.push_back(std::string("conv"));
  if (info.name == "group-rates") values.push_back(std::string("front=0.5"));
  if (const auto* whole = std::get_if<std::int64_t>(&info.defaultValue)) values.push_back(*whole + 1);
  if (std::holds_alternative<double>(info.defaultValue))
    for (const double value : {info.minimum, 1e-3, 0.5, info.maximum})
      if (value >= info.minimum && value <= info.maximum) values.push_back(value);
  std::erase(values, info.defaultValue);
  return values;
}

// The usual recipe, and those with another optimizer or schedule, beside which the field may have an effect where it has none here.
std::vector<Recipe> recipesWhereItCounts(const RecipeField& field) {
  std::vector<Recipe> recipes{Recipe{}};
  for (const RecipeField& other : train::recipeFields()) {
    if (!other.live || other.info.name == field.info.name) continue;
    for (const std::string& choice : other.info.choices) other.set(recipes.emplace_back(), choice);
  }
  std::erase_if(recipes, [&](const Recipe& recipe) { return !field.idle(recipe).empty(); });
  return recipes;
}

// A field that may be changed while training runs changes what the next steps do; of the others the run keeps what it began with.
TEST_P(RecipeFieldCatalogue, ActsOnARunUnderWayWhereItIsLiveAndElseNotAtAll) {
  ASSERT_FALSE(otherValues(field()).empty());
  if (GetParam() == "stop-after" || GetParam() == "patience") GTEST_SKIP() << "it ends a run and changes no step: StopRuleTest";
  bool acts = false;
  for (const Recipe& recipe : recipesWhereItCounts(field())) {
    const std::vector<float> unchanged = ShortRun(recipe).weightsAtTheEnd();
    for (const nn::FieldValue& value : otherValues(field())) {
      if (acts) return;
      ShortRun run(recipe);
      const nn::FieldValue before = field().get(run.recipe());
      run.set(field(), value);
      EXPECT_EQ(field().get(run.recipe()), field().live ? value : before) << train::fieldText(value);
      acts = run.weightsAtTheEnd() != unchanged;
      EXPECT_TRUE(field().live || !acts) << train::fieldText(value);
    }
    if (!field().live) break;
  }
  EXPECT_EQ(acts, field().live);
}

TEST(LayerNames, WithCommasBetweenAndWithinThemAreReadAsTheyWere) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(train::layerNamesOf(" conv1 , dense 2"), (Names{"conv1", "dense 2"}));
  EXPECT_EQ(train::layerNamesOf("a\\,b,c"), (Names{"a,b", "c"}));
  EXPECT_EQ(train::layerNamesOf("a,,b,"), (Names{"a", "", "b", ""})) << "what is missing shows";
  EXPECT_EQ(train::layerNamesOf("  "), Names{});
  for (const Names& names : {Names{"conv1", "conv2"}, Names{"a,b", ",", "c\\", "\\,"}, Names{" a ", "b c", " "}, Names{}}) {
    EXPECT_EQ(train::layerNamesOf(train::layerNamesText(names)), names);
    EXPECT_EQ(train::layerNamesOf(train::layerNamesText(names, ", ")), names);
  }
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const RecipeField& field : train::recipeFields()) all.push_back(field.info.name);
  return all;
}

std::string testName(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Rows, RecipeFieldCatalogue, testing::ValuesIn(names()), testName);

// Of networks that generate, and of no others; what a person chose stays.
TEST(Recipe, FollowsTheNetworkInWhatIsUsual) {
  const auto network = testproblem::network();
  nn::NetworkSpec spec = network->spec();
  spec.task = "generate";
  const auto generator = nn::Network::create(spec);
  Recipe recipe;
  train::followNetwork(recipe, nullptr, network.get());
  EXPECT_EQ(recipe, Recipe());
  train::followNetwork(recipe, network.get(), generator.get());
  EXPECT_EQ(recipe.optimizer.beta1, 0.5f);
  train::followNetwork(recipe, generator.get(), network.get());
  EXPECT_EQ(recipe, Recipe());
  recipe.optimizer.beta1 = 0.7f;
  train::followNetwork(recipe, network.get(), generator.get());
  train::followNetwork(recipe, generator.get(), network.get());
  EXPECT_EQ(recipe.optimizer.beta1, 0.7f);
}

TEST(Recipe, NamesDiffer) {
  const auto all = names();
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
}

TEST(Recipe, ChangesAreToldAsAPersonWritesThem) {
  EXPECT_EQ(train::describe({"learning-rate", 0.001, double(0.1f)}), "learning rate 0.1");
  EXPECT_EQ(train::describe({"optimizer", std::string("adam"), std::string("sgd")}), "optimizer sgd");
  EXPECT_EQ(train::describe({"freeze", std::string("conv1"), std::string()}), "frozen layers none");
}

TEST(Recipe, FieldsSayWhyTheyHaveNoEffect) {
  Recipe recipe;
  EXPECT_THAT(train::findRecipeField("momentum")->idle(recipe), testing::HasSubstr("momentum or nesterov"));
  recipe.optimizer.kind = nn::OptimizerKind::Nesterov;
  EXPECT_EQ(train::findRecipeField("momentum")->idle(recipe), "");
  EXPECT_NE(train::findRecipeField("beta1")->idle(recipe), "");
}

TEST(Recipe, WithAnOptimizerComesItsLearningRate) {
  Recipe recipe;
  const RecipeField &optimizer = *train::findRecipeField("optimizer"), &rate = *train::findRecipeField("learning-rate");
  train::choose(recipe, optimizer, std::string("sgd"));
  EXPECT_FLOAT_EQ(recipe.optimizer.learningRate, nn::standardLearningRate(nn::OptimizerKind::Sgd));
  EXPECT_EQ(rate.get(recipe), train::standardValue(rate, recipe));
  train::choose(recipe, rate, 0.25);
  train::choose(recipe, optimizer, std::string("sgd"));
  EXPECT_FLOAT_EQ(recipe.optimizer.learningRate, 0.25f) << "the optimizer is the same";
  for (const RecipeField& field : train::recipeFields()) EXPECT_EQ(train::standardValue(field, Recipe{}), field.info.defaultValue);
}

}  // namespace
