#include "ui/app/RecoveryFolder.h"

#include <QBuffer>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include "io/Files.h"
#include "ui/model/InkCanvas.h"

namespace ui {

namespace {

constexpr int kVersion = 1;
constexpr qint64 kMostBytes = 16 << 20;
constexpr const char* kAbout = "about.json";
constexpr const char* kTrained = "trained";

QByteArray pngOf(const QImage& drawing) {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  drawing.save(&buffer, "PNG");
  return buffer.data();
}

// A file of this folder, or an empty text: names do not lead out of it.
QString fileName(const QJsonValue& value) {
  const QString name = value.toString();
  return QFileInfo(name).fileName() == name ? name : QString();
}

}  // namespace

bool UnsavedWork::sameAs(const UnsavedWork& other) const {
  if (title != other.title || drawing != other.drawing || trained.has_value() != other.trained.has_value()) return false;
  return !trained || (trained->weights == other.trained->weights && trained->start == other.trained->start &&
                      trained->startFrom == other.trained->startFrom && trained->name == other.trained->name);
}

QString RecoveryFolder::writeModel(const nn::Network& network, const std::vector<float>& parameters) {
  const QString name = QStringLiteral("weights-%1.onnx").arg(++m_count);
  io::saveOnnx(QDir(m_path).filePath(name), network, parameters);
  return name;
}

void RecoveryFolder::write(const UnsavedWork& work) {
  if (!QDir().mkpath(m_path)) throw nn::Error("the folder cannot be made", m_path.toStdString());
  const QDir folder(m_path);
  QString weights, start;
  QJsonObject about{{"version", kVersion}, {"title", work.title}, {"time", work.time.toString(Qt::ISODateWithMs)}};
  if (work.trained) {
    const bool known = m_last && m_last->network == work.trained->network;
    const auto fileOf = [&](const auto& parameters, const auto& before, const QString& file) {
      return known && !file.isEmpty() && parameters == before ? file : writeModel(*work.trained->network, *parameters);
    };
    weights = fileOf(work.trained->weights, known ? m_last->weights : nullptr, m_weightsFile);
    if (work.trained->start) start = fileOf(work.trained->start, known ? m_last->start : nullptr, m_startFile);
    about.insert("name", work.trained->name);
    about.insert("weights", weights);
    about.insert("start", start);
    about.insert("startFrom", work.trained->startFrom == StartFrom::Trained ? kTrained : "random");
  }
  if (!work.drawing.isNull()) about.insert("drawing", QString::fromLatin1(pngOf(work.drawing).toBase64()));
  io::writeFile(folder.filePath(kAbout), QJsonDocument(about).toJson());
  m_last = work.trained;
  m_weightsFile = weights;
  m_startFile = start;
  for (const QString& file : folder.entryList({"weights-*.onnx"}, QDir::Files))
    if (file != weights && file != start) QFile::remove(folder.filePath(file));
}

RecoveryFolder::About RecoveryFolder::about() const {
  const QString path = QDir(m_path).filePath(kAbout);
  QJsonParseError problem;
  const QJsonObject json = QJsonDocument::fromJson(io::readFile(path, kMostBytes), &problem).object();
  if (problem.error != QJsonParseError::NoError || json["version"].toInt() != kVersion)
    throw nn::Error("what was kept cannot be read", path.toStdString());
  About about;
  about.work.title = json["title"].toString();
  about.work.time = QDateTime::fromString(json["time"].toString(), Qt::ISODateWithMs);
  about.name = json["name"].toString();
  about.weightsFile = fileName(json["weights"]);
  about.startFile = fileName(json["start"]);
  about.trained = !about.weightsFile.isEmpty();
  about.startFrom = json["startFrom"].toString() == QLatin1String(kTrained) ? StartFrom::Trained : StartFrom::Random;
  const QByteArray png = QByteArray::fromBase64(json["drawing"].toString().toLatin1());
  const QImage drawing = QImage::fromData(png, "PNG");
  if (drawing.size() == QSize(InkCanvas::kFineSide, InkCanvas::kFineSide))
    about.work.drawing = drawing.convertToFormat(QImage::Format_Grayscale8);
  if (about.work.drawing.isNull() && !about.trained) throw nn::Error("what was kept cannot be read", path.toStdString());
  return about;
}

TrainedWeights RecoveryFolder::weights(const About& about) const {
  const QDir folder(m_path);
  io::Model model = io::loadOnnx(folder.filePath(about.weightsFile));
  TrainedWeights trained{about.name,    about.work.title,
                         model.network, std::make_shared<const std::vector<float>>(std::move(model.parameters)),
                         nullptr,       about.startFrom};
  if (!about.startFile.isEmpty()) {
    io::Model start = io::loadOnnx(folder.filePath(about.startFile));
    if (start.parameters.size() == trained.weights->size())
      trained.start = std::make_shared<const std::vector<float>>(std::move(start.parameters));
  }
  if (!trained.start) trained.startFrom = StartFrom::Random;
  return trained;
}

bool RecoveryFolder::isEmpty() const {
  return QDir(m_path).isEmpty();
}

void RecoveryFolder::remove() {
  QDir(m_path).removeRecursively();
  m_last.reset();
}

QString RecoveryFolder::putAside() {
  const QFileInfo info(m_path);
  const QString aside = info.dir().filePath("broken-" + info.fileName());
  return QDir().rename(m_path, aside) ? aside : m_path;
}

}  // namespace ui
