#include "ui/scene/SceneHost.h"

#include <utility>

#include <QCursor>
#include <QLabel>
#include <QMenu>

#include "scene/WeightPictures.h"
#include "ui/base/Action.h"
#include "ui/base/Widgets.h"
#include "ui/scene/AnimationPlayer.h"
#include "ui/scene/Bookmarks.h"
#include "ui/scene/ConnectionActions.h"
#include "ui/scene/FindBox.h"
#include "ui/scene/Folding.h"
#include "ui/scene/SceneBars.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneOptions.h"
#include "ui/scene/StatusLine.h"

namespace ui {
namespace {

constexpr int kSignPx = 10;  // from the edges

QLabel* sign(const char* name, QWidget* host) {
  auto* label = new QLabel(host);
  label->setObjectName(name);
  label->setAttribute(Qt::WA_TransparentForMouseEvents);
  label->setTextFormat(Qt::PlainText);
  label->hide();
  return label;
}

}  // namespace

SceneHost::SceneHost(Selection& selection, QWidget* parent)
    : QWidget(parent),
      m_controller(new SceneController(selection, this)),
      m_options(new SceneOptions(this)),
      m_connectionOptions(new ConnectionActions(m_controller, this)),
      m_player(new AnimationPlayer(*m_controller, *this)),
      m_folding(new Folding(*m_controller, this)),
      m_views(new SceneViews(*m_controller, this)),
      m_bars(new SceneBars({*m_controller, *m_connectionOptions, *m_player, *m_options}, m_views->viewActions(), *this)),
      m_find(new FindBox(this)),
      m_bookmarks(new Bookmarks(*m_controller, this)) {
  columnOf(this, {}, -1, {m_views});
  makeSigns();
  makePicturesAction();
  makeViewActions();
  for (const QList<QAction*>& actions : {m_connectionOptions->actions(), m_player->actions(), m_folding->actions()}) addActions(actions);
  addAction(m_options->nextScopeAction());  // its key works with the menu bar hidden
  connectParts();
  setTheme(darkTheme());
  m_views->showRemembered();
}

void SceneHost::connectParts() {
  for (const auto follow : {&SceneContents::networkAwaited, &SceneContents::networkShown})
    connect(&m_controller->contents(), follow, this, &SceneHost::nameLayers);
  connect(m_views, &SceneViews::viewReplaced, this, [this](QWidget* view) {
    setFocusProxy(view);
    placeParts();
  });
  connect(m_views, &SceneViews::viewChanged, m_bookmarks, &Bookmarks::refresh);
  connect(m_bookmarks, &Bookmarks::said, this, &SceneHost::say);
  connect(m_player, &AnimationPlayer::said, this, &SceneHost::say);
  connect(m_find, &FindBox::chosen, m_controller,
          [this](int block) { m_controller->cameraController().focus(m_controller->state().layout()->blocks[std::size_t(block)].bounds); });
  connect(m_find, &FindBox::closed, this, [this] { focusProxy()->setFocus(Qt::OtherFocusReason); });
  connect(m_controller, &SceneController::menuRequested, this, &SceneHost::showUnitMenu);
  connect(m_controller, &SceneController::layerMenuRequested, this, &SceneHost::showLayerMenu);
  connect(m_options, &SceneOptions::changed, this, &SceneHost::applyOptions);
  connect(m_controller, &SceneController::nothingHeld, m_options, &SceneOptions::endMethod);
}

void SceneHost::makePicturesAction() {
  const QString tip = tr("What each unit of a dense layer over the picture looks for, side by side; kernels of a color picture in colors");
  m_pictures = makeCommand(this, "scene.weight-pictures", tr("Wei&ght pictures..."), tip, {}, [this] {
    const scene::SceneState& state = m_controller->state();
    const int node =
        state.empty() ? -1 : scene::pictureNode(*state.network(), state.selection().pinned() ? state.selection().pinned()->node : -1);
    if (node < 0) return say(tr("No weights of this network are pictures: it needs a dense layer over a picture, or kernels over colors."));
    emit picturesRequested(node);
  });
}

void SceneHost::showUnitMenu(const scene::UnitId& unit) {
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
}

void SceneHost::showLayerMenu(const QPoint& place) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  m_folding->fill(*menu);
  menu->addActions({m_viewActions[3], m_viewActions[4]});  // fit, reset
  menu->popup(place);
}

