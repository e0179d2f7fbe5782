#include "ui/shell/AnswerPresenter.h"

#include <optional>
#include <utility>

#include <QStringList>

#include "analysis/Answer.h"
#include "analysis/Assumptions.h"
#include "tasks/EnergyScore.h"
#include "ui/app/PictureAnswer.h"
#include "ui/app/Workbench.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/NetworkInputView.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/panels/prediction/ProbabilityBars.h"
#include "ui/shell/MessageStrip.h"

namespace ui {

AnswerPresenter::AnswerPresenter(const Parts& parts) : m_parts(parts) {
  const DrawingPad* pad = m_parts.pad.pad();
  LiveInference& inference = m_parts.workbench.inference();
  connect(pad, &DrawingPad::inkChanged, this, [this, pad, &inference] {
    inference.setDrawing(pad->drawing());
    showTruth();
  });
  connect(pad, &DrawingPad::edited, this, [this, pad](const DrawingPad::Content& before) {
    const bool drawnOver = before.source && before.source->colors && !pad->content().source && !pad->isEmpty();
    if (drawnOver && m_parts.workbench.model().takesColors())
      m_parts.workbench.tell(Message::of(Message::Kind::Info, {},
                                         tr("The network is given the ink alone now: what is drawn on has no colors"),
                                         tr("Undo brings the colors back.")));
  });
  connect(&m_parts.pad, &PadPanel::randomRequested, this,
          [this] { putSample(randomSample(m_parts.workbench.library().split(), m_parts.workbench.model().takesColors(), 280)); });
  connect(&m_parts.workbench, &Workbench::networkChanged, this, &AnswerPresenter::showNetwork);
  connect(&inference, &LiveInference::valuesChanged, this, &AnswerPresenter::showAnswer);
  connect(&inference, &LiveInference::drawingChanged, this, &AnswerPresenter::showReceived);
  connect(&inference, &LiveInference::slowlyComputing, this, [this, &inference] {
    if (inference.blank() || !inference.whyNoAnswer().isEmpty()) return;
    m_parts.answer.setInvitation(tr("Computing ..."));
    m_parts.answer.clear();  // the answer to the drawing before is none to this one
  });
}

void AnswerPresenter::putPicture(const data::Picture& picture, const QString& name) {
  m_parts.pad.pad()->setInk(picture.ink, picture.colors);
  if ((picture.colors && m_parts.workbench.model().takesColors()) || data::hasInk(picture.ink)) return;
  const Message message = Message::of(Message::Kind::Warning, name, tr("It shows no ink"),
                                      tr("A drawing is darker or lighter than its paper; this picture is one even surface."));
  m_parts.workbench.tell(message);
  auto* standing = new QObject(this);
  connect(&m_parts.workbench.inference(), &LiveInference::drawingChanged, standing, [this, issue = message.issue, standing] {
    if (m_parts.workbench.inference().blank()) return;
    m_parts.messages.dismiss(issue);
    standing->deleteLater();
  });
}

void AnswerPresenter::putSample(const Sample& sample) {
  putPicture(sample.picture, sample.origin);
  m_samples.remember(m_parts.pad.pad()->drawing(), sample.known);
  showTruth();
}

// Once the answer is to the picture on the pad. A class of the data is the network's of the same name; of a network without names, that of
// its number.
void AnswerPresenter::showTruth() {
  const std::optional<KnownClass> known =
      m_parts.workbench.inference().upToDate() ? m_samples.find(m_parts.workbench.inference().drawing()) : std::nullopt;
  if (!known || !m_parts.workbench.network()) return m_parts.answer.setTruth(std::nullopt);
  const nn::Network& network = *m_parts.workbench.network();
  const QStringList& names = known->classNames;
  const bool same = analysis::classCount(network) == int(names.size());
  const bool named = !network.spec().classNames.empty();
  const QString name = names.value(known->label, QString::number(known->label));
  int output = same && !named ? known->label : -1;
  for (int i = 0; (named || same) && i < analysis::classCount(network); ++i)
    if (QString::fromStdString(analysis::className(network, i)).compare(name, Qt::CaseInsensitive) == 0) output = i;
  m_parts.answer.setTruth(ProbabilityBars::Truth{output, name});
}

QString AnswerPresenter::invitation() const {
  return m_parts.workbench.network() ? QString::fromStdString(analysis::invitation(*m_parts.workbench.network())) : tr("Draw something");
}

void AnswerPresenter::showNetwork() {
  if (!m_parts.workbench.network()) return;
  const nn::Network& network = *m_parts.workbench.network();
  QStringList names;
  for (int i = 0; i < analysis::classCount(network); ++i) names << QString::fromStdString(analysis::className(network, i));
  m_parts.answer.setClassNames(names);
  m_parts.pad.pad()->setInvitation(invitation());
  const std::optional<float> around = m_parts.workbench.model().runner->pipeline().lightAround();
  m_parts.pad.pad()->setShowsColors(m_parts.workbench.model().takesColors(),
                                    around ? QColor::fromRgbF(*around, *around, *around) : QColor());
  showAnswer();
}

// Apart from the values: what the network receives stays while only its weights change.
void AnswerPresenter::showReceived() {
  const LiveInference& inference = m_parts.workbench.inference();
  const data::Picture& received = inference.received();
  m_parts.received.setPrepared(inference.drawing().ink, inference.prepared(), received.ink, received.colors.get());
  if (!inference.upToDate() && inference.probabilities().empty()) showAnswer();  // that to nothing is none to a drawing
}

// What the answer rests on, the drawing first.
QString AnswerPresenter::answerNote() const {
  if (!m_parts.workbench.network()) return {};
  const ModelSlot& model = m_parts.workbench.model();
  QStringList notes;
  if (model.isUntrained()) notes << tr("Untrained: the weights are random, and so is the answer.");
  const LiveInference& inference = m_parts.workbench.inference();
  if (const std::string unusual = tasks::unusualText(inference.familiarity()); !unusual.empty()) notes << QString::fromStdString(unusual);
  if (!inference.drawing().colors || !model.takesColors())
    for (const std::string& note : inference.prepared().notes) notes << QString::fromStdString(note);
  for (const std::string& note : analysis::answerAssumptions(*model.network(), model.unread.isEmpty()))
    notes << QString::fromStdString(note);
  for (const std::string& note : model.runner->pipeline().assumptions()) notes << QString::fromStdString(note);
  return notes.join(u' ');
}

void AnswerPresenter::showAnswer() {
  const LiveInference& inference = m_parts.workbench.inference();
  const bool noInk = inference.blank() && !m_parts.pad.pad()->isEmpty(), computing = !inference.blank();
  m_parts.answer.setInvitation(noInk ? tr("No ink to be seen") : computing ? tr("Computing ...") : invitation());
  if (const QString why = inference.whyNoAnswer(); !why.isEmpty())
    m_parts.answer.setNoAnswer(why);
  else if (std::optional<PictureAnswer> pictures = pictureAnswer(m_parts.workbench))
    m_parts.answer.setPictures(std::move(*pictures));
  else if (inference.blank())
    m_parts.answer.clear();
  else
    m_parts.answer.setProbabilities(inference.probabilities(), inference.familiarity());
  m_parts.answer.setNote(answerNote());
  showTruth();
}

}  // namespace ui
