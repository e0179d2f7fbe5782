#include <QJsonArray>

#include "analysis/Cost.h"
#include "cli/Command.h"
#include "io/Model.h"

namespace cli {

namespace {

std::shared_ptr<const nn::Network> networkOf(const QString& name, const Output& output) {
  if (!name.endsWith(".onnx", Qt::CaseInsensitive)) return nn::Network::create(io::loadNetworkSpec(name));
  const io::Model model = io::loadOnnx(name);
  for (const std::string& note : model.notes) output.progress("note: " + QString::fromStdString(note));
  return model.network;
}

// One number where it is square.
QJsonValue sizeOf(const analysis::ReceptiveField& field) {
  if (field.height == field.width) return field.height;
  return QJsonArray{field.height, field.width};
}

QString sizeText(const analysis::ReceptiveField& field) {
  return QString("%1x%2").arg(field.height).arg(field.width);
}

QString grouped(std::uint64_t number) {
  return QLocale(QLocale::English).toString(qulonglong(number));
}

QString row(const QString& name, const QString& type, const QString& shape, const QString& parameters, const QString& work,
            const QString& bytes, const QString& field) {
  return name.leftJustified(14) + type.leftJustified(14) + shape.leftJustified(12) + parameters.rightJustified(12) +
         work.rightJustified(16) + bytes.rightJustified(14) + field.rightJustified(12) + "\n";
}

void run(const Arguments& arguments, const Output& output) {
  const std::shared_ptr<const nn::Network> network = networkOf(arguments.operands().front(), output);
  const analysis::NetworkCost cost = analysis::costOf(*network);
  QJsonArray layers;
  QString text = QString::fromStdString(network->spec().title) + "\n\n";
  text += row("layer", "type", "output", "parameters", "multiply-adds", "bytes", "sees");
  for (const analysis::NodeCost& node : cost.nodes) {
    layers.append(QJsonObject{{"name", QString::fromStdString(node.name)},
                              {"type", QString::fromStdString(node.type)},
                              {"output_shape", QJsonArray{node.outputShape.channels, node.outputShape.height, node.outputShape.width}},
                              {"parameters", qint64(node.parameters)},
                              {"multiply_adds", qint64(node.multiplyAdds)},
                              {"activation_bytes", qint64(node.activationBytes)},
                              {"receptive_field", sizeOf(node.receptiveField)}});
    text += row(QString::fromStdString(node.name), QString::fromStdString(node.type), QString::fromStdString(node.outputShape.text()),
                grouped(node.parameters), grouped(node.multiplyAdds), grouped(node.activationBytes), sizeText(node.receptiveField));
  }
  text += row("total", "", "", grouped(cost.parameters), grouped(cost.multiplyAdds), grouped(cost.activationBytes), "");
  output.result({{"name", QString::fromStdString(network->spec().name)},
                 {"title", QString::fromStdString(network->spec().title)},
                 {"layers", layers},
                 {"totals", QJsonObject{{"parameters", qint64(cost.parameters)},
                                        {"multiply_adds", qint64(cost.multiplyAdds)},
                                        {"activation_bytes", qint64(cost.activationBytes)}}}},
                text);
}

}  // namespace

Command describeCommand() {
  Command command;
  command.name = "describe";
  command.operands = "NETWORK|MODEL";
  command.summary = "Says what a network is made of and what it costs.";
  command.details =
      "The operand is the name of a shipped network, a JSON file, or an ONNX file. Per image: multiply-adds and bytes of activations.\n"
      "JSON: layers[] with name, type, output_shape [C,H,W], parameters, multiply_adds, activation_bytes,\n"
      "receptive_field (side in input pixels, [rows, columns] where not square); totals.";
  command.fewestOperands = command.mostOperands = 1;
  command.run = run;
  return command;
}

}  // namespace cli
