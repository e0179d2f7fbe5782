// Which of the three views a host shows, and what it does when one cannot draw.
#include <QAction>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QVBoxLayout>

#include "ui/scene/Bookmarks.h"
#include "ui/scene/FlatView.h"
#include "ui/scene/Folding.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"
#include "ui/scene/SceneView.h"
#include "ui/scene/SoftwareView.h"

namespace ui {
namespace {

constexpr int kFailuresApartMs = 10000;  // a 3D view that fails sooner again is given up

// Why the 3D view cannot even be tried; empty when it can.
QString obstacle() {
  QOpenGLContext context;
  return QString::fromStdString(render::startOpenGl(context));
}

// Where OpenGL is computed by the processor: what renders beside the window; null with a graphics processor.
std::unique_ptr<render::OffscreenRenderer> softwareRendererOfDisplay() {
  QOpenGLContext context;
  QOffscreenSurface surface;
  surface.create();
  if (!context.create() || !context.makeCurrent(&surface)) return nullptr;
  const auto* name = reinterpret_cast<const char*>(context.functions()->glGetString(GL_RENDERER));
  const bool software = render::isSoftwareRenderer(name ? name : "");
  context.doneCurrent();
  if (!software) return nullptr;
  auto renderer = std::make_unique<render::OffscreenRenderer>();
  return renderer->available() ? std::move(renderer) : nullptr;
}

}  // namespace

void SceneHost::setView(View view) {
  if (view == View::Flat) {
    if (!m_flat || !m_notice.isEmpty()) showFlat({});
    return;
  }
  const QString reason = m_space || m_software ? QString() : obstacle();
  reason.isEmpty() ? showSpace(view) : showFlat(reason);
}

void SceneHost::showSpace(View view) {
  if (!m_space && !m_software) makeSpaceView();
  m_view = view;
  setNotice({});
  const bool rightward = view == View::Rightward;
  m_controller->setArrangement(rightward ? scene::Arrangement::Rightward : scene::Arrangement::Space);
  (rightward ? m_rightwardAction : m_spaceAction)->setChecked(true);
  m_bookmarks->refresh();
  emit viewChanged(m_view);
}

void SceneHost::makeSpaceView() {
  if (auto renderer = softwareRendererOfDisplay()) {
    auto* made = new SoftwareView(std::move(renderer), m_controller, this);
    connect(made, &SoftwareView::framePainted, this, &SceneHost::frameShown);
    connect(made, &SoftwareView::failed, this, &SceneHost::recover);
    use(made);
    m_software = made;
  } else {
    auto* made = new SceneView(m_controller, this);
    connect(made, &SceneView::framePainted, this, &SceneHost::frameShown);
    connect(made, &SceneView::failed, this, &SceneHost::recover);
    use(made);
    m_space = made;
  }
}

// A graphics driver that starts anew takes everything that a view had with it: a fresh one draws on. Where that does not last,
// the flat view needs no driver.
void SceneHost::recover(const QString& reason) {
  if (m_view == View::Flat) return;
  const bool again = m_sinceFailure.isValid() && m_sinceFailure.elapsed() < kFailuresApartMs;
  m_sinceFailure.start();
  if (again || !obstacle().isEmpty()) return showFlat(reason);
  makeSpaceView();
}

QList<QAction*> SceneHost::foldActions() const {
  return m_folding->actions();
}

void SceneHost::showFlat(const QString& reason) {
  if (!m_flat) {
    auto* view = new FlatView(m_controller, this);
    connect(view, &FlatView::framePainted, this, &SceneHost::frameShown);
    use(view);
    m_flat = view;
  }
  m_view = View::Flat;
  setNotice(reason.isEmpty() ? QString() : tr("Shown flat: %1.").arg(reason));
  m_controller->setArrangement(scene::Arrangement::Flat);
  m_flatAction->setChecked(true);
  m_bookmarks->refresh();
  emit viewChanged(m_view);
}

void SceneHost::use(QWidget* view) {
  m_earlierFrames = frameCount();
  for (QWidget* old : {static_cast<QWidget*>(m_space), static_cast<QWidget*>(m_software), static_cast<QWidget*>(m_flat)}) {
    if (!old) continue;
    old->hide();
    m_layout->removeWidget(old);
    old->deleteLater();
  }
  m_space = nullptr;
  m_software = nullptr;
  m_flat = nullptr;
  m_layout->addWidget(view, 1);
  setFocusProxy(view);
  view->setAccessibleName(tr("The network"));
  view->show();
  placeButtons();
}

}  // namespace ui
