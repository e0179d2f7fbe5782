#include "ui/panels/drawing/NetworkInputView.h"

#include <algorithm>
#include <cmath>

#include <QCheckBox>
#include <QLabel>
#include <QPainter>

#include "nn/SizeText.h"
#include "ui/base/ColorPicture.h"
#include "ui/base/DevicePixels.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {

constexpr double kThinnestPx = 12;
constexpr int kMostPx = 1000;  // more than the panel has; larger pictures are kept as large

// Rows first, as in the scene.
QString sizeText(const data::GrayImage& image) {
  return QString::fromStdString(nn::sizeText(image.height, image.width));
}

// The largest square in `area`, centered.
QRectF squareIn(const QRectF& area) {
  const double side = std::floor(std::min(area.width(), area.height()));
  return {std::round(area.center().x() - side / 2), std::round(area.center().y() - side / 2), side, side};
}

}  // namespace

PreprocessingSteps::PreprocessingSteps(QWidget* parent) : QWidget(parent), m_theme(lightTheme()) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void PreprocessingSteps::setTheme(const Theme& theme) {
  m_theme = theme;
  tint();
}

void PreprocessingSteps::show(const data::GrayImage& pad, const data::PreparedDrawing& prepared, const data::GrayImage& received,
                              const QImage& colors, bool on) {
  m_padInk = pad;
  m_inked = !prepared.empty;
  m_box = {QPointF(prepared.boxLeft, prepared.boxTop), QPointF(prepared.boxRight, prepared.boxBottom)};
  m_fittedPx = m_inked && on ? std::max(prepared.fitted.width, prepared.fitted.height) : 20;
  m_fittedInk = data::shrunk(prepared.fitted, kMostPx);
  m_resultInk = data::shrunk(prepared.result, kMostPx);
  m_receivedInk = data::shrunk(received, kMostPx);
  m_colors = std::max(colors.width(), colors.height()) > kMostPx ? colors.scaled(kMostPx, kMostPx, Qt::KeepAspectRatio) : colors;
  m_on = on;
  tint();
}

void PreprocessingSteps::tint() {
  m_pad = tinted(m_padInk);
  if (!m_pad.isNull()) m_pad = m_pad.scaled(140, 140, Qt::KeepAspectRatio, Qt::SmoothTransformation);
  m_fitted = tinted(m_fittedInk);
  m_result = tinted(m_resultInk);
  m_received = colored();
  update();
}

void PreprocessingSteps::setSpoken(const data::GrayImage& spoken) {
  if (spoken.ink.empty() && m_spoken.ink.empty()) return;
  m_spoken = data::shrunk(spoken, kMostPx);
  m_received = colored();
  update();
}

// The ink stays faintly there, so that the digit can still be read in the colors.
QImage PreprocessingSteps::colored() const {
  QImage result = m_colors.isNull() ? tinted(m_receivedInk) : m_colors;
  if (m_spoken.ink.size() != m_receivedInk.ink.size() || m_spoken.ink.empty()) return result;
  for (int y = 0; y < result.height(); ++y)
    for (int x = 0; x < result.width(); ++x) {
      const std::size_t at = std::size_t(y) * std::size_t(result.width()) + std::size_t(x);
      const double ink = std::clamp(double(m_receivedInk.ink[at]), 0.0, 1.0), said = std::clamp(double(m_spoken.ink[at]), -1.0, 1.0);
      const QColor ground = mix(m_theme.paper, m_theme.ink, 0.22 * ink);
      result.setPixelColor(x, y, mix(ground, said < 0 ? m_theme.negative : m_theme.positive, std::sqrt(std::abs(said))));
    }
  return result;
}

QImage PreprocessingSteps::tinted(const data::GrayImage& image) const {
  return inkImage(image, m_theme.paper, m_theme.ink);
}

