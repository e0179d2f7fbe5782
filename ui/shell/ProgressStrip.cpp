#include "ui/shell/ProgressStrip.h"

#include <algorithm>

#include <QCoreApplication>
#include <QEvent>
#include <QLabel>
#include <QMenuBar>
#include <QProgressBar>
#include <QPushButton>
#include <QResizeEvent>

#include "ui/base/Jobs.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {
constexpr int kMarginPx = 8, kSpacingPx = 8;
constexpr int kBarPx = 160, kLeastBarPx = 24;
constexpr int kLeastTitlePx = 64;
}  // namespace

ProgressStrip::ProgressStrip(Jobs& jobs, QWidget* parent)
    : QWidget(parent), m_jobs(jobs), m_title(new QLabel(this)), m_bar(new QProgressBar(this)), m_cancel(new QPushButton(this)) {
  setObjectName("progressStrip");
  m_title->setTextFormat(Qt::PlainText);
  m_bar->setTextVisible(false);
  m_cancel->setStyleSheet(QStringLiteral("QPushButton { padding: 1px 12px; }"));  // as high as the menus beside it
  m_cancel->setAccessibleName(tr("Cancel"));
  rowOf(this, {kMarginPx, 0, kMarginPx, 0}, kSpacingPx, {m_title, m_bar, m_cancel});
  connect(&m_jobs, &Jobs::changed, this, &ProgressStrip::refresh);
  connect(m_cancel, &QPushButton::clicked, &m_jobs, &Jobs::cancel);
  hide();
}

QMenuBar* ProgressStrip::menuBar() const {
  return qobject_cast<QMenuBar*>(parentWidget()->parentWidget());
}

void ProgressStrip::refresh() {
  setVisible(m_jobs.busy());
  makeRoom();
  if (!m_jobs.busy()) return;
  const double share = m_jobs.share();
  m_bar->setRange(0, share < 0 ? 0 : 100);
  if (share >= 0) m_bar->setValue(int(share * 100));
}

bool ProgressStrip::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize && watched == menuBar()) makeRoom();
  return QWidget::eventFilter(watched, event);
}

void ProgressStrip::fitInto(int roomPx) {
  const QString title = m_jobs.title();
  m_cancel->setText(tr("Cancel"));
  int room = roomPx - 2 * kMarginPx - m_cancel->sizeHint().width();
  if (room < kSpacingPx + kBarPx) {
    m_cancel->setText(QStringLiteral("\u00d7"));
    room = roomPx - 2 * kMarginPx - m_cancel->sizeHint().width();
  }
  const int bar = std::clamp(room - kSpacingPx, 0, kBarPx), words = room - 2 * kSpacingPx - bar;
  m_bar->setFixedWidth(std::max(bar, kLeastBarPx));
  m_bar->setVisible(bar >= kLeastBarPx);
  m_title->setText(m_title->fontMetrics().elidedText(title, Qt::ElideMiddle, std::max(words, 0)));
  m_title->setVisible(words >= std::min(kLeastTitlePx, m_title->fontMetrics().horizontalAdvance(title)));
  const QString whole = m_title->isVisibleTo(this) && m_title->text() == title ? QString() : title;
  for (QWidget* part : {static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_bar)}) part->setToolTip(whole);
  m_cancel->setToolTip(whole.isEmpty() ? QString() : tr("Cancel: %1").arg(whole));
}

void ProgressStrip::resizeCorner(const QWidget& corner) {
  auto* bar = qobject_cast<QMenuBar*>(corner.parentWidget());
  if (!bar) return;
  QResizeEvent again(bar->size(), bar->size());
  QCoreApplication::sendEvent(bar, &again);
}

void ProgressStrip::makeRoom() {
  QMenuBar* bar = menuBar();
  if (!bar) return;
  bar->installEventFilter(this);
  QWidget* corner = parentWidget();
  const QSize before = corner->size();
  if (m_jobs.busy()) {
    corner->layout()->activate();
    const int others = bar->sizeHint().width() - (isVisibleTo(corner) ? sizeHint().width() : 0);  // the menus, and what stands beside it
    fitInto(bar->width() - others);
  }
  layout()->activate();
  corner->layout()->activate();
  if (corner->sizeHint() == before) return;
  bar->removeEventFilter(this);
  resizeCorner(*corner);
  bar->installEventFilter(this);
}

}  // namespace ui
