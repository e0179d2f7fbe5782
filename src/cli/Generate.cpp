#include <algorithm>
#include <array>
#include <cmath>
#include <thread>
#include <vector>

#include <QDir>
#include <QFileInfo>
#include <QImage>

#include "cli/Command.h"
#include "cli/ExportFile.h"
#include "cli/Interruption.h"
#include "cli/Measures.h"
#include "cli/Printable.h"
#include "data/InputPipeline.h"
#include "data/StrokeDigits.h"
#include "io/FileNames.h"
#include "io/Files.h"
#include "io/Model.h"
#include "io/datasets/DataFiles.h"
#include "io/datasets/Datasets.h"
#include "nn/Error.h"
#include "nn/SplitMix64.h"
#include "nn/Workspace.h"
#include "tasks/Task.h"

namespace cli {

namespace {

// What the folder holds of the set that is to be written: it may be somebody's only copy.
void requireNoOther(const QString& folder, const QString& set, bool writesOver, const Output& output) {
  const QStringList found = io::idxFiles(folder, set);
  if (found.isEmpty()) return;
  QStringList names;
  for (const QString& path : found) names << io::shownPath(QFileInfo(path).fileName());
  const QString verb = names.size() == 1 ? " is" : " are";
  if (!writesOver)
    throw nn::Error(names.join(", ").toStdString() + verb.toStdString() + " there already", io::shownPath(folder).toStdString(),
                    "Choose another folder, or say --overwrite");
  output.note(names.join(", ") + verb +
              " there already; what has the name of a file that is written is written over, any other is left out "
              "when the folder is read");
}

const QStringList kHands = {"any", "american", "european"};  // as data::Handwriting
constexpr int kMostPictures = 10000;                         // of a model, in one picture

// What a model's generator makes, side by side in as many rows as columns. Each is enlarged, so that it can be seen.
QImage generatedPictures(const io::Model& model, int node, int count, std::uint64_t seed) {
  const data::InputPipeline pipeline(*model.network);
  const nn::Shape shape = model.network->node(node).shape;
  const int columns = int(std::ceil(std::sqrt(double(count)))), rows = (count + columns - 1) / columns;
  const int gap = 1, scale = std::max(1, 56 / std::max(shape.height, shape.width));
  QImage sheet(columns * (shape.width + gap) - gap, rows * (shape.height + gap) - gap, QImage::Format_RGB32);
  sheet.fill(Qt::gray);
  nn::Weights weights(model.network);
  weights.assign(model.parameters);
  const std::array<int, 1> ends{node};
  const nn::PartialPass part(*model.network, ends, {});
  nn::Workspace workspace(model.network, 1, false);
  std::vector<float> cells(shape.size());
  const std::size_t area = std::size_t(shape.height) * std::size_t(shape.width);
  for (int i = 0; i < count; ++i) {
    nn::Pass pass;
    pass.randomKey = nn::mixed(nn::mixed(seed) + std::uint64_t(i));
    pass.part = &part;
    workspace.forward(weights, pass);
    workspace.read(node, 0, cells);
    pipeline.inputToLight(cells);
    const auto byte = [&](std::size_t at, int channel) {
      return int(std::lround(std::clamp(cells[std::size_t(std::min(channel, shape.channels - 1)) * area + at], 0.0f, 1.0f) * 255));
    };
    for (std::size_t at = 0; at < area; ++at)
      sheet.setPixel(i % columns * (shape.width + gap) + int(at) % shape.width, i / columns * (shape.height + gap) + int(at) / shape.width,
                     qRgb(byte(at, 0), byte(at, 1), byte(at, 2)));
  }
  return sheet.scaled(sheet.size() * scale);
}

void generateByModel(const Arguments& arguments, const Output& output) {
  for (const char* option : {"hand", "test", "overwrite", "threads"})
    arguments.refuse(option, true, "has no effect on a picture of what a model makes");
  const QString out = arguments.text("out"), name = arguments.text("model");
  io::requireSuffix(out, {"png"});
  io::requireWritable(out);
  const io::Model model = loadNotedModel(name, output);
  const tasks::Task& task = tasks::taskOf(*model.network);
  const int node = task.generation && model.unread.empty() ? task.generation(*model.network).picture : -1;
  if (node < 0)
    throw nn::Error("it generates no pictures: its task is " + task.id, name.toStdString(),
                    "Train a network whose task is generate, as gan-mini, and give the model's file");
  const auto count = arguments.whole("count");
  if (count > kMostPictures)
    throw nn::Error("one picture does not hold " + std::to_string(count) + " of a model's", "--count",
                    "Ask for " + std::to_string(kMostPictures) + " at most");
  savePicture(generatedPictures(model, node, int(count), std::uint64_t(arguments.whole("seed"))), out);
  output.result({{"count", qint64(count)}, {"out", out}},
                QString("%1 in %2\n").arg(counted(std::size_t(count), "picture", "pictures"), inOneLine(out)));
}

data::Handwriting handOf(const Arguments& arguments) {
  return data::Handwriting(kHands.indexOf(arguments.text("hand")));
}

void runGenerate(const Arguments& arguments, const Output& output) {
  if (arguments.given("model")) return generateByModel(arguments, output);
  const QString folder = arguments.text("out");
  const Interruption interruption("Ends; nothing is written");
  const QString set = arguments.has("test") ? "t10k" : "train";
  const io::MadeFolder made(folder);
  const QString prefix = QDir(folder).filePath(set);
  const QString images = prefix + "-images-idx3-ubyte", labels = prefix + "-labels-idx1-ubyte";
  for (const QString& path : {images, labels}) io::requireWritable(path);
  const io::Claim claim(images);
  requireNoOther(folder, set, arguments.has("overwrite"), output);
  int threads = int(arguments.whole("threads"));
  if (threads == 0) threads = int(std::max(1u, std::thread::hardware_concurrency()));
  const auto digits = data::generateStrokeDigits(
      std::size_t(arguments.whole("count")), std::uint64_t(arguments.whole("seed")), threads,
      [&](double) { return interruption.signal() == 0; }, handOf(arguments));
  if (!digits || interruption.signal() != 0) throw Interrupted{interruption.signal()};
  io::writeIdx(images, labels, *digits);
  output.result({{"count", qint64(digits->count())}, {"images", images}, {"labels", labels}},
                QString("%1 in %2 and %3\n").arg(counted(digits->count(), "digit", "digits"), inOneLine(images), inOneLine(labels)));
}

}  // namespace

Command generateCommand() {
  Command command;
  command.name = "generate";
  command.summary = "Writes stroke digits as IDX files, the format of MNIST, or the pictures that a model makes.";
  command.details =
      "With --model, writes what the generator of a trained model makes instead (task generate): one PNG picture of all, side by side;\n"
      "--seed decides the noise.\n"
      "JSON: count, images, labels, notes[]; with --model count, out, notes[].";
  Option count{"count", Kind::Whole, "N", "How many digits, or pictures.", {}, 1, 10000000};
  Option out{"out", Kind::Text, "DIR", "The folder for the two files, made when it is not there; with --model the PNG file."};
  count.required = out.required = true;
  Option hand{"hand", Kind::Text, "HAND", "Whose digits: european ones have a 1 with a long upstroke, a 7 with a bar and an open 4.",
              kHands.front()};
  hand.choices = kHands;
  command.options = {count,
                     hand,
                     seedOption(),
                     out,
                     {"model", Kind::Text, "MODEL", "An ONNX file whose task is generate."},
                     {"test", Kind::Flag, {}, "Names them as test files (t10k-...) instead of training files."},
                     {"overwrite", Kind::Flag, {}, "Writes over such files, where they are there already."},
                     threadsOption()};
  command.run = runGenerate;
  return command;
}

}  // namespace cli
