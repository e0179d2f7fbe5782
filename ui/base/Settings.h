// What the program remembers from one start to the next. QSettings keeps it, in a file of our own format, since its usual one loses what
// was there when the disk is full. Reading is QSettings().value(); all changes go through here, so that none fails without a word.
// Free functions; UI thread.
#pragma once

#include <functional>

#include <QString>
#include <QVariant>

#include "nn/Error.h"

namespace ui {

// From now on QSettings() means the checked file, which begins with what the usual one held. Once, after the program has its names. A file
// that cannot be read is put aside, and the next listener told; where something else lies in its place, nothing is kept.
void useCheckedSettings();

void remember(const QString& key, const QVariant& value);
void forget(const QString& key);

// Who is told that something could not be kept, once, and of the same issue when keeping succeeds again. Nobody: it is told on stderr.
enum class SettingsState { Failing, FineAgain };
using SettingsListener = std::function<void(const nn::Issue& issue, SettingsState state)>;
void setSettingsListener(SettingsListener listener);

}  // namespace ui
