#include "io/OtherFiles.h"

#include <algorithm>
#include <array>
#include <utility>

#include <QBuffer>
#include <QImageReader>
#include <QStringDecoder>

namespace io {
namespace {

constexpr const char* kOrder = "A model is an ONNX file or a session; on the command line it comes before the pictures";
constexpr const char* kChoose = "Choose an ONNX file or a session";

// Those that begin in a way of their own; what begins in any way would be found in a model, too.
std::string pictureKind(const QByteArray& beginning) {
  static constexpr std::array<std::pair<const char*, const char*>, 7> kKinds{
      {{"png", "PNG"}, {"jpeg", "JPEG"}, {"gif", "GIF"}, {"bmp", "BMP"}, {"webp", "WebP"}, {"tiff", "TIFF"}, {"svg", "SVG"}}};
  QBuffer buffer;
  buffer.setData(beginning);
  buffer.open(QIODevice::ReadOnly);
  const QByteArray format = QImageReader::imageFormat(&buffer);
  for (const auto& [name, kind] : kKinds)
    if (format == name) return kind;
  return {};
}

bool isIdx(const QByteArray& beginning) {
  return beginning.size() >= 4 && beginning.startsWith(QByteArray("\0\0", 2)) && beginning[2] >= 0x08 && beginning[2] <= 0x0e &&
         beginning[3] >= 1 && beginning[3] <= 4;
}

// A letter that is cut off at the end does not count.
bool isText(const QByteArray& beginning) {
  const auto control = [](char letter) {
    return static_cast<unsigned char>(letter) < 0x20 && letter != '\t' && letter != '\n' && letter != '\r';
  };
  if (beginning.startsWith("\xff\xfe") || beginning.startsWith("\xfe\xff")) return true;  // UTF-16
  QStringDecoder decoder(QStringDecoder::Utf8);
  const QString text = decoder.decode(beginning);
  return !text.isEmpty() && !decoder.hasError() && std::none_of(beginning.begin(), beginning.end(), control);
}

}  // namespace

std::optional<nn::Error> insteadOfModel(const QByteArray& beginning, const std::string& where) {
  if (isIdx(beginning)) return nn::Error("this is an IDX file of a data set, not a model", where, kChoose);
  if (beginning.startsWith("PK\x03\x04"))
    return nn::Error("this is a ZIP archive, not an ONNX model", where,
                     "Weights of PyTorch are exported to ONNX from there; others are unpacked");
  if (beginning.startsWith("\x1f\x8b")) return nn::Error("this is packed with gzip, and no ONNX model as it is", where, "Unpack it first");
  if (const std::string kind = pictureKind(beginning); !kind.empty())
    return nn::Error("this is a picture (" + kind + "), not a model", where, kOrder);
  if (!isText(beginning)) return std::nullopt;
  if (beginning.trimmed().startsWith('{') && beginning.contains("\"nodes\""))
    return nn::Error("this is a network without weights (JSON), not a trained model", where,
                     "Train it first, and choose the ONNX file that the training saves");
  return nn::Error("this is a text, not an ONNX model", where, kChoose);
}

}  // namespace io
