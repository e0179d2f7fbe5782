// The view of a scene: of the three that there are the one that is asked for, as far as it can be shown. In space where OpenGL 3.3 works,
// else flat, with one line above that says why. Owned by SceneHost; UI thread.
#pragma once

#include <QElapsedTimer>
#include <QImage>
#include <QList>
#include <QWidget>

class QAction;
class QLabel;
class QVBoxLayout;

namespace ui {

class FlatView;
class SceneController;
class SceneView;
class SoftwareView;

class SceneViews : public QWidget {
  Q_OBJECT
 public:
  enum class View { Space, Flat, Rightward };  // 3D from the bottom up, on one plane, 3D from left to right

  SceneViews(SceneController& controller, QWidget* parent);

  void setView(View view);  // 3D is refused, with a notice, where it cannot be shown
  void showRemembered();    // that the person has chosen by an action
  View view() const { return m_view; }
  QString notice() const { return m_notice; }  // why the scene is flat although 3D was wanted; empty otherwise
  QList<QAction*> viewActions() const { return {m_spaceAction, m_rightwardAction, m_flatAction}; }
  QString rendererName() const;  // "llvmpipe ..." or "QPainter"
  QImage picture();              // as it stands on the screen, in device pixels
  quint64 frameCount() const;    // pictures painted so far, of all views

 signals:
  void viewChanged(ui::SceneViews::View view);
  void viewReplaced(QWidget* view);  // by this one, which takes mouse and keys
  void frameShown();

 protected:
  bool event(QEvent* event) override;

 private:
  QAction* addViewAction(View view, const char* id, const QString& text, const QString& shortText, const QString& tip, Qt::Key key);
  void showSpace(View view);
  void showFlat(const QString& reason);
  QString makeSpaceView();              // empty, or why there cannot be one
  void recover(const QString& reason);  // the 3D view cannot draw any more
  void use(QWidget* view);
  void setNotice(const QString& notice);
  void placeNotice();

  SceneController& m_controller;
  QVBoxLayout* m_layout;
  QLabel* m_noticeLabel;
  QAction *m_spaceAction, *m_rightwardAction, *m_flatAction;
  SceneView* m_space = nullptr;  // of these three, the one that is shown
  SoftwareView* m_software = nullptr;
  FlatView* m_flat = nullptr;
  View m_view = View::Space;
  QString m_notice;
  QElapsedTimer m_sinceFailure;  // of the 3D view; not started: it has not failed yet
  quint64 m_earlierFrames = 0;
};

}  // namespace ui
