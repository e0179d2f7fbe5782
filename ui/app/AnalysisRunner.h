// Computes what the scene's cells show in place of activations: the gradient of the loss of the picture on the pad, or what training has
// changed. Beside the window, after every change of the drawing or the weights; the last one wins. Owned by the window; UI thread.
#pragma once

#include <memory>
#include <optional>

#include <QFutureWatcher>
#include <QObject>
#include <QString>

#include "scene/CellField.h"

namespace ui {

class Workbench;

class FieldRunner : public QObject {
  Q_OBJECT
 public:
  explicit FieldRunner(Workbench& workbench, QObject* parent = nullptr);
  ~FieldRunner() override;  // waits for the pass that runs

  void setQuantity(scene::CellQuantity quantity);
  // The class that the picture is known to be of. Without one the loss is taken for the network's own answer.
  void setLabel(std::optional<int> label);

 signals:
  void found(std::shared_ptr<const scene::CellField> field);  // null: activations
  // Why the cells show activations although something else was asked for. Said once for each reason.
  void nothingToShow(const QString& why);

 private:
  struct Engine;  // the memory of the passes, kept from one to the next
  struct Request;
  struct Result {
    std::shared_ptr<const scene::CellField> field;
    QString why;  // without one
  };
  void changed();
  std::optional<Request> request(QString& why) const;
  void finish();
  void refuse(const QString& why);

  Workbench& m_workbench;
  scene::CellQuantity m_quantity = scene::CellQuantity::Activation;
  std::optional<int> m_label;
  std::shared_ptr<Engine> m_engine;  // used by one pass at a time
  QFutureWatcher<Result> m_watcher;
  bool m_due = false;  // something changed while a pass was under way
  QString m_told;
};

}  // namespace ui
