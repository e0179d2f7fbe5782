// One way to read all pictures of a set, found by looking at some of them: their size, gray or color, and which of ink and paper is the
// dark one. A set of black ink on white paper becomes the same images as one of white ink on black, as MNIST has it, so that what is
// trained on it is what a drawing or a photo of a page gives later. What was decided is told. Free functions; thread: any.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <QImage>
#include <QStringList>

#include "data/Dataset.h"
#include "data/StrokeDigits.h"
#include "nn/Shape.h"

namespace io {

struct PictureStyle {
  nn::Shape shape{0, 0, 0};   // of each; one channel: gray
  bool sameSize = true;       // all that were looked at have it
  bool ink = false;           // on paper, and not photos
  bool lightPaper = false;    // dark ink on light: turned round
  std::uint8_t paper = 0;     // what paper is after that, to be taken away
  std::array<int, 3> tint{};  // the color of most papers, which is none of what is drawn on them
  bool darkGround = false;    // what is transparent is black, since what is visible is light; else white
  bool transparent = false;
  std::vector<std::string> notes;
};

// Of pictures, by some of them from all over the list, which can be read. The size is that of most; of pictures that are many and large, so
// small that all can be held. An empty shape: none can be read, or it was canceled.
PictureStyle styleOf(const QStringList& pictures, const data::Progress& progress = {});
// What of one picture the way of the others does not suit: its colors are made gray; its ink and paper are the other way round.
struct Unlike {
  bool colored = false, turned = false;
};
Unlike unlikeOthers(const QImage& picture, const PictureStyle& style);
// Writes a picture in that way, in planes. It is scaled as a whole where it has another size, with its own paper on two sides.
void writeStyled(const QImage& picture, const PictureStyle& style, std::span<std::uint8_t> planes);

// The same decision of images that are there already, gray ones: dark ink on light paper, in most of them.
PictureStyle paperOf(const data::Dataset& images);
void turnToInk(data::Dataset& images, const PictureStyle& style);

}  // namespace io
