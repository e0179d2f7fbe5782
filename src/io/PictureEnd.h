// Whether a picture file goes on to its end. Readers fill what is missing of a JPEG with gray and of a bitmap with black and say
// nothing, so the file's own marks are looked at: the end marker of JPEG and PNG, the last block of a GIF's first picture, the sizes in
// the headers of BMP, WebP and ICO, the bracket of an XBM. Other kinds tell of it when they are read. A free function; thread: any.
#pragma once

class QIODevice;

namespace io {

// Reads from the beginning of a device that can be sought, and goes back there.
bool pictureEndsTooEarly(QIODevice& file);

}  // namespace io
