#include "cli/TrainOptions.h"

namespace cli {

namespace {

data::Augmentation augmentationOf(const Arguments& arguments) {
  data::Augmentation amounts = arguments.has("augment") ? data::Augmentation::standard() : data::Augmentation{};
  const auto take = [&](const char* name, float& amount) {
    if (arguments.has(name)) amount = float(arguments.real(name));
  };
  take("augment-shift", amounts.shiftPx);
  take("augment-rotate", amounts.rotateDegrees);
  take("augment-scale", amounts.scale);
  take("augment-skew", amounts.skew);
  take("augment-elastic", amounts.elasticPx);
  return amounts;
}

train::RateSchedule scheduleOf(const Arguments& arguments) {
  train::RateSchedule schedule;
  schedule.kind = train::scheduleKindOf(arguments.text("schedule").toStdString()).value();
  schedule.epochs = double(arguments.whole("epochs"));
  schedule.decay = arguments.real("decay");
  schedule.every = arguments.real("decay-every");
  schedule.warmUpEpochs = arguments.real("warm-up");
  return schedule;
}

template <typename Kinds, typename Name>
QStringList namesOf(const Kinds& kinds, Name nameOf) {
  QStringList names;
  for (const auto kind : kinds) names.append(QString::fromStdString(std::string(nameOf(kind))));
  return names;
}

}  // namespace

std::vector<Option> trainOptions() {
  return {dataOption(),
          {"epochs", Kind::Whole, "N", "How often every training image is seen.", "10", 1, 100000},
          {"out", Kind::Text, "M.onnx", "Where to save the trained model; the best epoch is kept beside it, as M.best.onnx."},
          seedOption(),
          threadsOption(),
          batchSizeOption(),
          optimizerOption(),
          {"learning-rate",
           Kind::Real,
           "R",
           "Length of a step; if not given 0.001, for adagrad 0.01, for momentum and nesterov 0.02, for sgd 0.1.",
           {},
           1e-12,
           1e6},
          {"schedule", Kind::Text, "NAME", "How the learning rate changes over the run.", "constant", 0, 0,
           namesOf(train::scheduleKinds(), train::scheduleName)},
          {"decay", Kind::Real, "F", "Factor on the rate per step of the schedule step, per epoch of exponential.", "0.5", 1e-6, 1},
          {"decay-every", Kind::Real, "EPOCHS", "Epochs between two steps of the schedule step.", "1", 1e-3, 100000},
          {"warm-up", Kind::Real, "EPOCHS", "Over these first epochs the rate rises to its full height.", "0", 0, 100000},
          {"weight-decay", Kind::Real, "R", "L2 penalty on the parameters; of adamw their decay.", "0", 0, 1},
          {"clip", Kind::Real, "NORM", "The largest norm of the gradient; 0: any.", "0", 0, 1e6},
          {"freeze", Kind::Text, "LAYERS", "Names of layers that are not trained, with commas between them.", ""},
          {"loss", Kind::Text, "NAME", "", "cross-entropy", 0, 0, namesOf(nn::lossKinds(), nn::lossName)},
          {"label-smoothing", Kind::Real, "SHARE", "This share of each label goes to all classes alike.", "0", 0, 0.99},
          {"augment", Kind::Flag, {}, "Shifts, turns, scales and skews every training image at random."},
          {"augment-shift", Kind::Real, "PX", "The largest shift, instead of the standard one.", {}, 0, 14},
          {"augment-rotate", Kind::Real, "DEG", "The largest rotation.", {}, 0, 180},
          {"augment-scale", Kind::Real, "S", "The largest change of size: 0.1 for 0.9 to 1.1.", {}, 0, 0.9},
          {"augment-skew", Kind::Real, "S", "The largest skew, sideways per height.", {}, 0, 1},
          {"augment-elastic", Kind::Real, "PX", "Strength of an elastic deformation.", {}, 0, 10}};
}

train::TrainingOptions trainingOptionsOf(const Arguments& arguments) {
  train::TrainingOptions options;
  options.optimizer.kind = nn::optimizerKindOf(arguments.text("optimizer").toStdString()).value();
  options.optimizer.learningRate =
      arguments.has("learning-rate") ? float(arguments.real("learning-rate")) : nn::standardLearningRate(options.optimizer.kind);
  options.optimizer.gradientClip = float(arguments.real("clip"));
  options.optimizer.weightDecay = float(arguments.real("weight-decay"));
  options.schedule = scheduleOf(arguments);
  options.loss = {nn::lossKindOf(arguments.text("loss").toStdString()).value(), float(arguments.real("label-smoothing"))};
  options.batchSize = int(arguments.whole("batch-size"));
  options.seed = std::uint64_t(arguments.whole("seed"));
  options.threads = int(arguments.whole("threads"));
  options.augmentation = augmentationOf(arguments);
  for (const QString& name : arguments.text("freeze").split(',', Qt::SkipEmptyParts))
    options.frozen.push_back(name.trimmed().toStdString());
  return options;
}

void checkTrainingWords(const Arguments& arguments) {
  const QString schedule = arguments.text("schedule"), loss = arguments.text("loss");
  arguments.refuse("decay", schedule != "step" && schedule != "exponential", "needs --schedule step or --schedule exponential");
  arguments.refuse("decay-every", schedule != "step", "needs --schedule step");
  arguments.refuse("decay-every", arguments.real("decay-every") >= double(arguments.whole("epochs")),
                   "has no effect, since the training ends before the first step of the rate (--epochs)");
  arguments.refuse("label-smoothing", !loss.endsWith("cross-entropy"), "needs --loss cross-entropy or --loss binary-cross-entropy");
  arguments.refuse("clip", arguments.real("clip") > 0 && float(arguments.real("clip")) == 0, "is too small a number");
  arguments.refuse("freeze", QString(arguments.text("freeze")).remove(',').trimmed().isEmpty(), "names no layer");
}

}  // namespace cli
