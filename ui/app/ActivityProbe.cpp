#include "ui/app/ActivityProbe.h"

#include <QtConcurrentRun>

#include "data/InputPipeline.h"
#include "data/StrokeDigits.h"
#include "tasks/ClassNames.h"
#include "tasks/Task.h"
#include "ui/app/Workbench.h"
#include "ui/base/Timers.h"

namespace ui {
namespace {

constexpr int kProbeSoonMs = 150;
constexpr int kTrainingMs = 2000;
constexpr std::uint64_t kSeed = 11;

bool isOfItsClasses(const nn::Network& network, const data::Dataset& set) {
  return tasks::classCount(network) == int(set.classNames.size()) && tasks::keptClassNames(network, set).empty();
}

}  // namespace

ActivityProbe::ActivityProbe(Workbench& workbench, QObject* parent) : QObject(parent), m_workbench(workbench) {
  runOnce(m_soon, 0, this, &ActivityProbe::begin);
  connect(&m_watcher, &QFutureWatcher<Activity>::finished, this, &ActivityProbe::finish);
  connect(&workbench, &Workbench::networkChanged, this, &ActivityProbe::changed);
  connect(&workbench, &Workbench::parametersChanged, this, &ActivityProbe::changed);
  connect(&workbench.library(), &DatasetCatalog::changed, this, &ActivityProbe::changed);
  changed();
}

ActivityProbe::~ActivityProbe() {
  m_canceled = true;
  m_watcher.disconnect(this);
  m_watcher.waitForFinished();
}

void ActivityProbe::changed() {
  m_due = true;
  if (!m_soon.isActive() && !m_watcher.isRunning()) m_soon.start(m_workbench.training().running() ? kTrainingMs : kProbeSoonMs);
}

void ActivityProbe::begin() {
  m_due = false;
  const auto network = m_workbench.network();
  const auto parameters = m_workbench.parameters();
  const int count = network && parameters ? analysis::affordablePictures(*network, kPictures) : 0;
  if (count == 0 || Jobs::whyNoThread()) return;  // then nothing is marked
  const data::DataSplit& split = m_workbench.library().split();
  const auto source = split.validation && split.validation->count() > 0 ? split.validation : split.test;
  if (!m_samples || m_samples->source != source) {
    m_samples = std::make_shared<Samples>();
    m_samples->source = source;
  }
  m_watcher.setFuture(QtConcurrent::run([this, network, parameters, count, samples = m_samples]() -> Activity {
    try {
      if (!samples->set) samples->set = samples->source ? samples->source : data::generateStrokeDigits(kPictures, kSeed);
      const data::Dataset& set = *samples->set;
      const std::size_t used = std::min(set.count(), std::size_t(count));
      const data::InputPipeline pipeline(*network);
      const auto write = [&](std::size_t i, std::span<float> values) {
        pipeline.write(set.image(i * set.count() / used), set.shape, values);
      };
      return analysis::activityOf(network, *parameters, used, write, [this] { return !m_canceled.load(); });
    } catch (const std::exception&) {
      return nullptr;  // too little memory: then nothing is marked
    }
  }));
}

void ActivityProbe::finish() {
  const Activity activity = m_watcher.result();
  if (activity && activity->network == m_workbench.network()) {
    emit found(activity);
    const bool known = m_samples->source && isOfItsClasses(*activity->network, *m_samples->source);
    emit calibrated(activity->network, known ? tasks::EnergyCalibration(activity->energies) : tasks::EnergyCalibration());
  }
  if (m_due) changed();
}

}  // namespace ui
