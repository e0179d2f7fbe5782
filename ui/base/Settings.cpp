#include "ui/base/Settings.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <QCoreApplication>
#include <QDataStream>
#include <QDir>
#include <QFileDevice>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>

#include "io/FileNames.h"
#include "io/Files.h"
#include "io/Json.h"
#include "ui/base/LastWords.h"

namespace ui {

namespace {

constexpr int kProbeBytes = 1 << 14;     // more than the settings take
constexpr qint64 kMostBytes = 1 << 24;   // of a file of settings
constexpr const char* kBytes = "bytes";  // of values that JSON has no words for

bool isPlain(const QVariant& value) {
  switch (value.typeId()) {
    case QMetaType::Bool:
    case QMetaType::Int:
    case QMetaType::LongLong:
    case QMetaType::Float:
    case QMetaType::Double:
    case QMetaType::QString:
    case QMetaType::QStringList:
      return true;
    case QMetaType::QVariantList: {
      const QVariantList list = value.toList();
      return std::all_of(list.begin(), list.end(), isPlain);
    }
    default:
      return false;
  }
}

QJsonValue jsonOf(const QVariant& value) {
  if (isPlain(value)) return QJsonValue::fromVariant(value);
  QByteArray bytes;
  QDataStream stream(&bytes, QIODevice::WriteOnly);
  stream.setVersion(QDataStream::Qt_6_0);
  stream << value;
  return QJsonObject{{kBytes, QString::fromLatin1(bytes.toBase64())}};
}

QVariant valueOf(const QJsonValue& json) {
  if (!json.isObject()) return json.toVariant();
  QDataStream stream(QByteArray::fromBase64(json.toObject().value(kBytes).toString().toLatin1()));
  stream.setVersion(QDataStream::Qt_6_0);
  QVariant value;
  stream >> value;
  return value;
}

bool readSettings(QIODevice& device, QSettings::SettingsMap& values) {
  const QJsonObject object = QJsonDocument::fromJson(device.readAll()).object();
  for (auto entry = object.begin(); entry != object.end(); ++entry) values.insert(entry.key(), valueOf(entry.value()));
  return true;
}

// QSettings replaces the old file only if this says that all is written.
bool writeSettings(QIODevice& device, const QSettings::SettingsMap& values) {
  QJsonObject object;
  for (auto entry = values.begin(); entry != values.end(); ++entry) object.insert(entry.key(), jsonOf(entry.value()));
  const QByteArray text = QJsonDocument(object).toJson();
  if (device.write(text) != text.size()) return false;
  auto* file = qobject_cast<QFileDevice*>(&device);
  return !file || file->flush();  // QSettings itself brings it to the disk
}

SettingsListener g_listener;
std::optional<nn::Issue> g_failure;
std::vector<nn::Issue> g_found;  // at the start, until somebody listens
bool g_kept = true;              // false: what lies in the place of the file can neither be read nor written over

// QSettings says only that it failed: why, a file written in the same place tells.
nn::Issue whyNotWritten(const QFileInfo& file) {
  const std::string what = "What you choose cannot be remembered: ", where = QDir::toNativeSeparators(file.filePath()).toStdString();
  try {
    const io::MadeFolder folder(file.path());
    const io::CheckedFile probe(file.filePath(), QByteArray(kProbeBytes, ' '));
  } catch (const nn::Error& error) {
    const bool noRoom = error.issue().what.starts_with("saving failed");
    return {where, what + error.issue().what,
            noRoom ? "Free some space on the disk, or raise the limit on the size of files (ulimit -f)"
                   : "Let its folder be one that you may write to, or name another by XDG_CONFIG_HOME before the start"};
  }
  return {where, what + "the file cannot be written", "Check whether another program holds it"};
}

void change(const std::function<void(QSettings&)>& act) {
  if (!g_kept) return;  // which is told
  QSettings settings;
  const QFileInfo file(settings.fileName());
  const bool ordinary = !file.exists() || file.isFile();  // a device would be replaced
  if (ordinary) {
    act(settings);
    settings.sync();
  }
  const bool failed = !ordinary || settings.status() != QSettings::NoError;
  if (failed == g_failure.has_value()) return;
  if (failed) {
    g_failure = whyNotWritten(file);
    g_listener ? g_listener(*g_failure, SettingsState::Failing) : tellOnStderr(*g_failure);
  } else {
    if (g_listener) g_listener(*g_failure, SettingsState::FineAgain);
    g_failure.reset();
  }
}

// Where a format keeps the settings: QSettings tells it only of a file that it opens, and to open a pipe is to wait for who writes into it.
QString fileOf(QSettings::Format format) {
  const QString name = QCoreApplication::applicationName();
  const QFileInfo other(QSettings(format, QSettings::UserScope, QCoreApplication::organizationName(), name + "-none").fileName());
  return other.dir().filePath(name + u'.' + other.suffix());
}

// QSettings takes what is damaged for no settings at all, and the next change writes over it. False: the file can be neither read nor
// moved.
bool makeReadable(const QString& path) {
  if (!io::pathExists(path)) return true;
  const std::string where = QDir::toNativeSeparators(path).toStdString();
  if (!QFileInfo(path).isFile()) {
    g_found.push_back({where, "Settings cannot be kept here, since this is no file: what you choose is not remembered",
                       "Remove it or give it another name, and start ConvScope again"});
    return false;
  }
  try {
    io::parseJsonObject(io::readFile(path, kMostBytes), where, "the settings");
    return true;
  } catch (const nn::Error& error) {
    const QString aside = io::putAside(path);
    const std::string what = "The settings cannot be read, and those that come with the program stand in their place: ";
    const std::string hint = aside == path ? "Repair or remove the file: until then, what you choose is not remembered"
                                           : "The file was put aside as " + QDir::toNativeSeparators(aside).toStdString() +
                                                 ". To have them back, repair it and give it its former name while ConvScope does not run";
    g_found.push_back({where, what + error.issue().what, hint});
    return aside != path;
  }
}

// What was kept before there was our own format.
void takeUsualSettings(const QString& file, QSettings::Format format) {
  if (io::pathExists(file) && !QFileInfo(file).isFile()) return;
  const QSettings usual(format, QSettings::UserScope, QCoreApplication::organizationName(), QCoreApplication::applicationName());
  QSettings checked;
  for (const QString& key : usual.allKeys()) checked.setValue(key, usual.value(key));
  if (usual.status() == QSettings::FormatError)
    g_found.push_back({QDir::toNativeSeparators(file).toStdString(), "Not all of the settings of before can be read",
                       "Those that can be are taken over; the file stays as it is"});
}

}  // namespace

void useCheckedSettings() {
  static const QSettings::Format format = QSettings::registerFormat("json", readSettings, writeSettings);
  static const QSettings::Format nowhere = QSettings::registerFormat("none", readSettings, writeSettings);
  const QSettings::Format before = QSettings::defaultFormat();
  const QString usual = fileOf(before);
  g_kept = makeReadable(fileOf(format));
  QSettings::setDefaultFormat(g_kept ? format : nowhere);
  if (g_kept && QSettings().allKeys().isEmpty()) takeUsualSettings(usual, before);
}

void remember(const QString& key, const QVariant& value) {
  change([&](QSettings& settings) { settings.setValue(key, value); });
}

void forget(const QString& key) {
  change([&](QSettings& settings) { settings.remove(key); });
}

void setSettingsListener(SettingsListener listener) {
  g_listener = std::move(listener);
  g_failure.reset();  // of which this one has not heard
  if (!g_listener) return;
  for (const nn::Issue& issue : std::exchange(g_found, {})) g_listener(issue, SettingsState::Failing);
}

}  // namespace ui
