#include "io/session/SavedWork.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <string>
#include <utility>

#include <QCborArray>
#include <QCborMap>
#include <QCryptographicHash>
#include <QFileInfo>

#include "io/FileNames.h"
#include "io/Model.h"
#include "io/RecipeJson.h"
#include "io/datasets/DataWord.h"
#include "io/session/SavedModel.h"
#include "train/history/History.h"

namespace io {

namespace {

constexpr int kVersion = 1;  // of every section here
const QString kModel = QStringLiteral("model"), kData = QStringLiteral("data"), kRecipe = QStringLiteral("recipe"),
              kTraining = QStringLiteral("training"), kMoments = QStringLiteral("moments");
constexpr std::size_t kMomentsBudget = std::size_t(24) << 20;  // bytes in a file

QCborMap placeSection(const train::Checkpoint& checkpoint) {
  return {{QStringLiteral("step"), qint64(checkpoint.step)},         {QStringLiteral("epoch"), qint64(checkpoint.epoch)},
          {QStringLiteral("position"), qint64(checkpoint.position)}, {QStringLiteral("watched steps"), checkpoint.loss.count},
          {QStringLiteral("watched losses"), checkpoint.loss.sum},   {QStringLiteral("lowest far loss"), checkpoint.loss.lowest},
          {QStringLiteral("far windows"), checkpoint.loss.far},      {QStringLiteral("stale windows"), checkpoint.loss.stale}};
}

void readPlace(const Section& place, std::size_t images, train::Checkpoint& checkpoint) {
  checkpoint.step = place.count("step");
  checkpoint.epoch = place.count("epoch");
  checkpoint.position = place.count("position");
  if (checkpoint.position >= images) place.refuse("position lies behind the last image");
  if (checkpoint.epoch > 1000000) place.refuse("epoch is out of range");
  const auto small = [&place](const char* key) { return int(std::min<std::uint64_t>(place.count(key), 1000000)); };
  checkpoint.loss = {small("watched steps"), place.real("watched losses"), small("far windows"), place.real("lowest far loss"),
                     small("stale windows")};
}

// Sums over answers, by their place in the task's metrics.
QCborMap figuresOf(const tasks::Figures& figures) {
  QCborMap map;
  for (std::size_t i = 0; i < figures.size(); ++i) map[QString::number(i)] = figures[i];
  return map;
}

tasks::Figures readFigures(const Section& holder) {
  const Section section = holder.inside("figures");
  tasks::Figures figures{};
  for (std::size_t i = 0; i < figures.size(); ++i) figures[i] = section.real(std::to_string(i).c_str());
  if (std::any_of(figures.begin(), figures.end(), [](double figure) { return figure < 0; })) section.refuse("a figure is negative");
  return figures;
}

QCborMap evaluationOf(const train::Evaluation& evaluation) {
  return {{QStringLiteral("samples"), qint64(evaluation.count)},
          {QStringLiteral("answers"), qint64(evaluation.answerCount)},
          {QStringLiteral("figures"), figuresOf(evaluation.figures)},
          {QStringLiteral("loss"), evaluation.loss}};
}

std::optional<train::Evaluation> readEvaluation(const Section& holder, const char* key) {
  if (!holder.has(key)) return std::nullopt;
  const Section section = holder.inside(key);
  train::Evaluation evaluation;
  evaluation.count = section.count("samples");
  evaluation.answerCount = section.count("answers");
  evaluation.figures = readFigures(section);
  evaluation.loss = section.real("loss");
  return evaluation;
}

QCborMap progressOf(const train::RunProgress& progress) {
  QCborMap map{{QStringLiteral("loss"), progress.epoch.loss},
               {QStringLiteral("seen"), qint64(progress.epoch.seen)},
               {QStringLiteral("answers"), qint64(progress.epoch.answers)},
               {QStringLiteral("figures"), figuresOf(progress.epoch.figures)},
               {QStringLiteral("train loss"), progress.trainLoss},
               {QStringLiteral("seconds"), progress.seconds},
               {QStringLiteral("images"), qint64(progress.images)}};
  if (progress.validation) map[QStringLiteral("validation")] = evaluationOf(*progress.validation);
  return map;
}

void readProgress(const Section& section, const train::Checkpoint& checkpoint, std::size_t images, train::RunProgress& progress) {
  progress.epoch = {section.real("loss"), section.count("seen"), section.count("answers"), readFigures(section)};
  // All of an epoch has been seen that is still to be validated.
  const bool whole = checkpoint.position == 0 && checkpoint.epoch > 0 && progress.epoch.seen == images;
  if (!whole && progress.epoch.seen != checkpoint.position) section.refuse("seen is not what the place in the epoch says");
  progress.trainLoss = section.real("train loss"), progress.validation = readEvaluation(section, "validation");
  progress.seconds = section.real("seconds"), progress.images = section.count("images");
  if (!(progress.seconds >= 0 && progress.seconds < 1e10)) section.refuse("seconds is no time");
}

QCborMap bestOf(const train::EpochResult& best, const std::vector<float>& parameters) {
  QCborMap map{{QStringLiteral("epoch"), qint64(best.number)},
               {QStringLiteral("train loss"), best.trainLoss},
               {QStringLiteral("parameters"), cborFloats(parameters)}};
  if (best.validation) map[QStringLiteral("validation")] = evaluationOf(*best.validation);
  return map;
}

void readBest(const Section& section, std::size_t parameters, train::RunProgress& progress) {
  progress.best = {std::int64_t(section.count("epoch")), section.real("train loss"), readEvaluation(section, "validation")};
  progress.bestParameters = section.floats("parameters");
  if (progress.bestParameters.size() != parameters) section.refuse("there are not as many parameters as in the other sections");
}

QCborMap dataOf(const DataDescription& data) {
  return {{QStringLiteral("source"), data.source},       {QStringLiteral("channels"), data.shape.channels},
          {QStringLiteral("height"), data.shape.height}, {QStringLiteral("width"), data.shape.width},
          {QStringLiteral("train"), qint64(data.train)}, {QStringLiteral("validation"), qint64(data.validation)},
          {QStringLiteral("sha256"), data.fingerprint}};
}

DataDescription readDataDescription(const Section& section) {
  const auto side = [&](const char* key) { return int(std::min<std::uint64_t>(section.count(key), 1 << 20)); };
  return {section.text("source"),
          {side("channels"), side("height"), side("width")},
          section.count("train"),
          section.count("validation"),
          section.bytes("sha256")};
}

// Numbers that are none would only be met somewhere in the first step.
QString recipeJson(const train::Recipe& recipe) {
  RunRecipe run;
  run.recipe = recipe;
  return QString::fromUtf8(writeRecipeJson(run));
}

train::Recipe readRecipe(const Section& section, const char* key, const QString& where) {
  std::vector<nn::Issue> issues;
  const train::Recipe recipe = readRecipeJson(section.text(key).toUtf8(), where, issues).recipe;
  if (!issues.empty()) throw nn::Error(issues.front());
  return recipe;
}

QCborValue valueOf(const nn::FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return QString::fromStdString(*text);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return qint64(*whole);
  return std::get<double>(value);
}

// Of the type that the field has.
nn::FieldValue readValue(const Section& section, const char* key, const train::RecipeField& field) {
  const QCborValue found = section.value(key);
  const nn::FieldValue& standard = field.info.defaultValue;
  if (std::holds_alternative<std::string>(standard)) return section.text(key).toStdString();
  if (std::holds_alternative<bool>(standard)) return section.flag(key);
  if (std::holds_alternative<double>(standard)) return section.real(key);
  if (!found.isInteger()) section.refuse(std::string(key) + " is not a whole number");
  return std::int64_t(found.toInteger());
}

QCborMap logOf(const train::RunLog& log) {
  QCborArray changes;
  for (const train::RecipeChange& change : log.changes()) {
    QCborArray fields;
    for (const train::FieldChange& field : change.fields)
      fields.append(QCborMap{{QStringLiteral("name"), QString::fromStdString(field.field)},
                             {QStringLiteral("before"), valueOf(field.before)},
                             {QStringLiteral("after"), valueOf(field.after)}});
    changes.append(QCborMap{
        {QStringLiteral("step"), qint64(change.step)}, {QStringLiteral("epoch"), change.epoch}, {QStringLiteral("fields"), fields}});
  }
  return {{QStringLiteral("start"), recipeJson(log.start())}, {QStringLiteral("changes"), changes}};
}

train::RunLog readLog(const Section& section, const QString& where) {
  std::vector<train::RecipeChange> changes;
  for (const Section& one : section.list("changes")) {
    train::RecipeChange change{one.count("step"), one.real("epoch"), {}};
    if (!changes.empty() && change.step < changes.back().step) one.refuse("its changes are not in their order");
    for (const Section& field : one.list("fields")) {
      const std::string name = field.text("name").toStdString();
      const train::RecipeField* row = train::findRecipeField(name);
      if (!row) field.refuse("there is no setting " + name);
      change.fields.push_back({name, readValue(field, "before", *row), readValue(field, "after", *row)});
    }
    changes.push_back(std::move(change));
  }
  return {readRecipe(section, "start", where), std::move(changes)};
}

QCborArray metricsOf(const train::MetricLog& metrics) {
  QCborArray series;
  for (const auto& [name, samples] : metrics.all()) {
    std::vector<double> steps, epochs, values;
    for (const train::MetricSample& sample : samples) {
      steps.push_back(double(sample.step));
      epochs.push_back(sample.epoch);
      values.push_back(sample.value);
    }
    series.append(QCborMap{{QStringLiteral("name"), QString::fromStdString(name)},
                           {QStringLiteral("steps"), cborDoubles(steps)},
                           {QStringLiteral("epochs"), cborDoubles(epochs)},
                           {QStringLiteral("values"), cborDoubles(values)}});
  }
  return series;
}

train::MetricLog readMetrics(const Section& section) {
  constexpr double kMostSteps = 9007199254740992.0;  // below which a double counts exactly
  train::MetricLog metrics;
  for (const Section& series : section.list("metrics")) {
    const std::vector<double> steps = series.doubles("steps"), epochs = series.doubles("epochs"), values = series.doubles("values");
    if (epochs.size() != steps.size() || values.size() != steps.size()) series.refuse("a curve has not as many places as values");
    std::vector<train::MetricSample> samples;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (!(steps[i] >= 0 && steps[i] <= kMostSteps) || !(epochs[i] >= 0)) series.refuse("a curve has a place that there is not");
      samples.push_back({std::uint64_t(steps[i]), epochs[i], values[i]});
      if (i > 0 && samples[i].step < samples[i - 1].step) series.refuse("the places of a curve are not in their order");
    }
    metrics.setSeries(series.text("name").toStdString(), std::move(samples));
  }
  return metrics;
}

QCborMap runOf(const train::SavedRun& run) {
  QCborMap map{{QStringLiteral("recipe"), recipeJson(run.checkpoint.recipe)},
               {QStringLiteral("first moments"), cborFloats(run.checkpoint.optimizer.first)},
               {QStringLiteral("second moments"), cborFloats(run.checkpoint.optimizer.second)},
               {QStringLiteral("optimizer steps"), qint64(run.checkpoint.optimizer.steps)},
               {QStringLiteral("place"), placeSection(run.checkpoint)},
               {QStringLiteral("progress"), progressOf(run.progress)},
               {QStringLiteral("log"), logOf(run.log)},
               {QStringLiteral("metrics"), metricsOf(run.metrics)}};
  if (run.progress.best) map[QStringLiteral("best")] = bestOf(*run.progress.best, run.progress.bestParameters);
  return map;
}

train::SavedRun readRun(const Section& section, const SavedModel& model, std::size_t images, const QString& where) {
  train::SavedRun run;
  run.checkpoint.recipe = readRecipe(section, "recipe", where);
  run.checkpoint.parameters = *model.parameters;
  run.checkpoint.optimizer = {section.floats("first moments"), section.floats("second moments"), section.count("optimizer steps")};
  const nn::OptimizerState &read = run.checkpoint.optimizer, ofOne = nn::Optimizer(run.checkpoint.recipe.optimizer, 1).state();
  const std::size_t parameters = model.parameters->size();
  if (read.first.size() != ofOne.first.size() * parameters || read.second.size() != ofOne.second.size() * parameters)
    section.refuse("the moments are not as many numbers as the optimizer keeps for the network");
  readPlace(section.inside("place"), images, run.checkpoint);
  readProgress(section.inside("progress"), run.checkpoint, images, run.progress);
  if (section.has("best")) readBest(section.inside("best"), parameters, run.progress);
  run.log = readLog(section.inside("log"), where);
  run.metrics = readMetrics(section);
  return run;
}

// That can be looked back at.
QCborMap momentsOf(const std::vector<train::Moment>& moments) {
  QCborArray list;
  for (const train::Moment& moment : train::thinned(moments, kMomentsBudget)) {
    QCborMap map{{QStringLiteral("step"), qint64(moment.step)},
                 {QStringLiteral("epoch"), moment.epoch},
                 {QStringLiteral("parameters"), cborFloats(*moment.parameters)}};
    if (moment.changed) map[QStringLiteral("changed")] = true;
    if (moment.state) map[QStringLiteral("state")] = runOf(*moment.state);
    list.append(map);
  }
  return {{QStringLiteral("moments"), list}};
}

std::vector<train::Moment> readMoments(const Section& section, const SavedWork& work, const QString& where) {
  std::vector<train::Moment> moments;
  for (const Section& one : section.list("moments")) {
    SavedModel then = work.model;
    then.parameters = std::make_shared<const std::vector<float>>(one.floats("parameters"));
    train::Moment moment{one.count("step"), one.real("epoch"), then.parameters, nullptr, one.has("changed")};
    if (moment.parameters->size() != work.model.parameters->size()) one.refuse("a moment has not as many parameters as the network");
    if (!isFinite(*moment.parameters)) one.refuse("a moment has parameters that are no numbers");
    if (moment.step > work.run->checkpoint.step || (!moments.empty() && moment.step <= moments.back().step))
      one.refuse("its moments are not in their order");
    if (one.has("state")) {
      train::SavedRun state = readRun(one.inside("state"), then, work.data->train, where);
      if (state.checkpoint.step != moment.step) one.refuse("a state is that of another step");
      state.checkpoint.parameters.clear();
      moment.state = std::make_shared<const train::SavedRun>(std::move(state));
    }
    moments.push_back(std::move(moment));
  }
  return moments;
}

// `lost`: is told what cannot be read; without it, that is thrown.
SavedWork takeSections(Container container, const QString& where, const std::function<void(const QString&, const nn::Issue&)>& lost) {
  SavedWork work;
  const auto take = [&](const QString& name, const std::function<void(const Section&)>& read) {
    try {
      read(container.section(name, kVersion));
    } catch (const nn::Error& error) {
      if (!lost) throw;
      lost(name, error.issue());
    }
  };
  take(kModel, [&](const Section& section) { work.model = readSavedModel(section, where); });
  if (work.model.network) {
    if (container.has(kData)) take(kData, [&](const Section& section) { work.data = readDataDescription(section); });
    if (container.has(kTraining))
      take(kTraining, [&](const Section& section) {
        if (!work.data) section.refuse("there is no word of the data that it is of");
        work.run = readRun(section, work.model, work.data->train, where);
      });
    if (work.run) work.recipe = work.run->checkpoint.recipe;
    if (work.run && container.has(kMoments))
      take(kMoments, [&](const Section& section) { work.run->moments = readMoments(section, work, where); });
    take(kRecipe, [&](const Section& section) { work.recipe = readRecipe(section, "json", where); });
  }
  for (const QString& name : {kModel, kData, kRecipe, kTraining, kMoments}) container.remove(name);
  work.others = std::move(container);
  return work;
}

}  // namespace

