#include "ui/model/ModelCatalog.h"

#include <algorithm>
#include <utility>

#include <QFileInfo>

#include "io/FileNames.h"
#include "scene/ShowingMemory.h"

namespace ui {

ModelCatalog::ModelCatalog(Jobs& jobs, QObject* parent) : QObject(parent), m_jobs(jobs) {
  const std::vector<QString> trained = io::shippedModels();
  const auto entry = [&](const nn::NetworkSpec& spec, bool published) {
    const QString name = QString::fromStdString(spec.name);
    return ShippedNetwork{name, spec.title.empty() ? name : QString::fromStdString(spec.title), QString::fromStdString(spec.description),
                          std::find(trained.begin(), trained.end(), name) != trained.end(), published};
  };
  for (const nn::NetworkSpec& spec : io::shippedNetworks()) m_shipped.push_back(entry(spec, false));
  for (const nn::NetworkSpec& spec : io::publishedNetworks()) m_published.push_back(entry(spec, true));
}

const ShippedNetwork* ModelCatalog::find(const QString& name) const {
  for (const auto* list : {&m_shipped, &m_published})
    for (const ShippedNetwork& network : *list)
      if (network.name == name) return &network;
  return nullptr;
}

void ModelCatalog::openShipped(const QString& name) {
  const ShippedNetwork* entry = find(name);
  const QString title = entry ? entry->title : name;
  const auto untrained = [name] { return io::Model{io::loadNetwork(name), {}, {}}; };
  if (entry && entry->published) return openLater(name, title, false, untrained, {});
  try {
    const bool trained = entry && entry->trained;
    emit opened({name, title, trained ? io::loadModel(name) : untrained(), trained});
  } catch (const nn::Error& error) {
    emit failed(error.issue());
  }
}

void ModelCatalog::openFile(const QString& path, const Gate& gate) {
  const bool specification = path.endsWith(".json", Qt::CaseInsensitive);
  const auto read = [path, specification] { return specification ? io::Model{io::loadNetwork(path), {}, {}} : io::loadModel(path); };
  openLater(path, io::shownPath(QFileInfo(path).fileName()), !specification, read, gate);
}

void ModelCatalog::openLater(const QString& name, const QString& title, bool trained, std::function<io::Model()> read, const Gate& gate) {
  const auto work = [this, name, title, trained, read = std::move(read), gate](const data::Progress&) -> Jobs::Finish {
    const auto model = std::make_shared<const ReadModel>(name, title, read(), trained);
    return [this, model, gate] {
      const auto replace = [this, model] { emit opened(*model); };
      gate ? gate(replace) : replace();
    };
  };
  m_jobs.start(tr("Opening %1").arg(title), work, Jobs::Lane::Models);
}

ReadModel::ReadModel(const QString& name, const QString& title, io::Model&& model, bool trained) : notes(std::move(model.notes)) {
  scene::requireRoomToShow(*model.network, title.toStdString());
  slot.name = name;
  slot.title = title;
  slot.unread = QString::fromStdString(io::unreadText(model));
  slot.parameters = std::make_shared<const std::vector<float>>(trained ? std::move(model.parameters)
                                                                       : model.network->initialParameters(ModelSlot::kSeed));
  (trained ? slot.trained : slot.random) = slot.parameters;
  slot.calibrated = slot.parameters;
  slot.calibration = std::move(model.calibration);
  slot.startFrom = trained ? StartFrom::Trained : StartFrom::Random;
  slot.runner = std::make_shared<InferenceRunner>(model.network, slot.parameters);
}

}  // namespace ui
