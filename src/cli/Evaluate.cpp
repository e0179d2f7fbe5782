#include <algorithm>
#include <cmath>

#include <QJsonArray>

#include "analysis/Answer.h"
#include "cli/Command.h"
#include "cli/InputTrial.h"
#include "cli/Measures.h"
#include "cli/ThroughPad.h"
#include "cli/TrainOptions.h"
#include "io/Model.h"
#include "io/datasets/Datasets.h"
#include "nn/Error.h"
#include "tasks/ClassNames.h"
#include "train/BlockPass.h"
#include "train/Trainer.h"

namespace cli {

namespace {

PadJourney journeyOf(const Arguments& arguments) {
  PadJourney journey;
  journey.shiftPx = float(arguments.real("shift"));
  journey.scale = float(arguments.real("scale"));
  journey.rotateDegrees = float(arguments.real("rotate"));
  journey.likeMnist = !arguments.has("unprepared");
  return journey;
}

QJsonArray confusionOf(const train::Evaluation& evaluation, std::size_t classes) {
  QJsonArray rows;
  for (std::size_t label = 0; label < classes; ++label) {
    QJsonArray row;
    for (std::size_t answer = 0; answer < classes; ++answer) row.append(qint64(evaluation.confusion[label * classes + answer]));
    rows.append(row);
  }
  return rows;
}

QString confusionText(const QJsonArray& rows) {
  if (rows.isEmpty()) return {};
  QString text = "\nlabel \\ answer";
  for (qsizetype answer = 0; answer < rows.size(); ++answer) text += QString("%1").arg(answer, 6);
  text += "\n";
  for (qsizetype label = 0; label < rows.size(); ++label) {
    text += QString("%1").arg(label, 14);
    for (const QJsonValue& count : rows[label].toArray()) text += QString("%1").arg(count.toInteger(), 6);
    text += "\n";
  }
  return text;
}

// An answer that was not one is counted all the same, always in the same way.
void noteTies(const train::Evaluation& evaluation, const tasks::Task& task, const Output& output) {
  if (evaluation.ties == 0) return;
  const QString answers = task.perPixel ? counted(evaluation.ties, "pixel", "pixels") : counted(evaluation.ties, "image", "images");
  output.note(QString("for %1 several outputs are the largest, so that no class is the answer; counted is the first of them").arg(answers));
}

// How many are right, and what was taken for what.
QString answersText(const train::Evaluation& evaluation, const nn::Network& network, QJsonObject& object) {
  const tasks::Task& task = tasks::taskOf(network);
  QJsonArray names;
  for (const std::string& name : analysis::answerNames(network, evaluation.classes())) names.append(QString::fromStdString(name));
  object["correct"] = qint64(evaluation.correct());
  object["classes"] = names;
  object["confusion"] = confusionOf(evaluation, evaluation.classes());
  const QString answers = task.perPixel ? counted(evaluation.answerCount, "pixel", "pixels") : counted(evaluation.count, "image", "images");
  return QString("%1 of %2 correct: %3\n").arg(evaluation.correct()).arg(answers, metricText(task.metrics.front(), evaluation.accuracy()));
}

QString measuresText(const train::Evaluation& evaluation, const tasks::Task& task, QJsonObject& object) {
  QString text = QString("loss %1\n").arg(evaluation.loss, 0, 'f', 4);
  for (const tasks::Measure& measure : evaluation.measures(task)) {
    object[QString::fromStdString(measure.metric.id)] = measure.value;
    const bool told = task.firstClass >= 0 && measure.metric.id == task.metrics.front().id;  // with how many are right
    if (!told) text += QString::fromStdString(measure.metric.title) + ' ' + metricText(measure.metric, measure.value) + '\n';
  }
  return text;
}

void runEvaluate(const Arguments& arguments, const Output& output) {
  for (const char* name : {"shift", "scale", "rotate", "unprepared"})
    arguments.refuse(name, !arguments.has("through-pad"), "needs --through-pad");
  const io::Model model = loadNotedModel(arguments.operands().front(), arguments, output);
  const std::string name = arguments.operands().front().toStdString();
  if (!model.unread.empty()) throw nn::Error("it cannot be measured, since " + io::unreadText(model), name, model.unread.front().hint);
  noteOutputs(*model.network, output);
  noteNamedData(arguments, output);
  std::shared_ptr<const data::Dataset> test = io::loadTestData(arguments.text("data"), 1, output.progressOf("loading the test images"));
  output.passing({});
  if (!test || test->count() == 0)
    throw nn::Error("there are no test images", arguments.text("data").toStdString(),
                    "They are t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, or lie in FOLDER/test/CLASS/");
  for (const std::string& note : test->notes) output.noteIfAny(note);
  const std::shared_ptr<const data::Dataset> ordered = tasks::inOrderOf(*model.network, test);
  if (ordered != test) output.note("the classes of the data are the model's of the same names");
  test = ordered;
  output.noteIfAny(tasks::keptClassNames(*model.network, *test));
  const auto limit = std::size_t(arguments.whole("limit"));
  const int threads = int(arguments.whole("threads"));
  const data::InputPipeline pipeline(*model.network);
  output.noteIfAny(pipeline.flatText());
  if (arguments.has("through-pad")) {
    output.progress("sending the test images through the pad");
    test = throughPad(*test, journeyOf(arguments), pipeline, limit, threads);
  }
  train::requireFit(*model.network, *test);
  const std::size_t measured = limit == 0 ? test->count() : std::min(limit, test->count());
  output.noteIfAny(pipeline.fitText(measured, test->shape));
  const tasks::Task& task = tasks::taskOf(*model.network);
  const train::RecipeField& noise = *train::findRecipeField("noise");
  arguments.refuse("noise", task.id != noise.task, QString::fromStdString("needs a model whose task is " + noise.task));
  const tasks::ObjectiveSettings settings(task.usualLoss(*model.network), float(arguments.real("noise")));
  const train::Evaluation evaluation = train::evaluate(model.network, model.parameters, *test, threads, limit, settings);
  if (std::isnan(evaluation.loss))
    throw nn::Error("it cannot be measured: for pictures of the data its numbers grow beyond what can be computed", name,
                    "Train it again, with a smaller learning rate");
  if (!std::isfinite(evaluation.loss)) output.note("the model's numbers grow beyond what can be computed: its loss is not a number");
  noteTies(evaluation, task, output);
  if (arguments.text("input").isEmpty()) noteBetterInput(model, *test, "images", threads, output);
  QJsonObject object{{"count", qint64(evaluation.count)}, {"loss", evaluation.loss}};
  QString text = task.firstClass >= 0 ? answersText(evaluation, *model.network, object) : QString();
  if (task.id == noise.task) {
    object["noise"] = arguments.real("noise");
    text += QString("noise %1 (standard deviation, of ink from 0 to 1)\n").arg(arguments.real("noise"));
  }
  output.result(object, text + measuresText(evaluation, task, object) + confusionText(object.value("confusion").toArray()));
}

}  // namespace

Command evaluateCommand() {
  Command command;
  command.name = "evaluate";
  command.operands = "MODEL";
  command.summary = "Measures a trained model on test images.";
  command.details =
      "MODEL is the name of a shipped model, an ONNX file or a session.\n"
      "With --through-pad, each test image is enlarged to a pad of 280 px, moved there, and sent the way a drawing goes.\n"
      "A model of which not all operators are read is not measured.\n"
      "JSON: count, correct, accuracy, loss, classes (their names), confusion (a row per label, a column per answer), notes[].\n"
      "A reconstruction is measured by what it makes of pictures with --noise: mean_squared_error and psnr, and those of the noisy\n"
      "pictures themselves, noisy_mean_squared_error and noisy_psnr; its JSON says noise, too.\n"
      "A segmentation is measured pixel by pixel, class 0 being the ground; its JSON has mean_iou as well.";
  command.options = {
      dataOption(),
      inputOption(),
      classesOption(),
      {"limit", Kind::Whole, "N", "Only the first N test images; 0: all.", "0", 0},
      {"through-pad", Kind::Flag, {}, "Sends each image through the pad."},
      {"shift", Kind::Real, "PX",
       "Moves it by so many pixels of the 28x28 image: image 0 to the right, the next ones in eight directions in turn.", "0", -28, 28},
      {"scale", Kind::Real, "S", "Changes its size about the middle of the pad.", "1", 0.05, 4},
      {"rotate", Kind::Real, "DEG", "Turns it, one image to the left and the next to the right.", "0", -180, 180},
      {"unprepared", Kind::Flag, {}, "Leaves out the preparation (box, 20 px, center of mass), to see what it is good for."},
      recipeOption("noise"),
      threadsOption()};
  command.fewestOperands = command.mostOperands = 1;
  command.needs = Needs::Fonts;
  command.run = runEvaluate;
  return command;
}

}  // namespace cli