DataDescription describeData(const QString& source, const data::DataSplit& split) {
  DataDescription description{withPaths(source, absolutePath), split.train->shape, split.train->count(), split.validation->count(), {}};
  QCryptographicHash hash(QCryptographicHash::Sha256);
  const auto add = [&hash](std::span<const std::uint8_t> bytes) { hash.addData(QByteArrayView(bytes.data(), qsizetype(bytes.size()))); };
  for (const auto& part : {split.train, split.validation}) {
    for (std::size_t i = 0; i < part->count(); ++i) add(part->image(i));
    for (const data::Label label : part->labels) hash.addData(QByteArrayView(reinterpret_cast<const char*>(&label), label < 256 ? 1 : 2));
  }
  description.fingerprint = hash.result();
  return description;
}

void requireSameData(const DataDescription& expected, const DataDescription& given, const std::string& where) {
  const auto countsOf = [](const DataDescription& data) {
    return std::to_string(data.train) + " images of " + data.shape.text() + " and " + std::to_string(data.validation) + " for validation";
  };
  const bool counts = expected.shape == given.shape && expected.train == given.train && expected.validation == given.validation;
  if (counts && expected.fingerprint == given.fingerprint) return;
  throw nn::Error(counts ? "it was trained on other images or labels than there are now in " + shownName(given.source)
                         : "it was trained on " + countsOf(expected) + ", and " + shownName(given.source) + " holds " + countsOf(given),
                  where, "Give with --data what it was trained on, or begin a new training with the model that it saved");
}

