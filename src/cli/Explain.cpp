#include <algorithm>
#include <cmath>

#include <QFileInfo>
#include <QImage>
#include <QJsonArray>

#include "analysis/Answer.h"
#include "analysis/Method.h"
#include "cli/Answer.h"
#include "cli/Command.h"
#include "cli/ExportFile.h"
#include "cli/Interruption.h"
#include "io/FileNames.h"
#include "io/Files.h"
#include "io/PictureFile.h"
#include "nn/Error.h"
#include "render/HeatMapPicture.h"
#include "scene/text/Text.h"

namespace cli {

namespace {

constexpr std::size_t kMostFigures = 8;  // in text; JSON has all

QString textOf(const std::string& text) {
  return QString::fromStdString(text);
}

QStringList methodIds() {
  QStringList ids;
  for (const analysis::Method& method : analysis::methods()) ids << textOf(method.id);
  return ids;
}

bool hasField(const analysis::Method& method, const QString& name) {
  return std::any_of(method.fields.begin(), method.fields.end(), [&](const nn::FieldInfo& field) { return textOf(field.name) == name; });
}

// One option a name, whichever methods have it.
std::vector<Option> fieldOptions() {
  std::vector<Option> options;
  for (const analysis::Method& method : analysis::methods())
    for (const nn::FieldInfo& field : method.fields) {
      Option option = optionOf(field);
      if (std::any_of(options.begin(), options.end(), [&](const Option& other) { return other.name == option.name; })) continue;
      QStringList owners;
      for (const analysis::Method& owner : analysis::methods())
        if (hasField(owner, option.name)) owners << textOf(owner.id);
      option.help = "Of " + owners.join(", ") + ": " + option.help;
      options.push_back(option);
    }
  return options;
}

const analysis::Method& methodOf(const Arguments& arguments) {
  if (!arguments.has("method")) throw UsageError{"--method is missing; there are " + methodIds().join(", ")};
  const QString id = arguments.text("method");
  if (const analysis::Method* method = analysis::findMethod(id.toStdString())) return *method;
  const QString near = nearest(id, methodIds());
  throw UsageError{"there is no method '" + id + "'" +
                   (near.isEmpty() ? "; there are " + methodIds().join(", ") : "; did you mean " + near + "?")};
}

nn::Fields fieldsOf(const Arguments& arguments, const analysis::Method& method) {
  for (const Option& option : fieldOptions())
    arguments.refuse(option.name, !hasField(method, option.name), "has no effect with --method " + textOf(method.id));
  nn::Fields fields;
  for (const nn::FieldInfo& field : method.fields) {
    const QString name = textOf(field.name);
    if (arguments.given(name)) fields[field.name] = arguments.value(field);
  }
  return fields;
}

// By its number or its name. What is both is the number.
std::optional<int> classOf(const Arguments& arguments, const nn::Network& network) {
  if (!arguments.has("class")) return std::nullopt;
  const QString word = arguments.text("class");
  bool number = false;
  if (const int label = word.toInt(&number); number) return label;
  QStringList names;
  for (int label = 0; label < analysis::classCount(network); ++label) names << textOf(analysis::className(network, label));
  if (const qsizetype label = names.indexOf(word); label >= 0) return int(label);
  const QString near = nearest(word, names);
  throw nn::Error("there is no such class", "--class " + word.toStdString(),
                  near.isEmpty() ? "Name one by its number, from 0 to " + std::to_string(names.size() - 1)
                                 : "Did you mean " + near.toStdString() + "?");
}

void checkOut(const Arguments& arguments) {
  if (!arguments.has("out")) return;
  const QString path = arguments.text("out");
  if (!isPicture(path)) throw nn::Error("what is explained is saved as a picture", path.toStdString(), "Use .png or .jpg");
  io::requireWritable(path);
}

void list(const Output& output) {
  QJsonArray rows;
  QString text;
  for (const analysis::Method& method : analysis::methods()) {
    QJsonArray fields;
    for (const nn::FieldInfo& field : method.fields) fields.append(textOf(field.name));
    rows.append(QJsonObject{{"method", textOf(method.id)},
                            {"title", textOf(method.title)},
                            {"help", textOf(method.help)},
                            {"source", textOf(method.source)},
                            {"fields", fields}});
    text += textOf(method.id).leftJustified(12) + textOf(method.help) + " (" + textOf(method.source) + ")\n";
  }
  output.result({{"methods", rows}}, text);
}

// The input as it was received, in light and dark.
QImage receivedPicture(const data::InputPipeline& pipeline, std::vector<float> input, const analysis::HeatMap& map) {
  pipeline.inputToLight(input);
  const std::size_t area = std::size_t(map.width) * std::size_t(map.height), channels = input.size() / area;
  QImage image(map.width, map.height, QImage::Format_RGB32);
  for (std::size_t i = 0; i < area; ++i) {
    const auto light = [&](std::size_t channel) {
      return int(std::lround(std::clamp(input[(channels == 3 ? channel : 0) * area + i], 0.0f, 1.0f) * 255));
    };
    image.setPixel(int(i) % map.width, int(i) / map.width, qRgb(light(0), light(1), light(2)));
  }
  return image;
}

// "class 3 is the network's answer (99.8 %)"
QString whoseClass(const analysis::Target& target, const std::vector<float>& probabilities, const nn::Network& network) {
  const auto percent = [&](int label) {
    return textOf(scene::probabilityPercent(probabilities[std::size_t(label)], int(probabilities.size())));
  };
  const QString name = textOf(target.name);
  const int winner = analysis::winnerOf(probabilities);
  if (target.label == winner) return QString("%1 is the network's answer (%2)").arg(name, percent(winner));
  if (winner < 0) return name + " was asked for; no class is the answer";
  return QString("%1 was asked for (%2); the network's answer is class %3 (%4)")
      .arg(name, percent(target.label), textOf(analysis::className(network, winner)), percent(winner));
}

QJsonObject objectOf(const analysis::Method& method, const analysis::Result& result, const nn::Network& network) {
  QJsonArray values, layers, figures;
  for (const float value : result.map.values) values.append(double(value));
  for (std::size_t i = 0; i < result.units.size(); ++i) {
    if (result.units[i].empty()) continue;
    double sum = 0, largest = 0;
    for (const float value : result.units[i]) sum += double(value), largest = std::max(largest, std::abs(double(value)));
    layers.append(QJsonObject{{"layer", textOf(network.node(int(i)).name)}, {"sum", sum}, {"largest", largest}});
  }
  for (const analysis::Figure& figure : result.figures) figures.append(QJsonObject{{"name", textOf(figure.name)}, {"value", figure.value}});
  return {{"method", textOf(method.id)},
          {"title", textOf(method.title)},
          {"source", textOf(method.source)},
          {"label", result.target.label},
          {"class", textOf(analysis::className(network, result.target.label))},
          {"assumed", result.target.assumed},
          {"score", result.target.score},
          {"map", QJsonObject{{"width", result.map.width}, {"height", result.map.height}, {"signed", result.isSigned}, {"values", values}}},
          {"layers", layers},
          {"figures", figures}};
}

// The largest figures, in the order in which they came.
QString figuresText(const analysis::Result& result) {
  std::vector<double> sizes;
  for (const analysis::Figure& figure : result.figures) sizes.push_back(std::abs(figure.value));
  std::sort(sizes.rbegin(), sizes.rend());
  const double least = sizes.size() > kMostFigures ? sizes[kMostFigures - 1] : 0;
  QString text;
  for (const analysis::Figure& figure : result.figures)
    if (std::abs(figure.value) >= least) text += "  " + textOf(figure.name) + ": " + textOf(scene::shortNumber(float(figure.value))) + "\n";
  return sizes.size() > kMostFigures ? text + QString("  the %1 largest of %2\n").arg(kMostFigures).arg(sizes.size()) : text;
}

analysis::Result explained(const analysis::Method& method, const analysis::Request& request, const Output& output) {
  const Interruption interruption;
  const auto progress = [&](double share) {
    if (share > 0) output.passing(QString("%1: %2 %").arg(textOf(method.title)).arg(int(100 * share)));
    return interruption.signal() == 0;
  };
  const std::optional<analysis::Result> result = analysis::explain(method, request, progress);
  output.passing({});
  if (!result) throw Interrupted{interruption.signal()};
  return *result;
}

// The request without class and fields; leaves the probabilities.
analysis::Request requestOf(const io::Model& model, const Answerer& answerer) {
  analysis::Request request;
  request.network = model.network;
  auto weights = std::make_shared<nn::Weights>(model.network);
  weights->assign(model.parameters);
  request.weights = std::move(weights);
  for (const int input : model.network->inputs()) {
    std::vector<float> values(model.network->node(input).shape.size());
    answerer.workspace().read(input, 0, values);
    request.inputs.push_back(std::move(values));
  }
  request.blank.assign(request.inputs.front().size(), 0.0f);
  answerer.pipeline().inkToInput(request.blank);
  return request;
}

void runExplain(const Arguments& arguments, const Output& output) {
  if (arguments.has("list")) {
    if (!arguments.operands().isEmpty()) throw UsageError{"--list needs no MODEL"};
    return list(output);
  }
  if (arguments.operands().size() < 2) throw UsageError{arguments.operands().isEmpty() ? "MODEL is missing" : "IMAGE is missing"};
  const analysis::Method& method = methodOf(arguments);
  for (const char* option : {"size", "theme"}) arguments.refuse(option, !arguments.has("out"), "needs --out: it is about that picture");
  const nn::Fields fields = fieldsOf(arguments, method);
  const QString name = arguments.operands()[0], file = arguments.operands()[1];
  checkOut(arguments);
  const io::Model model = loadNotedModel(name, arguments, output);
  if (!model.unread.empty())
    throw nn::Error("there is nothing to explain, since " + io::unreadText(model), name.toStdString(), model.unread.front().hint);
  Answerer answerer(model, output, !arguments.has("unprepared"));
  const std::vector<float> probabilities = answerer.answer(io::readPicture(file));
  if (answerer.sawNothing()) output.note(io::shownPath(file) + " shows no ink: what is explained is the answer to an empty picture");
  noteNoticed(io::shownPath(file), answerer, output);
  analysis::Request request = requestOf(model, answerer);
  request.label = classOf(arguments, *model.network);
  request.fields = fields;
  const analysis::Result result = explained(method, request, output);
  for (const std::string& note : result.notes) output.note(textOf(note));
  const QString title = textOf(method.title) + ": " + textOf(result.target.name);
  const QString whose = whoseClass(result.target, probabilities, *model.network);
  QString text =
      QString("%1, score %2: %3\n").arg(title, textOf(scene::shortNumber(float(result.target.score))), whose) + figuresText(result);
  QJsonObject object = objectOf(method, result, *model.network);
  object["image"] = io::shownPath(file);
  if (arguments.has("out")) {
    const QString path = arguments.text("out");
    const auto [width, height] = arguments.size("size");
    render::HeatMapOptions options{{width, height}, arguments.text("theme") == "dark", title};
    const QString score = textOf(scene::shortNumber(float(result.target.score)));
    options.lines = {QString("%1 on %2").arg(textOf(model.network->spec().title), QFileInfo(io::shownPath(file)).fileName()),
                     QString("%1; its score before the softmax is %2").arg(whose, score)};
    if (model.network->logitsNode() == model.network->outputs().front())
      options.lines.last() = QString("%1; its score is %2").arg(whose, score);
    for (const std::string& note : result.notes) options.notes << textOf(note);
    options.source = textOf(method.title) + ": " + textOf(method.source);
    const QImage picture =
        render::heatMapPicture(result, receivedPicture(answerer.pipeline(), request.inputs.front(), result.map), options);
    if (picture.isNull()) throw nn::Error("the picture cannot be made", arguments.text("size").toStdString(), "Try a smaller --size");
    savePicture(picture, path);
    object["out"] = path;
    text += "saved " + path + "\n";
  }
  output.result(object, text);
}

}  // namespace

Command explainCommand() {
  Command command;
  command.name = "explain";
  command.operands = "MODEL IMAGE";
  command.summary = "Explains an answer: which pixels and units count for a class.";
  command.details =
      "MODEL is the name of a shipped model, an ONNX file or a session, IMAGE a picture as for predict. What is explained is the score of "
      "the class\n"
      "before a softmax; of a network that ends in a picture, the sum of the class's scores over its pixels. --list tells the methods.\n"
      "JSON: method, title, source, label and class (what is explained), assumed (whether that is the network's answer, since --class did\n"
      "not say), score, map (width, height, signed, values row by row), layers[] with layer, sum and largest of what its units are told,\n"
      "figures[] with name and value, image, out, notes[]. With --list: methods[].";
  command.options = {
      inputOption(),
      classesOption(),
      {"method", Kind::Text, "METHOD", "How: " + methodIds().join(", ") + "."},
      {"list", Kind::Flag, {}, "Lists the methods instead."},
      {"class", Kind::Text, "CLASS", "What is explained, by number or name; without it, the network's answer."},
      {"out", Kind::Text, "X.png",
       "Saves the numbers over the picture, with the key of their colors (.png, .jpg and others that Qt writes)."},
      {"size", Kind::Size, "WxH", "Of that picture, in pixels.", "1080x680", 480, 8192},
      {"theme", Kind::Text, "THEME", "Of that picture.", "dark", 0, 0, {"dark", "light"}},
      {"unprepared", Kind::Flag, {}, "Leaves out the preparation (box, 20 px, center of mass) and only scales the picture."}};
  for (const Option& option : fieldOptions()) command.options.push_back(option);
  command.mostOperands = 2;
  command.needs = Needs::Fonts;
  command.run = runExplain;
  return command;
}

}  // namespace cli
