#include "ui/scene/SceneHost.h"

#include <algorithm>

#include <QAction>
#include <QActionGroup>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>

#include "scene/WeightPictures.h"
#include "scene/text/UnitText.h"
#include "ui/base/Announce.h"
#include "ui/base/Settings.h"
#include "ui/scene/AnimationBar.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/Bookmarks.h"
#include "ui/scene/ConnectionActions.h"
#include "ui/scene/ConnectionBar.h"
#include "ui/scene/FindBox.h"
#include "ui/scene/FlatView.h"
#include "ui/scene/Folding.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneOptions.h"
#include "ui/scene/SceneView.h"
#include "ui/scene/SoftwareView.h"
#include "ui/scene/StatusLine.h"

namespace ui {
namespace {

constexpr int kTellMs = 150;
constexpr auto kViewKey = "view/arrangement";
constexpr int kNoticeShare = 3;  // of the height, one part in so many at most

// Its lines are counted by the host: a layout would give them their height before anything else.
class Notice : public QLabel {
 public:
  using QLabel::QLabel;
  bool hasHeightForWidth() const override { return false; }
};

}  // namespace

SceneHost::SceneHost(Selection& selection, QWidget* parent)
    : QWidget(parent),
      m_controller(new SceneController(selection, this)),
      m_options(new SceneOptions(this)),
      m_connectionOptions(new ConnectionActions(m_controller, this)),
      m_player(new AnimationPlayer(*m_controller, *this)),
      m_connectionBar(new ConnectionBar(m_controller, m_connectionOptions, m_player, this)),
      m_animationBar(new AnimationBar(*m_player, *m_controller, this)),
      m_folding(new Folding(*m_controller, this)),
      m_layout(new QVBoxLayout(this)) {
  m_status = new StatusLine(this);
  m_find = new FindBox(this);
  m_bookmarks = new Bookmarks(*m_controller, this);
  m_layout->setContentsMargins(0, 0, 0, 0);
  m_layout->setSpacing(0);
  makeSigns();
  m_pictures = new QAction(tr("Wei&ght pictures..."), this);
  m_pictures->setObjectName("scene.weight-pictures");
  m_pictures->setToolTip(
      tr("What each unit of a dense layer over the picture looks for, side by side; kernels of a color picture in colors"));
  connect(m_pictures, &QAction::triggered, this, [this] {
    const scene::SceneState& state = m_controller->state();
    const int node =
        state.empty() ? -1 : scene::pictureNode(*state.network(), state.selection().pinned() ? state.selection().pinned()->node : -1);
    if (node < 0) return say(tr("No weights of this network are pictures: it needs a dense layer over a picture, or kernels over colors."));
    emit picturesRequested(node);
  });
  m_telling.setSingleShot(true);
  m_telling.setInterval(kTellMs);
  connect(&m_telling, &QTimer::timeout, this, &SceneHost::tellUnit);
  connect(m_controller, &SceneController::changed, this, [this] {
    if (!m_telling.isActive()) m_telling.start();
  });
  for (const auto follow : {&SceneController::networkAwaited, &SceneController::networkShown})
    connect(m_controller, follow, this, &SceneHost::nameLayers);
  connect(m_status, &StatusLine::placed, this, [this] { makeRoomForWords(true); });
  connect(m_bookmarks, &Bookmarks::said, this, &SceneHost::say);
  connect(m_find, &FindBox::chosen, m_controller,
          [this](int block) { m_controller->focus(m_controller->state().layout()->blocks[std::size_t(block)].bounds); });
  connect(m_find, &FindBox::closed, this, &SceneHost::focusView);
  buildActions();
  buildButtons();
  addActions(m_connectionOptions->actions());
  connect(m_connectionBar, &ConnectionBar::placeNeeded, this, &SceneHost::placeButtons);
  connect(m_player, &AnimationPlayer::changed, this, &SceneHost::showPlayer);
  connect(m_player, &AnimationPlayer::said, this, &SceneHost::say);
  addActions(m_player->actions());
  connect(m_controller, &SceneController::menuRequested, this, [this](const scene::UnitId& unit) {
    m_connectionOptions->showMenu(this, QCursor::pos(), unit, [this, unit](QMenu& menu) {
      for (const AnimationPlayer::Actions& one : m_player->commands()) {
        if (!m_player->plays(*one.type, unit)) continue;
        for (const bool fromHere : {false, true})
          connect(menu.addAction(tr(fromHere ? one.type->unit->menuFromHere : one.type->unit->menu)), &QAction::triggered, this,
                  [this, unit, type = one.type, fromHere] {
                    m_controller->selection().pin(unit);
                    m_player->open(*type, fromHere);
                  });
      }
      const nn::Network& network = *m_controller->state().network();
      if (scene::hasWeightPictures(network, unit.node)) {
        const QString name = QString::fromStdString(network.node(unit.node).name);
        connect(menu.addAction(tr("All &weight pictures of %1").arg(name)), &QAction::triggered, this,
                [this, unit] { emit picturesRequested(unit.node); });
      }
      m_folding->fill(menu);
    });
  });
  addAction(m_options->nextScopeAction());  // its key works with the menu bar hidden
  addActions(m_folding->actions());
  connect(m_controller, &SceneController::layerMenuRequested, this, [this](const QPoint& place) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    m_folding->fill(*menu);
    menu->addActions({m_actions[3], m_actions[4]});
    menu->popup(place);
  });
  connect(m_options, &SceneOptions::changed, this, &SceneHost::applyOptions);
  connect(m_controller, &SceneController::nothingHeld, m_options, &SceneOptions::endMethod);
  setTheme(darkTheme());
  const int remembered = QSettings().value(kViewKey, int(View::Space)).toInt();
  setView(remembered >= 0 && remembered <= int(View::Rightward) ? View(remembered) : View::Space);
}

