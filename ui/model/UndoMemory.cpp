#include "ui/model/UndoMemory.h"

#include <set>

#include <QObject>
#include <QSettings>

#include "nn/FreeMemory.h"
#include "scene/ShowingMemory.h"
#include "ui/model/KeptRun.h"
#include "ui/model/OpeningCommand.h"

namespace ui {

namespace {
constexpr double kMostHeldBytes = 512e6;

using CountedImages = std::set<const data::Dataset*>;

double mostHeldBytes() {
  return QSettings().value("undo/heldBytes", kMostHeldBytes).toDouble();
}

// Images that several train on count once.
double imageBytes(const data::DataSplit& data, CountedImages& counted) {
  double bytes = 0;
  for (const auto& part : {data.train, data.validation, data.test}) {
    const data::Dataset* images = part && part->whole ? part->whole.get() : part.get();
    if (images && counted.insert(images).second && !data::isInFile(images->pixels)) bytes += double(images->pixels.size());
  }
  return bytes;
}

CountedImages imagesOf(const data::DataSplit* loaded) {
  CountedImages images;
  if (loaded) imageBytes(*loaded, images);
  return images;
}

// A run has parameters and two moments of its own.
double heldBytes(const nn::Network& network, const data::DataSplit* run, CountedImages& counted) {
  const double shown = scene::memoryToShow(network);
  return run ? shown + 3.0 * sizeof(float) * double(network.parameterCount()) + imageBytes(*run, counted) : shown;
}

double heldBytes(const ModelSlot& slot, CountedImages& counted) {
  return heldBytes(*slot.network(), slot.run ? &slot.run->data : nullptr, counted);
}

}  // namespace

bool leavesRoomToUndo(const QUndoStack& undo, const ModelSlot& open, const data::DataSplit* trainedOn, const data::DataSplit* loaded) {
  CountedImages counted = imagesOf(loaded);
  double held = heldBytes(*open.network(), trainedOn, counted);
  for (const ModelSlot* slot : OpeningCommand::heldBy(undo)) held += heldBytes(*slot, counted);
  return held <= mostHeldBytes();
}

Message notHeldMessage(const ModelSlot& slot, const data::DataSplit* loaded) {
  CountedImages counted = imagesOf(loaded);
  const auto text = [](double bytes) { return QString::fromStdString(nn::memoryText(bytes)); };
  const QString what =
      QObject::tr("Undo does not bring it back: it takes %1, and what is held for undo takes at most %2 in all, data with it")
          .arg(text(heldBytes(slot, counted)), text(mostHeldBytes()));
  return Message::of(Message::Kind::Info, slot.title, what, QObject::tr("Open it again where it came from"));
}

}  // namespace ui
