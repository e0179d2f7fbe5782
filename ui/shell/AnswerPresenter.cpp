// The window's answer panel: what the network says of the picture on the pad, and what is known of that picture.
#include "analysis/Answer.h"
#include "analysis/Assumptions.h"
#include "ui/app/PictureAnswer.h"
#include "ui/model/RandomSample.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/panels/prediction/ProbabilityBars.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/MessageStrip.h"

namespace ui {

void MainWindow::putPicture(const data::Picture& picture, const QString& name) {
  m_pad->pad()->setInk(picture.ink, picture.colors);
  if ((picture.colors && m_workbench.model().takesColors()) || !data::prepare(m_pad->pad()->ink()).empty) return;
  const nn::Issue issue{name.toStdString(), tr("It shows no ink").toStdString(),
                        tr("A drawing is darker or lighter than its paper; this picture is one even surface.").toStdString()};
  m_workbench.tell({Message::Kind::Warning, issue, {}, {}});
  auto* standing = new QObject(m_messages);
  connect(&m_workbench.inference(), &LiveInference::drawingChanged, standing, [this, issue, standing] {
    if (m_workbench.inference().blank()) return;
    m_messages->dismiss(issue);
    standing->deleteLater();
  });
}

void MainWindow::putSample() {
  const Sample sample = randomSample(m_workbench.library().split(), m_workbench.model().takesColors(), 280);
  putPicture(sample.picture, sample.origin);
  m_samples.remember({m_pad->pad()->ink(), m_pad->pad()->colors()}, sample.known);
  showTruth();
}

// Once the answer is to the picture on the pad. The network's classes are the data set's where there are as many of the same names.
void MainWindow::showTruth() {
  const std::optional<KnownClass> known =
      m_workbench.inference().upToDate() ? m_samples.find(m_workbench.inference().drawing()) : std::nullopt;
  if (!known || !m_workbench.network()) return m_answer->setTruth(std::nullopt);
  const nn::Network& network = *m_workbench.network();
  const QStringList& names = known->classNames;
  bool same = analysis::classCount(network) == int(names.size());
  const bool named = !network.spec().classNames.empty();
  for (int i = 0; same && named && i < int(names.size()); ++i) same = QString::fromStdString(analysis::className(network, i)) == names[i];
  const QString name = names.value(known->label, QString::number(known->label));
  m_answer->setTruth(ProbabilityBars::Truth{same ? known->label : -1, name});
}

QString MainWindow::invitation() const {
  return m_workbench.network() ? QString::fromStdString(analysis::invitation(*m_workbench.network())) : tr("Draw something");
}

void MainWindow::nameClasses() {
  const nn::Network& network = *m_workbench.network();
  m_pad->pad()->setInvitation(invitation());
  QStringList names;
  for (int i = 0; i < analysis::classCount(network); ++i) names << QString::fromStdString(analysis::className(network, i));
  m_answer->setClassNames(names);
}

// What the answer rests on.
QString MainWindow::answerNote() const {
  if (!m_workbench.network()) return {};
  const ModelSlot& model = m_workbench.model();
  QStringList notes;
  if (model.isUntrained()) notes << tr("Untrained: the weights are random, and so is the answer.");
  for (const std::string& note : analysis::answerAssumptions(*model.network())) notes << QString::fromStdString(note);
  for (const std::string& note : model.runner->pipeline().assumptions()) notes << QString::fromStdString(note);
  return notes.join(u' ');
}

void MainWindow::showAnswer() {
  const LiveInference& inference = m_workbench.inference();
  const bool noInk = inference.blank() && !m_pad->pad()->isEmpty(), computing = !inference.blank();
  m_answer->setInvitation(noInk ? tr("No ink to be seen") : computing ? tr("Computing ...") : invitation());
  if (const QString why = inference.whyNoAnswer(); !why.isEmpty())
    m_answer->setNoAnswer(why);
  else if (std::optional<PictureAnswer> pictures = pictureAnswer(m_workbench))
    m_answer->setPictures(std::move(*pictures));
  else if (inference.blank())
    m_answer->clear();
  else
    m_answer->setProbabilities(inference.probabilities());
  m_answer->setNote(answerNote());
  showTruth();
}

}  // namespace ui
