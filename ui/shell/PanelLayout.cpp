#include "ui/shell/PanelLayout.h"

#include <algorithm>

#include <QAction>
#include <QCoreApplication>
#include <QDockWidget>
#include <QMainWindow>
#include <QSettings>

#include "ui/app/Workbench.h"
#include "ui/base/DockBody.h"
#include "ui/base/Settings.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/NetworkInputView.h"
#include "ui/panels/drawing/PadPanel.h"

namespace ui {

namespace {

constexpr auto kModeKey = "window/mode";
// What the panels take of the window at first, within limits.
constexpr double kRightShare = 0.24, kBottomShare = 0.24;
constexpr int kRightPx = 344, kMostRightPx = 560;
constexpr int kBottomPx = 204, kMostBottomPx = 320;
// What a window of less than this can spare: first the size of the pad, then the steps of the preparation and the width of the
// panels, at last all but the scene and the pad.
constexpr int kAmpleHeight = 736, kStepsHeight = 672;
constexpr int kFirmWidth = 900;
constexpr int kRoomyWidth = 760, kRoomyHeight = 470;
constexpr int kSparePadPx = 200, kTinyPadPx = 100, kLessonPadPx = 150;
constexpr int kTinyWidth = 560;
constexpr int kScenePx = 250, kSceneByLessonPx = 200;  // the scene never gets less; beside a lesson, which is to be read

// An arrangement of other panels is another layout.
int layoutVersion() {
  QByteArray ids;
  for (const PanelRow& row : panelRows()) ids += row.id.toUtf8() + '\n';
  return qChecksum(ids);
}

QString layoutKey(Mode mode) {
  return QStringLiteral("window/layout/") + modeRow(mode).id;
}

}  // namespace

PanelLayout::PanelLayout(QMainWindow& window, Workbench& workbench) : QObject(&window), m_window(window), m_sizes(window) {
  window.setCorner(Qt::TopLeftCorner, Qt::LeftDockWidgetArea);
  window.setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  window.setCorner(Qt::TopRightCorner, Qt::RightDockWidgetArea);
  window.setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
  for (const PanelRow& row : panelRows()) {
    m_panels.push_back(row.create(workbench));
    auto* dock = new QDockWidget(row.title, &window);
    auto* body = new DockBody(m_panels.back().widget, row.smallest, dock);
    dock->setObjectName(row.id);
    dock->setWidget(body);
    m_sizes.watch(dock);
    connect(dock->toggleViewAction(), &QAction::triggered, dock, [this, dock](bool on) {
      if (on) keepRoomForScene(dock);
    });
    m_docks.push_back(dock);
    m_bodies.push_back(body);
  }
}

QDockWidget* PanelLayout::dock(const QString& id) const {
  return *std::find_if(m_docks.begin(), m_docks.end(), [&id](const QDockWidget* dock) { return dock->objectName() == id; });
}

void PanelLayout::show(const QString& id) const {
  dock(id)->show();
  dock(id)->raise();
  keepRoomForScene(dock(id));
}

// In a small window a panel that comes on the right takes its room from the pad, once it has its place.
void PanelLayout::keepRoomForScene(QDockWidget* shown) const {
  const auto isNarrow = [this] { return m_reduced || m_window.width() < kFirmWidth; };
  if (!isNarrow() || m_window.dockWidgetArea(shown) != Qt::RightDockWidgetArea) return;
  const auto share = [this, shown, isNarrow] {
    QDockWidget* left = leftOfMode().front();
    const int room = m_window.width() - kScenePx, wanted = std::min(kRightPx, room * 6 / 10);
    const int leftPx = std::max(left->minimumSizeHint().width(), std::min(left->width(), room - wanted));
    if (isNarrow() && shown->isVisible() && !shown->isFloating())
      m_window.resizeDocks({left, shown}, {leftPx, std::min(wanted, room - leftPx)}, Qt::Horizontal);
  };
  QMetaObject::invokeMethod(shown, share, Qt::QueuedConnection);
}

void PanelLayout::setTheme(const Theme& theme) {
  for (const Panel& panel : m_panels) panel.setTheme(theme);
}

std::vector<QDockWidget*> PanelLayout::docksIn(Qt::DockWidgetArea area) const {
  std::vector<QDockWidget*> docks;
  for (std::size_t i = 0; i < m_docks.size(); ++i)
    if (panelRows()[i].area == area) docks.push_back(m_docks[i]);
  return docks;
}

void PanelLayout::begin() {
  const QSettings settings;
  for (const ModeRow& row : modeRows()) {
    m_states[row.mode] = settings.value(layoutKey(row.mode)).toByteArray();
    if (settings.value(kModeKey) == row.id) m_mode = row.mode;
  }
  m_sizes.setArrangement(int(m_mode));
  fitContents();
  arrange();
  emit modeChanged(m_mode);
  resizeOnceLaidOut();
}

void PanelLayout::setMode(Mode mode) {
  if (m_reduced) emit modeNotArranged(mode);
  if (mode == m_mode) return;
  m_states[m_mode] = state();
  m_mode = mode;
  m_sizes.setArrangement(int(mode));
  ui::remember(kModeKey, modeRow(mode).id);
  fitContents();
  m_reduced ? arrangeReduced() : arrange();
  emit modeChanged(mode);
  resizeOnceLaidOut();
}

// Before the window is laid out for the first time the docks do not take the sizes that they are given.
void PanelLayout::resizeOnceLaidOut() {
  const auto resize = [this] { m_reduced ? resizeReduced() : giveLessonItsShare(); };
  QMetaObject::invokeMethod(this, resize, Qt::QueuedConnection);
}

// The text of a lesson needs its share of every window, until the person gives it another.
void PanelLayout::giveLessonItsShare() {
  if (!m_reduced && m_mode == Mode::Lesson && m_states[m_mode].isEmpty()) resizeAsAtTheBeginning();
}

QByteArray PanelLayout::state() const {
  return m_reduced ? m_states.at(m_mode) : m_window.saveState(layoutVersion());
}

// A layout that was kept knows nothing of a panel that is new, or may make no sense.
void PanelLayout::arrange() {
  m_window.setUpdatesEnabled(false);
  arrangeAsAtTheBeginning();
  if (!m_states[m_mode].isEmpty()) m_window.restoreState(m_states[m_mode], layoutVersion());
  m_window.setUpdatesEnabled(true);
}

void PanelLayout::arrangeAsAtTheBeginning() {
  const auto ofMode = [this](const PanelRow& row) { return std::find(row.modes.begin(), row.modes.end(), m_mode) != row.modes.end(); };
  for (std::size_t i = 0; i < m_docks.size(); ++i) {
    const PanelRow& row = panelRows()[i];
    m_docks[i]->setFloating(false);
    m_window.addDockWidget(row.area, m_docks[i]);
    const std::vector<QDockWidget*> beside = docksIn(row.area);
    if (row.area == Qt::RightDockWidgetArea && m_docks[i] != beside.front()) m_window.tabifyDockWidget(beside.front(), m_docks[i]);
    m_docks[i]->setVisible(ofMode(row));
  }
  resizeAsAtTheBeginning();
}

void PanelLayout::resizeAsAtTheBeginning() {
  const int width = m_window.width(), height = m_window.height();
  QList<QDockWidget*> stacked;
  QList<int> heights;
  int shares = 0;
  for (QDockWidget* dock : leftOfMode()) {
    const PanelRow& row = panelRows()[std::size_t(std::find(m_docks.begin(), m_docks.end(), dock) - m_docks.begin())];
    stacked << dock;
    heights << row.share * height;
    shares += row.share;
  }
  for (int& each : heights) each /= shares;
  const auto first = [this](Qt::DockWidgetArea area) { return docksIn(area).front(); };
  const ModeRow& mode = modeRow(m_mode);
  const int left = std::clamp(int(mode.leftShare * width), mode.leftPx, mode.mostLeftPx);
  const int right = std::clamp(int(kRightShare * width), kRightPx, kMostRightPx);
  const int bottom = std::clamp(int(kBottomShare * height), kBottomPx, kMostBottomPx);
  m_window.resizeDocks({stacked.front(), first(Qt::RightDockWidgetArea)}, {left, right}, Qt::Horizontal);
  m_window.resizeDocks(stacked, heights, Qt::Vertical);
  m_window.resizeDocks({first(Qt::BottomDockWidgetArea)}, {bottom}, Qt::Vertical);
}

void PanelLayout::reset() {
  m_states[m_mode].clear();
  forget(layoutKey(m_mode));
  if (!m_reduced) arrangeAsAtTheBeginning();
  emit modeChanged(m_mode);
}

void PanelLayout::remember() {
  m_states[m_mode] = state();
  for (const auto& [mode, state] : m_states) ui::remember(layoutKey(mode), state);
}

QString PanelLayout::choice() const {
  QStringList words{modeRow(m_mode).id};
  for (QDockWidget* dock : m_docks)
    if (dock->toggleViewAction()->isChecked()) words << dock->objectName();
  return words.join(u' ');
}

QCborMap PanelLayout::saved() const {
  QCborMap layouts;
  for (const auto& [mode, layout] : m_states) layouts[modeRow(mode).id] = mode == m_mode ? state() : layout;
  return {{QStringLiteral("mode"), modeRow(m_mode).id}, {QStringLiteral("layouts"), layouts}};
}

void PanelLayout::restore(const io::Section& section) {
  const io::Section layouts = section.inside("layouts");
  std::map<Mode, QByteArray> states;
  const QString id = section.text("mode");
  const ModeRow* shown = nullptr;
  for (const ModeRow& row : modeRows()) {
    if (const QByteArray key = row.id.toLatin1(); layouts.has(key.constData())) states[row.mode] = layouts.bytes(key.constData());
    if (row.id == id) shown = &row;
  }
  if (!shown) section.refuse("there is no mode " + id.left(40).toStdString());
  for (const auto& [mode, layout] : states) m_states[mode] = layout;
  const bool changes = m_mode != shown->mode;
  m_mode = shown->mode;
  ui::remember(kModeKey, shown->id);
  if (!m_reduced) arrange();
  if (m_reduced && changes) emit modeNotArranged(m_mode);
  emit modeChanged(m_mode);
}

void PanelLayout::fit(bool projector) {
  const int width = m_window.width(), height = m_window.height();
  const bool reduced = projector || width < kRoomyWidth || height < kRoomyHeight;
  if (projector != m_projector) QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);  // the type has another size
  for (std::size_t i = 0; i < m_bodies.size(); ++i)
    m_bodies[i]->setFirm(!reduced && (panelRows()[i].area != Qt::RightDockWidgetArea || width >= kFirmWidth), !reduced);
  m_projector = projector;
  if (reduced) m_sizes.windowResized(false);  // before the others make room: their sizes are not to be kept
  setReduced(reduced);
  fitContents();
  if (!reduced) m_sizes.windowResized(true);
  giveLessonItsShare();
}

