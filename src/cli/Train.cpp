#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include "cli/Calibration.h"
#include "cli/Command.h"
#include "cli/Interruption.h"
#include "cli/KeptCheckpoint.h"
#include "cli/KeptModel.h"
#include "cli/Measures.h"
#include "cli/TrainOptions.h"
#include "cli/TrainingStart.h"
#include "io/FileNames.h"
#include "nn/Counted.h"
#include "scene/text/Text.h"
#include "train/StopRule.h"
#include "train/Trainer.h"
#include "train/WorkerPool.h"

namespace cli {

namespace {

using Clock = std::chrono::steady_clock;

class Run {
 public:
  Run(const Arguments& arguments, const Output& output)
      : m_arguments(arguments),
        m_output(output),
        m_plan(trainingPlanOf(arguments, output)),
        m_kept(arguments.text("out"), m_plan.network),
        m_checkpoint(arguments, m_kept.bestOut(), output),
        m_start(loadStart(m_plan, output)),
        m_data(loadData(m_plan, *m_start.network, output)),
        m_trainer(nameClasses(m_plan, m_start, m_data, output), m_data.train, m_plan.options),
        m_course{.epochs = qint64(m_plan.options.schedule.epochs)},
        m_work(beginWork(m_plan, m_start)) {
    checkStart(m_arguments, m_plan, *m_start.network, m_data, output);
    if (!m_start.parameters.empty()) m_trainer.setParameters(m_start.parameters);
    if (m_plan.resumed) resume();
    m_kept.setCalibrate([this](auto parameters) { return calibrationOf(m_start.network, parameters, *m_data.validation); });
    keepRecipe(m_arguments, m_plan, m_output);
  }

  void execute() {
    const bool keeps = !m_kept.out().isEmpty();
    m_interruption.emplace(keeps || m_checkpoint.isAsked()
                               ? "Ends after this step and saves what is trained; another signal, or Ctrl+C again, ends at once"
                               : "Ends after this step; without --out nothing is saved");
    if (const int asked = train::resolveThreads(int(m_arguments.whole("threads"))); m_trainer.threads() < asked)
      m_output.note(QString("only %1 of %2 threads could be started; --threads 1 asks for no others").arg(m_trainer.threads()).arg(asked));
    m_output.progress(QString("training %1 (%2) on %3, %4 for validation")
                          .arg(QString::fromStdString(m_start.network->spec().name))
                          .arg(counted(m_start.network->parameterCount(), "parameter", "parameters"))
                          .arg(counted(m_data.train->count(), "image", "images"))
                          .arg(m_data.validation->count()));
    if (!validates() && m_plan.options.shares.validation > 0)
      m_output.note("there are too few images to hold one out for validation; the best epoch is that of the smallest loss in training");
    if (!keeps) m_output.note(m_checkpoint.isAsked() ? "without --out, no model is saved" : "without --out, nothing of it is saved");
    if (m_plan.resumed)
      m_kept.resume(m_plan.resumed->run->progress, *m_start.network, m_output);
    else if (!m_start.parameters.empty())
      m_kept.goOnFrom(
          m_start.network, m_start.parameters, [this](const auto& network, auto parameters) { return measureBefore(network, parameters); },
          m_output);
    else
      m_kept.begin(m_output);
    if (m_checkpoint.isAsked()) m_checkpoint.begin(workNow());
    try {
      // One that was interrupted before it was validated comes first.
      const qint64 first = m_progress.epoch.seen == m_data.train->count() ? m_course.done : m_course.done + 1;
      for (qint64 epoch = first; epoch <= m_course.epochs && m_course.stopped.empty() && !m_interruption->signal(); ++epoch)
        trainEpoch(epoch);
      if (!m_interruption->signal()) requireInRange();
      if (m_data.test) m_test = measure(*m_data.test);
    } catch (const std::exception& error) {
      const auto* told = dynamic_cast<const nn::Error*>(&error);
      saveLastGood(told ? told->message() : error.what());
      throw;
    }
    if (const int signal = m_interruption->signal()) {
      saveInterrupted(Interruption::nameOf(signal));
      throw Interrupted{signal};
    }
    if (keeps) saveLast();
    noteChance();
    report(m_checkpoint.failed() ? "failed" : "finished");
    m_checkpoint.requireSaved();
  }

