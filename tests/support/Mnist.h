// MNIST where the machine has it; tests that need it are skipped where not.
#pragma once

#include <QDir>
#include <QString>

namespace support {

inline QString mnistFolder() {
  const QString given = qEnvironmentVariable("CONVSCOPE_MNIST");
  return given.isEmpty() ? QStringLiteral(CONVSCOPE_SOURCE_DIR "/../shared/data/mnist") : given;
}

inline bool hasMnist() {
  return !QDir(mnistFolder()).entryList({"train-images-idx3-ubyte*"}).isEmpty();
}

}  // namespace support
