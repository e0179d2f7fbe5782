// A picture from a file of any kind that Qt reads, whole or not at all: a file that was cut off is refused, and so is one that is too
// large to be held. Free functions; thread: any.
#pragma once

#include <cstdint>
#include <string>

#include <QByteArray>
#include <QImage>
#include <QString>

#include "data/Preprocessing.h"

namespace io {

// Upright, as its camera noted it. A picture of very many pixels is read smaller, `enoughPx` on its longer side or more; 0: never, then
// a side of more than `mostPx` (0: any) is refused. `unread`: what the reader did not understand of a picture that is there all the same,
// as one sentence without the file's name, empty where that is nothing; null: it is told in Qt's log. Throws nn::Error{what, where, hint}.
QImage readPictureFile(const QString& path, int enoughPx, int mostPx = 0, std::string* unread = nullptr);

// The same of a file's bytes, wherever they come from; `where` names them. What was not understood is told in Qt's log.
QImage readPictureBytes(const QByteArray& bytes, const std::string& where, int enoughPx);

// The picture with `maxSidePx` on its longer side at most, as ink and in its colors. Ink: dark on light and light on dark are both
// understood (the border decides), transparency is paper.
data::Picture pictureOf(const QImage& image, int maxSidePx = 560);
data::Picture readPicture(const QString& path, std::string* unread = nullptr, int maxSidePx = 560);
data::Picture pictureOfBytes(const QByteArray& bytes, const std::string& where, int maxSidePx = 560);
data::GrayImage inkOf(const QImage& image, int maxSidePx = 560);
// Writes red, green and blue of an image of Format_ARGB32, one plane after the other, on white where it is transparent.
void writePlanes(const QImage& image, std::uint8_t* planes);

// Whether a file says of itself that it is a picture, whole or not.
bool isPictureFile(const QString& path);

}  // namespace io
