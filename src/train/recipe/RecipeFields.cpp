// The rows of the recipe. To add a hyper-parameter: a member of Recipe (or of what it holds), and a row here. Those of the augmentation are
// the transforms of data/Transform.h.
#include <string>
#include <type_traits>
#include <utility>

#include "nn/NumberText.h"
#include "train/recipe/Recipe.h"

namespace train {
namespace {

template <typename Kinds, typename Name>
std::vector<std::string> namesOf(const Kinds& kinds, Name nameOf) {
  std::vector<std::string> names;
  for (const auto kind : kinds) names.emplace_back(nameOf(kind));
  return names;
}

double widened(double value) {
  return value;
}
// The number that a person wrote: 0.1 in single precision is 0.1, not 0.10000000149.
double widened(float value) {
  return nn::numberOf<double>(nn::shortestText(value)).value_or(value);
}

std::int64_t widened(std::int64_t value) {
  return value;
}

template <auto Member>
using NumberOf = std::remove_reference_t<decltype(Member(std::declval<Recipe&>()))>;

// A number of the recipe that a row reads and writes. Member: a function from a recipe to a reference to it. Shown: as what people have it.
template <auto Member, typename Shown = std::conditional_t<std::is_integral_v<NumberOf<Member>>, std::int64_t, NumberOf<Member>>>
RecipeField numberField(std::string name, std::string label, std::string help, double minimum, double maximum) {
  RecipeField field;
  Recipe standard;
  field.info = {std::move(name), std::move(label), std::move(help), widened(Shown(Member(standard))), minimum, maximum};
  field.get = [](const Recipe& recipe) { return nn::FieldValue(widened(Shown(Member(const_cast<Recipe&>(recipe))))); };
  field.set = [](Recipe& recipe, const nn::FieldValue& value) {
    Member(recipe) = NumberOf<Member>(std::get<decltype(widened(Shown()))>(value));
  };
  return field;
}

// One of several kinds, each with a name.
template <auto Member, auto Name, auto KindOf>
RecipeField choiceField(std::string name, std::string label, std::string help, std::vector<std::string> choices) {
  RecipeField field;
  Recipe standard;
  field.info = {std::move(name), std::move(label), std::move(help), std::string(Name(Member(standard))), 0, 0, std::move(choices)};
  field.get = [](const Recipe& recipe) { return nn::FieldValue(std::string(Name(Member(const_cast<Recipe&>(recipe))))); };
  field.set = [](Recipe& recipe, const nn::FieldValue& value) { Member(recipe) = KindOf(std::get<std::string>(value)).value(); };
  return field;
}

// Why a field is idle where the recipe does not use it.
std::function<std::string(const Recipe&)> needs(const std::string& what, bool (*isUsed)(const Recipe&)) {
  return [=](const Recipe& recipe) { return isUsed(recipe) ? std::string() : "needs " + what; };
}

bool usesMomentum(const Recipe& recipe) {
  return recipe.optimizer.kind == nn::OptimizerKind::Momentum || recipe.optimizer.kind == nn::OptimizerKind::Nesterov;
}
bool usesBetas(const Recipe& recipe) {
  return recipe.optimizer.kind == nn::OptimizerKind::Adam || recipe.optimizer.kind == nn::OptimizerKind::AdamW;
}

std::vector<RecipeField> optimizerRows() {
  std::vector<RecipeField> rows;
  rows.push_back(choiceField<[](Recipe & r) -> auto& { return r.optimizer.kind; }, nn::optimizerName, nn::optimizerKindOf>(
      "optimizer", "Optimizer", "How the weights follow the gradient.", namesOf(nn::optimizerKinds(), nn::optimizerName)));
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.optimizer.learningRate; }>("learning-rate", "Learning rate",
                                                                                           "Length of a step.", 1e-12, 1e6));
  rows.back().scale = FieldScale::Logarithmic;
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.batchSize; }>("batch-size", "Batch size", "Images of one step.", 1, 65536));
  rows.back().scale = FieldScale::Logarithmic;
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.optimizer.momentum; }>(
      "momentum", "Momentum", "Share of the step before that is kept, of momentum and nesterov.", 0, 0.9999));
  rows.back().idle = needs("the optimizer momentum or nesterov", usesMomentum);
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.optimizer.smoothing; }>(
      "smoothing", "Smoothing", "Share of the mean square that is kept, of rmsprop.", 0, 0.99999));
  rows.back().idle = needs("the optimizer rmsprop", [](const Recipe& r) { return r.optimizer.kind == nn::OptimizerKind::RmsProp; });
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.optimizer.beta1; }>(
      "beta1", "Beta 1", "Share of the mean gradient that is kept, of adam and adamw.", 0, 0.9999));
  rows.back().idle = needs("the optimizer adam or adamw", usesBetas);
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.optimizer.beta2; }>(
      "beta2", "Beta 2", "Share of the mean square that is kept, of adam and adamw.", 0, 0.99999));
  rows.back().idle = needs("the optimizer adam or adamw", usesBetas);
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.optimizer.epsilon; }>(
      "epsilon", "Epsilon", "Added to the root that a step is divided by, of the optimizers that scale it.", 1e-12, 1));
  rows.back().scale = FieldScale::Logarithmic;
  rows.back().idle = needs("an optimizer that scales its steps",
                           [](const Recipe& r) { return r.optimizer.kind != nn::OptimizerKind::Sgd && !usesMomentum(r); });
  for (RecipeField& row : rows) row.group = "Optimizer", row.live = true;
  return rows;
}

