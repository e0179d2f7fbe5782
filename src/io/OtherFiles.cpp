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
constexpr const char* kKeep = "Only pictures are fetched from the web: download it in the browser, and open that file";

QByteArray pictureFormatOf(const QByteArray& beginning) {
  QBuffer buffer;
  buffer.setData(beginning);
  buffer.open(QIODevice::ReadOnly);
  return QImageReader::imageFormat(&buffer);
}

// Those that begin in a way of their own; what begins in any way would be found in a model, too.
std::string pictureKind(const QByteArray& beginning) {
  static constexpr std::array<std::pair<const char*, const char*>, 7> kKinds{
      {{"png", "PNG"}, {"jpeg", "JPEG"}, {"gif", "GIF"}, {"bmp", "BMP"}, {"webp", "WebP"}, {"tiff", "TIFF"}, {"svg", "SVG"}}};
  const QByteArray format = pictureFormatOf(beginning);
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

// What begins with bytes of its own, at a place; of archives what the name of the first file in them tells.
struct Known {
  int place;
  QByteArrayView bytes;
  const char *inside, *what, *hint;
};

const Known* knownBy(const QByteArray& beginning) {
  static constexpr const char* kFromPyTorch = "Export the network by torch.onnx.export, from the program that made these weights";
  static constexpr const char* kFromKeras = "Convert the network to ONNX, as tf2onnx does";
  static constexpr const char* kUnpack = "Unpack it first";
  static const std::array<Known, 17> kKnown{
      {{0, "PK\x03\x04", "data.pkl", "a file of weights of PyTorch, not an ONNX model", kFromPyTorch},
       {0, "PK\x03\x04", ".npy", "an archive of arrays of NumPy (.npz), not a model", kChoose},
       {0, "PK\x03\x04", "config.json", "a model of Keras (.keras), not an ONNX model", kFromKeras},
       {0, "PK\x03\x04", "metadata.json", "a model of Keras (.keras), not an ONNX model", kFromKeras},
       {0, "PK\x03\x04", "", "a ZIP archive, not an ONNX model", "Weights of PyTorch are exported to ONNX from there; others are unpacked"},
       {0, "\x89HDF\r\n\x1a\n", "", "a file of HDF5, as Keras writes models (.h5), not an ONNX model", kFromKeras},
       {4, "TFL3", "", "a model of TensorFlow Lite, not an ONNX model", kFromKeras},
       {0, "\x93NUMPY", "", "an array of NumPy (.npy), not a model", kChoose},
       {0, "GGUF", "", "a language model (GGUF), not an ONNX model", kChoose},
       {8, "{\"", "", "a file of weights without their network (safetensors), not an ONNX model", kFromPyTorch},
       {0, "\x80\x02", "", "objects of Python (pickle), as old files of PyTorch are, not an ONNX model", kFromPyTorch},
       {0, "\x1f\x8b", "", "packed with gzip, and no ONNX model as it is", kUnpack},
       {0, "7z\xbc\xaf\x27\x1c", "", "a 7z archive, not an ONNX model", kUnpack},
       {0, "Rar!", "", "a RAR archive, not an ONNX model", kUnpack},
       {0,
        "\xfd"
        "7zXZ",
        "", "packed with xz, and no ONNX model as it is", kUnpack},
       {257, "ustar", "", "an archive (tar), not an ONNX model", kUnpack},
       {0, "%PDF", "", "a PDF document, not a model", kChoose}}};
  const auto found = std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& known) {
    return beginning.mid(known.place, 16).startsWith(known.bytes) && beginning.left(300).contains(known.inside);
  });
  return found == kKnown.end() ? nullptr : &*found;
}

// Lines that have as many commas each.
bool isTable(const QByteArray& text) {
  QList<QByteArray> lines = text.left(4000).split('\n');
  if (lines.size() > 1) lines.removeLast();
  const qsizetype commas = lines.front().count(',');
  return commas > 0 && std::all_of(lines.begin(), lines.end(), [&](const QByteArray& line) { return line.count(',') == commas; });
}

// Also one that begins as any XML does; a drawing may hold such a page.
bool isWebPage(const QByteArray& beginning) {
  constexpr qsizetype kHead = 4000;
  const QByteArray head = beginning.left(kHead).toLower();
  const qsizetype drawing = head.indexOf("<svg");
  for (const char* word : {"<!doctype html", "<html"})
    if (const qsizetype at = head.indexOf(word); at >= 0 && (drawing < 0 || at < drawing)) return true;
  return false;
}

}  // namespace

std::optional<nn::Error> insteadOfModel(const QByteArray& beginning, const std::string& where) {
  if (isIdx(beginning)) return nn::Error("this is an IDX file of a data set, not a model", where, kChoose);
  if (const Known* known = knownBy(beginning)) return nn::Error("this is " + std::string(known->what), where, known->hint);
  if (const std::string kind = pictureKind(beginning); !kind.empty())
    return nn::Error("this is a picture (" + kind + "), not a model", where, kOrder);
  if (!isText(beginning)) return std::nullopt;
  if (beginning.trimmed().startsWith('{') && beginning.contains("\"nodes\""))
    return nn::Error("this is a network without weights (JSON), not a trained model", where,
                     "Train it first, and choose the ONNX file that the training saves");
  const QByteArray text = beginning.trimmed().toLower();
  if (text.startsWith("version https://git-lfs"))
    return nn::Error("this is a pointer of Git LFS, which stands for the file and does not hold it", where,
                     "Fetch the file itself, by git lfs pull or from the page that it is offered on");
  if (text.startsWith("<!doctype html") || text.startsWith("<html"))
    return nn::Error("this is a web page, not an ONNX model", where, "Download the file itself: the page has a link or a button for it");
  if (isTable(beginning)) return nn::Error("this is a table of numbers or words (CSV), not a model", where, kChoose);
  return nn::Error("this is a text, not an ONNX model", where, kChoose);
}

std::optional<nn::Error> insteadOfPicture(const QByteArray& beginning, const std::string& where) {
  const auto is = [&](const std::string& what, const char* hint = kKeep) { return nn::Error("this is " + what, where, hint); };
  if (isWebPage(beginning)) return is("a web page, not a picture", "Open it in the browser, and drag or copy the picture itself");
  if (!pictureFormatOf(beginning).isEmpty()) return std::nullopt;
  if (where.ends_with(".onnx")) return is("a model (ONNX), not a picture");
  if (isIdx(beginning)) return is("an IDX file of a data set, not a picture");
  if (const Known* known = knownBy(beginning)) {
    const std::string what = known->what;
    return is(what.substr(0, what.find(',')) + ", not a picture");
  }
  if (isText(beginning)) return is("a text, not a picture");
  return is("no picture of a kind that is read");
}

}  // namespace io
