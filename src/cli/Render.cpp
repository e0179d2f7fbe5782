#include <algorithm>
#include <csignal>

#include <QScopeGuard>

#include "analysis/Activity.h"
#include "cli/Answer.h"
#include "cli/Command.h"
#include "cli/Display.h"
#include "cli/ExportFile.h"
#include "cli/Interruption.h"
#include "cli/Printable.h"
#include "data/StrokeDigits.h"
#include "io/Files.h"
#include "io/Model.h"
#include "io/PictureFile.h"
#include "nn/Counted.h"
#include "nn/Error.h"
#include "render/Picture.h"
#include "scene/ShowingMemory.h"
#include "train/WorkerPool.h"

namespace cli {

namespace {

constexpr int kPadPx = 280;
constexpr int kSamplePictures = 256;  // that say which units are dead
constexpr std::uint64_t kSampleSeed = 11;

// "conv1:5", "conv1:2,7,12" (map, row, column), counted from 0.
scene::UnitId unitOf(const nn::Network& network, const QString& text) {
  const qsizetype colon = text.lastIndexOf(':');
  if (colon < 0) throw UsageError{"--select needs LAYER:UNIT or LAYER:MAP,ROW,COLUMN, not '" + text + "'"};
  const std::string layer = text.left(colon).toStdString();
  const int node = network.find(layer);
  if (node < 0) {
    QStringList names;
    for (const nn::Network::Node& one : network.nodes()) names << QString::fromStdString(one.name);
    throw nn::Error("there is no such layer", "--select " + text.toStdString(),
                    "Write LAYER:UNIT; the layers are " + names.join(", ").toStdString());
  }
  const nn::Shape& shape = network.node(node).shape;
  std::vector<qint64> numbers;
  for (const QString& part : text.mid(colon + 1).split(',')) {
    bool fine = false;
    numbers.push_back(part.toLongLong(&fine));
    if (!fine) throw UsageError{"--select needs LAYER:UNIT or LAYER:MAP,ROW,COLUMN, not '" + text + "'"};
  }
  if (numbers.size() != 1 && numbers.size() != 3)
    throw UsageError{"--select needs one number behind the layer, LAYER:UNIT, or three, LAYER:MAP,ROW,COLUMN, not '" + text + "'"};
  const bool single = numbers.size() == 1 && numbers[0] >= 0 && numbers[0] < qint64(shape.size());
  const bool triple = numbers.size() == 3 && numbers[0] >= 0 && numbers[0] < shape.channels && numbers[1] >= 0 &&
                      numbers[1] < shape.height && numbers[2] >= 0 && numbers[2] < shape.width;
  if (single) return {node, nn::cellAt(shape, std::size_t(numbers[0]))};
  if (triple) return {node, {int(numbers[0]), int(numbers[1]), int(numbers[2])}};
  throw nn::Error("the layer has " + nn::counted(shape.size(), "unit", "units") + " (" + shape.text() + ")",
                  "--select " + text.toStdString(), "Units, maps, rows and columns are counted from 0");
}

data::Picture pictureOf(const Arguments& arguments, const Output& output) {
  if (arguments.has("image")) return readNotedPicture(arguments.text("image"), output);
  return {data::strokeDigit(int(arguments.whole("digit")), std::uint64_t(arguments.whole("seed")), kPadPx)};
}

scene::ConnectionOptions connectionOptionsOf(const Arguments& arguments) {
  scene::ConnectionOptions connectionOptions;
  if (arguments.text("edges") == "out") connectionOptions.direction = scene::Direction::Outgoing;
  if (arguments.text("measure") == "weight") connectionOptions.measure = scene::Measure::Weight;
  connectionOptions.most = std::size_t(arguments.whole("strongest"));
  connectionOptions.trace = arguments.has("trace");
  if (arguments.has("against")) connectionOptions.against = int(arguments.whole("against"));
  return connectionOptions;
}

const scene::AnimationType* playedType(const Arguments& arguments) {
  return scene::findAnimation(arguments.text("play").toStdString());
}

// What would be ignored beside the other words.
void checkRenderWords(const Arguments& arguments) {
  if (arguments.has("image") == arguments.has("digit")) throw UsageError{"either --image or --digit is needed, and not both"};
  const bool pinned = arguments.has("select"), traces = arguments.has("trace"), plays = arguments.has("play");
  arguments.refuse("seed", !arguments.has("digit"), "goes with --digit: there is nothing random in a picture");
  arguments.refuse("trace", plays, "and --play exclude each other");
  arguments.refuse("select", plays && !playedType(arguments)->unit, "has no effect with --play " + arguments.text("play"));
  arguments.refuse("against", !traces, "needs --trace");
  arguments.refuse("step", !plays, "needs --play");
  for (const scene::AnimationType* type : scene::animationTypes())
    if (type->detail)
      arguments.refuse(type->detail->command.id, playedType(arguments) != type, QStringLiteral("needs --play ") + type->open.id);
  for (const char* name : {"edges", "measure", "strongest"}) {
    arguments.refuse(name, !pinned, "needs --select: it is about the edges of a unit");
    arguments.refuse(name, traces, "has no effect with --trace");
  }
  arguments.refuse("edges", plays, "has no effect with --play: an animation chooses its edges itself");
}

void checkStep(const Arguments& arguments, std::size_t steps) {
  if (arguments.has("step") && std::size_t(arguments.whole("step")) >= steps)
    throw UsageError{QString("--step must lie between 0 and %1, not '%2'").arg(steps - 1).arg(arguments.text("step"))};
}

// A step of an animation; of one about a unit, that of the selected one and from it on.
std::optional<scene::AnimationStep> animationOf(const Arguments& arguments, const std::shared_ptr<const nn::Network>& network,
                                                const std::optional<scene::UnitId>& unit) {
  const scene::AnimationType* type = playedType(arguments);
  if (!type) return std::nullopt;
  const QString play = "--play " + arguments.text("play");
  if (type->unit && !unit) throw UsageError{play + " needs --select: " + type->unit->wanted};
  const bool detailed = type->detail && arguments.has(type->detail->command.id);
  scene::AnimationStep step{type->create(*scene::buildLayout(network, scene::Arrangement::Flat), {unit, detailed})};
  if (!step.animation && unit) throw nn::Error(type->unit->refusal, "--select " + arguments.text("select").toStdString(), type->unit->hint);
  if (!step.animation) throw nn::Error("there is nothing to play", play.toStdString());
  if (type->detail)
    arguments.refuse(type->detail->command.id, !step.animation->offersDetail(),
                     QStringLiteral("has no effect here: ") + type->detail->refusal);
  checkStep(arguments, step.animation->steps());
  if (arguments.has("step")) {
    step.step = std::size_t(arguments.whole("step"));
  } else if (unit) {
    step.step = step.animation->stepOf(*unit);
  }
  return step;
}

// What was asked for and only the scene can tell whether it is there.
void checkShown(const Arguments& arguments, const nn::Network& network, const render::SceneCapture& capture) {
  const scene::Highlight* shown = capture.state.highlight() ? &*capture.state.highlight() : nullptr;
  if (arguments.has("select") && !capture.state.selection().pinned())
    throw nn::Error("this unit is not drawn", "--select " + arguments.text("select").toStdString(), "Choose a unit of another layer");
  const bool traced = shown && shown->kind == scene::Highlight::Kind::Trace;
  if (arguments.has("trace") && !traced)
    throw UsageError{"--trace needs --select here: " +
                     (network.outputShape().isVector()
                          ? QString("the network names no class for this picture, or it shows no ink")
                          : QString("the network answers at every pixel, so that no single unit is the winner; --select %1:MAP,ROW,COLUMN "
                                    "traces one pixel of its answer")
                                .arg(QString::fromStdString(network.node(network.logitsNode()).name)))};
  if (!arguments.has("against") || shown->against == arguments.whole("against")) return;
  const int classes = network.node(network.logitsNode()).shape.channels;
  const QString asked = arguments.text("against"), logits = QString::fromStdString(network.node(network.logitsNode()).name);
  if (arguments.whole("against") >= classes)
    throw UsageError{QString("--against: there is no class %1; they are 0 to %2").arg(asked).arg(classes - 1)};
  if (!scene::isLogit(*capture.state.layout(), shown->unit))
    throw UsageError{"--against compares classes, and --select names none: leave it out, or select a unit of " + logits};
  throw UsageError{"--against " + asked + " is the class that is traced itself; choose another"};
}

// A picture without the edges that were asked for must not look like one of a unit without any.
void noteEdges(const Arguments& arguments, const render::SceneCapture& capture, const Output& output) {
  const scene::SceneState& state = capture.state;
  if (!state.highlight() || state.animation()) return;
  const scene::Highlight& shown = *state.highlight();
  if (shown.kind == scene::Highlight::Kind::Trace) {
    if (shown.edges.empty()) output.note("--trace draws no edges: nothing contributes to the traced unit");
    return;
  }
  const QString asked = "--select " + arguments.text("select");
  const bool in = state.selection().connectionOptions.direction == scene::Direction::Incoming;
  if (shown.edges.empty()) {
    const auto edgesOf = in ? scene::edgesOutOf : scene::edgesInto;
    const bool others = !edgesOf(*state.layout(), state.parameters(), *state.values(), *state.selection().pinned()).edges.empty();
    const QString why = in ? "this unit reads no other" : "no other unit reads this one";
    const QString instead = !others ? "" : in ? "; --edges out draws who reads it" : "; --edges in draws what it reads";
    output.note(asked + " draws no edges: " + why + instead);
  } else if (shown.largest == 0) {
    const bool weights = state.selection().connectionOptions.measure == scene::Measure::Weight;
    output.note(asked +
                (weights ? " draws edges that are all 0" : " draws edges that all contribute 0; --measure weight draws their weights"));
  }
}

// A film takes its time: a signal ends it in order, with nothing left of it.
void saveCapture(const render::SceneCapture& capture, const QString& path, int width) {
  if (!isFilm(path)) return exportCapture(capture, path, width, {});
  // A pipe that breaks is that to ffmpeg, which says itself why it has ended.
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  const auto restore = qScopeGuard([before] { std::signal(SIGPIPE, before); });
  const Interruption interruption("Ends the film, which is not kept");
  bool ended = false;
  exportCapture(capture, path, width, [&](double) { return !(ended = interruption.signal() != 0); });
  if (ended) throw Interrupted{interruption.signal()};
}

render::PictureOptions optionsOf(const Arguments& arguments, const std::shared_ptr<const nn::Network>& network) {
  render::PictureOptions options;
  const auto [width, height] = arguments.size("size");
  options.size = {width, height};
  if (arguments.text("view") == "flat") options.view = render::PictureView::Flat;
  if (arguments.text("view") == "3d-right") options.view = render::PictureView::Rightward;
  options.dark = arguments.text("theme") == "dark";
  options.palette = scene::paletteNamed(arguments.text("colors").toStdString()).value_or(options.palette);
  for (int i = 0; i < scene::kScaleScopeCount; ++i)
    if (arguments.text("scale").toStdString() == scene::scopeName(scene::ScaleScope(i))) options.scope = scene::ScaleScope(i);
  if (arguments.has("select")) options.selected = unitOf(*network, arguments.text("select"));
  options.connectionOptions = connectionOptionsOf(arguments);
  options.animation = animationOf(arguments, network, options.selected);
  return options;
}

void runRender(const Arguments& arguments, const Output& output) {
  checkRenderWords(arguments);
  const QString path = arguments.text("out");
  requireExportable(path);
  train::requireThread();  // Qt draws with several, and would wait for ever for those that never start
  const io::Model model = loadNotedModel(arguments.operands().front(), arguments, output);
  scene::requireRoomToShow(*model.network, arguments.operands().front().toStdString());
  render::PictureOptions options = optionsOf(arguments, model.network);
  options.whole = model.unread.empty();
  Answerer answerer(model, output);
  const std::vector<float> probabilities = answerer.answer(pictureOf(arguments, output));
  if (answerer.sawNothing()) output.note(arguments.text("image") + " shows no ink: the answer is that to an empty picture");
  if (arguments.has("image")) noteNoticed(arguments.text("image"), answerer, output);
  noteTie(arguments.has("image") ? arguments.text("image") : "the digit", probabilities, output);
  const auto parameters = std::make_shared<const std::vector<float>>(model.parameters);
  const auto values = scene::collectValues(answerer.workspace(), 1);
  if (const int pictures = analysis::affordablePictures(*model.network, kSamplePictures); pictures > 0) {
    const auto digits = data::generateStrokeDigits(std::size_t(pictures), kSampleSeed);
    options.activity = analysis::activityOf(model.network, model.parameters, digits->count(), [&](std::size_t i, std::span<float> cells) {
      answerer.pipeline().write(digits->image(i), digits->shape, cells);
    });
  }
  const render::SceneCapture capture = render::captureOf(model.network, parameters, values, options);
  checkShown(arguments, *model.network, capture);
  noteEdges(arguments, capture, output);
  std::string note;
  QSize size = options.size;
  if (isPicture(path)) {
    const render::Picture picture = render::renderPicture(capture, options);
    const QString display = whyNoDisplay();
    note = picture.note.empty() || display.isEmpty() ? picture.note : "drawn by the CPU, since " + display.toStdString();
    if (picture.image.isNull()) throw nn::Error("the picture cannot be made", arguments.text("size").toStdString(), "Try a smaller --size");
    savePicture(picture.image, path);
  } else {
    if (isFilm(path)) size = filmSize(capture, options.size.width());
    if (size != options.size)
      output.note(QString("a film has even sides: this one is %1 × %2 pixels").arg(size.width()).arg(size.height()));
    saveCapture(capture, path, options.size.width());
  }
  output.noteIfAny(note);
  QJsonObject object = answerer.answerObject(probabilities);
  object["out"] = path;
  object["width"] = size.width();
  object["height"] = size.height();
  object["note"] = QString::fromStdString(note);
  object["complete"] = model.unread.empty();
  output.result(object, "saved " + inOneLine(path) + "\n");
}

}  // namespace

Command renderCommand() {
  Command command;
  command.name = "render";
  command.operands = "MODEL";
  command.summary = "Draws the picture that the window would show.";
  command.details =
      "MODEL is the name of a shipped model, an ONNX file or a session. Works without a display; where OpenGL is missing, the processor "
      "draws.\n"
      "JSON: out, width, height, label and class (what the model reads; null where that is nothing), note (of the picture),\n"
      "complete (whether all operators of the model were read), notes[].";
  Option out{
      "out", Kind::Text, "X.png",
      "Where to save it: .png or .jpg (.bmp, .ppm and others that this system writes), .svg or .pdf for slides, .gif or .mp4 for a film of "
      "a turn, or of an animation (with ffmpeg)."};
  out.required = true;
  QStringList palettes, scopes;
  for (int i = 0; i < scene::kPaletteCount; ++i) palettes << QString::fromLatin1(scene::paletteName(scene::Palette(i)).data());
  for (int i = 0; i < scene::kScaleScopeCount; ++i) scopes << QString::fromLatin1(scene::scopeName(scene::ScaleScope(i)).data());
  QStringList plays, playsTold;
  for (const scene::AnimationType* type : scene::animationTypes()) {
    plays << type->open.id;
    playsTold << QStringLiteral(" %1: %2.").arg(type->open.id, type->open.tip);
  }
  command.options = {
      {"image", Kind::Text, "FILE",
       "A picture that the network is given (PNG, JPEG, GIF, BMP, SVG and others that Qt reads): as ink, or in color where it takes "
       "colors."},
      {"digit", Kind::Whole, "N", "Or a digit 0 to 9 that ConvScope writes itself.", {}, 0, 9},
      inputOption(),
      classesOption(),
      seedOption(),
      out,
      {"size", Kind::Size, "WxH", "Of the picture, in pixels.", "1280x800", 64, 8192},
      {"view", Kind::Text, "VIEW", "", "3d", 0, 0, {"3d", "3d-right", "flat"}},
      {"theme", Kind::Text, "THEME", "", "dark", 0, 0, {"dark", "light"}},
      {"colors", Kind::Text, "MAP", "Of activations; signed values are blue and orange.", "glow", 0, 0, palettes},
      {"scale", Kind::Text, "SCOPE", "What numbers the colors stand for.", "layer", 0, 0, scopes},
      {"select", Kind::Text, "LAYER:UNIT",
       "Pins a unit and draws what leads to it: conv1:5 by number, or conv1:2,7,12 by map, row and column, from 0."},
      {"edges", Kind::Text, "WAY", "Of the pinned unit: what it reads, or who reads it.", "in", 0, 0, {"in", "out"}},
      {"measure", Kind::Text, "WHAT", "What their color and width stand for.", "contribution", 0, 0, {"contribution", "weight"}},
      {"strongest", Kind::Whole, "K", "How many of them.", "400", 1, 100000},
      {"trace", Kind::Flag, {}, "Traces the pinned unit, or the winner, down to the pixels instead."},
      {"play", Kind::Text, "ANIMATION", "A step of an animation." + playsTold.join(QString()), {}, 0, 0, plays},
      {"step", Kind::Whole, "N", "Which step of it, from 0. Films play on from there.", {}, 0},
      {"against", Kind::Whole, "CLASS", "With --trace: why the traced class and not this one.", {}, 0, 65535}};
  for (const scene::AnimationType* type : scene::animationTypes())
    if (type->detail)
      command.options.push_back(
          {type->detail->command.id, Kind::Flag, {}, QStringLiteral("%1. With --play %2.").arg(type->detail->command.tip, type->open.id)});
  command.fewestOperands = command.mostOperands = 1;
  command.needs = Needs::OpenGL;
  command.run = runRender;
  return command;
}

}  // namespace cli
