#include "cli/TrainOptions.h"

#include <algorithm>
#include <cmath>

#include "io/FileNames.h"
#include "io/Files.h"
#include "io/RecipeJson.h"
#include "io/datasets/DataWord.h"

namespace cli {

namespace {

Option optionOfRecipe(const train::RecipeField& row) {
  Option option = optionOf(row.info);
  option.valueName = QString::fromStdString(row.unit);
  if (row.info.name != "learning-rate") return option;
  option.standard.clear();
  QStringList rates;
  for (const nn::OptimizerKind kind : nn::optimizerKinds())
    rates << QString("%1 %2").arg(QString::fromStdString(std::string(nn::optimizerName(kind)))).arg(nn::standardLearningRate(kind));
  option.help += " Default: the optimizer's, " + rates.join(", ") + ".";
  return option;
}

// The words that were given, on top of a recipe. rateIsOpen: nobody has said its learning rate, so that it follows the optimizer.
void takeWords(const Arguments& arguments, bool rateIsOpen, train::Recipe& recipe) {
  if (arguments.given("augment")) recipe.augmentation = data::Augmentation::standard();
  for (const train::RecipeField& row : train::recipeFields())
    if (arguments.given(QString::fromStdString(row.info.name))) row.set(recipe, arguments.value(row.info));
  if (rateIsOpen && !arguments.given("learning-rate")) train::takeStandardRate(recipe);
}

// Throws where a word has no effect beside what else is said.
void checkTrainWords(const Arguments& arguments, const train::Recipe& recipe) {
  for (const train::RecipeField& row : train::recipeFields()) {
    const QString name = QString::fromStdString(row.info.name);
    const std::string idle = row.idle(recipe);
    arguments.refuse(name, !idle.empty(), QString::fromStdString(idle));
    const bool vanishes = row.get(recipe) == nn::FieldValue(0.0) && arguments.real(name) != 0;  // in single precision
    arguments.refuse(name, vanishes, "is too small a number");
  }
  arguments.refuse("decay-every", recipe.schedule.every >= recipe.schedule.epochs,
                   "has no effect, since the training ends before the first step of the rate (--epochs)");
  arguments.refuse("stop-after", arguments.given("stop-after"), "is for training in the window; here it ends after --epochs");
  const auto& frozen = recipe.frozen;
  const auto names = std::count_if(frozen.begin(), frozen.end(), [](const std::string& name) { return !name.empty(); });
  arguments.refuse("freeze", names == 0 && !arguments.text("freeze").isEmpty(), "names no layer");
  arguments.refuse("freeze", names > 0 && names < std::ptrdiff_t(frozen.size()),
                   "names no layer before, between or behind its commas: '" + arguments.text("freeze") + "'");
  arguments.refuse("checkpoint-every", !arguments.has("checkpoint"), "needs --checkpoint");
}

// One whose own rate is another than the one that a file says, which counts.
void noteRate(const Arguments& arguments, const train::Recipe& recipe, const QString& file, const Output& output) {
  const float standard = nn::standardLearningRate(recipe.optimizer.kind), rate = recipe.optimizer.learningRate;
  if (arguments.given("optimizer") && !arguments.given("learning-rate") && rate != standard)
    output.note(QString("the learning rate stays that of %1, %2; usual for %3 is %4 (--learning-rate)")
                    .arg(file)
                    .arg(rate)
                    .arg(arguments.text("optimizer"))
                    .arg(standard));
}

QString listOf(const std::vector<train::FieldChange>& changes) {
  QStringList words;
  for (const train::FieldChange& change : changes)
    words << QString::fromStdString(train::describe(change) + " (not " + train::fieldText(change.before) + ")");
  return words.join(", ");
}

// What is wrong with the file is told whole: all but the last of it beforehand.
void refuseIssues(const std::vector<nn::Issue>& issues, const Output& output) {
  if (issues.empty()) return;
  for (std::size_t i = 0; i + 1 < issues.size(); ++i) output.progress(QString::fromStdString(nn::Error(issues[i]).message()));
  throw nn::Error(issues.back());
}

void planFromRecipe(const Arguments& arguments, const QString& file, const Output& output, TrainingPlan& plan) {
  std::vector<nn::Issue> issues;
  const io::RunRecipe run = io::loadRecipe(file, issues);
  refuseIssues(issues, output);
  train::Recipe& recipe = plan.options;
  recipe = run.recipe;
  plan.said = run.given;
  plan.newHead = plan.newHead || run.newHead;
  takeWords(arguments, !run.given.contains("learning-rate"), recipe);
  QStringList instead;
  if (!plan.network.isEmpty() && !run.network.isEmpty() && plan.network != run.network)
    instead << QString("network %1 (not %2)").arg(plan.network, run.network);
  if (!plan.data.isEmpty() && !run.data.isEmpty() && plan.data != run.data) instead << QString("data %1 (not %2)").arg(plan.data, run.data);
  std::vector<train::FieldChange> changes = train::differences(run.recipe, recipe);
  std::erase_if(changes, [&](const auto& change) { return !run.given.contains(QString::fromStdString(change.field)); });
  if (!changes.empty()) instead << listOf(changes);
  output.note("the recipe is read from " + file +
              (instead.isEmpty() ? "" : "; the words beside it count before it: " + instead.join(", ")));
  if (plan.network.isEmpty()) plan.network = run.network;
  if (plan.data.isEmpty()) plan.data = run.data;
  if (run.given.contains("learning-rate")) noteRate(arguments, recipe, file, output);
  for (const train::RecipeField& row : train::recipeFields()) {
    const QString name = QString::fromStdString(row.info.name);
    const std::string idle = row.idle(recipe);
    if (run.given.contains(name) && !arguments.given(name) && !idle.empty() && row.get(recipe) != row.info.defaultValue)
      output.note(QString("%1 in %2 has no effect: it %3").arg(name, file, QString::fromStdString(idle)));
  }
}

// A run goes on with what may change between two of its steps.
void planFromCheckpoint(const Arguments& arguments, const QString& file, const Output& output, TrainingPlan& plan) {
  plan.resumed = io::loadWork(file);
  if (!plan.resumed->run)
    throw nn::Error("no training has begun in this session", io::shownName(file),
                    "Train with --data from its model: save that as .onnx in the window, with Export");
  const train::Checkpoint& checkpoint = plan.resumed->run->checkpoint;
  const io::DataDescription& data = *plan.resumed->data;
  train::Recipe& recipe = plan.options;
  recipe = checkpoint.recipe;
  takeWords(arguments, false, recipe);
  const std::vector<train::FieldChange> changes = train::differences(checkpoint.recipe, recipe);
  for (const train::FieldChange& change : changes)
    if (!train::findRecipeField(change.field)->live)
      throw UsageError{QString("--%1 cannot change in the middle of a run: %2 was begun with %3")
                           .arg(QString::fromStdString(change.field), file, QString::fromStdString(train::fieldText(change.before)))};
  const double epoch = double(checkpoint.epoch) + double(checkpoint.position) / double(data.train);
  if (recipe.schedule.epochs < epoch)
    throw UsageError{QString("--epochs must be at least %1: so far is %2 already").arg(std::ceil(epoch)).arg(file)};
  if (!changes.empty()) output.note("from here on the words count before what " + file + " says: " + listOf(changes));
  noteRate(arguments, recipe, file, output);
  const bool sized = recipe.schedule.kind == train::ScheduleKind::Cosine || recipe.schedule.kind == train::ScheduleKind::OneCycle;
  if (sized && recipe.schedule.epochs != checkpoint.recipe.schedule.epochs)
    output.note(QString("the schedule %1 spans all epochs: up to here the rate was that of a run of %2 epochs, from here on it is that of "
                        "one of %3, so that the weights are not those of %3 epochs in one go")
                    .arg(QString::fromStdString(std::string(train::scheduleName(recipe.schedule.kind))))
                    .arg(checkpoint.recipe.schedule.epochs)
                    .arg(recipe.schedule.epochs));
  if (recipe.schedule.epochs == epoch)
    output.note(QString("%1 has had all its %2 epochs; a larger --epochs goes on with the training").arg(file).arg(recipe.schedule.epochs));
  if (!arguments.has("checkpoint")) output.note(file + " stays as it is; --checkpoint keeps one of what is trained from here on");
  if (!plan.data.isEmpty()) return;
  plan.data = data.source;
  if (!io::isSourceThere(plan.data))
    throw nn::Error("the data that this checkpoint was trained on is no longer there", io::shownName(plan.data),
                    "Say with --data where it lies now");
}

QString usualAugmentation() {
  QStringList amounts;
  for (const data::Transform& transform : data::transforms())
    if (transform.usual != 0) amounts << QString("%1 %2").arg(QString::fromStdString(transform.id)).arg(double(transform.usual));
  return "Changes every training image by the usual amounts: " + amounts.join(", ") + ".";
}

}  // namespace

Option recipeOption(const char* field) {
  return optionOfRecipe(*train::findRecipeField(field));
}

QString trainDetails() {
  QStringList fixed;  // in a run
  for (const train::RecipeField& row : train::recipeFields())
    if (!row.live) fixed << QString::fromStdString(row.info.name);
  return QString(
             "NETWORK is the name of a shipped network, a JSON file, or a model (.onnx) to go on from.\n"
             "With --recipe R.json or --resume C it may be left out, and so may --data.\n"
             "A tenth of the training images (--validation-share) is held out for validation; the test images are never trained on.\n"
             "--recipe keeps a whole run in a file to read, edit and repeat: where R.json exists it is read, and words beside it count "
             "before\n"
             "it; else it is written. Paths in it are relative to its folder.\n"
             "--resume C --epochs N goes on from a checkpoint to N epochs in all, with the same result, byte for byte, as N epochs in one "
             "go.\n"
             "Of the other words those count that may change between two steps of a run (all but\n"
             "%1);\nthe data is that of the checkpoint, wherever --data says it lies now. Without --checkpoint C stays as it is.\n"
             "The best epoch has the highest accuracy (or the least error) on the validation images; one whose loss is out of range never\n"
             "counts. A model that is gone on from counts as epoch 0, and M.best.onnx is then only written over by a better epoch than it\n"
             "holds.\n"
             "Ctrl+C saves what there is and ends (status 130); a second Ctrl+C ends at once. So do the other signals that end a program\n"
             "(128 and their number: TERM 143, HUP 129, XCPU 152, ...). Where the training diverges, the best epoch so far is\n"
             "saved, and the checkpoint is of the last whole epoch (status 1). Without --out no model is saved. What cannot be saved under "
             "--out,\n"
             "as M.best.onnx or under --checkpoint at the end goes to ~/.local/state/convscope or the temporary folder, in a new folder "
             "whose\n"
             "name is told (status 1).\n"
             "What is there already under --out and as M.best.onnx is written over, which is told; an M.best.onnx that ConvScope has not\n"
             "written is refused before the training begins.\n"
             "JSON: images_per_second and seconds (of the steps alone, without evaluating and saving), train_loss, train_epoch and "
             "train_images\n"
             "(that it is of: not all, where the epoch was cut short), validation_accuracy, test_accuracy (or as the network's task is\n"
             "judged: validation_mean_squared_error, ...), validation_epoch (at whose end that was measured:\n"
             "after an interruption the weights may have been trained on since), ended (finished, interrupted, failed),\n"
             "epochs_done, best_epoch, best_validation_accuracy, best_validation_loss, out, best_out, out_instead, best_out_instead,\n"
             "checkpoint, checkpoint_instead, error (where it failed), notes[] and more.")
      .arg(fixed.join(", "));
}

std::vector<Option> trainOptions() {
  Option data = dataOption();
  data.required = false;  // a recipe or a checkpoint may say it
  std::vector<Option> options{
      data,
      {"out", Kind::Text, "M.onnx", "Where to save the trained model; the best epoch is kept beside it, as M.best.onnx."},
      {"recipe", Kind::Text, "R.json", "The whole run in a file: read where it exists, else written. Words beside it count before it."},
      {"checkpoint", Kind::Text, "C",
       "Keeps in this file all that --resume needs to go on, also where the training is interrupted; a session that the window opens."},
      {"checkpoint-every", Kind::Whole, "N", "Epochs between two checkpoints.", "1", 1, 100000},
      {"resume", Kind::Text, "C",
       "Goes on from a checkpoint, or a session that the window saved (.convscope), as if the training had never stopped."},
      {"new-head", Kind::Flag, {}, "Makes the last layer anew, one output for each class of the data; all before it keeps its weights."},
      threadsOption()};
  bool augments = false;
  for (const train::RecipeField& row : train::recipeFields()) {
    if (!augments && row.group == "Augmentation") {
      options.push_back({"augment", Kind::Flag, {}, usualAugmentation()});
      augments = true;
    }
    options.push_back(optionOfRecipe(row));
  }
  return options;
}

TrainingPlan trainingPlanOf(const Arguments& arguments, const Output& output) {
  TrainingPlan plan;
  plan.network = arguments.operands().value(0);
  plan.data = arguments.text("data");
  plan.options.threads = int(arguments.whole("threads"));
  plan.newHead = arguments.has("new-head");
  arguments.refuse("new-head", plan.newHead && arguments.has("resume"),
                   "and --resume exclude each other: a checkpoint has its network in it");
  arguments.refuse("recipe", arguments.has("resume"), "and --resume exclude each other: a checkpoint has its recipe in it");
  const QString file = arguments.text("recipe");
  if (!file.isEmpty()) io::requireNoStream(file);  // it is read where it is there, and a pipe has nothing until somebody writes
  const bool reads = !file.isEmpty() && io::pathExists(file);
  if (arguments.has("resume"))
    planFromCheckpoint(arguments, arguments.text("resume"), output, plan);
  else if (reads)
    planFromRecipe(arguments, file, output, plan);
  else
    takeWords(arguments, true, plan.options);
  for (const train::RecipeField& row : train::recipeFields())
    if (const QString name = QString::fromStdString(row.info.name); arguments.given(name)) plan.said << name;
  checkTrainWords(arguments, plan.options);
  const QString nor = file.isEmpty() ? "" : reads ? ", and " + file + " says none" : ", and there is no " + file + " to take it from";
  if (plan.data.isEmpty()) throw UsageError{"--data is missing" + nor};
  if (plan.network.isEmpty() && !plan.resumed) throw UsageError{"NETWORK is missing" + nor};
  if (!file.isEmpty() && !reads) {
    io::requireSuffix(file, {"json"});
    io::requireWritable(file);
  }
  return plan;
}

}  // namespace cli
