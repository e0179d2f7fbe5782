// What the open network answers, and what is refused of a model of which operators could not be read.
#include <QDir>
#include <QFileInfo>

#include "analysis/Answer.h"
#include "ui/Session.h"

namespace ui {

namespace {

std::vector<float> probabilitiesOf(const scene::Values& values) {
  return analysis::classProbabilities(*values.network, values.of(values.network->outputs().front()));
}

QString sentence(const std::string& text) {
  QString result = QString::fromStdString(text);
  if (!result.isEmpty()) result[0] = result[0].toUpper();
  return result + u'.';
}

}  // namespace

bool Session::upToDate() const {
  return !m_soon.isActive() && !m_inference.isRunning() && !m_inferAgain;
}

QString Session::whyNoAnswer() const {
  if (!m_live) return {};
  if (!m_unread.isEmpty()) return sentence(m_unread.toStdString()) + u' ' + tr("What is computed here is not the network's answer.");
  if (const std::string why = analysis::whyNoClass(*network()); !why.empty()) return sentence(why);
  if (m_values && !blank() && probabilitiesOf(*m_values).empty()) return tr("Its outputs are no finite numbers.");
  return {};
}

std::vector<float> Session::probabilities() const {
  if (!m_values || blank() || !m_unread.isEmpty()) return {};
  return probabilitiesOf(*m_values);
}

bool Session::refusesTraining() {
  if (m_unread.isEmpty()) return false;
  tell({Message::Kind::Failure,
        {m_modelTitle.toStdString(), tr("It is not trained: %1").arg(m_unread).toStdString(),
         tr("Trained, it would become another network than the file's. Export it without these operators, or open another one.")
             .toStdString()},
        {},
        {}});
  return true;
}

bool Session::refusesSaving(const QString& path) {
  if (m_unread.isEmpty() || !QFileInfo::exists(path) || QFileInfo(path) != QFileInfo(m_modelName)) return false;
  tell({Message::Kind::Failure,
        {m_modelTitle.toStdString(), tr("Not saved over the original: %1").arg(m_unread).toStdString(),
         tr("The file would lack them. Choose another name.").toStdString()},
        {},
        {}});
  return true;
}

Message Session::savedMessage(const QString& path) {
  const std::string where = QDir::toNativeSeparators(path).toStdString();
  if (m_unread.isEmpty()) return {Message::Kind::Info, {where, tr("Saved").toStdString(), ""}, {}, {}};
  return {Message::Kind::Warning,
          {where, tr("Saved without what could not be read: %1").arg(m_unread).toStdString(),
           tr("The file is not the network that was opened.").toStdString()},
          {},
          {}};
}

}  // namespace ui
