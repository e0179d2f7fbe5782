// A picture of the data to put on the pad, what is known of it, and the memory of it. UI thread.
#pragma once

#include <optional>
#include <unordered_map>

#include <QStringList>

#include "data/Dataset.h"
#include "data/Preprocessing.h"

namespace ui {

struct KnownClass {
  int label = -1;
  QStringList classNames;  // of the data set
};

struct Sample {
  data::Picture picture;
  KnownClass known;
  QString origin;  // for the person
};

// Of the chosen data set where it is loaded, of the stroke generator where not. `takesColors`: the network does; another one is given no
// picture in color. sizePx: of the side of a drawn digit.
Sample randomSample(const data::DataSplit& split, bool takesColors, int sizePx);

// One of the images of a set, which is gray, or in color where the network takes that.
Sample sampleOf(const data::Dataset& set, std::size_t index);

// Which pictures on the pad are samples with a known class: what is known of a picture holds for that picture alone, however it came and
// whenever it comes back, by undo or redo. Keeps fingerprints, not pictures. Owned by the window.
class SampleMemory {
 public:
  // `picture`: as the pad gives it out, after the sample was put on it.
  void remember(const data::Picture& picture, const KnownClass& known);
  std::optional<KnownClass> find(const data::Picture& picture) const;

 private:
  std::unordered_map<std::size_t, KnownClass> m_known;
};

}  // namespace ui
