// The mediator, and the only one that knows everything: the open model, the drawing, its values, the training run and the
// data set. Its signals say what happened, its setters what to do. Made by main(), handed to the window. UI thread; one
// forward pass runs here, everything longer as a job or on the training thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <QFutureWatcher>
#include <QObject>
#include <QString>
#include <QTimer>
#include <QUndoStack>

#include "data/Preprocessing.h"
#include "io/Model.h"
#include "nn/Error.h"
#include "scene/Scene.h"
#include "ui/base/Jobs.h"
#include "ui/model/DatasetCatalog.h"
#include "ui/model/ModelSlot.h"
#include "ui/model/Selection.h"
#include "ui/model/TrainingController.h"

namespace ui {

// Something to tell the person without stopping them; `action` is offered as a button where it has a text, `refusal` beside it.
struct Message {
  enum class Kind { Info, Warning, Failure };
  Kind kind = Kind::Info;
  nn::Issue issue;
  QString actionText;
  std::function<void()> action;
  QString refusalText = {};
  std::function<void()> refusal = {};
  std::optional<Jobs::Lane> until = {};  // what it tells is over once the next job of this kind succeeds
  std::function<bool()> holds = {};      // asked after each change of network, data or training: whether what it tells is still so
};

inline Message untilNext(Jobs::Lane kind, Message message) {
  message.until = kind;
  return message;
}

// Weights that were trained and are saved nowhere, with all it needs to go on from them.
struct TrainedWeights {
  QString name, title;  // of the model
  std::shared_ptr<const nn::Network> network;
  std::shared_ptr<const std::vector<float>> weights;
  std::shared_ptr<const std::vector<float>> start;  // null: only a specification was opened
  StartFrom startFrom = StartFrom::Random;
  bool classesOfData = false;
};

struct ShippedNetwork {
  QString name, title, description;
  bool trained = false;
  bool published = false;  // a large one of the literature, with random weights: made in a job
};

class Workbench : public QObject {
  Q_OBJECT
 public:
  explicit Workbench(QObject* parent = nullptr);
  ~Workbench() override;

  // The model. A name of the shipped ones, or a file (.onnx, .json); a file is read in a job, and one that cannot be read
  // leaves everything as it was.
  void openShipped(const QString& name);
  const std::vector<ShippedNetwork>& shipped() const { return m_shipped; }
  const std::vector<ShippedNetwork>& published() const { return m_published; }
  bool knows(const QString& name) const { return find(name) != nullptr; }  // shipped or published
  // `gate` is asked once the file turned out to be readable; what it is given replaces the open model, whenever it is run.
  using Then = std::function<void()>;
  using Gate = std::function<void(const Then& replace)>;
  void openFile(const QString& path, const Gate& gate = {});
  void save(const QString& path, std::function<void()> then = {});
  // What a session holds takes the place of what is open, with its recipe; both can be undone. `offers`: nobody was asked about unsaved
  // weights, which are offered back.
  void openSaved(const ModelSlot& slot, const train::Recipe& recipe, bool offers);
  // These weights are in the session of that file; what was trained since is not.
  void markSaved(const std::shared_ptr<const nn::Network>& network, const ModelSlot::Parameters& parameters, const QString& sessionFile);
  const ModelSlot& model() const { return m_model; }
  std::shared_ptr<const nn::Network> network() const { return m_model.network(); }
  std::shared_ptr<const std::vector<float>> parameters() const { return m_model.parameters; }
  // Weights that were trained and not saved are never let go without the question (ui/app/FileCommands.h) or, where the person asked for
  // other weights in so many words, the offer to bring them back.
  bool hasUnsavedTraining() const { return m_model.unsaved || newest() != m_model.parameters; }
  std::optional<TrainedWeights> unsavedTraining() const;
  // Weights that gave way and that a message offers to bring back, as long as it is there. `orHeldByUndo`: also those that undo or redo
  // brings back with their network, about which the person was asked.
  std::vector<std::shared_ptr<const TrainedWeights>> offeredBack(bool orHeldByUndo = false) const;

  // The drawing, in pad pixels. Recomputed once per turn of the event loop, however many changes come.
  void setDrawing(const data::GrayImage& ink, const std::shared_ptr<const data::ColorImage>& colors = nullptr);
  void setLikeMnist(bool likeMnist);  // how drawings are prepared, as data::InputPipeline::prepare()
  bool likeMnist() const { return m_likeMnist; }
  const data::Picture& drawing() const { return m_drawing; }
  const data::PreparedDrawing& prepared() const { return m_prepared; }
  void recompute();                                                         // at once; a slow network answers a little later
  double lastComputeMs() const { return m_lastComputeMs; }                  // preparation, forward pass and collecting the values
  std::shared_ptr<const scene::Values> values() const { return m_values; }  // also of an empty pad
  bool blank() const { return m_prepared.empty && !takesColors(); }         // nothing is drawn
  bool upToDate() const;                                                    // the values are those of the drawing
  std::vector<float> probabilities() const;                                 // empty where nothing is drawn, or there is no answer (yet)
  QString whyNoAnswer() const;  // why the network says no class, also of an empty pad; empty where it does
  // The network's input as a picture, of the drawing that prepared() is of; its colors are null where it is given a drawing.
  data::Picture received() const;

