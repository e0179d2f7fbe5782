// What the page of the run in hand says (cli/RunPage.h), taken in the UI thread; what takes its time is left to a job. Free functions.
#pragma once

#include "cli/RunPage.h"
#include "ui/app/Workbench.h"

namespace ui {

class CurvesView;

// Of the run as it is; without its data's fingerprint and its mistakes.
cli::RunPage runPageOf(Workbench& workbench, const CurvesView& curves);
// Adds what is read from the images: their fingerprint, and some of those that were taken for another class. Any thread.
void addImages(cli::RunPage& page, const data::DataSplit& data, const QString& source);

}  // namespace ui
