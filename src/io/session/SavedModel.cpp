#include "io/session/SavedModel.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "io/Model.h"

namespace io {

bool isFinite(const std::vector<float>& parameters) {
  return std::all_of(parameters.begin(), parameters.end(), [](float value) { return std::isfinite(value); });
}

// Each array once, also where the same numbers stand in several places.
QCborMap modelSection(const SavedModel& model, const std::vector<float>& parameters) {
  QCborMap map{{QStringLiteral("name"), model.name},
               {QStringLiteral("title"), model.title},
               {QStringLiteral("unread"), model.unread},
               {QStringLiteral("network"), QString::fromUtf8(writeNetworkJson(model.network->spec()))},
               {QStringLiteral("parameters"), cborFloats(parameters)},
               {QStringLiteral("random seed"), QString::number(model.randomSeed)},
               {QStringLiteral("starts trained"), model.startsTrained},
               {QStringLiteral("classes of data"), model.classesOfData}};
  const auto add = [&](const QString& key, const SavedModel::Parameters& values) {
    if (values) map[key] = *values == parameters ? QCborValue(QStringLiteral("parameters")) : cborFloats(*values);
  };
  add(QStringLiteral("trained"), model.trained);
  add(QStringLiteral("random"), model.random);
  if (!model.calibration.empty()) map[QStringLiteral("energies")] = cborFloats(model.calibration.quantiles());
  return map;
}

SavedModel readSavedModel(const Section& section, const QString& where) {
  SavedModel model{section.text("name"), section.text("title"), section.text("unread"), nullptr, nullptr, nullptr, nullptr};
  const nn::NetworkSpec spec = readNetworkJson(section.text("network").toUtf8(), where);
  try {
    model.network = nn::Network::create(spec);
  } catch (const nn::Error& error) {
    section.refuse("its network cannot be: " + error.message());
  }
  const auto read = [&](const char* key) {
    auto values = std::make_shared<const std::vector<float>>(section.floats(key));
    if (values->size() != model.network->parameterCount())
      section.refuse(std::string(key) + " has not as many numbers as the network needs");
    if (!isFinite(*values)) section.refuse("there are parameters that are no numbers");
    return values;
  };
  model.parameters = read("parameters");
  const auto readStart = [&](const char* key) -> SavedModel::Parameters {
    if (!section.has(key)) return nullptr;
    return section.value(key).isString() ? model.parameters : read(key);
  };
  model.trained = readStart("trained");
  model.random = readStart("random");
  if (section.has("energies")) {
    try {
      model.calibration = tasks::EnergyCalibration::ofQuantiles(section.floats("energies"));
    } catch (const nn::Error& error) {
      section.refuse(error.issue().what);
    }
  }
  bool isNumber = false;
  model.randomSeed = section.text("random seed").toULongLong(&isNumber);
  if (!isNumber) section.refuse("random seed is not a number");
  model.startsTrained = section.flag("starts trained");
  model.classesOfData = section.has("classes of data") && section.flag("classes of data");
  if (model.startsTrained && !model.trained) section.refuse("the weights that it began with are missing");
  return model;
}

}  // namespace io