void SceneHost::makeSigns() {
  m_signs.notice = new Notice(this);
  m_signs.notice->setAlignment(Qt::AlignCenter);
  m_signs.notice->setMargin(6);
  m_signs.notice->setWordWrap(true);
  m_signs.notice->hide();
  m_layout->addWidget(m_signs.notice);
  m_signs.film = new QLabel(tr("● Filming"), this);
  m_signs.film->setObjectName("filmSign");
  m_signs.film->setAttribute(Qt::WA_TransparentForMouseEvents);
  m_signs.film->hide();
  m_signs.opening = new QLabel(this);
  m_signs.opening->setObjectName("openingSign");
  m_signs.opening->setAttribute(Qt::WA_TransparentForMouseEvents);
  m_signs.opening->setAlignment(Qt::AlignCenter);
  m_signs.opening->setTextFormat(Qt::PlainText);
  m_signs.opening->setWordWrap(true);
  m_signs.opening->hide();
}

SceneHost::~SceneHost() = default;

void SceneHost::buildActions() {
  auto* group = new QActionGroup(this);
  const auto action = [this](const char* id, const QString& text, const QString& tip, const QList<QKeySequence>& keys, auto&& what) {
    auto* made = new QAction(text, this);
    made->setObjectName(id);
    made->setToolTip(tip);
    made->setShortcuts(keys);
    connect(made, &QAction::triggered, this, what);
    m_actions << made;
    return made;
  };
  m_spaceAction = action("view.upward", tr("3D, from the &bottom up"), tr("The network in space, its input below"), {Qt::CTRL | Qt::Key_3},
                         [this] { choose(View::Space); });
  m_spaceAction->setIconText(tr("3D ↑"));
  m_rightwardAction = action("view.rightward", tr("3D, from left to &right"), tr("The network in space, its input on the left"),
                             {Qt::CTRL | Qt::Key_4}, [this] { choose(View::Rightward); });
  m_rightwardAction->setIconText(tr("3D →"));
  m_flatAction =
      action("view.flat", tr("&Flat"), tr("The same network on one plane"), {Qt::CTRL | Qt::Key_2}, [this] { choose(View::Flat); });
  m_flatAction->setIconText(tr("Flat"));
  for (QAction* view : {m_spaceAction, m_rightwardAction, m_flatAction}) {
    view->setCheckable(true);
    group->addAction(view);
  }
  action("view.fit", tr("Fit the network"), tr("Everything in view, from the present side"), {Qt::Key_F}, [this] { fit(); });
  action("view.reset", tr("Reset the view"), tr("Everything in view, from the first side"), {Qt::Key_Home}, [this] { reset(); });
  action("view.find-layer", tr("Find a layer..."), tr("Comes close to a layer, by its name"), {QKeySequence::Find},
         [this] { m_find->open(); });
}

