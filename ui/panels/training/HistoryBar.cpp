#include "ui/panels/training/HistoryBar.h"

#include <algorithm>

#include <QLabel>
#include <QLayout>
#include <QSlider>
#include <QToolButton>

#include "ui/app/LookingBack.h"
#include "ui/base/Icons.h"
#include "ui/base/JumpSlider.h"
#include "ui/base/Numbers.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {
constexpr int kPictureMs = 40, kFilmMs = 10000;
constexpr int kShortestSliderPx = 80;
}  // namespace

HistoryBar::HistoryBar(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      m_workbench(workbench),
      m_film(named("historyFilm", new QToolButton(this))),
      m_branch(named("historyBranch", new QToolButton(this))),
      m_now(named("historyNow", new QToolButton(this))),
      m_slider(named("historySlider", new JumpSlider(Qt::Horizontal, this))),
      m_text(named("historyText", new QLabel(this))) {
  setObjectName("historyBar");
  rowOf(this, {}, 8, {m_film, {m_slider, 1}, m_text, m_branch, m_now});
  m_film->setAccessibleName(tr("Play the training as a film"));
  m_slider->setAccessibleName(tr("Moments of the training"));
  m_slider->setToolTip(tr("The training so far: move it back to see the network as it was"));
  m_branch->setText(tr("Train on from here"));
  m_branch->setToolTip(tr("Begins a second run at this step, with the settings as they are now: its curves are drawn over those so far"));
  m_now->setText(tr("Back to now"));
  m_now->setToolTip(tr("The network as it is at the end of the training so far"));
  m_pictures.setInterval(kPictureMs);
  connect(&m_pictures, &QTimer::timeout, this, &HistoryBar::nextPicture);
  connect(m_film, &QToolButton::clicked, this, &HistoryBar::toggleFilm);
  connect(m_slider, &QSlider::valueChanged, this, &HistoryBar::moved);
  connect(m_branch, &QToolButton::clicked, this, &HistoryBar::branch);
  connect(m_now, &QToolButton::clicked, this, [this] { m_workbench.training().lookBack().toNow(); });
  TrainingController& training = m_workbench.training();
  connect(&training, &TrainingController::snapshotChanged, this, &HistoryBar::present);
  connect(&training, &TrainingController::cleared, this, &HistoryBar::present);
  connect(&training.lookBack(), &LookBack::moved, this, &HistoryBar::present);
  present();
}

void HistoryBar::setTheme(const Theme& theme) {
  m_theme = theme;
  setStyleSheet(QStringLiteral("#historyBranch, #historyNow { background: %1; border: 1px solid %2; border-radius: 6px; padding: 2px 8px; }"
                               "#historyBranch:hover, #historyNow:hover { background: %3; }"
                               "#historyBranch:focus, #historyNow:focus { border-color: %4; }")
                    .arg(theme.raised.name(), theme.line.name(), mix(theme.raised, theme.text, 0.08).name(), theme.accent.name()));
  present();
}

void HistoryBar::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  present();
}

QString HistoryBar::text() const {
  const TrainingController& training = m_workbench.training();
  const train::Snapshot* now = training.snapshot();
  if (!now) return {};
  const train::Moment* moment = training.lookBack().moment();
  if (!moment) return tr("Now: step %1").arg(countText(now->step));
  return tr("Step %1 of %2, epoch %3").arg(countText(moment->step), countText(now->step)).arg(moment->epoch, 0, 'f', 2);
}

void HistoryBar::present() {
  const TrainingController& training = m_workbench.training();
  const auto moments = training.run().moments;
  const train::Moment* moment = training.lookBack().moment();
  setVisible(moments && moments->size() > 1);
  if (isHidden()) return m_pictures.stop();
  const int end = int(moments->size());  // one behind the last moment: now
  const auto found =
      moment ? std::find_if(moments->begin(), moments->end(), [&](const train::Moment& each) { return each.step == moment->step; })
             : moments->end();
  {
    const QSignalBlocker silent(m_slider);
    m_slider->setRange(0, end);
    m_slider->setPageStep(std::max(1, end / 10));
    m_slider->setValue(int(found - moments->begin()));
  }
  m_text->setText(text());
  m_slider->setAccessibleDescription(text());
  colorWords(*m_text, moment ? m_theme.accent : m_theme.muted);
  m_branch->setVisible(moment);
  m_now->setVisible(moment);
  // In a narrow panel the words give way, then what the slider's end does as well.
  const auto fits = [&](bool words, bool now) {
    int needed = m_film->sizeHint().width() + kShortestSliderPx + 4 * layout()->spacing();
    if (words) needed += m_text->sizeHint().width();
    if (moment) needed += m_branch->sizeHint().width() + (now ? m_now->sizeHint().width() : 0);
    return needed <= width();
  };
  m_text->setVisible(fits(true, true));
  if (moment) m_now->setVisible(fits(false, true));
  const bool plays = m_pictures.isActive();
  m_film->setIcon(icon(plays ? Icon::Pause : Icon::Play, m_theme));
  m_film->setToolTip(plays ? tr("Stop the film here") : tr("Play the training so far as a film"));
}

void HistoryBar::moved(int place) {
  const auto moments = m_workbench.training().run().moments;
  LookBack& lookBack = m_workbench.training().lookBack();
  place < int(moments->size()) ? lookBack.at((*moments)[std::size_t(place)]) : lookBack.toNow();
}

void HistoryBar::branch() {
  if (const train::Moment* moment = m_workbench.training().lookBack().moment()) branchFrom(m_workbench, *moment);
}

void HistoryBar::toggleFilm() {
  if (m_pictures.isActive()) {
    m_pictures.stop();
  } else {
    if (m_slider->value() == m_slider->maximum()) moved(0);
    m_pictures.start();
  }
  present();
}

// So many moments further that the whole takes as long as it should, be they many or few.
void HistoryBar::nextPicture() {
  const int step = std::max(1, m_slider->maximum() * kPictureMs / kFilmMs);
  const int next = std::min(m_slider->maximum(), m_slider->value() + step);
  if (next == m_slider->maximum()) m_pictures.stop();
  m_slider->setValue(next);
}

}  // namespace ui
