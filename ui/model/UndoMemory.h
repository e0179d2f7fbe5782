// How much memory undo may hold in networks that are not open: all of them together, with the data they were trained on, as many bytes as
// the setting undo/heldBytes names (512 MB where it names none).
#pragma once

#include <QUndoStack>

#include "data/Dataset.h"
#include "ui/base/Message.h"
#include "ui/model/ModelSlot.h"

namespace ui {

// Whether undo may hold the open network besides what it holds already. `trainedOn`: the data of its run; null: it has none. `loaded`: data
// whose images stay in memory anyway, which do not count; null: there is none.
bool leavesRoomToUndo(const QUndoStack& undo, const ModelSlot& open, const data::DataSplit* trainedOn, const data::DataSplit* loaded);

// Says that what this network took the place of, without room to hold it, is not brought back.
Message notHeldMessage(const ModelSlot& slot, const data::DataSplit* loaded);

}  // namespace ui
