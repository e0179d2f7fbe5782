#include "io/TrainingState.h"

#include <algorithm>
#include <cmath>
#include <span>

#include <QCborMap>
#include <QCryptographicHash>
#include <QFileInfo>

#include "io/Datasets.h"
#include "io/FileNames.h"
#include "io/Files.h"
#include "io/Model.h"
#include "io/RecipeJson.h"

namespace io {

namespace {

constexpr qint64 kLargestState = qint64(1) << 34;
constexpr qint64 kBeginning = 1 << 10;  // of a file, which tells its kind
constexpr int kVersion = 1;             // of every section here

QCborMap placeOf(const train::Checkpoint& checkpoint) {
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
  checkpoint.loss.count = int(std::min<std::uint64_t>(place.count("watched steps"), 1000000));
  checkpoint.loss.sum = place.real("watched losses");
  checkpoint.loss.far = int(std::min<std::uint64_t>(place.count("far windows"), 1000000));
  checkpoint.loss.lowest = place.real("lowest far loss");
  checkpoint.loss.stale = int(std::min<std::uint64_t>(place.count("stale windows"), 1000000));
}

QCborMap evaluationOf(const train::Evaluation& evaluation) {
  return {{QStringLiteral("samples"), qint64(evaluation.count)},
          {QStringLiteral("answers"), qint64(evaluation.answerCount)},
          {QStringLiteral("correct"), qint64(evaluation.correct)},
          {QStringLiteral("loss"), evaluation.loss}};
}

std::optional<train::Evaluation> readEvaluation(const Section& holder, const char* key) {
  if (!holder.has(key)) return std::nullopt;
  const Section section = holder.inside(key);
  train::Evaluation evaluation;
  evaluation.count = section.count("samples");
  evaluation.answerCount = section.count("answers");
  evaluation.correct = section.count("correct");
  evaluation.loss = section.real("loss");
  if (evaluation.correct > evaluation.answerCount) section.refuse("more answers are correct than there are");
  return evaluation;
}

QCborMap progressOf(const train::RunProgress& progress) {
  QCborMap map{{QStringLiteral("loss"), progress.epoch.loss},
               {QStringLiteral("seen"), qint64(progress.epoch.seen)},
               {QStringLiteral("answers"), qint64(progress.epoch.answers)},
               {QStringLiteral("correct"), qint64(progress.epoch.correct)},
               {QStringLiteral("train loss"), progress.trainLoss},
               {QStringLiteral("seconds"), progress.seconds},
               {QStringLiteral("images"), qint64(progress.images)}};
  if (progress.validation) map[QStringLiteral("validation")] = evaluationOf(*progress.validation);
  return map;
}

void readProgress(const Section& section, const train::Checkpoint& checkpoint, std::size_t images, train::RunProgress& progress) {
  progress.epoch = {section.real("loss"), section.count("seen"), section.count("answers"), section.count("correct")};
  // All of an epoch has been seen that is still to be validated.
  const bool whole = checkpoint.position == 0 && checkpoint.epoch > 0 && progress.epoch.seen == images;
  if (!whole && progress.epoch.seen != checkpoint.position) section.refuse("seen is not what the place in the epoch says");
  progress.trainLoss = section.real("train loss");
  progress.validation = readEvaluation(section, "validation");
  progress.seconds = section.real("seconds");
  progress.images = section.count("images");
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
void requireFinite(const Section& section, const std::vector<float>& parameters) {
  if (!std::all_of(parameters.begin(), parameters.end(), [](float value) { return std::isfinite(value); }))
    section.refuse("there are parameters that are no numbers");
}

}  // namespace

DataDescription describeData(const QString& source, const data::DataSplit& split) {
  DataDescription description;
  description.source = namesDataset(source) ? source : absolutePath(source);
  description.shape = split.train->shape;
  description.train = split.train->count();
  description.validation = split.validation->count();
  QCryptographicHash hash(QCryptographicHash::Sha256);
  const auto add = [&hash](std::span<const std::uint8_t> bytes) { hash.addData(QByteArrayView(bytes.data(), qsizetype(bytes.size()))); };
  for (const auto& part : {split.train, split.validation}) {
    for (std::size_t i = 0; i < part->count(); ++i) add(part->image(i));
    add(part->labels);
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

void putTrainingState(Container& container, const TrainingState& state) {
  RunRecipe recipe;
  recipe.recipe = state.checkpoint.recipe;
  container.set("recipe", kVersion, {{QStringLiteral("json"), QString::fromUtf8(writeRecipeJson(recipe))}});
  container.set("network", kVersion, {{QStringLiteral("json"), QString::fromUtf8(writeNetworkJson(state.network))}});
  container.set("data", kVersion, dataOf(state.data));
  container.set("parameters", kVersion, {{QStringLiteral("values"), cborFloats(state.checkpoint.parameters)}});
  container.set("optimizer", kVersion,
                {{QStringLiteral("first"), cborFloats(state.checkpoint.optimizer.first)},
                 {QStringLiteral("second"), cborFloats(state.checkpoint.optimizer.second)},
                 {QStringLiteral("steps"), qint64(state.checkpoint.optimizer.steps)}});
  container.set("place", kVersion, placeOf(state.checkpoint));
  container.set("progress", kVersion, progressOf(state.progress));
  if (state.progress.best) container.set("best", kVersion, bestOf(*state.progress.best, state.progress.bestParameters));
}

TrainingState takeTrainingState(const Container& container, const QString& where) {
  TrainingState state;
  std::vector<nn::Issue> issues;
  state.checkpoint.recipe = readRecipeJson(container.section("recipe", kVersion).text("json").toUtf8(), where, issues).recipe;
  if (!issues.empty()) throw nn::Error(issues.front());
  state.network = readNetworkJson(container.section("network", kVersion).text("json").toUtf8(), where);
  state.data = readDataDescription(container.section("data", kVersion));
  const Section parameters = container.section("parameters", kVersion);
  state.checkpoint.parameters = parameters.floats("values");
  requireFinite(parameters, state.checkpoint.parameters);
  const Section optimizer = container.section("optimizer", kVersion);
  state.checkpoint.optimizer = {optimizer.floats("first"), optimizer.floats("second"), optimizer.count("steps")};
  readPlace(container.section("place", kVersion), state.data.train, state.checkpoint);
  readProgress(container.section("progress", kVersion), state.checkpoint, state.data.train, state.progress);
  if (container.has("best")) readBest(container.section("best", kVersion), state.checkpoint.parameters.size(), state.progress);
  return state;
}

void saveTrainingState(const QString& path, const TrainingState& state) {
  Container container("checkpoint");
  putTrainingState(container, state);
  writeFile(path, container.bytes());
}

TrainingState loadTrainingState(const QString& path) {
  const QString where = shownPath(QFileInfo(path).fileName());
  const QByteArray bytes =
      readFile(path, kLargestState, [&](QIODevice& file) { Container::requireContainer(file.peek(kBeginning), "checkpoint", where); });
  return takeTrainingState(Container::read(bytes, "checkpoint", where), where);
}

}  // namespace io
