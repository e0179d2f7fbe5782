#include "ui/app/LastLayer.h"

#include "io/Model.h"
#include "tasks/ClassNames.h"
#include "tasks/NewHead.h"
#include "tasks/Task.h"
#include "ui/app/Workbench.h"

namespace ui {

namespace {

void putNewHead(Workbench& workbench, const ModelSlot& slot, const std::string& layer) {
  workbench.openSaved(slot, workbench.training().recipe(), true);
  const QString what = Workbench::tr("%1 is new, with one output for each class of the data: %2")
                           .arg(QString::fromStdString(layer), QString::fromStdString(tasks::classNamesText(*slot.network())));
  workbench.tell(Message::of(
      Message::Kind::Info, slot.title, what,
      Workbench::tr(
          "Play trains it; all before it begins with the weights that it had. To train the new layer alone, freeze the others.")));
}

// A large network takes longer to be made than the window may stand still.
void makeNewHead(Workbench& workbench) {
  const ModelSlot& before = workbench.model();
  const auto work = [&workbench, network = workbench.network(), parameters = workbench.parameters(), name = before.name,
                     title = before.title, images = workbench.library().split().train,
                     recipe = workbench.training().recipe()](const data::Progress&) -> Jobs::Finish {
    tasks::NewHead made = tasks::withNewHead(*network, *parameters, images->classNames, recipe.seed);
    ModelSlot slot{name, title};
    slot.parameters = slot.trained = std::make_shared<const std::vector<float>>(std::move(made.parameters));
    slot.classesOfData = true;
    slot.frozen = recipe.frozen;
    slot.runner = std::make_shared<InferenceRunner>(made.network, slot.parameters);
    return [&workbench, network, slot, layer = made.layer] {
      if (workbench.network() == network) putNewHead(workbench, slot, layer);
    };
  };
  workbench.jobs().start(Workbench::tr("Making the last layer anew"), work, Jobs::Lane::Models);
}

}  // namespace

bool lastLayerIsTooSmall(Workbench& workbench) {
  const auto& images = workbench.library().split().train;
  return images && workbench.network() && workbench.model().unread.isEmpty() && tasks::headOf(*workbench.network()) >= 0 &&
         int(images->classNames.size()) > tasks::classCount(*workbench.network());
}

void fitLastLayer(Workbench& workbench) {
  if (!workbench.network()) return;
  workbench.library().load([&workbench, asked = workbench.network()] {
    if (workbench.network() == asked) makeNewHead(workbench);
  });
}

}  // namespace ui
