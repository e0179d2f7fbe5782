// What the Results panel shows and says of what was measured.
#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QToolButton>

#include "scene/text/Text.h"
#include "tasks/Task.h"
#include "ui/app/Workbench.h"
#include "ui/base/Numbers.h"
#include "ui/base/PictureGrid.h"
#include "ui/base/Widgets.h"
#include "ui/panels/results/ConfusionView.h"
#include "ui/panels/results/ResultsPanel.h"

namespace ui {

namespace {

constexpr std::size_t kMostPairs = 200;

QString accuracyWords(const train::Evaluation& evaluation, bool perPixel, const QString& images) {
  const QString right = countText(evaluation.correct()), all = countText(evaluation.answerCount);
  const QString share = QString::fromStdString(scene::percent(evaluation.accuracy()));
  return perPixel ? ResultsPanel::tr("%1 of the pixels of %2 %3 images are right").arg(share, countText(evaluation.count), images)
                  : ResultsPanel::tr("%1 of %2 %3 images are right: %4").arg(right, all, images, share);
}

QString mistakesWords(std::size_t count) {
  return count == 1 ? ResultsPanel::tr("1 mistake") : ResultsPanel::tr("%1 mistakes").arg(countText(count));
}

// After a colon.
QString withinWords(QString sentence) {
  if (!sentence.isEmpty()) sentence[0] = sentence[0].toLower();
  return sentence;
}

void setTextOf(QLabel* label, const QString& text) {
  if (label->text() != text) label->setText(text);
}

}  // namespace

void ResultsPanel::setTheme(const Theme& theme) {
  m_theme = theme;
  m_view->setTheme(theme);
  m_parts.summary->setFont(theme.body);
  for (QLabel* label : {m_parts.cell, m_parts.which}) label->setFont(theme.small);
  colorWords(*m_parts.which, theme.muted);
  m_parts.cell->setMinimumHeight(2 * QFontMetrics(theme.small).lineSpacing());  // what is told there does not move what is below
  m_grid->setFont(theme.small);
}

QString ResultsPanel::whyEmpty() const {
  const std::shared_ptr<const nn::Network> network = m_workbench.network();
  if (!network) return tr("Open a network to see what it takes for what.");
  const tasks::Task& task = tasks::taskOf(*network);
  if (task.firstClass < 0)
    return tr("The network's task is %1, which names no classes: nothing is taken for anything else.")
        .arg(QString::fromStdString(task.title));
  if (!m_workbench.model().unread.isEmpty()) return tr("It is not measured: %1.").arg(m_workbench.model().unread);
  if (!m_shown)
    return tr(
        "What the network takes for what, how much of each class is right, and its most certain mistakes as pictures. "
        "Training fills this as it goes; Measure fills it now.");
  return {};
}

QString ResultsPanel::summary() const {
  if (const QString why = whyEmpty(); !why.isEmpty()) return why;
  QString text = accuracyWords(*m_shown->evaluation, tasks::taskOf(*m_shown->network).perPixel, m_shown->which);
  if (m_shown->step) return tr("%1, after step %2").arg(text, countText(*m_shown->step));
  return m_shown->parameters == m_workbench.parameters() ? text : tr("%1. The weights have changed since.").arg(text);
}

void ResultsPanel::present() {
  const QString why = whyEmpty();
  const bool measuring = m_waits || m_workbench.jobs().busy(Jobs::Lane::Measuring);
  setTextOf(m_parts.summary, summary());
  m_parts.measure->setText(measuring ? tr("Measuring ...") : tr("Measure"));
  const bool canBe = why.isEmpty() || (m_workbench.network() && m_workbench.model().unread.isEmpty() &&
                                       tasks::taskOf(*m_workbench.network()).firstClass >= 0);
  m_parts.measure->setEnabled(canBe && !measuring);
  m_parts.images->setEnabled(canBe);
  const bool there = why.isEmpty() && !m_table.isEmpty();
  m_parts.matrix->setVisible(there);
  m_parts.pictures->setVisible(there);
  m_parts.shares->setVisible(there && m_table.classes() <= ConfusionView::kMostClasses);
}

void ResultsPanel::presentMatrix() {
  const bool asCells = m_table.classes() <= ConfusionView::kMostClasses;
  m_view->setTable(m_table);
  m_view->setChosen(m_pair);
  m_view->setVisible(asCells);
  m_parts.pairs->setVisible(!asCells);
  m_parts.cell->setVisible(asCells);
  m_parts.pairs->clear();
  if (m_table.isEmpty()) return;
  if (!asCells) listPairs();
  const std::vector<ClassPair> most = m_table.mostConfused(1);
  m_view->setAccessibleDescription(
      most.empty() ? summary() : tr("%1. Most often confused: %2").arg(summary(), withinWords(m_table.words(most.front()))));
  tellRest();
}

// Of so many classes no matrix can be read: what is confused most often, and how much it is.
void ResultsPanel::listPairs() {
  for (const ClassPair& pair : m_table.mostConfused(kMostPairs)) {
    auto* item = new QListWidgetItem(
        tr("%1, taken for %2: %3 of %4")
            .arg(m_table.name(pair.label), m_table.name(pair.answer), countText(m_table.count(pair)), countText(m_table.asked(pair.label))),
        m_parts.pairs);
    item->setData(Qt::UserRole, QPoint(int(pair.label), int(pair.answer)));
    item->setToolTip(m_table.words(pair));
  }
}

void ResultsPanel::choosePair(const std::optional<ClassPair>& cell) {
  m_pair = cell;
  m_view->setChosen(cell);
  if (!cell) m_parts.pairs->clearSelection();
  presentPictures();
  tellRest();
}

void ResultsPanel::tellCell(ClassPair cell) {
  const QString words = m_table.words(cell);
  setTextOf(m_parts.cell, words);
  m_view->setAccessibleDescription(words);
}

void ResultsPanel::tellRest() {
  if (m_table.isEmpty()) return setTextOf(m_parts.cell, {});
  if (m_view->hasFocus()) return tellCell(m_view->current());
  if (m_pair) return tellCell(*m_pair);
  const std::vector<ClassPair> most = m_table.mostConfused(1);
  setTextOf(m_parts.cell, most.empty() ? QString() : tr("Most often confused: %1").arg(withinWords(m_table.words(most.front()))));
}

void ResultsPanel::presentPictures() {
  const bool perPixel = m_shown && m_shown->evaluation->answers.empty();
  m_parts.all->setVisible(m_pair && !perPixel);
  m_grid->setVisible(!perPixel);
  if (!m_shown || perPixel) {
    m_grid->setPictures(nullptr, {});
    return setTextOf(m_parts.which, perPixel ? tr("Pixels were answered, not pictures: there are none to be shown here.") : QString());
  }
  const std::vector<std::uint32_t> indices = picturesShown();
  setTextOf(m_parts.which, picturesText(indices.size()));
  const bool later = m_shown->weightsStep && m_shown->weightsStep != m_shown->step;
  m_parts.which->setToolTip(later ? tr("How certain: by the weights after step %1").arg(countText(*m_shown->weightsStep)) : QString());
  const int place = m_grid->hasFocus() ? m_grid->current() : -1;  // whoever looks at a picture goes on with it
  const std::uint32_t before = place < 0 ? 0 : m_grid->indices()[std::size_t(place)];
  m_grid->setPictures(m_shown->images, indices);
  const auto same = std::find(indices.begin(), indices.end(), before);
  if (place >= 0 && same != indices.end()) m_grid->setCurrent(int(same - indices.begin()));
}

bool ResultsPanel::areOrdered() const {
  return m_certainties && !m_certainties->empty() && !(m_pair && m_pair->isRight());
}

std::vector<std::uint32_t> ResultsPanel::picturesShown() const {
  const std::vector<std::uint16_t>& answers = m_shown->evaluation->answers;
  const std::vector<data::Label>& labels = m_shown->images->labels;
  std::vector<std::uint32_t> indices;
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (m_pair ? ClassPair{labels[i], answers[i]} == *m_pair : labels[i] != answers[i]) indices.push_back(std::uint32_t(i));
  const auto moreCertain = [this](std::uint32_t a, std::uint32_t b) { return (*m_certainties)[a] > (*m_certainties)[b]; };
  if (areOrdered()) std::stable_sort(indices.begin(), indices.end(), moreCertain);
  return indices;
}

QString ResultsPanel::picturesText(std::size_t count) const {
  if (m_pair && m_pair->isRight()) return tr("%1, recognized: %2").arg(m_table.name(m_pair->label), countText(count));
  QString words = mistakesWords(count);
  if (m_pair) words = tr("%1, taken for %2: %3").arg(m_table.name(m_pair->label), m_table.name(m_pair->answer), words);
  if (count < 2) return words;
  return areOrdered() ? tr("%1, the most certain first").arg(words) : m_finder.busy() ? tr("%1, being put in order ...").arg(words) : words;
}

QString ResultsPanel::captionOf(std::size_t index) const {
  const std::size_t label = m_shown->images->labels[index], answer = m_shown->evaluation->answers[index];
  if (label == answer) return tr("%1, recognized").arg(m_table.name(label));
  const float certainty = m_certainties && index < m_certainties->size() ? (*m_certainties)[index] : -1.0f;
  const QString words = tr("%1, taken for %2").arg(m_table.name(label), m_table.name(answer));
  return certainty < 0 ? words : words + u'\n' + QString::fromStdString(scene::probabilityPercent(certainty, int(m_table.classes())));
}

}  // namespace ui
