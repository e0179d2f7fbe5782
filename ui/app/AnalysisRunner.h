// Computes what the scene's cells show in place of activations: the gradient of the loss of the picture on the pad, what training has
// changed, or what a method says that counts for the answer. Beside the window, one pass at a time, after every change of the drawing, the
// weights or the class that is asked about; the last one wins. Owned by the window; UI thread.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include <QElapsedTimer>
#include <QFutureWatcher>
#include <QObject>
#include <QString>
#include <QTimer>

#include "scene/CellField.h"

namespace ui {

class Workbench;

class AnalysisRunner : public QObject {
  Q_OBJECT
 public:
  explicit AnalysisRunner(Workbench& workbench, QObject* parent = nullptr);
  ~AnalysisRunner() override;  // cancels the pass that runs and waits for it

  // method: of relevance, by its id in analysis::methods().
  void setShown(scene::CellQuantity quantity, const QString& method = {});
  // The class that the picture is known to be of: that of the loss. Without one the loss is taken for the network's own answer.
  void setLabel(std::optional<int> label);

 signals:
  void found(std::shared_ptr<const scene::CellField> field);  // null: activations
  // Why the cells show activations although something else was asked for, as long as that is so; empty: it is over.
  void nothingToShow(const QString& why);
  // Once for each method and class: whose method it is, what is explained, and what was assumed.
  void explained(const QString& words);
  void slowlyComputing(const QString& what);

 private:
  struct Engine;  // the memory of the passes, kept from one to the next
  struct Request;
  struct Result {
    std::shared_ptr<const scene::CellField> field;
    QString why;    // without one; empty: the pass was canceled
    QString words;  // of a method
  };
  struct Shown {
    scene::CellQuantity quantity = scene::CellQuantity::Activation;
    QString method;
    bool operator==(const Shown&) const = default;
  };
  void changed();
  bool busy();
  std::optional<Request> request(QString& why) const;
  QString whyNoMethod(Request& request) const;
  std::optional<int> pinnedClass() const;
  void finish();
  void refuse(const QString& why);
  void setWhy(const QString& why);

  Workbench& m_workbench;
  Shown m_shown, m_running;  // asked for; of the pass under way
  std::optional<int> m_label;
  std::shared_ptr<Engine> m_engine;  // used by one pass at a time
  QFutureWatcher<Result> m_watcher;
  std::shared_ptr<std::atomic<bool>> m_canceled;  // of the pass under way
  QElapsedTimer m_since;                          // it began
  QTimer m_patience;                              // then the person is told that it takes a while
  bool m_due = false;                             // something changed while a pass was under way
  QString m_told;                                 // of what is explained
  QString m_why;                                  // nothing of what was asked for is shown
};

}  // namespace ui
