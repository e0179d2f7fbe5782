#include "e2e/OpenWindow.h"

#include <cmath>
#include <numbers>

#include <QTest>

#include "support/Settle.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/scene/SceneHost.h"
#include "ui/shell/PanelLayout.h"

namespace e2e {

OpenWindow::OpenWindow(QSize size, const QString& model)
    : m_appearance(std::make_unique<ui::Appearance>()),
      m_workbench(std::make_unique<ui::Workbench>()),
      m_window(std::make_unique<ui::MainWindow>(*m_workbench, *m_appearance)) {
  m_workbench->models().openShipped(model);
  m_window->panels().setMode(ui::Mode::Train);  // with every panel that there is from the beginning
  m_window->resize(size);
  m_window->move(0, 0);
  m_window->show();
  if (!QTest::qWaitForWindowExposed(m_window.get())) qWarning("The window did not come up on the display.");
  m_window->activateWindow();  // keys go to the active window, and no window manager makes it so
  waitFor([this] { return m_window->isActiveWindow() && m_workbench->network() != nullptr && m_window->scene().views().frameCount() > 0; });
  settle(50);
}

OpenWindow::~OpenWindow() {
  m_window.reset();
  m_workbench->stop();
}

void OpenWindow::closeNow() {
  m_window->close();
}

void OpenWindow::draw(const std::vector<QPointF>& stroke, const std::function<void()>& during) {
  ui::DrawingPad* pad = m_window->padPanel().pad();
  const QRectF square = pad->square();
  const auto at = [&](QPointF share) {
    return QPointF(square.left() + share.x() * square.width(), square.top() + share.y() * square.height()).toPoint();
  };
  QTest::mousePress(pad, Qt::LeftButton, {}, at(stroke.front()));
  for (std::size_t i = 1; i < stroke.size(); ++i) {
    QTest::mouseMove(pad, at(stroke[i]));
    QCoreApplication::processEvents();
    if (during && i == stroke.size() / 2) during();
  }
  QTest::mouseRelease(pad, Qt::LeftButton, {}, at(stroke.back()));
  waitFor([this] { return m_workbench->inference().upToDate(); });
}

std::vector<QPointF> three() {
  std::vector<QPointF> points;
  const auto bow = [&](double centerY, double radius, double fromDegrees, double toDegrees) {
    for (int i = 0; i <= 16; ++i) {
      const double angle = (fromDegrees + (toDegrees - fromDegrees) * i / 16) * std::numbers::pi / 180;
      points.emplace_back(0.47 + 1.15 * radius * std::cos(angle), centerY + radius * std::sin(angle));
    }
  };
  bow(0.335, 0.155, -160, 80);
  bow(0.655, 0.175, -80, 160);
  return points;
}

bool waitFor(const std::function<bool()>& condition, int timeoutMs) {
  return QTest::qWaitFor(condition, timeoutMs);
}

}  // namespace e2e
