#include "ui/scene/SceneViews.h"

#include <algorithm>
#include <memory>

#include <QActionGroup>
#include <QEvent>
#include <QLabel>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QSettings>
#include <QVBoxLayout>

#include "ui/base/Action.h"
#include "ui/base/Settings.h"
#include "ui/base/Widgets.h"
#include "ui/scene/FlatView.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneView.h"
#include "ui/scene/SoftwareView.h"

namespace ui {
namespace {

constexpr auto kViewKey = "view/arrangement";
constexpr int kNoticeShare = 3;          // of the height, one part in so many at most
constexpr int kFailuresApartMs = 10000;  // a 3D view that fails sooner again is given up

// Its lines are counted by the views: a layout would give them their height before anything else.
class Notice : public QLabel {
 public:
  using QLabel::QLabel;
  bool hasHeightForWidth() const override { return false; }
};

// What a display offers the 3D view. One context tells both, since each that is made costs the start some milliseconds.
struct Offer {
  QString obstacle;       // why the 3D view cannot even be tried; empty when it can
  bool software = false;  // OpenGL is computed by the processor
};

Offer offerOfDisplay() {
  QOpenGLContext context;
  Offer offer = {QString::fromStdString(render::startOpenGl(context))};
  QOffscreenSurface surface;
  surface.setFormat(context.format());
  if (offer.obstacle.isEmpty()) surface.create();
  if (!surface.isValid() || !context.makeCurrent(&surface)) return offer;
  const auto* name = reinterpret_cast<const char*>(context.functions()->glGetString(GL_RENDERER));
  offer.software = render::isSoftwareRenderer(name ? name : "");
  context.doneCurrent();
  return offer;
}

}  // namespace

SceneViews::SceneViews(SceneController& controller, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_layout(columnOf(this, {}, 0)), m_noticeLabel(new Notice(this)) {
  m_noticeLabel->setAlignment(Qt::AlignCenter);
  m_noticeLabel->setMargin(6);
  m_noticeLabel->setWordWrap(true);
  m_noticeLabel->hide();
  m_layout->addWidget(m_noticeLabel);
  m_spaceAction = addViewAction(View::Space, "view.upward", tr("3D, from the &bottom up"), tr("3D ↑"),
                                tr("The network in space, its input below"), Qt::Key_3);
  m_rightwardAction = addViewAction(View::Rightward, "view.rightward", tr("3D, from left to &right"), tr("3D →"),
                                    tr("The network in space, its input on the left"), Qt::Key_4);
  m_flatAction = addViewAction(View::Flat, "view.flat", tr("&Flat"), tr("Flat"), tr("The same network on one plane"), Qt::Key_2);
  auto* group = new QActionGroup(this);
  for (QAction* action : viewActions()) group->addAction(action);
}

// The person's choice is remembered.
QAction* SceneViews::addViewAction(View view, const char* id, const QString& text, const QString& shortText, const QString& tip,
                                   Qt::Key key) {
  QAction* action = makeCommand(this, id, text, tip, Qt::CTRL | key, [this, view] {
    setView(view);
    remember(kViewKey, int(view));
  });
  action->setIconText(shortText);
  action->setCheckable(true);
  return action;
}

void SceneViews::showRemembered() {
  const int remembered = QSettings().value(kViewKey, int(View::Space)).toInt();
  setView(remembered >= 0 && remembered <= int(View::Rightward) ? View(remembered) : View::Space);
}

void SceneViews::setView(View view) {
  if (view == View::Flat) {
    if (!m_flat || !m_notice.isEmpty()) showFlat({});
    return;
  }
  const QString obstacle = m_space || m_software ? QString() : makeSpaceView();
  obstacle.isEmpty() ? showSpace(view) : showFlat(obstacle);
}

void SceneViews::showSpace(View view) {
  m_view = view;
  setNotice({});
  const bool rightward = view == View::Rightward;
  m_controller.contents().setArrangement(rightward ? scene::Arrangement::Rightward : scene::Arrangement::Space);
  (rightward ? m_rightwardAction : m_spaceAction)->setChecked(true);
  emit viewChanged(m_view);
}

QString SceneViews::makeSpaceView() {
  const Offer offer = offerOfDisplay();
  if (!offer.obstacle.isEmpty()) return offer.obstacle;
  // A processor that computes OpenGL renders beside the window.
  auto renderer = offer.software ? std::make_unique<render::OffscreenRenderer>() : nullptr;
  if (renderer && renderer->available()) {
    auto* made = new SoftwareView(std::move(renderer), &m_controller, this);
    connect(made, &SoftwareView::framePainted, this, &SceneViews::frameShown);
    connect(made, &SoftwareView::failed, this, &SceneViews::recover);
    use(made);
    m_software = made;
  } else {
    auto* made = new SceneView(&m_controller, this);
    connect(made, &SceneView::framePainted, this, &SceneViews::frameShown);
    connect(made, &SceneView::failed, this, &SceneViews::recover);
    use(made);
    m_space = made;
  }
  return {};
}

// A graphics driver that starts anew takes everything that a view had with it: a fresh one draws on. Where that does not last,
// the flat view needs no driver.
void SceneViews::recover(const QString& reason) {
  if (m_view == View::Flat) return;
  const bool again = m_sinceFailure.isValid() && m_sinceFailure.elapsed() < kFailuresApartMs;
  m_sinceFailure.start();
  if (again || !makeSpaceView().isEmpty()) showFlat(reason);
}

void SceneViews::showFlat(const QString& reason) {
  if (!m_flat) {
    auto* view = new FlatView(&m_controller, this);
    connect(view, &FlatView::framePainted, this, &SceneViews::frameShown);
    use(view);
    m_flat = view;
  }
  m_view = View::Flat;
  setNotice(reason.isEmpty() ? QString() : tr("Shown flat: %1.").arg(reason));
  m_controller.contents().setArrangement(scene::Arrangement::Flat);
  m_flatAction->setChecked(true);
  emit viewChanged(m_view);
}

void SceneViews::use(QWidget* view) {
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
  emit viewReplaced(view);
}

bool SceneViews::event(QEvent* event) {
  const bool used = QWidget::event(event);
  if (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest) placeNotice();  // the latter: in other type
  return used;
}

void SceneViews::setNotice(const QString& notice) {
  if (notice == m_notice) return;
  m_notice = notice;
  m_noticeLabel->setText(notice);
  placeNotice();
}

void SceneViews::placeNotice() {
  const int needed = m_noticeLabel->heightForWidth(width());
  m_noticeLabel->setFixedHeight(std::max(0, needed));
  m_noticeLabel->setVisible(!m_notice.isEmpty() && height() >= kNoticeShare * needed);
}

QString SceneViews::rendererName() const {
  if (m_software) return m_software->rendererName();
  return m_space ? m_space->rendererName() : QStringLiteral("QPainter");
}

QImage SceneViews::picture() {
  if (m_space) return m_space->grabFramebuffer();
  if (m_software) return m_software->grab().toImage();
  return m_flat ? m_flat->grab().toImage() : QImage();
}

quint64 SceneViews::frameCount() const {
  return m_earlierFrames + (m_space ? m_space->frameCount() : 0) + (m_software ? m_software->frameCount() : 0) +
         (m_flat ? m_flat->frameCount() : 0);
}

}  // namespace ui
