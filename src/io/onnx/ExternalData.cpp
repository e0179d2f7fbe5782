#include "io/onnx/ExternalData.h"

#include <map>
#include <memory>

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "io/FileNames.h"
#include "io/Files.h"
#include "nn/Error.h"

namespace io::onnxfile {

namespace {

constexpr qint64 kMostBytes = qint64(1) << 31;  // of all tensors together

class Folder {
 public:
  Folder(const QString& folder, const std::string& where) : m_folder(folder), m_where(where) {}

  void take(onnx::TensorProto& tensor) {
    if (tensor.data_location() != onnx::TensorProto::EXTERNAL) return;
    QString location;
    qint64 offset = 0, length = -1;
    for (const onnx::StringStringEntryProto& entry : tensor.external_data()) {
      const QString value = QString::fromStdString(entry.value());
      if (entry.key() == "location") location = value;
      if (entry.key() == "offset") offset = number(tensor, value);
      if (entry.key() == "length") length = number(tensor, value);
    }
    if (m_folder.isEmpty() || location.isEmpty())
      refuse(tensor, "its values lie in another file", "Save the model as one file, without external data");
    QFile& file = fileOf(tensor, location);
    if (length < 0) length = file.size() - offset;
    if (offset > file.size() || length < 0 || length > file.size() - offset)
      refuse(tensor, "its values would lie behind the end of '" + shown(location) + "'",
             "Copy that file again: it is not whole, or of another model");
    m_bytes += length;
    if (m_bytes > kMostBytes) refuse(tensor, "its weights are more than 2 GB", "Export a smaller model");
    file.seek(offset);
    const QByteArray bytes = file.read(length);
    if (bytes.size() != length) refuse(tensor, "'" + shown(location) + "' cannot be read", "Copy that file again");
    tensor.set_raw_data(bytes.constData(), std::size_t(bytes.size()));
    tensor.clear_external_data();
    tensor.clear_data_location();
  }

 private:
  [[noreturn]] void refuse(const onnx::TensorProto& tensor, const std::string& what, const std::string& hint) const {
    throw nn::Error(what, m_where + ", tensor '" + tensor.name().substr(0, 60) + "'", hint);
  }
  static std::string shown(const QString& location) { return shownName(location); }
  qint64 number(const onnx::TensorProto& tensor, const QString& text) const {
    bool good = false;
    const qint64 value = text.toLongLong(&good);
    if (!good || value < 0) refuse(tensor, "the place of its values in another file is no number", "Export the model again");
    return value;
  }
  // A link is followed, but not out of the folder.
  QFile& fileOf(const onnx::TensorProto& tensor, const QString& location) {
    const QFileInfo info(QDir(m_folder), location);
    const QString real = info.canonicalFilePath(), root = QFileInfo(m_folder).canonicalFilePath();
    const bool plain = !location.isEmpty() && !QDir::isAbsolutePath(location) && !location.split(u'/').contains(QStringLiteral("..")) &&
                       !location.contains(u'\\');
    if (!plain || (!real.isEmpty() && !real.startsWith(root.endsWith(u'/') ? root : root + u'/')))
      refuse(tensor, "its values lie in the file '" + shown(location) + "', which is not beside the model",
             "Export the model with its data in the same folder");
    if (real.isEmpty())
      refuse(tensor, "its values lie in another file, '" + shown(location) + "', which is not there",
             "Copy that file into the folder of the model, too, or save the model as one file");
    std::unique_ptr<QFile>& file = m_files[real];
    if (!file) {
      file = std::make_unique<QFile>();
      if (!info.isFile() || isPipeOrDevice(real) || !openForReading(*file, real))
        refuse(tensor, "its values lie in '" + shown(location) + "', which cannot be read", "Copy that file again");
    }
    return *file;
  }

  QString m_folder;
  const std::string& m_where;
  std::map<QString, std::unique_ptr<QFile>> m_files;
  qint64 m_bytes = 0;
};

}  // namespace

void takeExternalData(onnx::ModelProto& model, const QString& folder, const std::string& where) {
  Folder files(folder, where);
  for (onnx::TensorProto& tensor : *model.mutable_graph()->mutable_initializer()) files.take(tensor);
  for (onnx::NodeProto& node : *model.mutable_graph()->mutable_node())
    for (onnx::AttributeProto& attribute : *node.mutable_attribute())
      if (attribute.has_t()) files.take(*attribute.mutable_t());
}

}  // namespace io::onnxfile