// The pad has what the others leave it. Beside a lesson it is small, without the steps to the network's input.
void PanelLayout::fitContents() {
  const int width = m_window.width(), height = m_window.height();
  const bool lesson = m_mode == Mode::Lesson;
  const bool ample = !m_reduced && !lesson && width >= kFirmWidth && height >= kAmpleHeight;
  const int padPx = ample ? 0 : m_reduced ? kTinyPadPx : lesson ? kLessonPadPx : kSparePadPx;  // 0: as it likes
  m_window.findChild<DrawingPad*>()->setMinimumSize(padPx, padPx);
  m_window.findChild<NetworkInputView*>()->setVisible(!m_reduced && !lesson && height >= kStepsHeight);
  QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);  // the docks know at once what their contents need now
}

std::vector<QDockWidget*> PanelLayout::leftOfMode() const {
  std::vector<QDockWidget*> docks;
  for (std::size_t i = 0; i < m_docks.size(); ++i) {
    const PanelRow& row = panelRows()[i];
    if (row.area == Qt::LeftDockWidgetArea && std::find(row.modes.begin(), row.modes.end(), m_mode) != row.modes.end())
      docks.push_back(m_docks[i]);
  }
  return docks;
}

void PanelLayout::setReduced(bool reduced) {
  if (reduced != m_reduced) {
    if (reduced) m_states[m_mode] = state();
    m_reduced = reduced;
    emit reducedChanged(reduced);
    if (reduced && !m_projector && m_mode == Mode::Train) emit modeNotArranged(m_mode);  // the others have there what they are for
    // Without their bars of title and tools nothing is left to look at but the thing itself.
    for (QDockWidget* dock : docksIn(Qt::LeftDockWidgetArea)) {
      delete dock->titleBarWidget();
      dock->setTitleBarWidget(reduced ? new QWidget(dock) : nullptr);
    }
    if (!reduced) {
      m_window.findChild<PadPanel*>()->setToolsVisible(true);
      arrange();
    }
  }
  if (reduced) arrangeReduced();
}

