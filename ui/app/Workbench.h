// The mediator, and the only one that knows everything: owns the open model, what it computes, its weights that are not saved, the training
// run and the data set, each a class of its own, and lets each know what happened to the others. Made by main(), handed to the window. UI
// thread; everything long runs as a job or on the training thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <QObject>
#include <QString>
#include <QUndoStack>

#include "nn/Error.h"
#include "ui/base/Jobs.h"
#include "ui/base/Message.h"
#include "ui/model/DatasetCatalog.h"
#include "ui/model/LiveInference.h"
#include "ui/model/ModelCatalog.h"
#include "ui/model/ModelSlot.h"
#include "ui/model/Selection.h"
#include "ui/model/TrainingController.h"
#include "ui/model/UnsavedWeights.h"

namespace ui {

class Workbench : public QObject {
  Q_OBJECT
 public:
  explicit Workbench(QObject* parent = nullptr);

  // Which models there are, and opens one: it takes the place of what is open, which can be undone.
  ModelCatalog& models() { return m_models; }
  // What a session holds takes the place of what is open, with its recipe; both can be undone. `offers`: nobody was asked about unsaved
  // weights, which are offered back. `what`: of the step of undo; empty: opening it.
  void openSaved(const ModelSlot& slot, const train::Recipe& recipe, bool offers, const QString& what = {});
  void save(const QString& path, std::function<void()> then = {});
  // These weights are in the session of that file, this recipe and the run of this identity (of none: it has no steps); what was trained or
  // set since is not.
  void markSaved(const std::shared_ptr<const nn::Network>& network, const ModelSlot::Parameters& parameters, const QString& sessionFile,
                 const train::Recipe& recipe, const RunIdentity& run);
  const ModelSlot& model() const { return m_model; }
  std::shared_ptr<const nn::Network> network() const { return m_model.network(); }
  ModelSlot::Parameters parameters() const { return m_model.parameters; }
  const UnsavedWeights& unsavedWeights() const { return m_unsaved; }

  LiveInference& inference() { return m_inference; }
  const LiveInference& inference() const { return m_inference; }
  Selection& selection() { return m_selection; }

  // Training. play() and singleStep() fetch the data first where they must, and go on with what opens where something is being opened.
  void play() { trainBy(&TrainingController::play); }
  void singleStep() { trainBy(&TrainingController::singleStep); }
  void reset();
  void resume(const std::shared_ptr<const KeptRun>& run);  // of the open network, with its data; null: nothing
  void stop();                                             // ends training and jobs; for the end of the program
  void setStartFrom(StartFrom from);
  // The same layers and weights with another input or other names of classes. Not while a run is there, which is of the others: that is
  // told.
  void describe(const nn::NetworkSpec& spec);
  TrainingController& training() { return m_training; }
  // What the person did to the drawing, the recipe and which network is open, so far back as there is room.
  QUndoStack& undoStack() { return m_undo; }
  void undo();  // and redo: another network is not opened while training runs; tells why
  void redo();
  DatasetCatalog& library() { return m_library; }
  Jobs& jobs() { return m_jobs; }

  void tell(const Message& message) { emit messageRaised(message); }

 signals:
  void networkChanged();
  void parametersChanged();
  void savedChanged();  // the parameters are in a file now
  void startChanged();  // which starting points there are, or which is chosen
  void messageRaised(const ui::Message& message);
  void messageOutdated(const nn::Issue& issue);  // what it tells has happened, or is over

 private:
  using Parameters = ModelSlot::Parameters;
  void open(const ReadModel& model);
  void tellNotes(const ReadModel& model);
  void install(ModelSlot slot, std::optional<train::Recipe> recipe, const QString& what = {});
  void exchange(ModelSlot& slot);
  void tellLostRun();
  bool refusesUndo(int index);
  void useStart(StartFrom from);
  void useParameters(const Parameters& parameters);
  void useData();
  void useRecipe();                       // what of it counts from the next run on
  void unfreezeUnknown(ModelSlot& slot);  // layers that another network had
  void showSnapshot();
  void showMoment();                  // that is looked back at, or the last step again
  void tellStop(const QString& why);  // of the run, with the way back to its best epoch
  using Act = void (TrainingController::*)();
  void trainBy(Act act);
  void beginTraining(Act act);  // with the data, where it is to be trained at all
  void trainWhatOpened();
  void leaveLoadingData();
  void whenDataIsThere(const std::function<void()>& then);
  void whenSessionIsThere(const std::function<void()>& then);
  void takeClassNames();  // of the data that training is about to begin with, where the network has no own ones
  void takeOrderOfClasses();
  void describeAnew(const std::shared_ptr<const nn::Network>& network, bool classesOfData);  // the same layers and weights
  void tellOnce(const std::string& what);                                                    // of the data
  void tellFit();  // what becomes of pictures of another size or other colors than the network takes
  void bringBack(const std::shared_ptr<const TrainedWeights>& trained);  // at once where its network is open, else by a job
  void goOnFrom(const TrainedWeights& trained);
  bool refusesTraining();                     // of a model that is not whole; tells why
  bool refusesSaving(const QString& path);    // over the file of such a model; tells why
  Message savedMessage(const QString& path);  // with what the file lacks

  Jobs m_jobs;
  QUndoStack m_undo;
  DatasetCatalog m_library;
  TrainingController m_training;
  ModelCatalog m_models;
  ModelSlot m_model;
  UnsavedWeights m_unsaved;
  LiveInference m_inference;
  Selection m_selection;
  std::set<std::string> m_told;  // of data, each once
  Act m_awaited = nullptr;       // asked for while something opens, which comes first
};

}  // namespace ui
