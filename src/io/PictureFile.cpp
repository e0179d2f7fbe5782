#include "io/PictureFile.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <QBuffer>
#include <QDebug>
#include <QFile>
#include <QFont>
#include <QImageReader>
#include <QPainter>
#include <QRegularExpression>
#include <QSvgRenderer>
#include <QXmlStreamReader>

#include "io/FileNames.h"
#include "io/PictureEnd.h"
#include "io/UndrawnParts.h"
#include "io/Unpacking.h"
#include "nn/Error.h"
#include "nn/FreeMemory.h"
#include "nn/SizeText.h"

namespace io {
namespace {

constexpr qint64 kMostPixels = 256'000'000;   // 16000 × 16000
constexpr qint64 kManyPixels = 16'000'000;    // from here on a picture is read smaller, where that is enough
constexpr qint64 kLargestStream = 1 << 30;    // bytes, of a pipe
constexpr qint64 kLargestDrawing = 64 << 20;  // bytes, of a drawing's text
constexpr int kMostMegabytes = 1100;          // of one decoded picture
constexpr int kDeepest = 2000;                // elements of a drawing in each other; its reader gives up a little later, without saying so
constexpr qint64 kMostPadding = 512;          // bytes that a writer may leave before the end of a JPEG
constexpr const char* kKinds = "Use a PNG, JPEG, GIF, BMP or SVG file";

constexpr const char* kGetAgain = "Copy or download it again, or save it anew from the program that shows it";

nn::Error damagedPicture(const std::string& where) {
  return {"The picture cannot be read: its data is damaged", where, kGetAgain};
}

nn::Error cutOff(const std::string& where) {
  return {"The picture is cut off: its file ends before the picture does", where, kGetAgain};
}

// What Qt's readers write in their log. That of JPEG fills what is missing with gray and tells of it there alone; of a picture that is
// refused, ours is said instead; only warnings of one that was read all the same go on. Listens on the thread that made it.
class ReadersLog {
 public:
  ReadersLog() : m_lock(s_one) {
    s_held.clear();
    s_before = qInstallMessageHandler(&ReadersLog::hear);
    s_listening = true;
  }
  ~ReadersLog() {
    s_listening = false;
    qInstallMessageHandler(s_before);
  }
  ReadersLog(const ReadersLog&) = delete;
  ReadersLog& operator=(const ReadersLog&) = delete;

  bool tellsOfMissingData() const {
    return std::any_of(s_held.begin(), s_held.end(),
                       [](const Held& held) { return held.message.contains("premature end", Qt::CaseInsensitive); });
  }
  // It guessed what it could not decode. A little that stands before the end of a picture harms nothing.
  bool tellsOfDamage() const {
    static const QRegularExpression padding(QStringLiteral("(\\d+) extraneous bytes before marker 0xd9"));
    return std::any_of(s_held.begin(), s_held.end(), [](const Held& held) {
      const QRegularExpressionMatch match = padding.match(held.message);
      const bool harmless = match.hasMatch() && match.captured(1).toLongLong() <= kMostPadding;
      return held.message.contains("corrupt jpeg data", Qt::CaseInsensitive) && !harmless;
    });
  }
  // In one sentence of ours, with the first of them.
  std::string unread() const {
    const auto warns = [](const Held& held) { return held.type != QtInfoMsg && held.type != QtDebugMsg; };
    const auto first = std::find_if(s_held.begin(), s_held.end(), warns);
    if (first == s_held.end()) return {};
    return "not all of the picture was understood: " + first->message.trimmed().toStdString();
  }

