// What is to be seen of the run: its curves, what they show to whoever knows how to read them, the menu of how they are drawn and saved,
// and the time machine. Owned by TrainingPanel; wires itself to the Workbench. UI thread.
#pragma once

#include <functional>

#include <QLabel>
#include <QTimer>
#include <QWidget>

#include "ui/app/Workbench.h"
#include "ui/base/Theme.h"

class QMenu;
class QToolButton;

namespace ui {

class CurvesView;
class EarlierRuns;
class HistoryBar;

class RunPane : public QWidget {
  Q_OBJECT
 public:
  explicit RunPane(Workbench& workbench, QWidget* parent = nullptr);
  void setTheme(const Theme& theme);
  CurvesView& curves() { return *m_curves; }
  HistoryBar& history() { return *m_history; }
  QMenu& menu() { return *m_menu; }  // of the curves
  QString advice() const { return m_advice->text(); }
  QSize minimumSizeHint() const override;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void wireCurves();
  void makeMenu();
  using Bytes = std::function<QByteArray()>;
  void savePage();
  void savePicture();
  void saveTable();
  void save(const QString& title, const QString& name, const QString& filter, const QStringList& suffixes,
            const std::function<Bytes(const QString& path)>& content);
  void presentAdvice();

  Workbench& m_workbench;
  EarlierRuns* m_earlier;
  CurvesView* m_curves;
  HistoryBar* m_history;
  QLabel* m_advice;
  QToolButton* m_more;
  QMenu* m_menu;
  QTimer m_adviceSoon;
  Theme m_theme;
};

}  // namespace ui
