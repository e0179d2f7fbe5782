#include <QJsonArray>

#include "analysis/Answer.h"
#include "analysis/Cost.h"
#include "cli/Answer.h"
#include "cli/Command.h"
#include "cli/Measures.h"
#include "cli/Printable.h"
#include "data/Dataset.h"
#include "io/Model.h"
#include "io/session/Container.h"
#include "tasks/Task.h"
#include "train/TrainingMemory.h"
#include "train/WorkerPool.h"

namespace cli {

namespace {

// A network without parameters, or a model.
io::Model described(const QString& name, const Output& output) {
  if (!name.endsWith(".onnx", Qt::CaseInsensitive) && !io::Container::isContainerFile(name)) return {io::loadNetwork(name), {}, {}};
  io::Model model = loadNotedModel(name, output);
  if (!model.unread.empty()) output.noteIfAny("the figures are not the whole model's: " + io::unreadText(model));
  return model;
}

train::TrainingOptions trainingOf(const Arguments& arguments) {
  train::TrainingOptions options;
  options.batchSize = int(arguments.whole("batch-size"));
  options.threads = int(arguments.whole("threads"));
  options.optimizer.kind = nn::optimizerKindOf(arguments.text("optimizer").toStdString()).value();
  return options;
}

// One number where both axes agree.
QJsonValue pairOf(double rows, double columns) {
  if (rows == columns) return rows;
  return QJsonArray{rows, columns};
}
QString pairText(double rows, double columns) {
  return rows == columns ? QString::number(rows) : QString("%1,%2").arg(rows).arg(columns);
}

QString grouped(std::uint64_t number) {
  return QLocale(QLocale::English).toString(qulonglong(number));
}

QJsonObject layerObject(const analysis::NodeCost& node) {
  const analysis::ReceptiveField& field = node.receptiveField;
  return {{"name", QString::fromStdString(node.name)},
          {"type", QString::fromStdString(node.type)},
          {"output_shape", QJsonArray{node.outputShape.channels, node.outputShape.height, node.outputShape.width}},
          {"parameters", qint64(node.parameters)},
          {"multiply_adds", qint64(node.multiplyAdds)},
          {"activation_bytes", qint64(node.activationBytes)},
          {"receptive_field", pairOf(field.height, field.width)},
          {"receptive_field_stride", pairOf(field.strideY, field.strideX)},
          {"receptive_field_offset", pairOf(field.top, field.left)}};
}

QStringList layerRow(const analysis::NodeCost& node) {
  const analysis::ReceptiveField& field = node.receptiveField;
  return {inOneLine(QString::fromStdString(node.name)),
          QString::fromStdString(node.type),
          QString::fromStdString(node.outputShape.text()),
          grouped(node.parameters),
          grouped(node.multiplyAdds),
          grouped(node.activationBytes),
          QString("%1x%2").arg(field.height).arg(field.width),
          pairText(field.strideY, field.strideX),
          pairText(field.top, field.left)};
}

// Columns as wide as their widest word: texts to the left, figures to the right.
QString tableText(const QList<QStringList>& rows, int textColumns) {
  QList<qsizetype> widths(rows.front().size(), 0);
  for (const QStringList& row : rows)
    for (qsizetype i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  QString text;
  for (const QStringList& row : rows) {
    QString line;
    for (qsizetype i = 0; i < row.size(); ++i)
      line += (i == 0 ? "" : "  ") + (i < textColumns ? row[i].leftJustified(widths[i]) : row[i].rightJustified(widths[i]));
    while (line.endsWith(' ')) line.chop(1);
    text += line + "\n";
  }
  return text;
}

QJsonObject memoryObject(const train::TrainingMemory& memory, const train::TrainingOptions& options) {
  return {{"batch_size", options.batchSize},
          {"threads", train::resolveThreads(options.threads)},
          {"optimizer", QString::fromStdString(std::string(nn::optimizerName(options.optimizer.kind)))},
          {"parameters", qint64(memory.parameters)},
          {"gradients", qint64(memory.gradients)},
          {"optimizer_moments", qint64(memory.optimizer)},
          {"activations", qint64(memory.activations)},
          {"total", qint64(memory.total())}};
}

QString memoryText(const train::TrainingMemory& memory, const train::TrainingOptions& options) {
  const QList<QStringList> rows{{"parameters", grouped(memory.parameters)},
                                {"gradients", grouped(memory.gradients)},
                                {"optimizer", grouped(memory.optimizer)},
                                {"activations", grouped(memory.activations)},
                                {"total", grouped(memory.total())}};
  return QString("\nbytes while training, %1 a step, %2, %3:\n")
             .arg(counted(std::size_t(options.batchSize), "image", "images"),
                  counted(std::size_t(train::resolveThreads(options.threads)), "thread", "threads"),
                  QString::fromStdString(std::string(nn::optimizerName(options.optimizer.kind)))) +
         tableText(rows, 1);
}

// Of a network that is not whole, the shapes are those of a part.
bool isTaskKnown(const io::Model& model) {
  return model.unread.empty() || !model.network->spec().task.empty();
}

// What its outputs mean, and whether it says so itself.
QString taskText(const io::Model& model) {
  const nn::Network& network = *model.network;
  if (!isTaskKnown(model)) return "Task unknown: what is left of the network does not tell it\n";
  const tasks::Task& task = tasks::taskOf(network);
  const QString said = network.spec().task.empty() ? " (by its shapes)" : "";
  const std::string noClass = task.shows == tasks::Shows::Classes ? analysis::whyNoClass(network) : std::string();
  const std::string meaning = noClass.empty() ? task.help : "no class is named: " + noClass;
  return QString::fromStdString(task.title) + said + ": " + QString::fromStdString(meaning) + "\n";
}

// A task that it names and that its shapes do not fit: it is described all the same, for whoever is writing it.
std::string whyItCannotBe(const nn::Network& network) {
  data::Dataset any;
  any.labels = {0};
  if (network.spec().task.empty()) return "";
  try {
    tasks::taskOf(network).requireFit(network, any);
  } catch (const nn::Error& error) {
    return "it cannot be trained: " + error.issue().what;
  }
  return "";
}

void runDescribe(const Arguments& arguments, const Output& output) {
  const io::Model model = described(arguments.operands().front(), output);
  const std::shared_ptr<const nn::Network> network = model.network;
  output.noteIfAny(whyItCannotBe(*network));
  if (model.unread.empty()) noteMeaning(model, output);
  const analysis::NetworkCost cost = analysis::costOf(*network);
  const train::TrainingOptions options = trainingOf(arguments);
  const train::TrainingMemory memory = train::trainingMemory(*network, options);
  QJsonArray layers;
  QList<QStringList> rows{{"layer", "type", "output", "parameters", "multiply-adds", "bytes", "sees", "stride", "offset"}};
  for (const analysis::NodeCost& node : cost.nodes) {
    layers.append(layerObject(node));
    rows.append(layerRow(node));
  }
  rows.append({"total", "", "", grouped(cost.parameters), grouped(cost.multiplyAdds), grouped(cost.activationBytes), "", "", ""});
  output.result({{"name", QString::fromStdString(network->spec().name)},
                 {"title", QString::fromStdString(network->spec().title)},
                 {"task", isTaskKnown(model) ? QJsonValue(QString::fromStdString(tasks::taskOf(*network).id)) : QJsonValue()},
                 {"layers", layers},
                 {"totals", QJsonObject{{"parameters", qint64(cost.parameters)},
                                        {"multiply_adds", qint64(cost.multiplyAdds)},
                                        {"activation_bytes", qint64(cost.activationBytes)}}},
                 {"training_memory", memoryObject(memory, options)},
                 {"complete", model.unread.empty()}},
                inOneLine(QString::fromStdString(network->spec().title)) + "\n" + taskText(model) + "\n" + tableText(rows, 3) +
                    memoryText(memory, options));
}

}  // namespace

Command describeCommand() {
  Command command;
  command.name = "describe";
  command.operands = "NETWORK|MODEL";
  command.summary = "Says what a network is made of and what it costs.";
  command.details =
      "The operand is the name of a shipped network, of a published one (alexnet, googlenet, resnet50, vgg16), a JSON file, an ONNX "
      "file, or a session or checkpoint.\n"
      "Per image: multiply-adds and bytes of activations. Of the input, one cell sees the pixels from  offset + stride * its place  on,\n"
      "as many as its receptive field; a stride of 0 says that all cells see the same. The options say how it would be trained:\n"
      "the memory that this takes is stated, and not taken.\n"
      "JSON: task (null: unknown, since not all operators were read); layers[] with name, type, output_shape [C,H,W], parameters, "
      "multiply_adds, activation_bytes, receptive_field,\n"
      "receptive_field_stride and receptive_field_offset (in input pixels, [rows, columns] where they differ); totals;\n"
      "training_memory in bytes; complete (whether all operators of a model were read); notes[].";
  command.options = {recipeOption("batch-size"), recipeOption("optimizer"), threadsOption()};
  command.fewestOperands = command.mostOperands = 1;
  command.run = runDescribe;
  return command;
}

}  // namespace cli
