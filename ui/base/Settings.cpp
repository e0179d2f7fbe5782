#include "ui/base/Settings.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <QDataStream>
#include <QDir>
#include <QFileDevice>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>

#include "io/Files.h"
#include "ui/base/LastWords.h"

namespace ui {

namespace {

constexpr int kProbeBytes = 1 << 14;     // more than the settings take
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

}  // namespace

void useCheckedSettings() {
  static const QSettings::Format format = QSettings::registerFormat("json", readSettings, writeSettings);
  const QSettings usual;
  QSettings::setDefaultFormat(format);
  QSettings checked;
  if (!checked.allKeys().isEmpty()) return;
  for (const QString& key : usual.allKeys()) checked.setValue(key, usual.value(key));
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
}

}  // namespace ui
