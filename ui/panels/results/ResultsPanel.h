// What the network takes for what: the confusion matrix of a test, how much of each class is right, and the pictures that were answered
// wrongly, those first of which the network was most certain. Follows a run, whose validation it shows, and measures the open network where
// there is none. While nobody sees it, it computes nothing. Made by PanelLayout; UI thread.
#pragma once

#include <memory>
#include <optional>

#include <QBoxLayout>
#include <QWidget>

#include "data/Dataset.h"
#include "ui/base/Theme.h"
#include "ui/model/RandomSample.h"
#include "ui/panels/results/ConfusionTable.h"
#include "ui/panels/results/MistakeFinder.h"
#include "ui/panels/results/MomentMeter.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;
class QToolButton;

namespace ui {

class ConfusionView;
class PictureGrid;
class Workbench;

class ResultsPanel : public QWidget {
  Q_OBJECT
 public:
  explicit ResultsPanel(Workbench& workbench, QWidget* parent = nullptr);
  void setTheme(const Theme& theme);
  const ConfusionTable& table() const { return m_table; }
  QString summary() const;  // what was measured, after which step, and how much is right; else why there is nothing
  MistakeFinder& finder() { return m_finder; }
  void measure();  // on the images that are chosen; the data is loaded first where it must
  QSize minimumSizeHint() const override { return {240, 380}; }
  int heightForWidth(int) const override { return minimumSizeHint().height(); }  // matrix and pictures take what there is
  // Whose pictures are shown; nothing: all mistakes.
  void choosePair(const std::optional<ClassPair>& cell);

 signals:
  void chosen(const ui::Sample& sample);  // for the pad

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  // Of a run also the step that it was measured after, and that of the weights that are asked how certain they are.
  struct Shown : Measured {
    QString which;  // of the images: "validation"
    std::optional<std::uint64_t> step, weightsStep;
  };
  QWidget* makeMatrix();
  QWidget* makePictures();
  void wire();
  void updateSeen();
  void follow();
  void followRun();
  void followMoment();  // that is looked back at
  void showMoment(const Measured& measured, std::uint64_t step);
  void forgetWhatIsGone();
  void measureNow();
  void stopMeasuring();
  void show(std::shared_ptr<const data::Dataset> images, Shown shown);
  void present();
  void presentMatrix();
  void listPairs();
  void presentPictures();
  bool areOrdered() const;  // the pictures, by how certain the network was
  std::vector<std::uint32_t> picturesShown() const;
  QString picturesText(std::size_t count) const;
  void findMistakes();
  QString whyEmpty() const;
  QString captionOf(std::size_t index) const;
  void tellCell(ClassPair cell);
  void tellRest();

  Workbench& m_workbench;
  Theme m_theme;
  struct {
    QLabel *summary, *cell, *which;
    QComboBox* images;
    QPushButton* measure;
    QCheckBox* shares;
    QToolButton* all;
    QListWidget* pairs;
    QWidget *matrix, *pictures;
  } m_parts{};
  QBoxLayout* m_body = nullptr;
  ConfusionView* m_view = nullptr;
  PictureGrid* m_grid = nullptr;
  std::optional<Shown> m_shown;
  ConfusionTable m_table;
  std::shared_ptr<const train::Evaluation> m_ofRun;  // that was shown last
  MistakeFinder m_finder;
  MistakeFinder::Certainties m_certainties;
  MomentMeter m_meter;
  std::optional<ClassPair> m_pair;
  bool m_seen = false, m_waits = false;  // waits: for the data, to measure on it
};

}  // namespace ui
