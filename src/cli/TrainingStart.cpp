#include "cli/TrainingStart.h"

#include <algorithm>

#include "data/InputPipeline.h"
#include "io/FileNames.h"
#include "io/Model.h"
#include "io/RecipeJson.h"
#include "io/datasets/Datasets.h"
#include "nn/Error.h"
#include "tasks/ClassNames.h"
#include "tasks/NewHead.h"
#include "train/BlockPass.h"

namespace cli {

namespace {

// Of a set whose classes are known before it is read or made: as if it had one image, of the last class.
void requireClassesFit(const nn::Network& network, const io::DatasetInfo& set) {
  data::Dataset one;
  one.name = set.title.toStdString();
  one.classNames.resize(set.classes.size());
  one.labels = {data::Label(set.classes.size() - 1)};
  train::requireFit(network, one);
}

// Whether anything is left to train.
void checkFrozen(const nn::Network& network, const std::vector<std::string>& frozen, const Output& output) {
  bool learns = false;
  train::requireLayers(network, frozen);
  for (const nn::Network::Node& node : network.nodes()) {
    const bool rests = std::find(frozen.begin(), frozen.end(), node.name) != frozen.end();
    const auto blocks = node.layer->parameterBlocks();
    if (rests && node.parameterCount == 0)
      output.note(QString("--freeze has no effect on %1, which has no weights").arg(QString::fromStdString(node.name)));
    learns = learns || (!rests && std::any_of(blocks.begin(), blocks.end(), [](const auto& block) { return block.learned; }));
  }
  if (learns) return;
  throw nn::Error(frozen.empty() ? "there is nothing to train: no layer has weights" : "there is nothing to train: all weights are frozen",
                  network.spec().name, frozen.empty() ? "Add a layer with weights" : "Leave a layer with weights out of --freeze");
}

// Words that count for another task than the network's.
void checkTask(const Arguments& arguments, const train::Recipe& recipe, const nn::Network& network, const Output& output) {
  for (const train::RecipeField& field : train::recipeFields()) {
    const std::string why = train::whyIdle(field, recipe, network);
    if (field.task.empty() || why.empty()) continue;
    const QString name = QString::fromStdString(field.info.name);
    arguments.refuse(name, true, QString::fromStdString(why + ", and that of " + network.spec().name + " is " + tasks::taskOf(network).id));
    if (field.get(recipe) != field.info.defaultValue)
      output.note(QString("%1 has no effect: it %2").arg(name, QString::fromStdString(why)));
  }
}

void noteSingleClass(const data::Dataset& images, const Output& output) {
  const bool single = std::all_of(images.labels.begin(), images.labels.end(), [&](auto label) { return label == images.labels.front(); });
  if (single) output.note(QString("all training images are of one class (%1): there is nothing to tell apart").arg(images.labels.front()));
}

Start startOf(const QString& name, const Output& output) {
  if (name.endsWith(".onnx", Qt::CaseInsensitive)) {
    io::Model model = loadNotedModel(name, output);
    // Saved again, it would be another network than the file's.
    if (!model.unread.empty())
      throw nn::Error("it is not trained, since " + io::unreadText(model) + ". What would be trained and saved is not the file's network",
                      name.toStdString(), model.unread.front().hint);
    return {model.network, std::move(model.parameters)};
  }
  return {io::loadNetwork(name), {}};
}

// What nobody has said, but is usual with the network's task.
void takeUsual(const nn::Network& network, const Output& output, TrainingPlan& plan) {
  for (const train::UsualSetting& setting : train::usualSettings(network)) {
    const train::RecipeField& field = *train::findRecipeField(setting.field);
    const QString name = QString::fromStdString(field.info.name);
    if (plan.said.contains(name) || !field.idle(plan.options).empty()) continue;
    field.set(plan.options, setting.value);
    output.note(QString("%1 is %2, as is usual with the task %3 (--%1 says another)")
                    .arg(name)
                    .arg(setting.value)
                    .arg(QString::fromStdString(tasks::taskOf(network).id)));
  }
}

}  // namespace

// A checkpoint holds the network itself; one that is named beside it must be the same.
Start loadStart(TrainingPlan& plan, const Output& output) {
  if (!plan.resumed) {
    Start start = startOf(plan.network, output);
    takeUsual(*start.network, output, plan);
    return start;
  }
  const std::shared_ptr<const nn::Network>& network = plan.resumed->model.network;
  const bool ofData = plan.resumed->model.classesOfData;
  if (plan.network.isEmpty()) return {network, {}, ofData};
  const Start start = startOf(plan.network, output);
  if (!start.parameters.empty())
    output.note(
        QString("the weights of %1 do not count: the training goes on from those of the checkpoint").arg(io::shownPath(plan.network)));
  nn::NetworkSpec named = start.network->spec();
  if (ofData) named.classNames = network->spec().classNames;
  if (named != network->spec())
    throw nn::Error(named.name != network->spec().name ? "the checkpoint is of another network, " + network->spec().name
                                                       : "the checkpoint is of a network of the same name with other layers or settings",
                    plan.network.toStdString(), "Leave the network out: --resume needs none");
  return {network, {}, ofData};
}

std::shared_ptr<const nn::Network> nameClasses(const TrainingPlan& plan, Start& start, const data::DataSplit& data, const Output& output) {
  if (plan.newHead) {
    tasks::NewHead made = tasks::withNewHead(*start.network, start.parameters, data.train->classNames, plan.options.seed);
    output.note(QString("%1 is new, with one output for each class: %2")
                    .arg(QString::fromStdString(made.layer), QString::fromStdString(tasks::classNamesText(*made.network))));
    start = {made.network, std::move(made.parameters), true};
    return start.network;
  }
  const std::shared_ptr<const nn::Network> before = start.network;
  start.network = tasks::withClassNames(before, *data.train, start.classesOfData);
  if (start.network != before && !before->spec().classNames.empty())
    output.noteIfAny("its classes are called as those of the data: " + tasks::classNamesText(*start.network) + "; before, " +
                     tasks::classNamesText(*before));
  output.noteIfAny(tasks::keptClassNames(*start.network, *data.train));
  return start.network;
}

data::DataSplit loadData(const TrainingPlan& plan, const nn::Network& network, const Output& output) {
  checkFrozen(network, plan.options.frozen, output);
  const bool keepsHead = !plan.newHead;
  if (const io::DatasetInfo* set = keepsHead && io::namesDataset(plan.data) ? io::findDataset(plan.data) : nullptr;
      set && !set->classes.empty())
    requireClassesFit(network, *set);
  data::DataSplit split = io::loadData(plan.data, plan.options.seed, output.progressOf("loading the images"), plan.options.shares);
  output.passing({});
  if (keepsHead) split = tasks::inOrderOf(network, split);
  for (const std::string& note : split.notes) output.noteIfAny(note);  // it may be why the data does not fit
  if (plan.resumed) io::requireSameData(*plan.resumed->data, io::describeData(plan.data, split), "the checkpoint");
  return split;
}

io::SavedWork beginWork(const TrainingPlan& plan, const Start& start) {
  io::SavedWork work;
  if (plan.resumed) {
    work = *plan.resumed;
    work.data.reset();
    work.model.classesOfData = start.classesOfData;
    return work;
  }
  const QString title = QString::fromStdString(start.network->spec().title);
  work.model.name = plan.network;
  work.model.title = title.isEmpty() ? QString::fromStdString(start.network->spec().name) : title;
  work.model.randomSeed = plan.options.seed;
  work.model.startsTrained = !start.parameters.empty();
  work.model.classesOfData = start.classesOfData;
  if (work.model.startsTrained) work.model.trained = std::make_shared<const std::vector<float>>(start.parameters);
  work.run.emplace().log = train::RunLog(plan.options);
  return work;
}

void checkStart(const Arguments& arguments, const TrainingPlan& plan, const nn::Network& network, const data::DataSplit& data,
                const Output& output) {
  if (plan.options.schedule.warmUpEpochs > plan.options.schedule.epochs)
    output.note("the learning rate never reaches its full height: --warm-up is longer than --epochs");
  noteOutputs(network, output);
  output.noteIfAny(tasks::taskAssumption(network));
  const std::size_t pictures = data.train->count() + data.validation->count() + (data.test ? data.test->count() : 0);
  const data::InputPipeline pipeline(network);
  output.noteIfAny(pipeline.flatText());
  output.noteIfAny(pipeline.fitText(pictures, data.train->shape));
  if (tasks::taskOf(network).firstClass >= 0) noteSingleClass(*data.train, output);
  checkTask(arguments, plan.options, network, output);
}

void keepRecipe(const Arguments& arguments, const TrainingPlan& plan, const Output& output) {
  const QString file = arguments.text("recipe");
  if (file.isEmpty() || io::pathExists(file)) return;
  io::saveRecipe(file, {plan.network, plan.data, plan.options, {}, plan.newHead});
  output.note("the recipe is written to " + file);
}

}  // namespace cli
