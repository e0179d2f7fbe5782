// The open network made to fit the classes of the loaded data: its last layer anew, the rest kept (tasks/NewHead.h). UI thread.
#pragma once

namespace ui {

class Workbench;

bool lastLayerIsTooSmall(Workbench& workbench);  // for the classes of the data that is loaded, and could be made to fit
// Loads the data first where that is not there. The network with a new last layer takes the place of what is open, which can be undone;
// what cannot be is told.
void fitLastLayer(Workbench& workbench);

}  // namespace ui