// Side by side in a low panel; the steps below the picture in a high one.
void PreprocessingSteps::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double gap = m_theme.grid;
  const double caption = m_theme.small.pixelSize() * 1.5;
  const QRectF all = rect();
  if (!m_colors.isNull()) return paintReceived(painter, squareIn(all));
  if (all.height() > all.width() * 0.95) {
    const double step = (all.width() - 3 * gap) / 4;
    paintReceived(painter, squareIn(all.adjusted(0, 0, 0, -(step + caption + gap))));
    for (int i = 0; i < 4; ++i) paintStep(painter, i, {i * (step + gap), all.bottom() - step - caption, step, step + caption});
    return;
  }
  const double side = std::floor(std::min(all.height(), (all.width() - 2 * gap) * 0.56));
  const double top = std::floor((all.height() - side) / 2);
  paintReceived(painter, {0, top, side, side});
  const double cellHeight = (side - gap) / 2;
  const double cellWidth = std::min((all.width() - side - 3 * gap) / 2, cellHeight);
  const double left = side + 2 * gap;
  for (int i = 0; i < 4; ++i) {
    paintStep(painter, i, {left + (i % 2) * (cellWidth + gap), top + (i / 2) * (cellHeight + gap), cellWidth, cellHeight});
  }
}

void PreprocessingSteps::paintReceived(QPainter& painter, const QRectF& place) const {
  QRectF area = onDevicePixels(painter, place);
  if (!m_received.isNull()) {
    // A single row of a hundred values is a hair where its shape is kept.
    const QSizeF least = QSizeF(kThinnestPx, kThinnestPx).boundedTo(area.size());
    const QSizeF size = QSizeF(m_received.size()).scaled(area.size(), Qt::KeepAspectRatio).expandedTo(least);
    area = onDevicePixels(painter, {area.center() - QPointF(size.width() / 2, size.height() / 2), size});
    QColor line = m_theme.line;  // the pixel grid, so that it reads as numbers, not as a photograph, which one in color may
    line.setAlphaF(0.45f);
    drawCells(painter, area, m_received, m_colors.isNull() ? line : QColor());
  } else {
    painter.fillRect(area, m_theme.paper);
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(m_theme.line, 1));
  painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5));
}

// 0 ink, 1 bounding box, 2 fitted to 20 px, 3 centered by its mass.
void PreprocessingSteps::paintStep(QPainter& painter, int step, const QRectF& cell) const {
  const double caption = m_theme.small.pixelSize() * 1.5;
  const QRectF area = onDevicePixels(painter, squareIn({cell.left(), cell.top(), cell.width(), cell.height() - caption}));
  const bool used = m_on || step == 0;
  painter.setOpacity(used ? 1.0 : 0.35);
  painter.fillRect(area, m_theme.paper);
  painter.setRenderHint(QPainter::SmoothPixmapTransform, true);
  const double zoom = area.width() / std::max({1, m_padInk.width, m_padInk.height});
  const QSizeF padSize = QSizeF(m_padInk.width, m_padInk.height) * zoom;
  const QRectF pad(area.center() - QPointF(padSize.width() / 2, padSize.height() / 2), padSize);
  if (m_inked && step <= 1 && !m_pad.isNull()) painter.drawImage(pad, m_pad);
  painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
  if (m_inked && used && step == 1) {
    painter.setPen(QPen(m_theme.accent, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(pad.topLeft() + m_box.topLeft() * zoom, m_box.size() * zoom));
  }
  if (m_inked && used && step == 2 && !m_fitted.isNull()) {
    const double pixel = area.width() / std::max({m_fitted.width(), m_fitted.height(), 1});
    const QSizeF size = QSizeF(m_fitted.size()) * pixel;
    drawCells(painter, {area.center() - QPointF(size.width() / 2, size.height() / 2), size}, m_fitted);
  }
  if (m_inked && used && step == 3 && !m_result.isNull()) {
    drawCells(painter, area, m_result);
    painter.setPen(QPen(m_theme.accent, 1.25));
    painter.drawLine(QPointF(area.center().x(), area.top()), QPointF(area.center().x(), area.bottom()));
    painter.drawLine(QPointF(area.left(), area.center().y()), QPointF(area.right(), area.center().y()));
  }
  painter.setPen(QPen(m_theme.line, 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5));
  const QString names[] = {tr("ink"), tr("box"), tr("fit %1 px").arg(m_fittedPx), tr("center")};
  drawWords(painter, {cell.left() - 4, area.bottom() + 1, cell.width() + 8, caption}, Qt::AlignCenter, names[step], m_theme.small,
            m_theme.muted);
  painter.setOpacity(1);
}

NetworkInputView::NetworkInputView(QWidget* parent)
    : QWidget(parent),
      m_title(new QLabel(tr("The network receives"), this)),
      m_size(new QLabel(this)),
      m_steps(new PreprocessingSteps(this)),
      m_switch(new QCheckBox(tr("Prepare like MNIST"), this)),
      m_hint(new QLabel(this)) {
  columnOf(this, {8, 4, 8, 8}, 6, {rowOf({{m_title, 1}, m_size}), {m_steps, 1}, m_switch, m_hint});
  m_hint->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);  // never asks for room of its own
  m_hint->hide();
  m_switch->setChecked(true);
  m_switch->setToolTip(
      tr("MNIST digits were cut out, fitted into 20 × 20 pixels and centered by their mass.\n"
         "A network trained on them reads a drawing well only when it is prepared the same way.\n"
         "Switch it off, then draw small or off the center, to see what happens without."));
  connect(m_switch, &QCheckBox::toggled, this, [this] { refreshHint(); });
  connect(m_switch, &QCheckBox::clicked, this, &NetworkInputView::preprocessingToggled);
  setTheme(lightTheme());
}

