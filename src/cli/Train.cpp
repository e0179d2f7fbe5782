#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include "cli/Command.h"
#include "cli/Interruption.h"
#include "cli/KeptModel.h"
#include "cli/TrainOptions.h"
#include "io/DataFiles.h"
#include "io/Model.h"
#include "nn/Counted.h"
#include "scene/text/Text.h"
#include "train/Trainer.h"
#include "train/WorkerPool.h"

namespace cli {

namespace {

using Clock = std::chrono::steady_clock;

QString percent(double share) {
  return QString::fromStdString(scene::percent(share, 2));
}

QString counted(std::size_t count, const char* one, const char* many) {
  return QString::fromStdString(nn::counted(count, one, many));
}

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Whether anything is left to train.
void checkFrozen(const nn::Network& network, const std::vector<std::string>& frozen, const Output& output) {
  bool learns = false;
  for (const nn::Network::Node& node : network.nodes()) {
    const bool rests = std::find(frozen.begin(), frozen.end(), node.name) != frozen.end();
    const auto blocks = node.layer->parameterBlocks();
    if (rests && node.parameterCount == 0)
      output.note(QString("--freeze has no effect on %1, which has no weights").arg(QString::fromStdString(node.name)));
    learns = learns || (!rests && std::any_of(blocks.begin(), blocks.end(), [](const auto& block) { return block.learned; }));
  }
  if (learns) return;
  throw nn::Error(frozen.empty() ? "there is nothing to train: no layer has weights" : "there is nothing to train: all weights are frozen",
                  network.spec().name, frozen.empty() ? "Add a layer with weights" : "Leave a layer with weights out of --freeze");
}

void noteSingleClass(const data::Dataset& images, const Output& output) {
  const bool single = std::all_of(images.labels.begin(), images.labels.end(), [&](auto label) { return label == images.labels.front(); });
  if (single) output.note(QString("all training images are of one class (%1): there is nothing to tell apart").arg(images.labels.front()));
}

// The network, and parameters to go on from where a model is given.
struct Start {
  std::shared_ptr<const nn::Network> network;
  std::vector<float> parameters;
};

Start startOf(const Arguments& arguments, const Output& output) {
  const QString name = arguments.operands().front();
  if (name.endsWith(".onnx", Qt::CaseInsensitive)) {
    io::Model model = loadNotedModel(name, output);
    // Saved again, it would be another network than the file's.
    if (!model.unread.empty())
      throw nn::Error("it is not trained, since " + io::unreadText(model) + ". What would be trained and saved is not the file's network",
                      name.toStdString(), model.unread.front().hint);
    return {model.network, std::move(model.parameters)};
  }
  return {nn::Network::create(io::loadNetworkSpec(name)), {}};
}

class Run {
 public:
  Run(const Arguments& arguments, const Output& output)
      : m_arguments(arguments),
        m_output(output),
        m_kept(arguments.text("out"), arguments.operands().front()),
        m_start(startOf(arguments, output)),
        m_data(io::loadData(arguments.text("data"), std::uint64_t(arguments.whole("seed")))),
        m_trainer(m_start.network, m_data.train, trainingOptionsOf(arguments)),
        m_epochs(arguments.whole("epochs")) {
    noteOutputs(*m_start.network, output);
    if (!m_start.network->outputShape().isVector())
      output.note("the network ends in a picture: it learns to name the class of every pixel, channel 0 being the ground");
    noteSingleClass(*m_data.train, output);
    checkFrozen(*m_start.network, m_trainer.options().frozen, output);
    if (!m_start.parameters.empty()) m_trainer.setParameters(m_start.parameters);
  }

