// What a training from the command line leaves on the disk: the model under --out, and beside it, from epoch to epoch, the best one so
// far, which is also what is saved when the training breaks. Without --out nothing is kept. Owned by the run; its thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <QFileInfo>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include "cli/Command.h"
#include "io/Files.h"
#include "nn/Network.h"
#include "tasks/EnergyScore.h"
#include "train/history/RunProgress.h"

namespace cli {

QString measureOf(const train::EpochResult& epoch, const tasks::Task& task);  // "validation 97.31 %"

class KeptModel {
 public:
  // out: as given, or empty. Throws nn::Error where that name cannot be written or another program is writing it, or where the best epoch
  // would be written over a file that no training of ours has left there, or over `goneOnFrom`, the one that this training starts from.
  KeptModel(const QString& out, const QString& goneOnFrom);

  // Of the network that is trained with these parameters, what is to be saved beside them.
  using Calibrate = std::function<tasks::EnergyCalibration(std::span<const float>)>;
  void setCalibrate(Calibrate calibrate) { m_calibrate = std::move(calibrate); }
  const QString& out() const { return m_out; }
  QString bestOut() const;  // "m.best.onnx" beside "m.onnx"
  const std::optional<train::EpochResult>& best() const { return m_best; }
  const std::vector<float>& bestParameters() const { return m_bestParameters; }  // empty without a best epoch
  bool isSaved() const { return m_saved || !m_elsewhere.isEmpty() || !m_bestElsewhere.isEmpty(); }
  // And still there: a folder may be moved or emptied while the training runs.
  bool bestIsSaved() const { return m_bestOnDisk && QFileInfo::exists(bestOut()); }

  // Before the first epoch of a training that goes on from nothing: notes what is written over.
  void begin(const Output& output) const { noteWrittenOver({m_out, bestOut()}, output); }
  // Of any network with its weights, as epoch 0; nothing where a signal came first. May throw nn::Error.
  using Measure = std::function<std::optional<train::EpochResult>(const std::shared_ptr<const nn::Network>&, std::span<const float>)>;
  // Before the first epoch, where a model is gone on from: its weights are the best so far, or what the file of the best epoch already
  // holds of the same network, if that measures no worse. So neither is ever written over by a worse epoch. Notes which it is.
  void goOnFrom(const std::shared_ptr<const nn::Network>& network, std::span<const float> parameters, const Measure& measure,
                const Output& output);
  // The same where a checkpoint is gone on from, with the best epoch of the run so far, if there was one.
  void resume(const train::RunProgress& progress, const nn::Network& network, const Output& output);
  // If it is the best so far, and its loss is finite, it goes to the disk where there is --out. When it cannot be written there, that is
  // told, and it is kept in memory and tried again after each epoch: the training is worth more than this file, and there may be room again
  // later.
  void take(const train::EpochResult& epoch, const nn::Network& network, std::span<const float> parameters, const Output& output);
  void save(const nn::Network& network, std::span<const float> parameters);  // under --out
  // At the end: writes the best epoch under bestOut() where it is not there. Throws nn::Error where it still cannot be.
  void requireBestSaved(const nn::Network& network);
  // Where that failed: in the person's state folder, or else the temporary one, in a folder of its own under the same name, and with it the
  // best epoch where the disk does not hold that any more. Returns the files. Throws nn::Error where no place is left.
  QStringList saveElsewhere(const nn::Network& network, std::span<const float> parameters);
  QStringList saveBestFileElsewhere(const nn::Network& network);  // the best epoch under its own name: the model itself is saved

  // out, out_instead, best_out, best_out_instead, best_epoch, best_validation_...
  void describe(QJsonObject& object, const tasks::Task& task) const;
  QString text(const tasks::Task& task) const;  // the same as lines of the report

 private:
  // Whether the file of the best epoch stays as it is; then what it holds is the best so far, if no signal came before it was measured.
  bool keepsWhatItHeld(const train::EpochResult& start, std::span<const float> parameters, const nn::Network& network,
                       const Measure& measure, const Output& output);
  void noteWrittenOver(const QStringList& paths, const Output& output) const;
  void write(const QString& path, const nn::Network& network, std::span<const float> parameters) const;
  void writeBest(const nn::Network& network, const Output& output);

  QString m_out, m_goneOnFrom;
  Calibrate m_calibrate;
  std::vector<io::Claim> m_claims;
  std::optional<train::EpochResult> m_best;
  std::vector<float> m_bestParameters;
  bool m_bestOnDisk = false, m_saved = false;
  QString m_elsewhere, m_bestElsewhere;  // files
};

}  // namespace cli
