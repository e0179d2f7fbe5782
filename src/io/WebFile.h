// A file from an address of the web, whole and in memory: redirects are followed, a lost connection is tried again, and what is larger than
// it may be is given up as soon as that is known. What arrived is not looked at here. Free functions, which return when it is there and
// need no event loop around them; thread: any, best one of a job.
#pragma once

#include <optional>

#include <QByteArray>
#include <QString>
#include <QUrl>

#include "data/StrokeDigits.h"
#include "io/FileDownload.h"

namespace io {

constexpr qint64 kMostBytesFromWeb = qint64(64) << 20;

struct WebFile {
  QByteArray bytes;
  QString name;  // for people: the last part of the address that it came from in the end
};

struct WebLimits {
  qint64 mostBytes = kMostBytesFromWeb;
  DownloadPatience patience = {1, 1000, 20000};
};

// Nothing where `progress`, which is asked ten times a second, cancels it. Its share is negative while the size is not known. Throws
// nn::Error{what, where, hint}.
std::optional<WebFile> fetchFromWeb(const QUrl& address, const data::Progress& progress = {}, const WebLimits& limits = {});

// The address that a text is, of http or https; invalid where it is none.
QUrl webAddress(const QString& text);
QString nameOfAddress(const QUrl& address);

// What a "data:" address holds in itself (RFC 2397); nothing where it is none, or damaged. Such an address may be as long as a file.
bool isDataAddress(const QString& text);
std::optional<QByteArray> bytesOfDataAddress(const QString& text);

}  // namespace io