  void execute() {
    const bool keeps = !m_kept.out().isEmpty();
    m_interruption.emplace(keeps ? "Ends after this step and saves what is trained; Ctrl+C again ends at once"
                                 : "Ends after this step; without --out nothing is saved");
    if (const int asked = train::resolveThreads(int(m_arguments.whole("threads"))); m_trainer.threads() < asked)
      m_output.note(QString("only %1 of %2 threads could be started; --threads 1 asks for no others").arg(m_trainer.threads()).arg(asked));
    for (const std::string& note : m_data.notes) m_output.note(QString::fromStdString(note));
    m_output.progress(QString("training %1 (%2) on %3, %4 for validation")
                          .arg(QString::fromStdString(m_start.network->spec().name))
                          .arg(counted(m_start.network->parameterCount(), "parameter", "parameters"))
                          .arg(counted(m_data.train->count(), "image", "images"))
                          .arg(m_data.validation->count()));
    if (!keeps) m_output.note("without --out, nothing of it is saved");
    if (!m_start.parameters.empty())
      m_kept.goOnFrom(
          m_start.network, m_start.parameters, [this](const auto& network, auto parameters) { return measureBefore(network, parameters); },
          m_output);
    try {
      for (qint64 epoch = 1; epoch <= m_epochs && !m_interruption->signal(); ++epoch) trainEpoch(epoch);
      if (m_data.test) m_test = measure(*m_data.test);
    } catch (...) {
      saveLastGood();
      throw;
    }
    if (const int signal = m_interruption->signal()) {
      saveInterrupted(Interruption::nameOf(signal));
      throw Interrupted{signal};
    }
    if (keeps) saveLast();
    report("finished");
  }

 private:
  void trainEpoch(qint64 epoch) {
    const auto begin = Clock::now();
    const std::size_t images = m_data.train->count();
    double loss = 0;
    std::size_t seen = 0, answers = 0, correct = 0;
    while (seen < images) {
      const train::StepResult step = m_trainer.step();
      if (!step.diverged.empty() || !std::isfinite(step.loss)) {
        const std::string reason = step.reason.empty() ? "" : ": " + step.reason;
        throw nn::Error(
            "the training diverged in epoch " + std::to_string(epoch) + ", step " + std::to_string(m_trainer.stepCount() + 1) + reason,
            step.diverged, "Try a smaller --learning-rate");
      }
      seen += std::size_t(step.count);
      answers += std::size_t(step.answers);
      correct += std::size_t(step.correct);
      loss += step.loss * step.count;
      showPassing(epoch, double(seen) / double(images), loss / double(seen));
      if (m_interruption->signal()) break;
    }
    m_seconds += secondsSince(begin);
    m_imagesSeen += seen;
    m_trainLoss = loss / double(seen);
    if (seen < images) return;  // interrupted
    m_epochsDone = epoch;
    if (validates() && !(m_validation = measure(*m_data.validation))) return;
    const QString validation =
        m_validation ? QString("validation %1 (loss %2), ").arg(percent(m_validation->accuracy())).arg(m_validation->loss, 0, 'f', 4)
                     : QString();
    m_output.progress(QString("epoch %1/%2: loss %3, accuracy %4, %5%6 images/s")
                          .arg(epoch)
                          .arg(m_epochs)
                          .arg(m_trainLoss, 0, 'f', 4)
                          .arg(percent(double(correct) / double(answers)))
                          .arg(validation)
                          .arg(double(seen) / secondsSince(begin), 0, 'f', 0));
    m_kept.take({epoch, m_trainLoss, m_validation}, *m_start.network, m_trainer.parameters(), m_output);
  }

  // Nothing where a signal came first.
  std::optional<train::Evaluation> measure(const data::Dataset& images) {
    const train::Evaluation evaluation = m_trainer.evaluate(images, 0, [this] { return !m_interruption->signal(); });
    return evaluation.count == images.count() ? std::optional(evaluation) : std::nullopt;
  }

  // Of weights that no epoch of this training has made.
  std::optional<Epoch> measureBefore(const std::shared_ptr<const nn::Network>& network, std::span<const float> parameters) const {
    const data::Dataset& images = validates() ? *m_data.validation : *m_data.train;
    const train::TrainingOptions& options = m_trainer.options();
    const train::Evaluation evaluation =
        train::evaluate(network, parameters, images, options.threads, 0, options.loss, [this] { return !m_interruption->signal(); });
    if (evaluation.count < images.count()) return std::nullopt;
    if (validates()) return Epoch{0, std::numeric_limits<double>::quiet_NaN(), evaluation};
    return Epoch{0, evaluation.loss, std::nullopt};
  }

