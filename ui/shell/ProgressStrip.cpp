#include "ui/shell/ProgressStrip.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenuBar>
#include <QProgressBar>
#include <QPushButton>
#include <QResizeEvent>

#include "ui/base/Jobs.h"

namespace ui {

ProgressStrip::ProgressStrip(Jobs& jobs, QWidget* parent)
    : QWidget(parent),
      m_jobs(jobs),
      m_title(new QLabel(this)),
      m_bar(new QProgressBar(this)),
      m_cancel(new QPushButton(tr("Cancel"), this)) {
  setObjectName("progressStrip");
  m_bar->setFixedWidth(160);
  m_bar->setTextVisible(false);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(8, 2, 8, 2);
  row->setSpacing(8);
  row->addWidget(m_title);
  row->addWidget(m_bar);
  row->addWidget(m_cancel);
  connect(&m_jobs, &Jobs::changed, this, &ProgressStrip::refresh);
  connect(m_cancel, &QPushButton::clicked, &m_jobs, &Jobs::cancel);
  hide();
}

void ProgressStrip::refresh() {
  if (m_jobs.busy()) m_title->setText(m_jobs.title());
  setVisible(m_jobs.busy());
  if (parentWidget()->sizeHint() != parentWidget()->size()) makeRoom();
  if (!m_jobs.busy()) return;
  const double share = m_jobs.share();
  m_bar->setRange(0, share < 0 ? 0 : 100);
  if (share >= 0) m_bar->setValue(int(share * 100));
}

// A menu bar gives its corner the width it had when it was shown.
void ProgressStrip::makeRoom() {
  auto* bar = qobject_cast<QMenuBar*>(parentWidget()->parentWidget());
  if (!bar) return;
  parentWidget()->layout()->activate();
  QResizeEvent again(bar->size(), bar->size());
  QCoreApplication::sendEvent(bar, &again);
}

}  // namespace ui
