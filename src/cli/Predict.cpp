#include <algorithm>
#include <cmath>

#include <QJsonArray>

#include "cli/Answer.h"
#include "cli/Command.h"
#include "io/DataFiles.h"
#include "io/Model.h"

namespace cli {

namespace {

void run(const Arguments& arguments, const Output& output) {
  const io::Model model = io::loadModel(arguments.operands().front());
  for (const std::string& note : model.notes) output.progress("note: " + QString::fromStdString(note));
  data::PreparationOptions preparation;
  preparation.enabled = !arguments.has("unprepared");
  Answerer answerer(model);
  QJsonArray predictions;
  QString text;
  for (const QString& path : arguments.operands().mid(1)) {
    const data::PreparedDrawing drawing = data::prepare(io::readImageInk(path), preparation);
    if (drawing.empty) output.progress("note: " + path + " shows no ink");
    const std::vector<float> probabilities = answerer.answer(drawing.result);
    const auto best = int(std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin());
    QJsonArray list;
    for (const float probability : probabilities) list.append(double(probability));
    const QString name = QString::fromStdString(model.network->className(best));
    predictions.append(QJsonObject{{"image", path}, {"label", best}, {"class", name}, {"probabilities", list}});
    text += QString("%1: %2 (%3 %)\n").arg(path, name).arg(100.0 * double(probabilities[std::size_t(best)]), 0, 'f', 1);
  }
  output.result({{"predictions", predictions}}, text);
}

}  // namespace

Command predictCommand() {
  Command command;
  command.name = "predict";
  command.operands = "MODEL IMAGE...";
  command.summary = "Reads pictures of digits.";
  command.details =
      "MODEL is the name of a shipped model or an ONNX file; dark ink on light paper and the reverse are both understood.\n"
      "JSON: predictions[] with image, label (the number of the class), class (its name), probabilities.";
  command.options = {
      {"unprepared", Kind::Flag, {}, "Leaves out the preparation (box, 20 px, centre of mass) and only scales the picture."}};
  command.fewestOperands = 2;
  command.mostOperands = -1;
  command.run = run;
  return command;
}

}  // namespace cli
