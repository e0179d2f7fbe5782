// What the network says of the picture on the pad: hands the drawing to the inference and shows what the network received, the answer, and
// of a sample of the data whether it is right. Owned by the window; UI thread.
#pragma once

#include <QObject>
#include <QString>

#include "data/Preprocessing.h"
#include "ui/model/RandomSample.h"

namespace ui {

class MessageStrip;
class NetworkInputView;
class PadPanel;
class ProbabilityBars;
class Workbench;

class AnswerPresenter : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    Workbench& workbench;
    PadPanel& pad;
    NetworkInputView& received;
    ProbabilityBars& answer;
    MessageStrip& messages;
  };
  explicit AnswerPresenter(const Parts& parts);

  void putPicture(const data::Picture& picture, const QString& name);  // on the pad
  void putSample(const Sample& sample);                                // whose class is then known

 private:
  void showNetwork();
  void showReceived();
  void showAnswer();
  void showTruth();
  QString invitation() const;  // on the empty pad and beside it
  QString answerNote() const;

  Parts m_parts;
  SampleMemory m_samples;
};

}  // namespace ui
