#include "ui/panels/training/TransportButtons.h"

#include <QToolButton>

#include "ui/base/Icons.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {
constexpr int kButtonPx = 48;
constexpr int kIconPx = 28;
}  // namespace

TransportButtons::TransportButtons(QWidget* parent)
    : QWidget(parent), m_play(makeButton("playButton")), m_step(makeButton("stepButton")), m_reset(makeButton("resetButton")) {
  rowOf(this, {}, 8, {m_play, m_step, m_reset});
  m_step->setToolTip(tr("One mini-batch (.)"));
  m_step->setAccessibleName(tr("Single training step"));
  m_reset->setToolTip(tr("Back to the starting weights"));
  m_reset->setAccessibleName(tr("Reset training"));
  connect(m_play, &QToolButton::clicked, this, [this] { m_running ? emit pauseRequested() : emit playRequested(); });
  connect(m_step, &QToolButton::clicked, this, &TransportButtons::stepRequested);
  connect(m_reset, &QToolButton::clicked, this, &TransportButtons::resetRequested);
}

QToolButton* TransportButtons::makeButton(const QString& name) {
  auto* button = new QToolButton(this);
  button->setObjectName(name);
  button->setFixedSize(kButtonPx, kButtonPx);
  button->setIconSize({kIconPx, kIconPx});
  return button;
}

void TransportButtons::setTheme(const Theme& theme) {
  m_theme = theme;
  m_step->setIcon(icon(Icon::Step, theme));
  m_reset->setIcon(icon(Icon::Reset, theme));
  setStyleSheet(QStringLiteral("#playButton { background: %1; border-radius: 8px; } #playButton:hover { background: %2; }"
                               "#playButton:focus, #stepButton:focus, #resetButton:focus { border: 2px solid %3; }"
                               "#stepButton, #resetButton { background: %4; border: 1px solid %5; border-radius: 8px; }"
                               "#stepButton:hover, #resetButton:hover { background: %6; }")
                    .arg(theme.accent.name(), mix(theme.accent, theme.text, 0.15).name(), theme.text.name(), theme.raised.name(),
                         theme.line.name(), mix(theme.raised, theme.text, 0.08).name()));
  present();
}

void TransportButtons::setRunning(bool running) {
  if (running == m_running) return;
  m_running = running;
  present();
}

void TransportButtons::present() {
  Theme onAccent = m_theme;
  onAccent.text = m_theme.onAccent;
  m_play->setIcon(icon(m_running ? Icon::Pause : Icon::Play, onAccent));
  m_play->setToolTip(m_running ? tr("Pause (Space)") : tr("Train (Space)"));
  m_play->setAccessibleName(m_running ? tr("Pause training") : tr("Start training"));
}

}  // namespace ui
