#include "ui/panels/results/MomentMeter.h"

#include <exception>
#include <utility>

#include <QtConcurrent>

#include "tasks/Task.h"
#include "train/Trainer.h"
#include "ui/base/Jobs.h"

namespace ui {

MomentMeter::MomentMeter(QObject* parent) : QObject(parent) {
  connect(&m_watcher, &QFutureWatcher<Evaluation>::finished, this, &MomentMeter::finish);
}

MomentMeter::~MomentMeter() {
  cancel();
  m_watcher.disconnect(this);
  m_watcher.waitForFinished();
}

void MomentMeter::measure(const Measured& what, std::uint64_t step) {
  if (m_step == step && m_what.network == what.network && m_what.parameters == what.parameters) return;
  m_what = what;
  m_step = step;
  if (m_canceled) *m_canceled = true;
  if (m_watcher.isRunning())
    m_waits = true;
  else
    begin();
}

void MomentMeter::cancel() {
  m_step.reset();
  m_what = {};
  m_waits = false;
  if (m_canceled) *m_canceled = true;
}

void MomentMeter::begin() {
  m_waits = false;
  if (Jobs::whyNoThread()) return;
  m_canceled = std::make_shared<std::atomic<bool>>(false);
  m_running = *m_step;
  const auto pass = [what = m_what, canceled = m_canceled]() -> Evaluation {
    try {
      const tasks::ObjectiveSettings settings(tasks::taskOf(*what.network).usualLoss(*what.network));
      const int allButOne = -1;
      return std::make_shared<const train::Evaluation>(
          train::evaluate(what.network, *what.parameters, *what.images, allButOne, 0, settings, [&canceled] { return !canceled->load(); }));
    } catch (const std::exception&) {
      return nullptr;  // too little memory: what is shown stays
    }
  };
  m_watcher.setFuture(QtConcurrent::run(&Jobs::threads(), pass));
}

void MomentMeter::finish() {
  const Evaluation evaluation = m_watcher.result();
  if (m_step == m_running && !*m_canceled && evaluation && evaluation->count == m_what.images->count()) {
    Measured what = m_what;
    what.evaluation = evaluation;
    emit measured(what, m_running);
  }
  if (m_waits && m_step) begin();
}

}  // namespace ui
