// The files that lie inside the program: networks, trained models and data sets. Free functions; thread: any.
#pragma once

#include <QString>
#include <QStringList>

namespace io {

void ensureResources();  // ":/" names them from then on
// The names of the files in one of their folders ("networks") with this ending (".json"), without it and in the alphabet's order.
QStringList shippedNames(const QString& folder, const QString& ending);

}  // namespace io
