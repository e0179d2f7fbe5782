#include "cli/KeptModel.h"

#include <algorithm>

#include "cli/Measures.h"
#include "cli/OtherPlace.h"
#include "cli/Printable.h"
#include "io/Model.h"
#include "nn/Error.h"

namespace cli {

namespace {

// Whether weights of the one are weights of the other. Their layers' names and their titles may differ.
bool areAlike(const nn::Network& a, const nn::Network& b) {
  return std::equal(a.nodes().begin(), a.nodes().end(), b.nodes().begin(), b.nodes().end(), [](const auto& one, const auto& other) {
    return one.layer->type() == other.layer->type() && one.inputs == other.inputs && one.shape == other.shape &&
           one.parameterCount == other.parameterCount;
  });
}

}  // namespace

QString measureOf(const train::EpochResult& epoch, const tasks::Task& task) {
  const tasks::Metric& metric = task.metrics.front();
  const QString what = metric.format == tasks::MetricFormat::Percent ? QString() : QString::fromStdString(metric.brief) + ' ';
  return epoch.validation ? "validation " + what + metricText(metric, epoch.validation->mean(0))
                          : QString("training loss %1").arg(epoch.trainLoss, 0, 'f', 4);
}

KeptModel::KeptModel(const QString& out, const QString& goneOnFrom) : m_out(out), m_goneOnFrom(goneOnFrom) {
  if (m_out.isEmpty()) return;
  io::requireSuffix(m_out, {"onnx"});
  io::requireWritable(m_out);
  io::requireWritable(bestOut());
  if (io::isSameFile(bestOut(), m_out))
    throw nn::Error("the best epoch would be saved over the last one: this is a link to the same file", bestOut().toStdString(),
                    "Choose another name for --out, or remove the link");
  for (const QString& path : {m_out, bestOut()}) m_claims.emplace_back(path);
  if (!QFileInfo::exists(bestOut())) return;
  if (io::isSameFile(bestOut(), goneOnFrom))
    throw nn::Error("the best epoch would be saved over the model that is gone on from", bestOut().toStdString(),
                    "Choose another name for --out, or copy the model first");
  // Nobody has named this file: only what a training from here has left there gives way.
  if (QFileInfo(bestOut()).size() > 0 && !io::isOwnModelFile(bestOut()))
    throw nn::Error("the best epoch would be saved over a file that ConvScope has not written", bestOut().toStdString(),
                    "Choose another name for --out, or rename that file");
}

QString KeptModel::bestOut() const {
  const QFileInfo file(m_out);
  return m_out.chopped(file.fileName().size()) + file.completeBaseName() + ".best." + file.suffix();
}

void KeptModel::noteWrittenOver(const QStringList& paths, const Output& output) const {
  QStringList held;
  for (const QString& path : m_out.isEmpty() ? QStringList() : paths)
    if (QFileInfo(path).size() > 0) held << path;
  if (!held.isEmpty()) output.note(held.join(" and ") + (held.size() == 1 ? " is" : " are") + " there already, and written over");
}

void KeptModel::goOnFrom(const std::shared_ptr<const nn::Network>& network, std::span<const float> parameters, const Measure& measure,
                         const Output& output) {
  noteWrittenOver({m_out}, output);
  if (!tasks::taskOf(*network).choosesBest) return;
  const std::optional<train::EpochResult> start = measure(network, parameters);
  if (!start || keepsWhatItHeld(*start, parameters, *network, measure, output)) return;
  if (!start->isFinite()) return output.note("what is gone on from is not the best so far: its loss is no finite number");
  output.note(QString("what is gone on from is the best so far (%1), as epoch 0").arg(measureOf(*start, tasks::taskOf(*network))));
  take(*start, *network, parameters, output);
}

bool KeptModel::keepsWhatItHeld(const train::EpochResult& start, std::span<const float> parameters, const nn::Network& network,
                                const Measure& measure, const Output& output) {
  if (m_out.isEmpty() || !QFileInfo::exists(bestOut())) return false;
  try {
    const io::Model before = io::loadOnnx(bestOut());
    if (!before.unread.empty() || !areAlike(*before.network, network)) {
      output.note(bestOut() + " held another network, and is written over");
      return false;
    }
    const std::optional<train::EpochResult> held = measure(before.network, before.parameters);
    if (!held) return true;
    const tasks::Task& task = tasks::taskOf(network);
    if (!held->isFinite()) {
      output.note(bestOut() + " held a model whose loss is no finite number, and is written over");
      return false;
    }
    if (start.betterThan(*held, task)) {
      if (!std::equal(before.parameters.begin(), before.parameters.end(), parameters.begin(), parameters.end()))
        output.note(QString("%1 held a model that is not as good (%2), and is written over").arg(bestOut(), measureOf(*held, task)));
      return false;
    }
    m_best = held;
    m_bestParameters = before.parameters;
    m_bestOnDisk = true;
    output.note(QString("%1 holds the best so far (%2): only a better epoch is saved over it").arg(bestOut(), measureOf(*held, task)));
    return true;
  } catch (const nn::Error& error) {
    output.note("what " + bestOut() + " held is not a model that could be measured, and is written over (" +
                QString::fromStdString(error.issue().what) + ")");
    return false;
  }
}

void KeptModel::resume(const train::RunProgress& progress, const nn::Network& network, const Output& output) {
  if (!progress.best || !progress.best->isFinite()) return;
  m_best = progress.best;
  m_bestParameters = progress.bestParameters;
  if (m_out.isEmpty()) return;
  try {
    if (QFileInfo::exists(bestOut())) m_bestOnDisk = io::loadOnnx(bestOut()).parameters == m_bestParameters;
  } catch (const nn::Error&) {
    m_bestOnDisk = false;
  }
  if (m_bestOnDisk || !tasks::taskOf(network).choosesBest) return;
  if (QFileInfo(bestOut()).size() > 0) output.note(bestOut() + " held another model than the best of this run, and is written over");
  writeBest(network, output);
}

void KeptModel::take(const train::EpochResult& epoch, const nn::Network& network, std::span<const float> parameters, const Output& output) {
  const bool better = m_best ? epoch.betterThan(*m_best, tasks::taskOf(network)) : epoch.isFinite();
  if (better) {
    m_best = epoch;
    m_bestParameters.assign(parameters.begin(), parameters.end());
    m_bestOnDisk = false;
  }
  if (!m_out.isEmpty() && !bestIsSaved()) writeBest(network, output);
}

void KeptModel::writeBest(const nn::Network& network, const Output& output) {
  try {
    requireBestSaved(network);
  } catch (const nn::Error& error) {
    output.note("the best epoch is not saved: " + QString::fromStdString(error.message()));
  }
}

void KeptModel::write(const QString& path, const nn::Network& network, std::span<const float> parameters) const {
  io::saveOnnx(path, network, parameters, m_calibrate ? m_calibrate(parameters) : tasks::EnergyCalibration());
}

void KeptModel::requireBestSaved(const nn::Network& network) {
  if (m_out.isEmpty() || m_bestParameters.empty() || bestIsSaved() || !tasks::taskOf(network).choosesBest) return;
  m_bestOnDisk = false;
  write(bestOut(), network, m_bestParameters);
  m_bestOnDisk = true;
}

void KeptModel::save(const nn::Network& network, std::span<const float> parameters) {
  write(m_out, network, parameters);
  m_saved = true;
}

QStringList KeptModel::saveElsewhere(const nn::Network& network, std::span<const float> parameters) {
  const QString name = QFileInfo(m_out).fileName(), bestName = QFileInfo(bestOut()).fileName();
  const bool best = !m_bestParameters.empty() && !bestIsSaved() &&
                    !std::equal(m_bestParameters.begin(), m_bestParameters.end(), parameters.begin(), parameters.end());
  saveInOtherPlace([&](const QDir& folder) {
    write(folder.filePath(name), network, parameters);
    m_elsewhere = folder.filePath(name);
    if (!best) return;
    try {
      write(folder.filePath(bestName), network, m_bestParameters);
      m_bestElsewhere = folder.filePath(bestName);
    } catch (const nn::Error&) {  // the better half is there
    }
  });
  return m_bestElsewhere.isEmpty() ? QStringList{m_elsewhere} : QStringList{m_elsewhere, m_bestElsewhere};
}

QStringList KeptModel::saveBestFileElsewhere(const nn::Network& network) {
  saveInOtherPlace([&](const QDir& folder) {
    const QString file = folder.filePath(QFileInfo(bestOut()).fileName());
    write(file, network, m_bestParameters);
    m_bestElsewhere = file;
  });
  return {m_bestElsewhere};
}

void KeptModel::describe(QJsonObject& object, const tasks::Task& task) const {
  if (m_saved) object["out"] = m_out;
  if (!m_elsewhere.isEmpty()) object["out_instead"] = m_elsewhere;
  if (!m_bestElsewhere.isEmpty()) object["best_out_instead"] = m_bestElsewhere;
  if (!m_best || !task.choosesBest) return;
  const auto& validation = m_best->validation;
  object["best_epoch"] = qint64(m_best->number);
  object["best_validation_" + QString::fromStdString(task.metrics.front().id)] =
      validation ? QJsonValue(validation->mean(0)) : QJsonValue();
  object["best_validation_loss"] = validation ? QJsonValue(validation->loss) : QJsonValue();
  if (bestIsSaved()) object["best_out"] = bestOut();
}

QString KeptModel::text(const tasks::Task& task) const {
  QString text;
  if (m_saved) text += "saved                " + inOneLine(m_out) + "\n";
  for (const QString& file : {m_elsewhere, m_bestElsewhere})
    if (!file.isEmpty()) text += "saved instead        " + inOneLine(file) + "\n";
  if (m_best && task.choosesBest)
    text += QString("best epoch           %1 (%2)%3\n")
                .arg(m_best->number == 0 ? "before the first" : QString::number(m_best->number))
                .arg(measureOf(*m_best, task), bestIsSaved() ? ", saved " + inOneLine(bestOut()) : QString());
  return text;
}

}  // namespace cli
