#include "ui/app/PictureReader.h"

#include <optional>
#include <utility>

#include <QFileInfo>
#include <QImage>
#include <QImageReader>
#include <QMimeData>
#include <QRegularExpression>
#include <QTextDocumentFragment>
#include <QUrl>

#include "io/FileNames.h"
#include "io/OtherFiles.h"
#include "io/PictureFile.h"
#include "io/WebFile.h"
#include "ui/app/Workbench.h"

namespace ui {

namespace {

// Of the kinds in which a picture is offered, the one that loses nothing; empty: none that is read.
QString pictureFormat(const QMimeData& mime) {
  const QStringList offered = mime.formats();
  if (const QString png = QStringLiteral("image/png"); offered.contains(png)) return png;
  const QList<QByteArray> known = QImageReader::supportedMimeTypes();
  for (const QString& format : offered)
    if (known.contains(format.toLatin1())) return format;
  return {};
}

QString addressOf(const QString& text) {
  const QString plain = text.trimmed();
  return io::isDataAddress(plain) || io::webAddress(plain).isValid() ? plain : QString();
}

// Of a browser that writes it in a format of its own, in UTF-16; the words of the page may follow in a second line.
QString addressInMozilla(const QMimeData& mime, const char* format) {
  const QByteArray bytes = mime.data(QLatin1String(format));
  const bool wide = bytes.size() > 1 && bytes[1] == '\0';
  const QString text =
      wide ? QString::fromUtf16(reinterpret_cast<const char16_t*>(bytes.constData()), bytes.size() / 2) : QString::fromUtf8(bytes);
  return addressOf(text.section(u'\n', 0, 0).remove(u'\0'));
}

// Of the first picture in a piece of a page; `page`: where that lies, if that is known.
QString addressInHtml(const QString& html, const QUrl& page) {
  static const QRegularExpression kImage(
      QStringLiteral(R"re(<img\b(?:[^>"']|"[^"]*"|'[^']*')*?\ssrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))re"),
      QRegularExpression::CaseInsensitiveOption);
  for (QRegularExpressionMatchIterator images = kImage.globalMatch(html); images.hasNext();) {
    const QRegularExpressionMatch match = images.next();
    const QString source = (match.captured(1) + match.captured(2) + match.captured(3)).trimmed();
    if (io::isDataAddress(source)) return source;
    const QString plain = QTextDocumentFragment::fromHtml(source).toPlainText();  // "&amp;"
    const QUrl base = page.isValid() ? page : QUrl(QStringLiteral("https:"));
    if (const QString whole = addressOf(base.resolved(QUrl(plain)).toString(QUrl::FullyEncoded)); !whole.isEmpty()) return whole;
  }
  return {};
}

// What came from an address is what its bytes are, whatever its name promises.
data::Picture pictureFromWeb(const QByteArray& bytes, const QString& name) {
  const std::string where = name.toStdString();
  if (const std::optional<nn::Error> other = bytes.isEmpty() ? std::nullopt : io::insteadOfPicture(bytes.left(io::kTellingBytes), where))
    throw nn::Error(*other);
  return io::pictureOfBytes(bytes, where);
}

}  // namespace

PictureReader::PictureReader(Workbench& workbench, QObject* parent) : QObject(parent), m_workbench(workbench) {}

bool PictureReader::holdsPicture(const QMimeData& mime) {
  return mime.hasImage() || !pictureFormat(mime).isEmpty() || !addressIn(mime).isEmpty();
}

QString PictureReader::addressIn(const QMimeData& mime) {
  QString linked;
  for (const QUrl& url : mime.urls())
    if (linked.isEmpty()) linked = addressOf(url.toString(QUrl::FullyEncoded));
  if (mime.hasHtml())
    if (const QString shown = addressInHtml(mime.html(), io::webAddress(linked)); !shown.isEmpty()) return shown;
  for (const char* format : {"application/x-moz-file-promise-url", "text/x-moz-url-data", "text/x-moz-url"})
    if (const QString own = mime.hasFormat(QLatin1String(format)) ? addressInMozilla(mime, format) : QString(); !own.isEmpty()) return own;
  return !linked.isEmpty() ? linked : addressOf(mime.text());
}

void PictureReader::readFile(const QString& path) {
  const QString name = io::shownPath(QFileInfo(path).fileName());
  const auto work = [this, path, name](const data::Progress&) -> Jobs::Finish {
    data::Picture picture = io::readPicture(path);
    return [this, name, picture = std::move(picture)] { emit pictureRead(picture, name); };
  };
  m_workbench.jobs().start(tr("Opening %1").arg(name), work, Jobs::Lane::Pictures);
}

// Its bytes as they are: what Qt makes of them has no room for a large picture, and says nothing of it.
void PictureReader::readIn(const QMimeData& mime) {
  const QString format = pictureFormat(mime), address = addressIn(mime);
  const QByteArray bytes = format.isEmpty() ? QByteArray() : mime.data(format);
  const QString name = io::webAddress(address).isValid() ? io::nameOfAddress(QUrl(address)) : tr("The picture");
  if (!bytes.isEmpty()) return readBytes(bytes, name);
  const QImage image = qvariant_cast<QImage>(mime.imageData());
  if (image.isNull() && !address.isEmpty()) return fetch(address);
  if (image.isNull())
    return refuse(tr("The picture is handed over in a form that cannot be read, or it is too large"),
                  tr("Save it as a PNG, and open that file."));
  const auto work = [this, image, name](const data::Progress&) -> Jobs::Finish {
    data::Picture picture = io::pictureOf(image);
    return [this, name, picture = std::move(picture)] { emit pictureRead(picture, name); };
  };
  m_workbench.jobs().start(tr("Reading the picture"), work, Jobs::Lane::Pictures);
}

void PictureReader::readBytes(const QByteArray& bytes, const QString& name) {
  const auto work = [this, bytes, name](const data::Progress&) -> Jobs::Finish {
    data::Picture picture = io::pictureOfBytes(bytes, {});
    return [this, name, picture = std::move(picture)] { emit pictureRead(picture, name); };
  };
  m_workbench.jobs().start(tr("Reading the picture"), work, Jobs::Lane::Pictures);
}

void PictureReader::fetch(const QString& address) {
  if (io::isDataAddress(address)) {
    const auto work = [this, address, name = tr("The picture")](const data::Progress&) -> Jobs::Finish {
      const std::optional<QByteArray> bytes = io::bytesOfDataAddress(address);
      if (!bytes) throw nn::Error("the picture within its address is damaged", name.toStdString(), "Copy or drag the picture again");
      return [this, name, picture = pictureFromWeb(*bytes, name)] { emit pictureRead(picture, name); };
    };
    return m_workbench.jobs().start(tr("Reading the picture"), work, Jobs::Lane::Pictures);
  }
  const QUrl url = io::webAddress(address);
  const auto work = [this, url](const data::Progress& progress) -> Jobs::Finish {
    const std::optional<io::WebFile> file = io::fetchFromWeb(url, progress);
    if (!file) return {};
    return [this, name = file->name, picture = pictureFromWeb(file->bytes, file->name)] { emit pictureRead(picture, name); };
  };
  m_workbench.jobs().start(tr("Fetching %1 from %2").arg(io::nameOfAddress(url), url.host()), work, Jobs::Lane::Pictures);
}

void PictureReader::refuse(const QString& what, const QString& hint) {
  m_workbench.tell(untilNext(Jobs::Lane::Pictures, Message::of(Message::Kind::Failure, {}, what, hint)));
}

}  // namespace ui
