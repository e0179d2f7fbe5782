#include "ui/shell/Farewell.h"

#include <QMessageBox>
#include <QPushButton>

#include "ui/base/Timers.h"
#include "ui/base/Widgets.h"
#include "ui/scene/Recorder.h"

namespace ui {

namespace {
constexpr int kToldAfterMs = 300;
}  // namespace

Farewell::Farewell(Jobs& jobs, Recorder& recorder, QWidget& window)
    : QObject(&window), m_jobs(jobs), m_recorder(recorder), m_window(window) {
  runOnce(m_patience, kToldAfterMs, this, &Farewell::ask);
  connect(&m_jobs, &Jobs::changed, this, &Farewell::follow);
  connect(&m_jobs, &Jobs::failed, this, [this](const nn::Issue&, Jobs::Lane lane) {
    if (Jobs::writes(lane)) stay();
  });
  connect(&m_recorder, &Recorder::failed, this, &Farewell::stay);
  connect(&m_recorder, &Recorder::saved, this, &Farewell::follow);
  connect(&m_recorder, &Recorder::dropped, this, &Farewell::follow);
}

QString Farewell::writing() const {
  const QString titles = m_jobs.writing();
  return titles.isEmpty() && m_recorder.finishing() ? tr("Finishing the film") : titles;  // it ends after the job that shows it
}

bool Farewell::holds() {
  m_recorder.stop();
  if (m_givenUp || writing().isEmpty()) return false;
  if (m_box) m_box->raise();
  if (!m_waits) m_patience.start();
  m_waits = true;
  return true;
}

void Farewell::stay() {
  if (!m_waits) return;
  m_waits = false;
  m_patience.stop();
  if (m_box) m_box->deleteLater();
  emit stays();
}

void Farewell::follow() {
  if (!m_waits) return;
  const QString titles = writing();
  if (titles.isEmpty()) return close();
  if (m_box) m_box->setText(titles);
}

void Farewell::close() {
  m_waits = false;
  m_patience.stop();
  if (m_box) m_box->deleteLater();
  // After the box is gone: a window is not closed beneath it.
  QMetaObject::invokeMethod(&m_window, &QWidget::close, Qt::QueuedConnection);
}

void Farewell::ask() {
  m_box =
      named("stillWriting", new QMessageBox(QMessageBox::Information, tr("Still writing"), writing(), QMessageBox::NoButton, &m_window));
  m_box->setTextFormat(Qt::PlainText);
  m_box->setInformativeText(tr("ConvScope quits as soon as this is written."));
  QPushButton* without = m_box->addButton(tr("&Quit without it"), QMessageBox::DestructiveRole);
  QPushButton* keep = m_box->addButton(tr("&Do not quit"), QMessageBox::RejectRole);
  m_box->setDefaultButton(keep);
  m_box->setAttribute(Qt::WA_DeleteOnClose);
  connect(m_box, &QMessageBox::buttonClicked, this, [this, without](QAbstractButton* button) {
    if (button != without) return stay();
    m_givenUp = true;
    m_jobs.cancelWriting();
    if (m_waits) close();
  });
  m_box->open();
}

}  // namespace ui
