#include <optional>

#include <QJsonArray>

#include "analysis/Answer.h"
#include "cli/Answer.h"
#include "cli/Command.h"
#include "cli/InputTrial.h"
#include "cli/Measures.h"
#include "cli/Printable.h"
#include "io/FileNames.h"
#include "io/datasets/DataSearch.h"
#include "nn/Error.h"
#include "scene/text/Text.h"
#include "tasks/EnergyScore.h"

namespace cli {

namespace {

QString answerText(const QJsonObject& prediction, const std::vector<float>& probabilities) {
  if (probabilities.empty()) return "no answer";
  if (const std::string why = analysis::whyNoWinner(probabilities); !why.empty()) return "no answer: " + QString::fromStdString(why);
  const float best = probabilities[std::size_t(prediction["label"].toInt())];
  const QString text = QString("%1 (%2)").arg(prediction["class"].toString(),
                                              QString::fromStdString(scene::probabilityPercent(best, int(probabilities.size()))));
  if (!prediction["ink"].toBool()) return text + ", but it shows no ink";
  return prediction["unusual"].toBool() ? text + ", but it is unusual" : text;
}

QString reconstructionText(double error) {
  return QString("reconstruction; mean squared error %1 against what it was given").arg(error, 0, 'f', 4);
}

QString realText(double score) {
  return QString("the discriminator takes it for a picture of the data with %1").arg(QString::fromStdString(scene::percent(score, 1)));
}

// One line, whatever the names of the file and the class hold.
QString lineOf(const QString& picture, const QString& words) {
  return inOneLine(picture + ": " + words) + "\n";
}

// Nothing where it cannot be read, which costs only this one: it is told, and `object` says why.
std::optional<data::Picture> readIfPossible(const QString& file, QJsonObject& object, const Output& output) {
  try {
    return readNotedPicture(file, output);
  } catch (const nn::Error& error) {
    output.note(QString::fromStdString(error.message()));
    object["error"] = QString::fromStdString(error.message());
    return std::nullopt;
  }
}

// Why pictures have no answer, after the result has said which.
nn::Error failure(const QString& name, const io::Model& model, int unanswered, int ties) {
  const std::string where = name.toStdString();
  if (!model.unread.empty()) return nn::Error("there is no answer, since " + io::unreadText(model), where, model.unread.front().hint);
  if (const std::string why = analysis::whyNoClass(*model.network); !why.empty())
    return nn::Error("there is no answer: " + why, where, "Choose a model that ends in one score for each class");
  if (ties == unanswered)
    return nn::Error(
        "for " + std::to_string(ties) + " of the pictures several of its outputs are the largest, so that no class is the answer", where,
        "Train it longer, or with other pictures: it does not tell these apart");
  return nn::Error("for " + std::to_string(unanswered - ties) + " of the pictures its numbers grow beyond what can be computed", where,
                   "Train it again, with a smaller learning rate");
}

// Pictures, and in the place of a folder those in it.
QStringList picturesOf(const QStringList& operands, const Output& output) {
  QStringList files;
  for (const QString& operand : operands) {
    if (!io::isFolder(operand)) {
      files << operand;
      continue;
    }
    const QStringList inside = io::picturesIn(operand);
    if (inside.isEmpty())
      throw nn::Error("there are no pictures in this folder", io::shownName(operand), "Give a folder that pictures lie in");
    output.note(QString("in %1: %2").arg(io::shownPath(operand), counted(std::size_t(inside.size()), "picture", "pictures")));
    files << inside;
  }
  return files;
}

void runPredict(const Arguments& arguments, const Output& output) {
  const QString modelName = arguments.operands().front();
  const io::Model model = loadNotedModel(modelName, arguments, output);
  if (arguments.text("input").isEmpty()) noteBetterInputForDigits(modelName, model, output);
  Answerer answerer(model, output, !arguments.has("unprepared"));
  QJsonArray predictions;
  QString text;
  int unanswered = 0, ties = 0, unread = 0;
  const QStringList files = picturesOf(arguments.operands().mid(1), output);
  for (const QString& file : files) {
    const QString path = io::shownPath(file);
    QJsonObject failed = answerer.answerObject({});
    const std::optional<data::Picture> picture = files.size() > 1 ? readIfPossible(file, failed, output) : readNotedPicture(file, output);
    if (!picture) {
      failed["image"] = path;
      failed["ink"] = QJsonValue();
      failed["probabilities"] = QJsonArray();
      predictions.append(failed);
      text += lineOf(path, "not read");
      ++unread;
      continue;
    }
    const std::vector<float> probabilities = answerer.answer(*picture);
    if (answerer.sawNothing()) output.note(path + " shows no ink: the answer is that to an empty picture");
    noteNoticed(path, answerer, output);
    QJsonObject prediction = answerer.answerObject(probabilities);
    QJsonArray noticed;
    for (const std::string& note : answerer.noticed()) noticed.append(QString::fromStdString(note));
    prediction["notes"] = noticed;
    prediction["image"] = path;
    prediction["ink"] = !answerer.sawNothing();
    prediction["probabilities"] = arrayOf(probabilities);
    const std::optional<double> familiarity = answerer.familiarity();
    prediction["familiarity"] = familiarity ? QJsonValue(*familiarity) : QJsonValue();
    prediction["unusual"] = !answerer.sawNothing() && !tasks::unusualText(familiarity).empty();
    std::optional<double> error;
    if (model.unread.empty()) error = answerer.pictureError();
    if (error) prediction["mean_squared_error"] = *error;
    const std::optional<double> real = model.unread.empty() ? answerer.realScore() : std::nullopt;
    if (real) prediction["d_real"] = *real;
    if (const QJsonArray outputs = answerer.outputs(); model.unread.empty() && !outputs.isEmpty()) prediction["outputs"] = outputs;
    predictions.append(prediction);
    noteTie(path, probabilities, output);
    if (answerer.namesClasses() && probabilities.empty())
      output.note(path + ": no class is named: the network's numbers grow beyond what can be computed");
    text += lineOf(path, error ? reconstructionText(*error) : real ? realText(*real) : answerText(prediction, probabilities));
    unanswered += prediction["label"].isNull() && !error && !real;
    ties += prediction["label"].isNull() && !probabilities.empty();
  }
  output.result({{"predictions", predictions}, {"complete", model.unread.empty()}}, text);
  if (unread > 1 && unread == files.size())
    throw nn::Error("none of the " + std::to_string(unread) + " pictures could be read", "", "The notes say why");
  if (unread > 0)
    throw nn::Error(std::to_string(unread) + " of the " + std::to_string(files.size()) + " pictures could not be read", "",
                    "The notes say why; the others are answered");
  if (unanswered > 0) throw failure(modelName, model, unanswered, ties);
}

}  // namespace

Command predictCommand() {
  Command command;
  command.name = "predict";
  command.operands = "MODEL IMAGE...";
  command.summary = "Reads pictures of digits.";
  command.details =
      "MODEL is the name of a shipped model, an ONNX file or a session; IMAGE is a PNG, JPEG, GIF, BMP or SVG file\n"
      "(or another that Qt reads), or a folder: then all pictures that lie in it. A network with three input channels is given it in "
      "color; any other is given its ink: dark on light\n"
      "paper and the reverse are both understood, of colors only the lightness counts.\n"
      "JSON: predictions[] with image, ink (whether it shows any, or colors that count), label (the number of the class), class (its "
      "name), probabilities, notes (what of the picture was left out: ruled lines, its edge, stray dots; and whether it looks like\n"
      "several digits), familiarity (how many of the pictures that the model was validated on are less familiar to it, 0 to 1; null\n"
      "where it does not know) and unusual (less than 0.05: perhaps it is none of the classes);\n"
      "complete (whether all operators of the model were read); notes[]. Where there is no answer, label and class are null and\n"
      "probabilities is empty, and the exit status is 1: when the model is not complete, or ends in no score for each class. Where\n"
      "several classes are equally probable, none is the answer either, but the probabilities stay, and a note tells. A picture\n"
      "with a softmax over its channels is answered with the share of each class in all that is not the ground, channel 0.\n"
      "A network that reconstructs its input names no class: there is its mean_squared_error against what it was given, in ink 0 to 1.\n"
      "A network that generates pictures names none either: there is d_real, how probably its discriminator takes the picture for one\n"
      "of the data, 0 to 1; what it makes is written by generate --model.\n"
      "Of a network with several outputs there is outputs[]: name, values (but not of a picture) and class, null where it has none.\n"
      "Of several pictures, one that cannot be read costs itself alone: it has an error in the JSON, and the exit status is 1.";
  command.options = {
      inputOption(),
      classesOption(),
      {"unprepared", Kind::Flag, {}, "Leaves out the preparation (box, 20 px, center of mass) and only scales the picture."}};
  command.fewestOperands = 2;
  command.mostOperands = -1;
  command.needs = Needs::Fonts;
  command.run = runPredict;
  return command;
}

}  // namespace cli
