// Everything about training in one row: the transport buttons, what is trained on what and how, the figures, the curves.
// Owned by the window; wires itself to the Workbench. UI thread.
#pragma once

#include <string_view>
#include <vector>

#include <QWidget>

#include "ui/app/Workbench.h"
#include "ui/base/Theme.h"

class QComboBox;
class QGridLayout;
class QLabel;
class QToolButton;

namespace ui {

class RunPane;
class TransportButtons;

class TrainingPanel : public QWidget {
  Q_OBJECT
 public:
  explicit TrainingPanel(Workbench& workbench, QWidget* parent = nullptr);
  void setTheme(const Theme& theme);
  QSize minimumSizeHint() const override;
  int heightForWidth(int width) const override;
  RunPane& run() { return *m_run; }
  // In words: what is going on, or what went wrong and what to do about it.
  QString stateText() const;

 signals:
  void networkRequested(const QString& name);  // of the shipped ones; the window asks about unsaved weights first
  void folderRequested();
  void downloadRequested(const QString& set);  // io/datasets/Datasets.h
  void settingsRequested();                    // all of them

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* makeControls();
  QWidget* makeFigures();
  QWidget* makePace();
  void addCaptioned(QGridLayout& grid, int row, int column, const QString& label, QWidget* editor);
  QComboBox* addChoice(QGridLayout& grid, int column, const QString& label, const QString& name, const QString& tip);
  void addEditor(QGridLayout& grid, int column, std::string_view field, const QString& name);
  void wireChoices();
  void listNetworks();
  void listData();
  void listStarts();
  void networkPicked(int index);
  void dataPicked(int index);
  QString confusionText() const;
  QString headline() const;  // of stateText(), short enough to stand beside the buttons
  bool isWrong() const;      // it ended by itself
  void presentState();
  void paintState(QLabel* label, bool wrong) const;
  void presentReason(const QString& reason);
  void presentFigures();

  Workbench& m_workbench;
  TransportButtons* m_transport;
  QLabel* m_state;
  struct {
    QLabel *aboveCurves, *belowFields;  // there where there is no room for curves
  } m_reason;                           // why it ended by itself
  QToolButton* m_settings;
  QComboBox *m_network, *m_data, *m_start;
  struct {
    QLabel *epoch, *step, *speed, *elapsed;
  } m_values;
  std::vector<QLabel*> m_captions;
  QWidget* m_figures;
  RunPane* m_run;
  Theme m_theme;
};

}  // namespace ui
