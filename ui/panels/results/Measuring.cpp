#include "ui/panels/results/Measuring.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <QObject>

#include "analysis/Answer.h"
#include "nn/MemoryPlan.h"
#include "tasks/Task.h"
#include "train/Trainer.h"
#include "train/WorkerPool.h"
#include "ui/base/Jobs.h"

namespace ui {

void startMeasuring(Jobs& jobs, const std::shared_ptr<const nn::Network>& network,
                    const std::shared_ptr<const std::vector<float>>& parameters, const std::shared_ptr<const data::Dataset>& images,
                    const std::function<void(const std::shared_ptr<const train::Evaluation>&)>& then) {
  const auto work = [network, parameters, images, then](const data::Progress& progress) -> Jobs::Finish {
    const int threads = train::resolveThreads(-1);  // one is the window's
    const double whole = std::max(1.0, double(images->count()) / nn::kLanes);
    double asked = 0;  // one of the threads asks, before each of its blocks
    const auto goesOn = [&] { return progress(std::min(1.0, asked++ * threads / whole)); };
    const tasks::ObjectiveSettings settings(tasks::taskOf(*network).usualLoss(*network));
    auto evaluation =
        std::make_shared<const train::Evaluation>(train::evaluate(network, *parameters, *images, threads, 0, settings, goesOn));
    if (evaluation->count < images->count()) return {};
    return [then, evaluation = std::move(evaluation)] { then(evaluation); };
  };
  jobs.start(QObject::tr("Measuring on %1").arg(QString::fromStdString(images->name)), work, Jobs::Lane::Measuring);
}

QStringList namesOfRows(const nn::Network& network, const data::Dataset& images, std::size_t classes) {
  std::vector<std::string> names = analysis::answerNames(network, classes);
  const bool ofImages = network.spec().classNames.empty() && tasks::taskOf(network).id == "classify";
  for (std::size_t i = 0; ofImages && i < std::min(classes, images.classNames.size()); ++i) names[i] = images.classNames[i];
  QStringList result;
  for (const std::string& name : names) result << QString::fromStdString(name);
  return result;
}

}  // namespace ui