  void saveLast() {
    try {
      m_kept.save(*m_start.network, m_trainer.parameters());
    } catch (const nn::Error&) {
      if (m_kept.bestIsSaved()) m_output.progress("the best epoch is saved all the same, as " + m_kept.bestOut());
      saveElsewhere([this] { return m_kept.saveElsewhere(*m_start.network, m_trainer.parameters()); });
      reportFailure();
      throw;
    }
  }

  // Hours of training are not lost to a full disk or a folder that is gone.
  void saveElsewhere(const std::function<QStringList()>& save) {
    try {
      m_output.progress("saved in another place instead: " + save().join(" and "));
    } catch (const nn::Error& error) {
      m_output.progress("warning: it is lost, since no other place takes it either: " + QString::fromStdString(error.message()));
    }
  }

  // The training broke in the middle: what is there now is worth nothing.
  void saveLastGood() {
    if (m_kept.out().isEmpty()) {
      m_output.progress("nothing is saved without --out");
    } else if (!m_kept.best()) {
      m_output.progress("nothing is saved: no epoch had ended");
    } else if (m_kept.best()->number == 0) {
      m_output.progress(QString("nothing is saved as %1: no epoch was better than what there was before%2")
                            .arg(m_kept.out(), m_kept.bestIsSaved() ? ", which is in " + m_kept.bestOut() : QString()));
    } else {
      try {
        m_kept.saveBest(*m_start.network);
        m_output.progress(
            QString("saved epoch %1, the best before (%2), as %3").arg(m_kept.best()->number).arg(m_kept.best()->measure(), m_kept.out()));
      } catch (const nn::Error& error) {
        m_output.progress("warning: " + QString::fromStdString(error.message()));
        if (!m_kept.bestIsSaved()) saveElsewhere([this] { return m_kept.saveBestElsewhere(*m_start.network); });
      }
    }
    reportFailure();
  }

  // A person has read on stderr what failed; a program that asked for an object gets one.
  void reportFailure() {
    if (m_output.json || m_kept.isSaved()) report("failed");
  }

  void saveInterrupted(const std::string& signal) {
    QString saved = "nothing is saved without --out";
    if (m_trainer.stepCount() == 0) {
      saved = "nothing is saved: no step had ended";
    } else if (!m_kept.out().isEmpty()) {
      saveLast();
      saved = "saved what there is as " + m_kept.out();
    }
    m_output.progress(QString("interrupted (%1) after %2 of %3, in step %4: %5")
                          .arg(QString::fromStdString(signal))
                          .arg(m_epochsDone)
                          .arg(counted(std::size_t(m_epochs), "epoch", "epochs"))
                          .arg(m_trainer.stepCount())
                          .arg(saved));
    report("interrupted");
  }

  // Of a handful of images none can be held out.
  bool validates() const { return m_data.validation->count() > 0; }

  void showPassing(qint64 epoch, double share, double loss) {
    const auto now = Clock::now();
    if (!m_output.terminal || now - m_shown < std::chrono::milliseconds(200)) return;
    m_shown = now;
    const QString done = QString::fromStdString(scene::percent(share, 0));
    m_output.passing(QString("epoch %1/%2: %3, loss %4").arg(epoch).arg(m_epochs).arg(done).arg(loss, 0, 'f', 4));
  }

