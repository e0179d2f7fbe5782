#include "cli/KeptModel.h"

#include <QFileInfo>

#include "io/Files.h"
#include "io/Model.h"
#include "nn/Error.h"
#include "scene/Words.h"

namespace cli {

bool Epoch::betterThan(const Epoch& other) const {
  if (!validation || !other.validation) return trainLoss < other.trainLoss;
  if (validation->accuracy() != other.validation->accuracy()) return validation->accuracy() > other.validation->accuracy();
  return validation->loss < other.validation->loss;
}

QString Epoch::measure() const {
  return validation ? "validation " + QString::fromStdString(scene::percent(validation->accuracy(), 2))
                    : QString("training loss %1").arg(trainLoss, 0, 'f', 4);
}

KeptModel::KeptModel(const QString& out, const QString& goneOnFrom) : m_out(out) {
  if (m_out.isEmpty()) return;
  io::requireSuffix(m_out, {"onnx"});
  io::requireWritable(m_out);
  io::requireWritable(bestOut());
  const QFileInfo best(bestOut()), start(goneOnFrom);
  if (best.exists() && best.canonicalFilePath() == start.canonicalFilePath())
    throw nn::Error("the best epoch would be saved over the model that is gone on from", bestOut().toStdString(),
                    "Choose another name for --out, or copy the model first");
}

QString KeptModel::bestOut() const {
  const QFileInfo file(m_out);
  return m_out.chopped(file.fileName().size()) + file.completeBaseName() + ".best." + file.suffix();
}

bool KeptModel::bestIsSaved() const {
  return m_bestOnDisk && QFileInfo::exists(bestOut());
}

bool KeptModel::take(const Epoch& epoch, const nn::Network& network, std::span<const float> parameters) {
  if (m_best && !epoch.betterThan(*m_best)) return false;
  m_best = epoch;
  if (m_out.isEmpty()) return true;
  m_bestParameters.assign(parameters.begin(), parameters.end());
  m_bestOnDisk = false;
  io::saveOnnx(bestOut(), network, m_bestParameters);
  m_bestOnDisk = true;
  return true;
}

void KeptModel::save(const nn::Network& network, std::span<const float> parameters) {
  io::saveOnnx(m_out, network, parameters);
  m_saved = true;
}

void KeptModel::saveBest(const nn::Network& network) {
  save(network, m_bestParameters);
}

void KeptModel::describe(QJsonObject& object) const {
  if (m_saved) object["out"] = m_out;
  if (!m_best) return;
  const auto& validation = m_best->validation;
  object["best_epoch"] = m_best->number;
  object["best_validation_accuracy"] = validation ? QJsonValue(validation->accuracy()) : QJsonValue();
  object["best_validation_loss"] = validation ? QJsonValue(validation->loss) : QJsonValue();
  if (bestIsSaved()) object["best_out"] = bestOut();
}

QString KeptModel::text() const {
  QString text;
  if (m_saved) text += "saved                " + m_out + "\n";
  if (m_best)
    text += QString("best epoch           %1 (%2)%3\n")
                .arg(m_best->number)
                .arg(m_best->measure(), bestIsSaved() ? ", saved " + bestOut() : QString());
  return text;
}

}  // namespace cli
