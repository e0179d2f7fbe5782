// The page of a training run: what a student hands in. One HTML file with everything inside: what was trained on what and how, the curves,
// which class was taken for which, mistakes as pictures, and the command that repeats it. Pure function; thread: any.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QByteArray>
#include <QImage>
#include <QString>

#include "io/session/SavedWork.h"
#include "tasks/Task.h"
#include "train/Evaluation.h"
#include "train/history/MetricLog.h"
#include "train/history/RunLog.h"

namespace cli {

struct RunPage {
  struct Mistake {
    QImage picture;
    QString label, answer;
  };
  QString title;                            // of the network
  QString network;                          // its name, or its file, as the command line takes it
  bool shipped = false;                     // a name, which everybody has
  std::size_t parameters = 0;               // of the network
  std::string task = "classify";            // tasks::Task::id
  std::optional<io::DataDescription> data;  // with its fingerprint
  train::RunLog log;
  train::MetricLog metrics;
  std::uint64_t step = 0;
  double epoch = 0, seconds = 0;
  QByteArray curvesSvg;                         // may be empty
  std::optional<train::Evaluation> validation;  // the last one of all validation images
  std::uint64_t validationStep = 0;
  std::vector<std::string> classNames;
  std::vector<Mistake> mistakes;  // a few of them
  bool startsTrained = false;     // the run went on from trained weights
};

// UTF-8.
QByteArray htmlOf(const RunPage& page);

// "convscope train harley --data mnist --seed 1 --epochs 3": what is not said is as it is where nobody says it.
QString commandOf(const RunPage& page);

}  // namespace cli
