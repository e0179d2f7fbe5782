// What a training from the command line leaves on the disk: the model under --out, and beside it, from epoch to epoch, the best one so
// far, which is also what is saved when the training breaks. Without --out nothing is kept. Owned by the run; its thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <QJsonObject>
#include <QString>

#include "nn/Network.h"
#include "train/Trainer.h"

namespace cli {

// One that has ended.
struct Epoch {
  qint64 number = 0;
  double trainLoss = 0;
  std::optional<train::Evaluation> validation;  // nothing where no images are held out
  // By accuracy on the validation images, then by their loss; without them by the training loss.
  bool betterThan(const Epoch& other) const;
  QString measure() const;  // "validation 97.31 %"
};

class KeptModel {
 public:
  // out: as given, or empty. Throws nn::Error where that name cannot be written, or where the best epoch would be written over
  // `goneOnFrom`, the model that the training starts from.
  KeptModel(const QString& out, const QString& goneOnFrom);

  const QString& out() const { return m_out; }
  QString bestOut() const;  // "m.best.onnx" beside "m.onnx"
  const std::optional<Epoch>& best() const { return m_best; }
  bool isSaved() const { return m_saved; }  // under --out
  bool bestIsSaved() const;                 // and still there: a folder may be moved or emptied while the training runs

  // True: it is the best so far, and on the disk where there is --out. Throws nn::Error when it could not be written; it is kept in memory
  // all the same.
  bool take(const Epoch& epoch, const nn::Network& network, std::span<const float> parameters);
  void save(const nn::Network& network, std::span<const float> parameters);  // under --out
  void saveBest(const nn::Network& network);                                 // the same, of the best epoch; there must be one

  void describe(QJsonObject& object) const;  // out, best_out, best_epoch, best_validation_...
  QString text() const;                      // the same as lines of the report

 private:
  QString m_out;
  std::optional<Epoch> m_best;
  std::vector<float> m_bestParameters;  // with --out only
  bool m_bestOnDisk = false, m_saved = false;
};

}  // namespace cli
