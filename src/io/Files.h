// Whole files in and out, with words for what goes wrong. Writing goes through a temporary file beside the old one, so that a
// full disk or a crash never costs what was there. Free functions; throw nn::Error. Thread: any.
#pragma once

#include <QByteArray>
#include <QString>

namespace io {

QByteArray readFile(const QString& path, qint64 largestBytes);
void writeFile(const QString& path, const QByteArray& bytes);

}  // namespace io
