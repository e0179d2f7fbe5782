// A picture from a file of any kind that Qt reads, whole or not at all: a file that was cut off is refused, and so is one that is too
// large to be held. Free functions; thread: any.
#pragma once

#include <QImage>
#include <QString>

namespace io {

// Upright, as its camera noted it. A picture of very many pixels is read smaller, `enoughPx` on its longer side or more; 0: never, then
// a side of more than `mostPx` (0: any) is refused. Throws nn::Error{what, where, hint}.
QImage readPictureFile(const QString& path, int enoughPx, int mostPx = 0);

// Whether a file says of itself that it is a picture, whole or not.
bool isPictureFile(const QString& path);

}  // namespace io
