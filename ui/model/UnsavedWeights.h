// Weights that were trained and are saved nowhere: those in use, those that gave way and a message offers back, and those that undo or redo
// brings back with their network. They are never let go without a question (ui/app/FileCommands.h) or, where the person asked for other
// weights in so many words, the offer to bring them back. Owned by Workbench; UI thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QObject>
#include <QString>

#include "nn/Error.h"
#include "nn/Network.h"
#include "ui/base/Message.h"
#include "ui/model/ModelSlot.h"

class QUndoStack;

namespace ui {

class TrainingController;

// With all it needs to go on from them.
struct TrainedWeights {
  QString name, title;  // of the model
  std::shared_ptr<const nn::Network> network;
  ModelSlot::Parameters weights;
  ModelSlot::Parameters start;  // null: only a specification was opened
  StartFrom startFrom = StartFrom::Random;
  bool classesOfData = false;
  train::Recipe recipe = {};                     // as it was chosen when they gave way
  std::shared_ptr<const KeptRun> run = nullptr;  // that they are of, where it has given way with them; null: none is known
};

class UnsavedWeights : public QObject {
  Q_OBJECT
 public:
  // Of whichever model is open, and is trained there; all of them outlive this.
  UnsavedWeights(const ModelSlot& model, TrainingController& training, const QUndoStack& undo, QObject* parent = nullptr);

  bool exist() const;  // those in use are such
  // Of the settings of training, what was changed since the open session was saved; while none is open, they are tried and not kept.
  bool existOrSettingsChanged() const;
  // The open session's file holds a run with steps, and the one in use is another: saved, it would take that one's place.
  bool wouldReplaceRun() const;
  std::optional<TrainedWeights> inUse() const;  // where they are
  ModelSlot::Parameters newest() const;         // of the open network, saved or not; of the run under way also what is not shown yet
  using Held = std::vector<std::shared_ptr<const TrainedWeights>>;
  Held offeredBack() const;  // as long as the message is there
  Held heldByUndo() const;   // the person was asked about them

  void offerBack(const QString& why);  // those in use with their run, if they are such, before they give way
  void withdrawOffers();               // of the weights that are in use again

 signals:
  void wantedBack(const std::shared_ptr<const ui::TrainedWeights>& weights);
  void messageRaised(const ui::Message& message);
  void messageOutdated(const nn::Issue& issue);  // what such a message offers has happened

 private:
  struct Offer {
    std::weak_ptr<const TrainedWeights> weights;  // the message owns them
    nn::Issue message;
  };

  const ModelSlot& m_model;
  TrainingController& m_training;
  const QUndoStack& m_undo;
  std::vector<Offer> m_offers;
};

}  // namespace ui
