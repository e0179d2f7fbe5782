// What can be done with the recorded moments of the training run: one goes through them, and a second run begins at one of them. Free
// functions; UI thread.
#pragma once

#include "train/history/RunProgress.h"

namespace ui {

class Workbench;

// So many moments further back (negative) or on; behind the last one is now. Nothing where none were recorded.
void lookBy(Workbench& workbench, int moments);

// Begins a second run there and trains on: its weights and its optimizer are as they were after that step, and the settings as they are
// now. Undo brings the first run back. Where the moment was recorded without the state of its optimizer, the steps from the last one with
// it are taken again first, in a job.
void branchFrom(Workbench& workbench, const train::Moment& moment);

}  // namespace ui
