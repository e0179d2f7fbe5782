// Which models come with the program, and the way from a name or a file to a model that can be opened. What takes long is read in a job; a
// file that cannot be read leaves everything as it was. Owned by Workbench, which opens what it is given; UI thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <QObject>
#include <QString>

#include "io/Model.h"
#include "nn/Error.h"
#include "ui/base/Jobs.h"
#include "ui/model/ModelSlot.h"

namespace ui {

struct ShippedNetwork {
  QString name, title, description;
  bool trained = false;
  bool published = false;  // a large one of the literature, with random weights: made in a job
};

// A model with all that takes long for a large one; made on any thread. Throws nn::Error where it is too large to be shown.
struct ReadModel {
  ReadModel(const QString& name, const QString& title, io::Model&& model, bool trained);
  std::vector<std::string> notes;
  ModelSlot slot;
};

class ModelCatalog : public QObject {
  Q_OBJECT
 public:
  explicit ModelCatalog(Jobs& jobs, QObject* parent = nullptr);

  const std::vector<ShippedNetwork>& shipped() const { return m_shipped; }
  const std::vector<ShippedNetwork>& published() const { return m_published; }
  bool knows(const QString& name) const { return find(name) != nullptr; }  // shipped or published

  void openShipped(const QString& name);
  // .onnx or .json. `gate` is asked once the file turned out to be readable; what it is given replaces the open model, whenever it is run.
  using Then = std::function<void()>;
  using Gate = std::function<void(const Then& replace)>;
  void openFile(const QString& path, const Gate& gate = {});

 signals:
  void opened(const ui::ReadModel& model);
  void failed(const nn::Issue& issue);  // where no job tells it

 private:
  const ShippedNetwork* find(const QString& name) const;
  void openLater(const QString& name, const QString& title, bool trained, std::function<io::Model()> read, const Gate& gate);

  Jobs& m_jobs;
  std::vector<ShippedNetwork> m_shipped, m_published;
};

}  // namespace ui