 private:
  struct Held {
    QtMsgType type;
    QByteArray category;
    QString message;
  };
  static void hear(QtMsgType type, const QMessageLogContext& context, const QString& message) {
    // What the system refuses is no matter of the picture's.
    const bool ofReader = !message.startsWith("QThread") && !message.startsWith("QPainter") && !message.startsWith("QImage: out of memory");
    if (s_listening && type != QtFatalMsg && ofReader)
      s_held.push_back({type, context.category, message});
    else if (s_before)
      s_before(type, context, message);
  }
  static inline std::mutex s_one;
  static inline QtMessageHandler s_before = nullptr;
  static inline thread_local bool s_listening = false;
  static inline thread_local std::vector<Held> s_held;
  std::lock_guard<std::mutex> m_lock;
};

nn::Error tooLong(const std::string& where) {
  return {"The drawing is too large: more than " + std::to_string(kLargestDrawing >> 20) + " MB of text", where,
          "Save it as a PNG from the program that made it"};
}

// A packed drawing (.svgz), unpacked only as far as a drawing can reach.
std::unique_ptr<QIODevice> unpacked(QIODevice& file, const std::string& where) {
  Unpacking unpacking(file, kLargestDrawing);
  QByteArray text, piece(1 << 16, '\0');
  for (qint64 count = piece.size(); count == piece.size();) {
    count = unpacking.read(piece.data(), piece.size());
    text.append(piece.constData(), count);
    switch (unpacking.problem()) {
      case Unpacking::Problem::None:
        break;
      case Unpacking::Problem::CutOff:
        throw cutOff(where);
      case Unpacking::Problem::TooLong:
        throw tooLong(where);
      case Unpacking::Problem::NoMemory:
        throw nn::Error("There is not enough memory to unpack the picture", where);
      case Unpacking::Problem::Damaged:
      case Unpacking::Problem::Unreadable:
        throw damagedPicture(where);
    }
  }
  auto drawing = std::make_unique<QBuffer>();
  drawing->setData(text);
  drawing->open(QIODevice::ReadOnly);
  return drawing;
}

// A pipe as a device that can be sought.
std::unique_ptr<QIODevice> opened(const QString& path) {
  if (isDevice(path)) throw nn::Error("The picture cannot be read: this is a device, not a file", shownName(path), kKinds);
  auto file = std::make_unique<QFile>();
  if (!openForReading(*file, path))
    throw nn::Error("The picture cannot be read: " + whyNotOpened(*file, path), shownName(path),
                    "Check the name, the folder and its permissions");
  if (file->peek(2) == QByteArray("\x1f\x8b", 2)) return unpacked(*file, shownName(path));
  if (!file->isSequential()) return file;
  auto held = std::make_unique<QBuffer>();
  held->setData(file->read(kLargestStream));
  held->open(QIODevice::ReadOnly);
  return held;
}

bool drawnAtAnySize(const QImageReader& reader) {
  return reader.format().startsWith("svg");
}

// Targa files begin like an icon or cursor with no picture in it.
bool isEmptyIcon(QIODevice& file) {
  const QByteArray head = file.peek(6);
  return head == QByteArray("\0\0\1\0\0\0", 6) || head == QByteArray("\0\0\2\0\0\0", 6);
}

// As Qt's reader does it, but for text that says no size or family: that reader takes the application's font, so that the window and the
// command line would see two pictures. SVG's own size is "medium", 16 pixels.
QImage drawn(QIODevice& file, const QImageReader& reader) {
  constexpr int kMediumPx = 16;
  file.seek(0);
  QSvgRenderer renderer;
  const QByteArray text = file.readAll();
  if (!renderer.load(text)) return {};
  QXmlStreamReader xml(text);
  const bool stretches = xml.readNextStartElement() && xml.attributes().value("preserveAspectRatio") == QLatin1String("none");
  const QSize size = reader.scaledSize().isValid() ? reader.scaledSize() : renderer.defaultSize();
  QImage image(size, QImage::Format_ARGB32_Premultiplied);
  if (image.isNull()) return {};
  image.fill(Qt::transparent);
  QFont font("sans-serif");
  font.setPointSizeF(kMediumPx);  // which is how it counts pixels that need not be whole
  QPainter painter(&image);
  painter.setFont(font);
  if (!stretches) renderer.setAspectRatioMode(Qt::KeepAspectRatio);
  renderer.render(&painter, QRectF(QPointF(0, 0), QSizeF(size)));
  return image;
}

// Why a picture of a kind that is known is none.
nn::Error unreadablePicture(const QImageReader& reader, bool wellFormedDrawing, const std::string& where) {
  if (reader.error() == QImageReader::UnsupportedFormatError)
    return {"The picture cannot be read: " + reader.errorString().toStdString(), where, kKinds};
  if (wellFormedDrawing)
    return {"The picture cannot be read: it is no drawing, or nothing in it has a size", where,
            "Open it in the program that made it, and save it anew"};
  return damagedPicture(where);
}

// What an element or a processing instruction of a drawing refers to outside of it; empty: nothing.
QString foreignReference(const QXmlStreamReader& xml) {
  if (xml.isProcessingInstruction() && xml.processingInstructionTarget() == QLatin1String("xml-stylesheet"))
    return xml.processingInstructionData().toString();
  if (!xml.isStartElement() || xml.name().compare(QLatin1String("image"), Qt::CaseInsensitive) != 0) return {};
  for (const QXmlStreamAttribute& attribute : xml.attributes()) {
    const QString target = attribute.value().trimmed().toString();
    const bool inside = target.isEmpty() || target.startsWith('#') || target.startsWith("data:");
    if (attribute.name() == QLatin1String("href") && !inside) return target;
  }
  return {};
}

// Qt's reader would open whatever file a drawing names: another person's, or a pipe that never ends. Returns whether all of it is XML.
bool requireNothingForeign(QIODevice& drawing, const std::string& where, UndrawnParts& undrawn) {
  if (drawing.size() > kLargestDrawing) throw tooLong(where);
  const qint64 start = drawing.pos();
  QXmlStreamReader xml(&drawing);
  int depth = 0;
  while (!xml.atEnd()) {
    xml.readNext();
    depth += int(xml.isStartElement()) - int(xml.isEndElement());
    if (depth > kDeepest)
      throw nn::Error("The drawing is too deeply nested: more than " + std::to_string(kDeepest) + " elements lie in each other", where,
                      "Save it as a PNG from the program that made it");
    undrawn.see(xml);
    if (const QString target = foreignReference(xml); !target.isEmpty())
      throw nn::Error("The drawing shows what lies in another file, which is not opened: " + target.left(100).toStdString(), where,
                      "Embed it in the drawing, or save the whole as a PNG");
  }
  drawing.seek(start);
  return !xml.hasError();
}

// Refuses what cannot be held; makes the reader scale down what need not be read whole.
void settle(QImageReader& reader, const std::string& where, int enoughPx, int mostPx) {
  const bool vectors = drawnAtAnySize(reader);
  const QSize size = reader.size();
  if (!size.isValid()) return;
  if (mostPx > 0 && std::max(size.width(), size.height()) > mostPx)
    throw nn::Error(
        "The picture is larger than " + std::to_string(mostPx) + " pixels on a side: " + nn::sizeText(size.width(), size.height()), where,
        "Scale it down first");
  const qint64 pixels = qint64(size.width()) * size.height();
  if (pixels > kMostPixels && !vectors) {
    throw nn::Error("The picture is too large: " + nn::sizeText(size.width(), size.height()) + " pixels; at most 16000 × 16000 are read",
                    where, "Scale it down first");
  }
  const bool scaled = enoughPx > 0 && pixels > kManyPixels;
  if (scaled) reader.setScaledSize(size.scaled(enoughPx, enoughPx, Qt::KeepAspectRatio).expandedTo({1, 1}));
  if (scaled && (vectors || reader.format() == "jpeg")) return;  // never held at full size
  if (pixels > kManyPixels)
    nn::requireMemory(8.0 * double(pixels), "Reading a picture of " + nn::sizeText(size.width(), size.height()) + " pixels", where,
                      "Close other programs, or scale the picture down first");
}

// A scan of 10 or 12 bits leaves the upper ones of 16 empty, and the picture nearly black.
void fillUpperBits(QImage& image) {
  const bool gray = image.format() == QImage::Format_Grayscale16;
  if (!gray && image.format() != QImage::Format_RGBX64 && image.format() != QImage::Format_RGBA64) return;
  const auto eachColor = [&](const auto& change) {
    const int values = image.width() * (gray ? 1 : 4);
    for (int y = 0; y < image.height(); ++y) {
      auto* const line = reinterpret_cast<quint16*>(image.scanLine(y));
      for (int i = 0; i < values; ++i)
        if (gray || i % 4 != 3) change(line[i]);
    }
  };
  int most = 0;
  eachColor([&](quint16& value) { most = std::max(most, int(value)); });
  for (const int bits : {8, 10, 12, 14}) {
    const int full = (1 << bits) - 1;
    if (most > full) continue;
    return eachColor([&](quint16& value) { value = quint16(value * 65535 / full); });
  }
}

QImage readFrom(QIODevice& file, const std::string& where, int enoughPx, int mostPx, std::string* unread) {
  static std::once_flag raised;
  std::call_once(raised, [] { QImageReader::setAllocationLimit(kMostMegabytes); });
  if (file.size() == 0) throw nn::Error("The picture cannot be read: the file is empty", where, kGetAgain);
  const PictureEnd end = pictureEnd(file, kMostPixels);  // before the reader, which remembers where it is
  std::optional<ReadersLog> log(std::in_place);
  QImageReader reader(&file);
  reader.setAutoTransform(true);
  const bool known = reader.canRead() && !isEmptyIcon(file);
  if (!known) throw nn::Error("The picture cannot be read: files of this kind are not read", where, kKinds);
  if (end == PictureEnd::CutOff) throw cutOff(where);
  if (end == PictureEnd::Damaged) throw damagedPicture(where);
  UndrawnParts undrawn;
  const bool vectors = drawnAtAnySize(reader), wellFormed = vectors && requireNothingForeign(file, where, undrawn);
  settle(reader, where, enoughPx, mostPx);
  QImage image = vectors ? drawn(file, reader) : reader.read();
  if (image.isNull()) throw unreadablePicture(reader, wellFormed, where);
  if (log->tellsOfMissingData()) throw cutOff(where);
  if (log->tellsOfDamage()) throw damagedPicture(where);
  fillUpperBits(image);
  const std::string parts = undrawn.text().toStdString();
  const std::string words =
      parts.empty() ? log->unread() : "not all of the picture was understood: it has " + parts + ", which is not drawn as it is meant";
  log.reset();  // it would hold back what is told now
  if (unread) *unread = words;
  if (!unread && !words.empty()) qWarning().noquote() << QString::fromStdString(where.empty() ? words : where + ": " + words);
  return image;
}

}  // namespace

bool isPictureFile(const QString& path) {
  if (isPipeOrDevice(path)) return false;  // what may have to be waited for
  QFile file;
  return openForReading(file, path) && !QImageReader(&file).format().isEmpty();
}

QImage readPictureFile(const QString& path, int enoughPx, int mostPx, std::string* unread) {
  const std::string where = shownName(path);
  if (isFolder(path)) throw nn::Error("The picture cannot be read: this is a folder", where, kKinds);
  return readFrom(*opened(path), where, enoughPx, mostPx, unread);
}

QImage readPictureBytes(const QByteArray& bytes, const std::string& where, int enoughPx) {
  QBuffer buffer;
  buffer.setData(bytes);
  buffer.open(QIODevice::ReadOnly);
  return readFrom(buffer, where, enoughPx, 0, nullptr);
}

}  // namespace io
