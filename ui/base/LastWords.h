// What fails when no window is left that could tell it: while the program ends. Free function; UI thread.
#pragma once

#include "nn/Error.h"

namespace ui {

void tellOnStderr(const nn::Issue& issue);  // in one line, after the program's name

}  // namespace ui