  Selection& selection() { return m_selection; }

  // Training. play() and singleStep() fetch the data first where they must.
  void play();
  void pause();
  void singleStep();
  void reset();
  void stop();  // ends training and jobs; for the end of the program
  void setStartFrom(StartFrom from);
  void chooseData(const QString& key);  // training goes on from its weights, on the other data
  TrainingController& training() { return m_training; }
  // What the person did to the drawing, the recipe and which network is open, so far back as there is room.
  QUndoStack& undoStack() { return m_undo; }
  void undo();  // and redo: another network is not opened while training runs; tells why
  void redo();
  DatasetCatalog& library() { return m_library; }
  Jobs& jobs() { return m_jobs; }

  // A picture to put on the pad: of the data set where it is loaded (one in color for a network that takes colors), of the stroke generator
  // where not.
  struct Sample {
    data::Picture picture;
    int label = -1;
    QStringList classNames;  // of the data set
    QString origin;
  };
  Sample randomSample(int sizePx);

  void tell(Message message) { emit messageRaised(message); }

 signals:
  void networkChanged();
  void parametersChanged();
  void savedChanged();    // the parameters are in a file now
  void drawingChanged();  // prepared() is new
  void valuesChanged();
  void startChanged();  // which starting points there are, or which is chosen
  void messageRaised(const ui::Message& message);
  void messageOutdated(const nn::Issue& issue);  // what such a message offers has happened
  void slowlyComputing();                        // the network takes more than a moment for this drawing

 private:
  using Parameters = ModelSlot::Parameters;
  void listShipped();
  const ShippedNetwork* find(const QString& name) const;
  // A model with all that takes long for a large one; made on any thread.
  struct Opened {
    Opened(const QString& name, const QString& title, io::Model&& model, bool trained);
    std::vector<std::string> notes;
    ModelSlot slot;
  };
  class Opening;
  void openLater(const QString& name, const QString& title, bool trained, std::function<io::Model()> read, const Gate& gate);
  void open(const Opened& opened);
  void install(ModelSlot slot, const std::optional<train::Recipe>& recipe);
  void exchange(ModelSlot& slot);
  bool leavesRoomToUndo();
  static double mostHeldBytes();  // of the networks that undo brings back; the settings may name another number
  void tellNotHeld(const ModelSlot& slot);
  bool refusesUndo(int index);
  void tellNotes(const Opened& opened);
  bool takesColors() const;  // of the drawing, which is a photo
  void useValues(const std::shared_ptr<const scene::Values>& values, bool ofBlank);
  void infer();
  void inferred();
  void useStart(StartFrom from);
  void useParameters(const Parameters& parameters);
  void useData();
  void useRecipe();                       // what of it counts from the next run on
  void unfreezeUnknown(ModelSlot& slot);  // layers that another network had
  void showSnapshot();
  void whenDataIsThere(const std::function<void()>& then);
  void takeClassNames();                   // of the data that training is about to begin with, where the network has no own ones
  void tellOnce(const std::string& what);  // of the data
  void tellFit();                          // what becomes of pictures of another size or other colors than the network takes
  Parameters newest() const;               // of the run under way, also what is not shown yet
  std::vector<std::shared_ptr<const TrainedWeights>> heldByUndo() const;
  void offerBack(const QString& why);
  void withdrawOffers();  // of the weights that are in use again
  // At once where its network is open, else by a job; `then` follows.
  void bringBack(const TrainedWeights& trained, const std::function<void()>& then = {});
  void goOnFrom(const TrainedWeights& trained);
  bool refusesTraining();                     // of a model that is not whole; tells why
  bool refusesSaving(const QString& path);    // over the file of such a model; tells why
  Message savedMessage(const QString& path);  // with what the file lacks

  Jobs m_jobs;
  QUndoStack m_undo;
  DatasetCatalog m_library;
  TrainingController m_training;
  std::vector<ShippedNetwork> m_shipped, m_published;
  ModelSlot m_model;
  struct Offer {
    std::weak_ptr<const TrainedWeights> weights;  // the message owns them
    nn::Issue message;
  };
  struct Told {
    std::vector<Offer> offers;
    std::set<std::string> fits;
  };
  Told m_told;

  data::Picture m_drawing;
  bool m_likeMnist = true;
  data::PreparedDrawing m_prepared;
  std::shared_ptr<const scene::Values> m_values;
  bool m_valuesOfBlank = true, m_inferringBlank = true;  // of a slow network, for which a drawing may have come meanwhile
  Selection m_selection;
  QTimer m_soon;
  double m_lastComputeMs = 0;
  QFutureWatcher<std::shared_ptr<const scene::Values>> m_inference;  // of a slow network
  bool m_inferAgain = false;                                         // the drawing or the weights changed meanwhile
  QTimer m_patience;                                                 // then the person is told that it takes a while
};

}  // namespace ui
