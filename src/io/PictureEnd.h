// Whether a picture file is whole. Readers fill what is missing of a JPEG with gray and of a bitmap with black and say
// nothing, so the file's own marks are looked at: the end marker of JPEG and PNG, the last block of a GIF's first picture, the sizes in
// the headers of BMP, WebP and ICO, the bracket of an XBM. The check sums of a PNG's parts and its packed data are looked at, too, since
// its reader tells the terminal of what is wrong. Other kinds tell of it when they are read. A free function; thread: any.
#pragma once

#include <QtGlobal>

class QIODevice;

namespace io {

enum class PictureEnd { Whole, CutOff, Damaged };

// Reads from the beginning of a device that can be sought, and goes back there. The packed data of a picture of more than `mostPixels` is
// not looked at: nobody is going to read it.
PictureEnd pictureEnd(QIODevice& file, qint64 mostPixels);

}  // namespace io
