// The lesson beside the scene: the list of lessons, else one step at a time in the largest type that shows all of it, with the way forward
// and back. What is wrong with a lesson of the person's is told here, line by line. Owned by its dock; UI thread.
#pragma once

#include <functional>
#include <vector>

#include <QWidget>

#include "nn/Error.h"
#include "ui/base/Theme.h"
#include "ui/panels/lessons/LessonText.h"

class QLabel;
class QListWidget;
class QProgressBar;
class QPushButton;
class QScrollArea;
class QStackedWidget;
class QTimer;
class QToolButton;

namespace ui {

class LessonPlayer;
class Workbench;

class LessonPanel : public QWidget {
  Q_OBJECT
 public:
  struct Entry {
    QString id, title, summary;
    int minutes = 0;
  };

  explicit LessonPanel(Workbench& workbench, QWidget* parent = nullptr);

  LessonPlayer& player() { return *m_player; }
  void setLessons(const std::vector<Entry>& lessons);  // of the list
  void showIssues(const QString& lesson, const std::vector<nn::Issue>& issues);
  void setTheme(const Theme& theme);
  // The value that a text names, of the network that is open and what it computes now.
  std::optional<lessons::Value> value(const lessons::Expression& expression) const;

  QSize sizeHint() const override { return {400, 400}; }

 signals:
  void lessonChosen(const QString& id);
  void fileRequested();
  void leaveRequested();

 protected:
  bool event(QEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void followPage();
  QWidget* makeList();
  QWidget* makeStep();
  void connectStep();
  QWidget* makeIssues();
  void show();  // the present step, the list where no lesson is open
  void fitType();
  void fitFoot();
  QString otherNetworkHtml(int typePx) const;
  QString pageAt(int typePx) const;
  int pageWidth() const;

  Workbench& m_workbench;
  LessonPlayer* m_player;
  QTimer* m_soon;  // however many values come in a turn of the event loop
  Theme m_theme;
  struct {
    QStackedWidget* stack;
    QWidget *list, *step, *issues;
  } m_pages;
  QListWidget* m_list;
  QLabel *m_issues, *m_title, *m_text, *m_place;
  QScrollArea* m_scroll;
  QProgressBar* m_progress;
  QPushButton *m_back, *m_next, *m_resume;
  QToolButton* m_leave;
};

}  // namespace ui
