// The one way from a picture to a network's input, whoever brings it: a drawing, a photo, an image of a data set. Made of what the model
// says of its input and of the input's shape; immutable, any thread. What is trained on is what is fed: training, evaluation, the pad
// and the commands all go by it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/Preprocessing.h"
#include "nn/InputSpec.h"
#include "nn/Network.h"
#include "nn/Shape.h"

namespace data {

class InputPipeline {
 public:
  InputPipeline(const nn::InputSpec& spec, const nn::Shape& input);
  explicit InputPipeline(const nn::Network& network) : InputPipeline(network.spec().input, network.inputShape()) {}  // of its first input

  const nn::Shape& picture() const { return m_picture; }  // what the input is as a picture; a vector where it is none
  bool takesColors() const { return m_colors; }           // photos go in as they are, drawings as ink in all channels
  // What stands around a photo of another shape there, as light: 0 black, 1 white. Nothing where the photo fills the input in any shape.
  std::optional<float> lightAround() const;
  int drawingPx() const { return m_drawingPx; }  // side of a prepared drawing

  // A drawing as a square of drawingPx(), in the proportions of MNIST, those of its pen too (data/Reinking.h); likeMnist false: the whole
  // pad, only scaled. strokes: that made the drawing, where they are known.
  PreparedDrawing prepare(const GrayImage& drawing, bool likeMnist = true, const PenStrokes& strokes = {}) const;
  // The input's values, in the order of its shape: of a prepared drawing (0..1) and the colors of the same picture, which count where
  // the network takes them (may be null) ...
  void write(const GrayImage& prepared, const ColorImage* colors, std::span<float> values) const;
  // ... and of an image of a data set, CHW.
  void write(std::span<const std::uint8_t> image, const nn::Shape& from, std::span<float> values) const;
  // The last in two steps, for what changes the picture between them: as ink, 0 paper to 1, and from there to the input's values.
  void fit(std::span<const std::uint8_t> image, const nn::Shape& from, std::span<float> ink) const;
  void inkToInput(std::span<float> values) const;
  // Back from the input's values: as ink; as light, 0 black to 1 white.
  void inputToInk(std::span<float> values) const;
  void inputToLight(std::span<float> values) const;
  // Whether write() does no more to an image than its bytes / 255, in the middle, with zeros around.
  bool onlyPads(const nn::Shape& from) const;

  // What write() does to images of another size or other colors than the network takes, for people: "all 1200 pictures are 40 × 30 in
  // color, the network takes 28 × 28 in gray: scaled to fit, with paper on two sides, colors made gray". Empty where it changes nothing, or
  // only puts a frame around that is smaller than the image. `subject`: "all ... are".
  std::string fitText(const std::string& subject, const nn::Shape& from) const;
  std::string fitText(std::size_t count, const nn::Shape& from) const;
  // What was taken for granted of the input, a sentence each: what the model left open, and its shape does not make plain.
  std::vector<std::string> assumptions() const;
  std::string flatText() const;  // the first of them, of an input that lies flat; empty for others

 private:
  struct Channel {
    float paper = 0, step = 1;  // ink x is paper + step * x
  };
  enum class Way { AsItIs, Pad, Scale };
  Way wayOf(const nn::Shape& from) const;
  std::string wayText(const nn::Shape& from) const;
  bool keepsChannels(const nn::Shape& from) const;
  template <typename Pixel>
  void fitPixels(std::span<const Pixel> image, const nn::Shape& from, std::span<float> ink, float unit) const;

  nn::InputSpec m_spec;
  nn::Shape m_input, m_picture;
  std::vector<Channel> m_channels;  // of the picture
  bool m_colors = false;
  bool m_plain = true;  // ink is the input's value
  int m_drawingPx = 28;
};

}  // namespace data
