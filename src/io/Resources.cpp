#include "io/Resources.h"

#include <QDir>
#include <QFile>

// In a static library, resources are registered by the program that uses them. The macro wants to stand outside any namespace.
static void registerResources() {
  Q_INIT_RESOURCE(io_resources);
}

namespace io {

void ensureResources() {
  static const bool done = (registerResources(), true);
  (void)done;
}

QStringList shippedNames(const QString& folder, const QString& ending) {
  ensureResources();
  QStringList names;
  for (const QString& file : QDir(":/" + folder).entryList({"*" + ending}, QDir::Files, QDir::Name)) names << file.chopped(ending.size());
  return names;
}

}  // namespace io