void NetworkInputView::setTheme(const Theme& theme) {
  m_theme = theme;
  m_title->setFont(theme.bold(theme.body));
  m_size->setFont(theme.small);
  m_hint->setFont(theme.small);
  colorWords(*m_size, theme.muted);
  m_steps->setTheme(theme);
  refreshHint();
}

void NetworkInputView::setPrepared(const data::GrayImage& pad, const data::PreparedDrawing& prepared, const data::GrayImage& received,
                                   const data::ColorImage* colors) {
  m_size->setText(received.ink.empty() ? QString() : sizeText(received));
  m_switch->setEnabled(!colors);
  m_steps->show(pad, prepared, received, colors ? imageOf(*colors) : QImage(), preprocessingOn());
  refreshHint();
}

void NetworkInputView::setSpoken(const data::GrayImage& spoken, const QString& what) {
  m_what = what;
  presentTitle();
  m_title->setToolTip(what.isEmpty() ? QString()
                                     : tr("Orange pixels spoke for it, blue ones against: brightness × what it adds to the logit"));
  m_steps->setSpoken(spoken);
}

// A unit's name may be longer than the panel is wide; its tag in the scene and the inspector have it whole.
void NetworkInputView::presentTitle() {
  QString title = m_what.isEmpty() ? tr("The network receives") : tr("For and against %1").arg(m_what);
  const int room = width() - m_size->sizeHint().width() - 24;
  if (!m_what.isEmpty() && m_title->fontMetrics().horizontalAdvance(title) > room) title = tr("For and against the unit");
  m_title->setText(title);
}

bool NetworkInputView::preprocessingOn() const {
  return m_switch->isChecked();
}

void NetworkInputView::setPreprocessingOn(bool on) {
  m_switch->setChecked(on);
}

void NetworkInputView::refreshHint() {
  const bool on = preprocessingOn();
  const bool photo = !m_switch->isEnabled();
  m_hint->setText(photo ? tr("In color, scaled to the size of the input")
                  : on  ? tr("Cut out, fitted and centered, as in MNIST")
                        : tr("Only scaled down, as other tools do it"));
  colorWords(*m_hint, on || photo ? m_theme.muted : m_theme.warning);
}

// A low panel gives its room to the pictures; the switch keeps its tooltip.
void NetworkInputView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  presentTitle();
  m_switch->setVisible(height() >= 168);
  m_hint->setVisible(height() >= 208);
}

}  // namespace ui
