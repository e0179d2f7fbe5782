// The tour through the window of a program that is there: what runTour() does once it has one. UI thread.
#pragma once

#include "ui/tour/Tour.h"

namespace ui {

// Shows the window and goes through it. pace: a factor on what is waited before each picture, until what moves has come to rest. Returns 0,
// or 1 where a picture could not be written. Throws nn::Error where a command of it cannot be used, and cli::Interrupted.
int takeTour(Program& program, const TourOptions& options, double pace = 1, const cli::Interruption* interruption = nullptr);

// A command, by its id. Throws nn::Error where there is none, or it cannot be used now: the pictures after it would show something else.
void runForTour(Program& program, const QString& id);

}  // namespace ui