  // ended: "finished", "interrupted" or "failed".
  void report(const QString& ended) {
    const double speed = m_seconds > 0 ? double(m_imagesSeen) / m_seconds : 0;
    QJsonObject object{{"network", QString::fromStdString(m_start.network->spec().name)},
                       {"parameters", qint64(m_start.network->parameterCount())},
                       {"epochs", m_epochs},
                       {"epochs_done", m_epochsDone},
                       {"ended", ended},
                       {"images_per_second", speed},
                       {"seconds", m_seconds},
                       {"train_loss", m_trainLoss},
                       {"validation_accuracy", m_validation ? QJsonValue(m_validation->accuracy()) : QJsonValue()},
                       {"validation_loss", m_validation ? QJsonValue(m_validation->loss) : QJsonValue()},
                       {"test_accuracy", m_test ? QJsonValue(m_test->accuracy()) : QJsonValue()}};
    if (const int signal = m_interruption->signal(); signal != 0 && ended == "interrupted")
      object["signal"] = QString::fromStdString(Interruption::nameOf(signal));
    const QString epochs = counted(std::size_t(m_epochs), "epoch", "epochs");
    QString text = QString("%1 in %2 s (%3 images/s)\n")
                       .arg(m_epochsDone == m_epochs ? epochs : QString("%1 of %2").arg(m_epochsDone).arg(epochs))
                       .arg(m_seconds, 0, 'f', 1)
                       .arg(speed, 0, 'f', 0);
    if (std::isfinite(m_trainLoss)) text += QString("training loss        %1\n").arg(m_trainLoss, 0, 'f', 4);
    if (m_validation) text += "validation accuracy  " + percent(m_validation->accuracy()) + "\n";
    if (m_test) text += "test accuracy        " + percent(m_test->accuracy()) + "\n";
    if (m_test && m_test->perPixel()) {
      object["test_mean_iou"] = m_test->meanIntersectionOverUnion();
      text += "test mean IoU        " + percent(m_test->meanIntersectionOverUnion()) + "\n";
    }
    m_kept.describe(object);
    m_output.result(object, text + m_kept.text());
  }

  const Arguments& m_arguments;
  const Output& m_output;
  KeptModel m_kept;
  Start m_start;
  data::DataSplit m_data;
  train::Trainer m_trainer;
  qint64 m_epochs, m_epochsDone = 0;
  std::optional<Interruption> m_interruption;  // from the first step on: there is something to save
  Clock::time_point m_shown;
  double m_seconds = 0;  // of training, without the tests in between
  std::size_t m_imagesSeen = 0;
  double m_trainLoss = std::numeric_limits<double>::quiet_NaN();  // of the epoch, or of the part of it that was seen
  std::optional<train::Evaluation> m_validation, m_test;
};

void runTrain(const Arguments& arguments, const Output& output) {
  checkTrainingWords(arguments);
  if (arguments.real("warm-up") > double(arguments.whole("epochs")))
    output.note("the learning rate never reaches its full height: --warm-up is longer than --epochs");
  noteStrokes(arguments, output);
  Run(arguments, output).execute();
}

}  // namespace

Command trainCommand() {
  Command command;
  command.name = "train";
  command.operands = "NETWORK";
  command.summary = "Trains a network and measures it.";
  command.details =
      "NETWORK is the name of a shipped network, a JSON file, or a model (.onnx) to go on from.\n"
      "A tenth of the training images is held out for validation; the test images are never trained on.\n"
      "The best epoch has the highest accuracy on the validation images. A model that is gone on from counts as epoch 0, and\n"
      "M.best.onnx is then only written over by a better epoch than it holds.\n"
      "Ctrl+C saves what there is and ends (status 130); a second Ctrl+C ends at once. So do the other signals that end a program\n"
      "(128 and their number: TERM 143, HUP 129, XCPU 152, ...). Where the numbers grow out of range, the best epoch so far is\n"
      "saved (status 1). Without --out nothing is saved. Where nothing can be saved under --out at the end, it goes to\n"
      "~/.local/state/convscope or the temporary folder, in a new folder whose name is told (status 1).\n"
      "JSON: images_per_second, seconds, train_loss, validation_accuracy, test_accuracy, ended (finished, interrupted, failed),\n"
      "epochs_done, best_epoch, best_validation_accuracy, best_validation_loss, out, best_out, out_instead, notes[] and more.";
  command.options = trainOptions();
  command.fewestOperands = command.mostOperands = 1;
  command.needs = Needs::Fonts;
  command.run = runTrain;
  return command;
}

}  // namespace cli