void SceneHost::buildButtons() {
  m_buttons = new QWidget(this);
  m_buttons->setObjectName("sceneButtons");
  m_buttons->setAttribute(Qt::WA_StyledBackground);  // cells that the eye is near lie below the buttons
  auto* row = new QHBoxLayout(m_buttons);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2);
  for (QAction* view : {m_spaceAction, m_rightwardAction, m_flatAction}) {
    auto* button = new QToolButton(m_buttons);
    button->setDefaultAction(view);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::NoFocus);
    row->addWidget(button);
  }
  auto* play = new QToolButton(m_buttons);
  play->setObjectName("playersButton");
  play->setText(tr("Play ▾"));
  QStringList played;
  for (const AnimationPlayer::Actions& one : m_player->commands())
    played << QStringLiteral("%1 (%2)").arg(QString::fromUtf8(one.type->name).toLower(), one.open->shortcut().toString());
  play->setToolTip(tr("Explains by playing: %1").arg(played.join(QStringLiteral(", "))));
  play->setAutoRaise(true);
  play->setFocusPolicy(Qt::NoFocus);
  play->setPopupMode(QToolButton::InstantPopup);
  play->setMenu(new QMenu(play));
  play->menu()->setToolTipsVisible(true);
  play->menu()->addActions(m_player->openingActions());
  row->addWidget(play);
  m_colors = new QToolButton(this);
  m_colors->setObjectName("colorsButton");
  m_colors->setAutoRaise(true);
  m_colors->setFocusPolicy(Qt::NoFocus);
  m_colors->setPopupMode(QToolButton::InstantPopup);
  m_colors->setMenu(new QMenu(m_colors));
  m_options->addColors(m_colors->menu());
}

void SceneHost::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  placeButtons();
}

void SceneHost::choose(View view) {
  setView(view);
  remember(kViewKey, int(view));
}

void SceneHost::setNotice(const QString& notice) {
  if (notice == m_notice) return;
  m_notice = notice;
  m_signs.notice->setText(notice);
  placeNotice();
}

void SceneHost::placeNotice() {
  const int needed = m_signs.notice->heightForWidth(width());
  m_signs.notice->setFixedHeight(std::max(0, needed));
  m_signs.notice->setVisible(!m_notice.isEmpty() && height() >= kNoticeShare * needed);
}

void SceneHost::setNetwork(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> parameters,
                           const QString& title) {
  m_signs.opening->setText(title.isEmpty() ? tr("Opening the network ...") : tr("Opening %1 ...").arg(title));
  const std::set<int> folded = network ? m_folding->remembered(*network) : std::set<int>();
  m_controller->setNetwork(std::move(network), std::move(parameters), folded);
}

void SceneHost::nameLayers() {
  m_signs.opening->setVisible(m_controller->state().empty());
  placeButtons();
  QStringList names;
  if (!m_controller->state().empty())
    for (const scene::Block& block : m_controller->state().layout()->blocks) names << QString::fromStdString(block.name);
  m_find->setNames(names);
  m_bookmarks->refresh();
}