void PanelLayout::arrangeReduced() {
  const std::vector<QDockWidget*> left = leftOfMode();
  QDockWidget *above = left.front(), *below = left.back();  // pad and answer, or lesson and pad
  for (QDockWidget* other : m_docks)
    if (other != above && other != below) other->hide();
  above->show();
  below->setVisible(m_projector || m_window.height() >= kRoomyHeight);
  m_window.findChild<PadPanel*>()->setToolsVisible(m_projector || m_window.width() >= kTinyWidth);
  resizeReduced();
}

void PanelLayout::resizeReduced() {
  const std::vector<QDockWidget*> left = leftOfMode();
  QDockWidget *above = left.front(), *below = left.back();
  const int width = m_window.width(), height = m_window.height();
  const bool tiny = !m_projector && width < kTinyWidth;
  const int tools = m_window.findChild<PadPanel*>()->minimumSizeHint().width();
  const int across = m_mode == Mode::Lesson ? width * 36 / 100 : width * 3 / 10;
  m_window.resizeDocks({above},
                       {tiny ? std::max(120, width - (m_mode == Mode::Lesson ? kSceneByLessonPx : kScenePx))
                             : std::clamp(across, std::min(tools, 800), 800)},
                       Qt::Horizontal);
  m_window.resizeDocks({above, below}, {height * 6 / 10, height * 4 / 10}, Qt::Vertical);
}

}  // namespace ui