 private:
  // Where the checkpoint was, with what the words beside it change.
  void resume() {
    const train::Checkpoint& checkpoint = m_work.run->checkpoint;
    m_trainer.restore(checkpoint);
    m_trainer.setRecipe(m_plan.options);
    m_work.run->log.change(checkpoint.step, m_trainer.epoch(), m_plan.options);
    m_progress = m_work.run->progress;
    m_course.stop = train::StopRule(m_progress.best);
    m_course.done = qint64(checkpoint.epoch);
    m_output.progress(QString("going on from %1: %2, step %3")
                          .arg(m_arguments.text("resume"), counted(checkpoint.epoch, "epoch", "epochs"))
                          .arg(checkpoint.step));
  }

  const io::SavedWork& workNow() {
    if (!m_work.data) m_work.data = io::describeData(m_plan.data, m_data);
    m_work.model.network = m_start.network;
    m_work.recipe = m_trainer.options();
    m_work.run->checkpoint = m_trainer.checkpoint();
    m_work.run->progress = m_progress;
    m_work.run->progress.best = m_kept.best();
    m_work.run->progress.bestParameters = m_kept.bestParameters();
    return m_work;
  }

  void trainEpoch(qint64 epoch) {
    const auto begin = Clock::now();
    const std::size_t images = m_data.train->count(), before = m_progress.epoch.seen;
    train::EpochFigures& figures = m_progress.epoch;
    while (figures.seen < images) {
      const train::StepResult step = m_trainer.step();
      if (!step.diverged.empty() || !std::isfinite(step.loss)) {
        const std::string reason = step.reason.empty() ? "" : ": " + step.reason;
        throw nn::Error(
            "the training diverged in epoch " + std::to_string(epoch) + ", step " + std::to_string(m_trainer.stepCount() + 1) + reason,
            step.diverged, "Try a smaller --learning-rate");
      }
      figures.add(step);
      m_progress.trainLoss = figures.loss / double(figures.seen);
      showPassing(epoch, double(figures.seen) / double(images));
      if (m_interruption->signal()) break;
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    m_progress.seconds += seconds;
    m_progress.images += figures.seen - before;
    if (figures.seen < images) return;  // interrupted
    m_course.done = epoch;
    if (validates() && !(m_progress.validation = measure(*m_data.validation))) return;
    reportEpoch(epoch, double(images - before) / std::max(seconds, 1e-9));
    addPoint();
    const train::EpochResult ended{epoch, m_progress.trainLoss, m_progress.validation};
    if (m_course.stopped = m_course.stop.reached(m_plan.options, ended, task()); !m_course.stopped.empty())
      m_output.note(QString::fromStdString(m_course.stopped));
    // A training that is out of range may come back; until it does, it is no better than nothing.
    if (m_trainer.endedFarOut(ended.loss()).empty()) m_kept.take(ended, *m_start.network, m_trainer.parameters(), m_output);
    m_progress.epoch = {};
    if (m_checkpoint.isAsked()) m_checkpoint.endEpoch(workNow(), epoch == m_course.epochs, m_output);
  }

  // The few steps of a short training tell too little while they are taken.
  void requireInRange() {
    const double loss = m_progress.validation ? m_progress.validation->loss : m_trainer.evaluate(*m_data.train, 1000).loss;
    if (const std::string why = m_trainer.endedFarOut(loss); !why.empty())
      throw nn::Error("the training diverged in its " + nn::counted(m_trainer.stepCount(), "step", "steps") + ": " + why,
                      m_plan.network.toStdString(), "Try a smaller --learning-rate");
  }

  // Of the curves: one each epoch.
  void addPoint() {
    train::MetricPoint point{.step = m_trainer.stepCount(), .epoch = m_trainer.epoch()};
    point.seconds = m_progress.seconds;
    setTraining(point, task(), m_progress.epoch);
    if (m_progress.validation) setValidation(point, task(), *m_progress.validation);
    m_work.run->metrics.add(point);
  }

  void reportEpoch(qint64 epoch, double speed) const {
    const auto& validation = m_progress.validation;
    const train::EpochFigures& figures = m_progress.epoch;
    const QString checked = validation ? QString("validation %1 (loss %2), ")
                                             .arg(toldText(task(), validation->figures, validation->answerCount, false))
                                             .arg(validation->loss, 0, 'f', 4)
                                       : QString();
    m_output.progress(QString("epoch %1/%2: loss %3, %4, %5%6 images/s")
                          .arg(epoch)
                          .arg(m_course.epochs)
                          .arg(m_progress.trainLoss, 0, 'f', 4)
                          .arg(toldText(task(), figures.figures, figures.answers, true), checked)
                          .arg(speed, 0, 'f', 0));
  }

  // Nothing where a signal came first.
  std::optional<train::Evaluation> measure(const data::Dataset& images) {
    if (m_interruption->signal()) return std::nullopt;  // a few images are all counted before it is asked for
    const train::Evaluation evaluation = m_trainer.evaluate(images, 0, [this] { return !m_interruption->signal(); });
    return evaluation.count == images.count() ? std::optional(evaluation) : std::nullopt;
  }

  // Of weights that no epoch of this training has made.
  std::optional<train::EpochResult> measureBefore(const std::shared_ptr<const nn::Network>& network,
                                                  std::span<const float> parameters) const {
    const data::Dataset& images = validates() ? *m_data.validation : *m_data.train;
    const train::TrainingOptions& options = m_trainer.options();
    const train::Evaluation evaluation =
        train::evaluate(network, parameters, images, options.threads, 0, options.objective(), [this] { return !m_interruption->signal(); });
    if (evaluation.count < images.count()) return std::nullopt;
    if (validates()) return train::EpochResult{0, std::numeric_limits<double>::quiet_NaN(), evaluation};
    return train::EpochResult{0, evaluation.loss, std::nullopt};
  }

  void saveLast() {
    try {
      m_kept.save(*m_start.network, m_trainer.parameters());
    } catch (const nn::Error& error) {
      if (m_kept.bestIsSaved()) m_output.progress("the best epoch is saved all the same, as " + m_kept.bestOut());
      saveElsewhere("the model", [this] { return m_kept.saveElsewhere(*m_start.network, m_trainer.parameters()); });
      reportFailure(error.message());
      throw;
    }
    if (const auto problem = keepBest()) {
      reportFailure(problem->message());
      throw nn::Error(*problem);
    }
  }

  // Why the best epoch is not under its own name, when the training is over.
  std::optional<nn::Error> keepBest() {
    try {
      m_kept.requireBestSaved(*m_start.network);
      return std::nullopt;
    } catch (const nn::Error& error) {
      saveElsewhere("the best epoch", [this] { return m_kept.saveBestFileElsewhere(*m_start.network); });
      return error;
    }
  }

  void noteChance() const {
    const auto text = [this](const std::optional<train::Evaluation>& measured, const char* images) {
      return measured ? train::chanceText(*measured, *m_start.network, m_trainer.stepCount(), images) : std::string();
    };
    const std::string tested = text(m_test, "test"), note = tested.empty() ? text(m_progress.validation, "validation") : tested;
    if (!note.empty()) m_output.note(QString::fromStdString(note) + ". Try a smaller --learning-rate, or more --epochs");
  }

  // Hours of training are not lost to a full disk or a folder that is gone.
  void saveElsewhere(const QString& what, const std::function<QStringList()>& save) {
    try {
      m_output.progress("saved in another place instead: " + save().join(" and "));
    } catch (const nn::Error& error) {
      m_output.note(what + " is lost, since no other place takes it either: " + QString::fromStdString(error.message()));
    }
  }

  // The training broke in the middle: what is there now is worth nothing.
  void saveLastGood(const std::string& why) {
    if (m_kept.out().isEmpty()) {
      m_output.progress(m_checkpoint.isAsked() ? "no model is saved without --out" : "nothing is saved without --out");
    } else if (!m_kept.best()) {
      m_output.progress(QString("nothing is saved: no epoch ") + (m_course.done == 0 ? "had ended" : "ended with its loss in range"));
    } else if (m_kept.best()->number == 0) {
      m_output.progress(QString("nothing is saved as %1: no epoch was better than what there was before%2")
                            .arg(m_kept.out(), m_kept.bestIsSaved() ? ", which is in " + m_kept.bestOut() : QString()));
    } else {
      try {
        m_kept.save(*m_start.network, m_kept.bestParameters());
        keepBest();
        const QString which = task().choosesBest ? "the best so far (" + measureOf(*m_kept.best(), task()) + ')' : "the last whole one";
        m_output.progress(QString("saved epoch %1, %2, as %3").arg(m_kept.best()->number).arg(which, m_kept.out()));
      } catch (const nn::Error& error) {
        m_output.note("the best epoch so far is not saved: " + QString::fromStdString(error.message()));
        if (!m_kept.bestIsSaved())
          saveElsewhere("the best epoch", [this] { return m_kept.saveElsewhere(*m_start.network, m_kept.bestParameters()); });
      }
    }
    if (m_checkpoint.isAsked()) m_checkpoint.saveLastGood(m_output);
    reportFailure(why);
  }

  // A person has read on stderr what failed; a program that asked for an object gets one.
  void reportFailure(const std::string& why) {
    if (m_output.json || m_kept.isSaved()) report("failed", why);
  }

  void saveInterrupted(const std::string& signal) {
    QString saved = m_checkpoint.isAsked() ? "no model is saved without --out" : "nothing is saved without --out";
    if (m_trainer.stepCount() == 0) {
      saved = "nothing is saved: no step had ended";
    } else {
      if (m_checkpoint.isAsked()) m_checkpoint.save(workNow(), true, m_output);
      if (!m_kept.out().isEmpty()) {
        saveLast();
        saved = "saved what there is as " + m_kept.out();
      }
      if (const QString checkpoint = m_checkpoint.newest(); !checkpoint.isEmpty())
        saved += "; --resume " + checkpoint + " goes on from here";
      else if (m_checkpoint.isAsked())
        saved += ", and no checkpoint could be";
    }
    m_output.progress(QString("interrupted (%1) after %2 of %3, in step %4: %5")
                          .arg(QString::fromStdString(signal))
                          .arg(m_course.done)
                          .arg(counted(std::size_t(m_course.epochs), "epoch", "epochs"))
                          .arg(m_trainer.stepCount())
                          .arg(saved));
    report(m_checkpoint.failed() ? "failed" : "interrupted");
    m_checkpoint.requireSaved();
  }

  bool validates() const { return m_data.validation->count() > 0; }  // of a handful of images none can be held out

  const tasks::Task& task() const { return tasks::taskOf(*m_start.network); }

  void showPassing(qint64 epoch, double share) {
    const auto now = Clock::now();
    if (!m_output.terminal || now - m_shown < std::chrono::milliseconds(200)) return;
    m_shown = now;
    const QString done = QString::fromStdString(scene::percent(share, 0));
    m_output.passing(QString("epoch %1/%2: %3, loss %4").arg(epoch).arg(m_course.epochs).arg(done).arg(m_progress.trainLoss, 0, 'f', 4));
  }

  // Of weights that were trained on since, the figures are those of an epoch before.
  QString validatedWhen() const {
    return m_progress.epoch.seen == 0 ? QString() : QString(" (at the end of epoch %1, without the steps since)").arg(m_course.done);
  }

  // ended: "finished", "interrupted" or "failed", and then `why`.
  void report(const QString& ended, const std::string& why = {}) {
    const auto& [figures, trainLoss, validation, best, bestParameters, seconds, images] = m_progress;
    const double speed = seconds > 0 ? double(images) / seconds : 0;
    QJsonObject object{{"network", QString::fromStdString(m_start.network->spec().name)},
                       {"parameters", qint64(m_start.network->parameterCount())},
                       {"epochs", m_course.epochs},
                       {"epochs_done", m_course.done},
                       {"ended", ended},
                       {"stopped", m_course.stopped.empty() ? QJsonValue() : QJsonValue(QString::fromStdString(m_course.stopped))},
                       {"images_per_second", speed},
                       {"seconds", seconds},
                       {"train_loss", trainLoss},
                       {"validation_loss", validation ? QJsonValue(validation->loss) : QJsonValue()}};
    if (validation) object["validation_epoch"] = m_course.done;
    if (const int signal = m_interruption->signal(); signal != 0 && ended == "interrupted")
      object["signal"] = QString::fromStdString(Interruption::nameOf(signal));
    const QString epochs = counted(std::size_t(m_course.epochs), "epoch", "epochs");
    QString text = QString("%1 in %2 s (%3 images/s)\n")
                       .arg(m_course.done == m_course.epochs ? epochs : QString("%1 of %2").arg(m_course.done).arg(epochs))
                       .arg(seconds, 0, 'f', 1)
                       .arg(speed, 0, 'f', 0);
    if (std::isfinite(trainLoss)) {
      const std::size_t all = m_data.train->count(), seen = figures.seen > 0 ? figures.seen : all;  // less of an epoch that was cut short
      object["train_epoch"] = m_course.done + (seen < all ? 1 : 0);
      object["train_images"] = qint64(seen);
      const QString part = QString(" (of the first %1 of %2 images of epoch %3)").arg(seen).arg(all).arg(m_course.done + 1);
      text += QString("training loss        %1%2\n").arg(trainLoss, 0, 'f', 4).arg(seen < all ? part : QString());
    }
    text +=
        describeMeasures("validation", validation, task(), validatedWhen(), object) + describeMeasures("test", m_test, task(), {}, object);
    text += describeCurves(m_work.run->metrics, task(), object);
    if (!why.empty()) object["error"] = QString::fromStdString(why);
    m_kept.describe(object, task());
    m_checkpoint.describe(object);
    m_output.result(object, text + m_kept.text(task()) + m_checkpoint.text());
  }

  const Arguments& m_arguments;
  const Output& m_output;
  TrainingPlan m_plan;
  KeptModel m_kept;
  KeptCheckpoint m_checkpoint;
  Start m_start;
  data::DataSplit m_data;
  train::Trainer m_trainer;
  struct {
    qint64 epochs = 0, done = 0;
    train::StopRule stop = train::StopRule();
    std::string stopped;  // why it ended before its last epoch; empty: it did not
  } m_course;
  std::optional<Interruption> m_interruption;  // from the first step on: there is something to save
  Clock::time_point m_shown;
  train::RunProgress m_progress;  // but for its best epoch, which m_kept has
  std::optional<train::Evaluation> m_test;
  io::SavedWork m_work;  // what checkpoints hold; its data is described from the first one on
};

void runTrain(const Arguments& arguments, const Output& output) {
  noteNamedData(arguments, output);
  Run(arguments, output).execute();
}

}  // namespace

Command trainCommand() {
  Command command;
  command.name = "train";
  command.operands = "[NETWORK]";
  command.summary = "Trains a network and measures it.";
  command.details = trainDetails();
  command.options = trainOptions();
  command.mostOperands = 1;
  command.needs = Needs::Fonts;
  command.run = runTrain;
  return command;
}

}  // namespace cli