void SceneHost::makeSigns() {
  m_signs.film = sign("filmSign", this);
  m_signs.film->setText(tr("● Filming"));
  m_signs.opening = sign("openingSign", this);
  m_signs.opening->setAlignment(Qt::AlignCenter);
  m_signs.opening->setWordWrap(true);
}

void SceneHost::makeViewActions() {
  m_viewActions = m_views->viewActions();
  m_viewActions << makeCommand(this, "view.fit", tr("Fit the network"), tr("Everything in view, from the present side"), Qt::Key_F,
                               [this] { m_controller->cameraController().fit(); })
                << makeCommand(this, "view.reset", tr("Reset the view"), tr("Everything in view, from the first side"), Qt::Key_Home,
                               [this] { m_controller->cameraController().reset(); })
                << makeCommand(this, "view.find-layer", tr("Find a layer..."), tr("Comes close to a layer, by its name"),
                               QKeySequence::Find, [this] { m_find->open(); });
}

void SceneHost::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  placeParts();
}

void SceneHost::placeParts() {
  m_bars->place();
  m_find->move((width() - m_find->width()) / 2, kSignPx);
  m_find->raise();
  placeSigns();
}

void SceneHost::placeSigns() {
  m_signs.film->adjustSize();
  m_signs.film->move(width() - m_signs.film->width() - kSignPx, kSignPx);
  m_signs.film->raise();
  m_signs.opening->setGeometry(rect());
  m_signs.opening->raise();
}

void SceneHost::setNetwork(std::shared_ptr<const nn::Network> network, std::shared_ptr<const std::vector<float>> parameters,
                           const QString& title, bool whole) {
  m_signs.opening->setText(title.isEmpty() ? tr("Opening the network ...") : tr("Opening %1 ...").arg(title));
  const std::set<int> folded = network ? m_folding->remembered(*network) : std::set<int>();
  m_controller->contents().setNetwork(std::move(network), std::move(parameters), folded, whole);
}

void SceneHost::nameLayers() {
  m_signs.opening->setVisible(m_controller->state().empty());
  placeSigns();
  QStringList names;
  if (!m_controller->state().empty())
    for (const scene::Block& block : m_controller->state().layout()->blocks) names << QString::fromStdString(block.name);
  m_find->setNames(names);
  m_bookmarks->refresh();
}

void SceneHost::say(const QString& text) {
  m_bars->status().say(text);
}

void SceneHost::setTheme(const Theme& theme) {
  colorWords(*m_signs.film, theme.warning);
  m_signs.film->setFont(theme.bold(theme.body));
  m_signs.opening->setFont(theme.title);
  m_style = render::SceneStyle::of(theme.dark, theme.projector ? 1.5f : 1.0f, theme.projector);
  m_bars->setTheme(theme);
  applyOptions();
}

void SceneHost::applyOptions() {
  render::SceneStyle style = m_style;
  style.palette = m_options->palette();
  style.textScale *= m_options->labelScale();
  style.lineScale *= m_options->lineScale();
  m_controller->setStyle(style);
  m_controller->contents().setScaleScope(m_options->scope());
  placeParts();
}

render::SceneCapture SceneHost::capture() const {
  return render::atRest({m_controller->state(), m_controller->camera(), m_controller->style(), m_controller->motion()});
}

void SceneHost::setFilming(bool on) {
  m_signs.film->setVisible(on);
  placeSigns();
}

}  // namespace ui
