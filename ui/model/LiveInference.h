// The drawing, and what the open network makes of it: the prepared picture, the values of the forward pass and the answer that they give.
// A fast network is computed at once, a slow one beside the window, one pass at a time with what is newest when it begins; the drawing for
// a large input is prepared there, too. Owned by Workbench; UI thread, the passes of a slow network in the pool.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QFutureWatcher>
#include <QObject>
#include <QString>
#include <QTimer>

#include "data/Preprocessing.h"
#include "scene/Scene.h"
#include "ui/base/Message.h"
#include "ui/model/ModelSlot.h"

namespace ui {

class LiveInference : public QObject {
  Q_OBJECT
 public:
  explicit LiveInference(const ModelSlot& model, QObject* parent = nullptr);  // whichever is open in it; outlives this

  // The drawing, in pad pixels. Recomputed once per turn of the event loop, however many changes come.
  void setDrawing(const data::Picture& drawing);
  void setLikeMnist(bool likeMnist);  // how drawings are prepared, as data::InputPipeline::prepare()
  bool likeMnist() const { return m_likeMnist; }
  const data::Picture& drawing() const { return m_drawing; }
  const data::PreparedDrawing& prepared() const { return m_reception->prepared; }

  void recompute();                        // at once; a slow network answers a little later
  void recomputeValues();                  // of the same drawing, with other parameters
  void dropValues() { m_values.reset(); }  // they are of a network that is not open any more

  std::shared_ptr<const scene::Values> values() const { return m_values; }                 // also of an empty pad
  bool blank() const { return !m_inked && !takesColors(); }                                // nothing is drawn
  bool upToDate() const { return !m_soon.isActive() && !m_pass.isRunning() && !m_again; }  // the values are those of the drawing
  std::vector<float> probabilities() const;  // empty where nothing is drawn, or there is no answer (yet)
  QString whyNoAnswer() const;               // why the network says no class, also of an empty pad; empty where it does
  // How many of the pictures that it was validated on are less familiar to the network than the drawing, 0 to 1 (tasks/EnergyScore.h).
  // Nothing where that is not known, and where there is no answer.
  std::optional<double> familiarity() const;
  // By which that is told: of these weights as they are, or as they were a moment ago; of nothing where nobody knows.
  tasks::EnergyCalibration calibration() const;
  // What validation images have given now, with the network that is open; of nothing where there are none.
  void calibrate(const std::shared_ptr<const nn::Network>& network, const tasks::EnergyCalibration& calibration);
  // The network's input as a picture, of the drawing that prepared() is of; its colors are null where it is given a drawing.
  const data::Picture& received() const { return m_reception->picture; }

 signals:
  void drawingChanged();  // prepared() is new, or what the network received
  void valuesChanged();
  void slowlyComputing();  // the network takes more than a moment for this drawing
  void messageRaised(const ui::Message& message);

 private:
  // What the network is given of a drawing, and that as a picture.
  struct Reception {
    data::PreparedDrawing prepared;
    data::Picture picture;
  };
  struct Outcome {
    std::shared_ptr<const Reception> reception;
    std::shared_ptr<const scene::Values> values;  // null: there was no memory for them
  };
  static std::shared_ptr<const Reception> receive(const data::InputPipeline& pipeline, const data::Picture& drawing, bool likeMnist);
  bool takesColors() const { return m_drawing.colors && m_model.takesColors(); }  // of the drawing, which is a photo
  bool compute();
  void infer();
  void inferred();

  const ModelSlot& m_model;
  data::Picture m_drawing;
  bool m_likeMnist = true;
  bool m_inked = false;
  std::shared_ptr<const Reception> m_reception = std::make_shared<const Reception>();
  bool m_unprepared = false;  // it is of a drawing before: the next pass makes that of a large input
  std::shared_ptr<const scene::Values> m_values;
  bool m_valuesOfBlank = true;
  QTimer m_soon;
  QFutureWatcher<Outcome> m_pass;                 // of a slow network
  bool m_passOfBlank = true;                      // for a drawing may have come meanwhile
  bool m_again = false;                           // the drawing or the weights changed meanwhile
  std::weak_ptr<const nn::Network> m_calibrated;  // that the next is of
  tasks::EnergyCalibration m_calibration;
  QTimer m_patience;  // then the person is told that it takes a while
};

}  // namespace ui