QString SceneHost::unitInWords() const {
  const scene::SceneState& state = m_controller->state();
  return state.empty() || !state.selection().pinned() ? QString() : QString::fromStdString(scene::tell(state, *state.selection().pinned()));
}

// What the cells say that counts, where they show that.
QString SceneHost::explainedText() const {
  const scene::SceneState& state = m_controller->state();
  const auto& field = state.shown().field();
  if (!field || field->quantity != scene::CellQuantity::Relevance || state.resting() || state.tracing()) return {};
  const QStringList method = QString::fromStdString(field->subject).split(u'\n');
  return tr("What counts for %1; by %2").arg(method.value(1), method.value(0));  // the latter only where there is room
}

// For the eye along the lower edge, and as the view's name for screen readers, which read it out when it changes. While an animation is
// open, its caption; while it plays, nothing anew.
void SceneHost::tellUnit() {
  const QString unit = unitInWords(), caption = QString::fromStdString(m_controller->state().caption());
  m_status->tell(caption.isEmpty() ? (unit.isEmpty() ? explainedText() : unit) : QString());
  m_status->insist(caption.isEmpty() ? m_notShown : QString());
  if (m_player->playing()) return;
  const QString text = !caption.isEmpty() ? caption : unit.isEmpty() ? tr("The network") : unit;
  announce(*focusProxy(), text);
}

void SceneHost::say(const QString& text) {
  m_status->say(text);
}

void SceneHost::setNotShown(const QString& why) {
  m_notShown = why;
  placeButtons();
  tellUnit();
}

void SceneHost::focusView() {
  focusProxy()->setFocus(Qt::OtherFocusReason);
}

void SceneHost::setParameters(std::shared_ptr<const std::vector<float>> parameters) {
  m_controller->setParameters(std::move(parameters));
}

void SceneHost::setValues(std::shared_ptr<const scene::Values> values) {
  m_controller->setValues(std::move(values));
}

void SceneHost::setActivity(std::shared_ptr<const analysis::Activity> activity) {
  m_controller->setActivity(std::move(activity));
}

void SceneHost::setTheme(const Theme& theme) {
  m_status->setTheme(theme);
  QPalette sign = m_signs.film->palette();
  sign.setColor(QPalette::WindowText, theme.warning);
  m_signs.film->setPalette(sign);
  m_signs.film->setFont(theme.bold(theme.body));
  m_signs.opening->setFont(theme.title);
  m_style = render::SceneStyle::of(theme.dark, theme.projector ? 1.5f : 1.0f, theme.projector);
  m_connectionBar->setTheme(theme);
  m_animationBar->setTheme(theme);
  applyOptions();
}

void SceneHost::applyOptions() {
  render::SceneStyle style = m_style;
  style.palette = m_options->palette();
  style.textScale *= m_options->labelScale();
  style.lineScale *= m_options->lineScale();
  m_controller->setStyle(style, m_options->scope());
  placeButtons();
}

QString SceneHost::rendererName() const {
  if (m_software) return m_software->rendererName();
  return m_space ? m_space->rendererName() : QStringLiteral("QPainter");
}

QImage SceneHost::picture() {
  if (m_space) return m_space->grabFramebuffer();
  if (m_software) return m_software->grab().toImage();
  return m_flat ? m_flat->grab().toImage() : QImage();
}

render::SceneCapture SceneHost::capture() const {
  return render::atRest({m_controller->state(), m_controller->camera(), m_controller->style(), m_controller->motion()});
}

void SceneHost::setFilming(bool on) {
  m_signs.film->setVisible(on);
  placeButtons();
}

void SceneHost::fit() {
  m_controller->fit();
}

void SceneHost::reset() {
  m_controller->reset();
}

quint64 SceneHost::frameCount() const {
  return m_earlierFrames + (m_space ? m_space->frameCount() : 0) + (m_software ? m_software->frameCount() : 0) +
         (m_flat ? m_flat->frameCount() : 0);
}

}  // namespace ui