std::vector<RecipeField> scheduleRows() {
  std::vector<RecipeField> rows;
  rows.push_back(choiceField<[](Recipe & r) -> auto& { return r.schedule.kind; }, scheduleName, scheduleKindOf>(
      "schedule", "Schedule", "How the learning rate changes over the run.", namesOf(scheduleKinds(), scheduleName)));
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.schedule.epochs; }, std::int64_t>(
      "epochs", "Epochs", "Of a run, over which the schedule is laid out; in the window it goes on after them.", 1, 100000));
  rows.back().unit = "N";
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.schedule.decay; }>(
      "decay", "Decay", "Factor on the rate per step of the schedule step, per epoch of exponential.", 1e-6, 1));
  rows.back().idle = needs("the schedule step or exponential", [](const Recipe& r) {
    return r.schedule.kind == ScheduleKind::Step || r.schedule.kind == ScheduleKind::Exponential;
  });
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.schedule.every; }>(
      "decay-every", "Decay every", "Epochs between two steps of the schedule step.", 1e-3, 100000));
  rows.back().unit = "EPOCHS";
  rows.back().idle = needs("the schedule step", [](const Recipe& r) { return r.schedule.kind == ScheduleKind::Step; });
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.schedule.warmUpEpochs; }>(
      "warm-up", "Warm-up", "Over these first epochs the rate rises to its full height.", 0, 100000));
  rows.back().unit = "EPOCHS";
  for (RecipeField& row : rows) row.group = "Schedule", row.live = true;
  return rows;
}

