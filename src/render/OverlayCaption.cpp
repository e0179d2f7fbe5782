// The words of an animation at the foot of the picture, and the zeros of the padding that its window meets.
#include <algorithm>
#include <cmath>

#include <QFontMetricsF>

#include "render/OverlayWriter.h"

namespace render {

using scene::Vec3;

namespace {

constexpr qreal kWidest = 860;  // pixels, of the caption
constexpr qreal kNarrow = 460;  // pictures narrower than this have smaller words
// Room for so much is kept, so that the picture rests while the words change: the sentence of a cell with its sum, bias and activation.
constexpr int kLines = 2, kUsualCharacters = 150;
constexpr qreal kMostOfHeight = 0.3;  // of a low picture; what does not fit is left out at the end
constexpr float kZeroFromPx = 9;

bool narrow(const SceneStyle& style, QSizeF size) {
  return size.width() < kNarrow * style.textScale;
}

QFont captionFont(const SceneStyle& style, QSizeF size) {
  return style.font(narrow(style, size) ? 11.0f : 16.0f);
}

qreal captionPadding(const SceneStyle& style, QSizeF size) {
  return narrow(style, size) ? 4 : 10;
}

qreal captionWidth(const SceneStyle& style, QSizeF size) {
  const qreal key = keyWidth(style, size);
  return std::min(kWidest * style.textScale, size.width() - key - 2 * kEdge);
}

struct CaptionWords {
  QString words;
  qreal height = 0;
};

CaptionWords wordsOf(const scene::SceneState& state, const SceneStyle& style, QSizeF size) {
  const QFontMetricsF metrics(captionFont(style, size));
  const qreal width = captionWidth(style, size) - 2 * captionPadding(style, size);
  const auto heightOf = [&](const QString& words) {
    return metrics.boundingRect(QRectF(0, 0, width, 10000), Qt::TextWordWrap, words).height();
  };
  const qreal most = std::max(metrics.lineSpacing() * kLines, size.height() * kMostOfHeight);
  CaptionWords result{QString::fromStdString(state.caption())};
  QString left = result.words;
  while (heightOf(result.words) > most + 1 && left.contains(QLatin1Char(' '))) {
    left.truncate(left.lastIndexOf(QLatin1Char(' ')));
    result.words = left + QStringLiteral(" …");
  }
  const qreal usual = std::ceil(kUsualCharacters * metrics.averageCharWidth() / width);
  result.height = std::max({heightOf(result.words), kLines * metrics.lineSpacing(), std::min(usual * metrics.lineSpacing(), most)});
  return result;
}

}  // namespace

qreal captionHeight(const scene::SceneState& state, const SceneStyle& style, QSizeF size) {
  if (!state.animation()) return 0;
  return wordsOf(state, style, size).height + 2 * captionPadding(style, size);
}

void Writer::caption(qreal foot) {
  if (m_state.caption().empty()) return;
  const qreal height = captionHeight(m_state, m_style, m_area.size()), width = captionWidth(m_style, m_area.size());
  const qreal room = m_area.width() - keyWidth(m_style, m_area.size());
  const QRectF rect = QRectF((room - width) / 2, m_area.height() - foot - kEdge - height, width, height).toRect();
  m_taken.push_back(rect);
  m_painter.setPen(QPen(m_style.panelLine, 1));
  m_painter.setBrush(m_style.panel);
  m_painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
  m_painter.setFont(captionFont(m_style, m_area.size()));
  m_painter.setPen(m_style.text);
  const QString words = wordsOf(m_state, m_style, m_area.size()).words;
  const int padding = int(captionPadding(m_style, m_area.size()));
  m_painter.drawText(rect.adjusted(padding, 0, -padding, 0), Qt::TextWordWrap | Qt::AlignVCenter | Qt::AlignLeft, words);
  if (m_written) m_written->push_back({words, rect});
}

// What lies in the padding counts as zero: it is written there.
void Writer::paddingZeros() {
  if (!m_state.highlight() || !m_state.highlight()->paddingIsZero) return;
  for (const scene::PatchFrame& cell : m_state.highlight()->padding) {
    const Vec3 middle = mix(cell.corners[0], cell.corners[2], 0.5f), at = m_camera.project(middle);
    const float side = m_camera.pixelsPerUnit(middle) * m_layout.sheets[std::size_t(cell.sheet)].pitch;
    if (at.z <= 0 || side < kZeroFromPx || !m_area.contains(QPointF(at.x, at.y))) continue;
    const QFont font = m_style.font(std::min(side * 0.6f, 16.0f) / m_style.textScale);
    const QFontMetricsF metrics(font);
    const QString zero = QStringLiteral("0");
    const QRectF tight = metrics.tightBoundingRect(zero);
    const QPointF baseline(at.x - metrics.horizontalAdvance(zero) / 2, at.y - tight.center().y());
    if (isFree(tight.translated(baseline))) text(baseline, zero, font, m_style.muted);
  }
}

// In an animation, layers that the data have not reached yet say nothing.
bool Writer::reached(int block) const {
  if (!m_state.highlight()) return true;
  const scene::SheetFocus& focus = m_state.highlight()->focus[std::size_t(m_layout.blocks[std::size_t(block)].firstSheet)];
  return focus.lit || !focus.blank(0);
}

}  // namespace render