bool isWorkSection(const QString& name) {
  return name == kModel || name == kData || name == kRecipe || name == kTraining || name == kMoments;
}

void putWork(Container& container, const SavedWork& work) {
  const std::vector<float>& parameters = work.run ? work.run->checkpoint.parameters : *work.model.parameters;
  if (!isFinite(parameters))
    throw nn::Error("some parameters are not finite numbers, since the training diverged", work.model.title.toStdString(),
                    "Reset the training, or go back to an earlier step");
  container.set(kModel, kVersion, modelSection(work.model, parameters));
  container.set(kRecipe, kVersion, {{QStringLiteral("json"), recipeJson(work.recipe)}});
  if (work.data) container.set(kData, kVersion, dataOf(*work.data));
  if (work.run) container.set(kTraining, kVersion, runOf(*work.run));
  if (work.run && !work.run->moments.empty()) container.set(kMoments, kVersion, momentsOf(work.run->moments));
}

SavedWork takeWork(Container container, const QString& where) {
  return takeSections(std::move(container), where, {});
}

SavedWork takeWhatIsWhole(Container container, const QString& where, std::vector<LostSection>& lost) {
  return takeSections(std::move(container), where, [&](const QString& name, const nn::Issue& issue) {
    const bool told = std::any_of(lost.begin(), lost.end(), [&](const LostSection& one) { return one.name == name; });
    if (!told) lost.push_back({name, issue, false});
  });
}

void saveWork(const QString& path, const SavedWork& work) {
  Container container = work.others;
  putWork(container, work);
  container.save(path);
}

SavedWork loadWork(const QString& path) {
  return takeWork(Container::load(path), shownPath(QFileInfo(path).fileName()));
}

}  // namespace io
