#include "ui/panels/training/RunPageContent.h"

#include <algorithm>

#include "tasks/ClassNames.h"
#include "ui/base/ColorPicture.h"
#include "ui/panels/training/CurvePicture.h"

namespace ui {

namespace {

constexpr std::size_t kMostMistakes = 36;

}  // namespace

cli::RunPage runPageOf(Workbench& workbench, const CurvesView& curves) {
  const KeptRun& run = workbench.training().run();
  const ModelSlot& model = workbench.model();
  cli::RunPage page;
  page.title = model.title;
  page.network = model.name;
  page.shipped = workbench.models().knows(model.name);
  page.parameters = model.network()->parameterCount();
  page.task = tasks::taskOf(*model.network()).id;
  page.log = run.log;
  page.metrics = run.metrics;
  page.curvesSvg = curvesPicture(curves, true);
  page.startsTrained = model.startFrom == StartFrom::Trained;
  if (!run.snapshot) return page;
  page.step = run.snapshot->step;
  page.epoch = run.snapshot->epoch;
  page.seconds = run.snapshot->elapsedSeconds;
  if (run.snapshot->evaluation) page.validation = *run.snapshot->evaluation;
  page.validationStep = run.snapshot->evaluationStep;
  if (run.data.train) page.classNames = run.data.train->classNames;
  return page;
}

void addImages(cli::RunPage& page, const data::DataSplit& data, const QString& source) {
  if (!data.train) return;
  page.data = io::describeData(source, data);
  if (!page.validation || !data.validation || page.validation->answers.size() != data.validation->count()) return;
  const auto nameOf = [&](std::size_t number) {
    return number < page.classNames.size() ? QString::fromStdString(page.classNames[number]) : QString::number(number);
  };
  for (std::size_t i = 0; i < data.validation->count() && page.mistakes.size() < kMostMistakes; ++i) {
    const std::size_t label = data.validation->labels[i], answer = page.validation->answers[i];
    if (label != answer) page.mistakes.push_back({imageAt(*data.validation, i), nameOf(label), nameOf(answer)});
  }
}

}  // namespace ui