std::vector<RecipeField> lossRows() {
  std::vector<RecipeField> rows;
  rows.push_back(choiceField<[](Recipe & r) -> auto& { return r.loss.kind; }, nn::lossName, nn::lossKindOf>(
      "loss", "Loss", "What is made small.", namesOf(nn::lossKinds(), nn::lossName)));
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.loss.labelSmoothing; }>(
      "label-smoothing", "Label smoothing", "This share of each label goes to all classes alike.", 0, 0.99));
  rows.back().unit = "SHARE";
  rows.back().idle = needs("the loss cross-entropy or binary-cross-entropy", [](const Recipe& r) {
    return r.loss.kind == nn::LossKind::CrossEntropy || r.loss.kind == nn::LossKind::BinaryCrossEntropy;
  });
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.optimizer.weightDecay; }>(
      "weight-decay", "Weight decay", "L2 penalty on the parameters; of adamw their decay.", 0, 1));
  rows.back().scale = FieldScale::Logarithmic;
  rows.back().live = true;
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.optimizer.gradientClip; }>(
      "clip", "Gradient clipping", "The largest norm of the gradient; 0: any.", 0, 1e6));
  rows.back().unit = "NORM";
  rows.back().live = true;
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.noise; }>(
      "noise", "Noise", "On the pictures that a reconstruction is given: its deviation, ink being 0 to 1.", 0, 2));
  rows.back().task = "reconstruct";
  RecipeField rates;
  rates.info = {"group-rates", "Rates of groups",
                "Factors on the learning rate of groups of layers, as discriminator=0.5, with commas between them.", std::string()};
  rates.unit = "GROUP=FACTOR";
  rates.task = "generate";
  rates.live = true;
  rates.get = [](const Recipe& r) { return nn::FieldValue(r.groupRates); };
  rates.set = [](Recipe& r, const nn::FieldValue& value) { r.groupRates = std::get<std::string>(value); };
  rows.push_back(std::move(rates));
  RecipeField frozen;
  frozen.info = {"freeze", "Frozen layers", "Names of layers that are not trained, with commas between them (a comma in a name: \\,).",
                 std::string()};
  frozen.unit = "LAYERS";
  frozen.live = true;
  frozen.get = [](const Recipe& r) { return nn::FieldValue(layerNamesText(r.frozen)); };
  frozen.set = [](Recipe& r, const nn::FieldValue& value) { r.frozen = layerNamesOf(std::get<std::string>(value)); };
  rows.push_back(std::move(frozen));
  for (RecipeField& row : rows) row.group = "Loss and regularization";
  return rows;
}

std::vector<RecipeField> augmentationRows() {
  std::vector<RecipeField> rows;
  for (std::size_t i = 0; i < data::transforms().size(); ++i) {
    const data::Transform& transform = data::transforms()[i];
    RecipeField row;
    row.info = {"augment-" + transform.id, transform.title, transform.help, 0.0, 0, transform.most};
    row.group = "Augmentation";
    row.unit = transform.unit;
    row.live = true;
    row.get = [i](const Recipe& r) { return nn::FieldValue(widened(r.augmentation.amounts[i])); };
    row.set = [i](Recipe& r, const nn::FieldValue& value) { r.augmentation.amounts[i] = float(std::get<double>(value)); };
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<RecipeField> runRows() {
  std::vector<RecipeField> rows;
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.seed; }>(
      "seed", "Seed", "Of all that is random: first weights, order, dropout, augmentation and which images are held out.", 0,
      9007199254740991.0));
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.shares.validation; }>(
      "validation-share", "Validation share", "Share of the training images that is held out to measure by.", 0, 0.9));
  rows.back().unit = "SHARE";
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.shares.training; }>(
      "train-share", "Training share", "Share of the other training images that is trained on: few are soon learned by heart.", 0, 1));
  rows.back().unit = "SHARE";
  rows.back().scale = FieldScale::Logarithmic;
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.shares.labelNoise; }>(
      "label-noise", "Label noise", "Share of the images trained on that get the label of another class.", 0, 1));
  rows.back().unit = "SHARE";
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.stopAfter; }, std::int64_t>(
      "stop-after", "Stop after", "Epochs after which training in the window pauses by itself; 0: never.", 0, 100000));
  rows.back().unit = "EPOCHS";
  rows.back().live = true;
  rows.push_back(numberField<[](Recipe & r) -> auto& { return r.patience; }, std::int64_t>(
      "patience", "Patience", "It stops after so many epochs in which the validation is no better than its best; 0: it goes on.", 0,
      100000));
  rows.back().unit = "EPOCHS";
  rows.back().live = true;
  for (RecipeField& row : rows) row.group = "Run";
  return rows;
}

}  // namespace

const std::vector<RecipeField>& recipeFields() {
  static const std::vector<RecipeField> rows = [] {
    std::vector<RecipeField> all;
    for (std::vector<RecipeField> (*part)() : {optimizerRows, scheduleRows, lossRows, augmentationRows, runRows})
      for (RecipeField& row : part()) all.push_back(std::move(row));
    for (RecipeField& row : all)
      if (row.unit.empty())
        row.unit = !row.info.choices.empty() ? "NAME" : std::holds_alternative<std::int64_t>(row.info.defaultValue) ? "N" : "R";
    return all;
  }();
  return rows;
}

}  // namespace train
