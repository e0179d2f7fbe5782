// A folder that holds what one run of the program has not saved: the trained weights as models, the drawing, and in
// about.json what they are; that one is written last, so that a folder is always either as before or as after. One thread
// at a time.
#pragma once

#include <optional>

#include <QDateTime>
#include <QImage>
#include <QString>

#include "ui/app/Workbench.h"

namespace ui {

struct UnsavedWork {
  QString title;  // of the network
  QDateTime time;
  std::optional<TrainedWeights> trained;
  QImage drawing;  // the pad's ink, gray, 0 paper; null: nothing is drawn
  bool isEmpty() const { return !trained && drawing.isNull(); }
  bool sameAs(const UnsavedWork& other) const;  // but for the time
};

class RecoveryFolder {
 public:
  explicit RecoveryFolder(const QString& path) : m_path(path) {}
  const QString& path() const { return m_path; }

  void write(const UnsavedWork& work);  // only what is new since the last time; throws nn::Error
  // All but the networks and weights. Throws nn::Error where it makes no sense.
  struct About {
    UnsavedWork work;
    bool trained = false;
    QString name, weightsFile, startFile;
    StartFrom startFrom = StartFrom::Random;
  };
  About about() const;
  TrainedWeights weights(const About& about) const;  // throws nn::Error
  bool isEmpty() const;                              // nothing was written yet
  void remove();
  QString putAside();  // under a name that is not looked for again, which it returns

 private:
  QString writeModel(const nn::Network& network, const std::vector<float>& parameters);

  QString m_path;
  int m_count = 0;  // of the files written
  std::optional<TrainedWeights> m_last;
  QString m_weightsFile, m_startFile;
};

}  // namespace ui
