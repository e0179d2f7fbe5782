// Where a command keeps what hours of work have made when it cannot be written under the name that was asked for: the disk is full, or the
// folder gone. A free function; the command's thread.
#pragma once

#include <functional>

#include <QDir>

namespace cli {

// Makes a new folder, nobody else's and never one that is there, in the person's state folder, or else in the temporary one, and calls
// `save` with it, again in the next place when that throws nn::Error. Nothing is left where it threw. Throws what the last place said.
void saveInOtherPlace(const std::function<void(const QDir& folder)>& save);

}  // namespace cli
