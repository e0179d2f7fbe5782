#include "cli/OtherPlace.h"

#include <optional>

#include <QTemporaryDir>

#include "io/Files.h"
#include "nn/Error.h"

namespace cli {

namespace {

// What lasts comes first (the state folder of the XDG base directories).
QStringList otherPlaces() {
  const QString state = qEnvironmentVariable("XDG_STATE_HOME");
  return {QDir(QDir::isAbsolutePath(state) ? state : QDir::home().filePath(".local/state")).filePath("convscope"), QDir::tempPath()};
}

}  // namespace

void saveInOtherPlace(const std::function<void(const QDir& folder)>& save) {
  std::optional<nn::Error> problem;
  for (const QString& place : otherPlaces()) {
    try {
      const io::MadeFolder made(place);
      QTemporaryDir own(QDir(place).filePath("convscope-XXXXXX"));
      if (!own.isValid()) throw nn::Error("the folder cannot be made: " + own.errorString().toStdString(), place.toStdString());
      save(QDir(own.path()));
      own.setAutoRemove(false);
      return;
    } catch (const nn::Error& error) {
      problem = error;
    }
  }
  throw nn::Error(*problem);
}

}  // namespace cli
