#include "ui/panels/lessons/LessonEntry.h"

#include <QAbstractItemView>
#include <QFontMetrics>
#include <QPainter>

#include "ui/base/Widgets.h"

namespace ui {

namespace {

constexpr int kEntryPaddingPx = 10, kBelowTitlePx = 3, kEntryRoundPx = 6;
constexpr int kWrapped = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;

struct LessonWords {
  QString title, summary;
  QFont titleFont, font;
  int titleHeight = 0, summaryHeight = 0;
};

LessonWords wordsOf(const QStyleOptionViewItem& option, const QModelIndex& index, int width) {
  const QString text = index.data().toString();
  LessonWords words{text.section(u'\n', 0, 0), text.section(u'\n', 1), option.font, option.font};
  words.titleFont.setBold(true);
  const auto height = [width](const QFont& font, const QString& what) {
    return what.isEmpty() ? 0 : QFontMetrics(font).boundingRect(QRect(0, 0, width, 1 << 14), kWrapped, what).height();
  };
  words.titleHeight = height(words.titleFont, words.title);
  words.summaryHeight = height(words.font, words.summary);
  return words;
}

}  // namespace

void LessonEntry::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const bool selected = option.state & QStyle::State_Selected, pointedAt = option.state & QStyle::State_MouseOver;
  const QRect inner = option.rect.adjusted(kEntryPaddingPx, kEntryPaddingPx, -kEntryPaddingPx, -kEntryPaddingPx);
  const LessonWords words = wordsOf(option, index, inner.width());
  const QPalette& colors = option.palette;
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(Qt::NoPen);
  painter->setBrush(selected ? colors.highlight() : pointedAt ? colors.alternateBase() : QBrush(Qt::NoBrush));
  painter->drawRoundedRect(option.rect, kEntryRoundPx, kEntryRoundPx);
  painter->restore();
  const QColor color = colors.color(selected ? QPalette::HighlightedText : QPalette::Text);
  drawWords(*painter, inner, kWrapped, words.title, words.titleFont, color);
  drawWords(*painter, inner.adjusted(0, words.titleHeight + kBelowTitlePx, 0, 0), kWrapped, words.summary, words.font, color);
}

// As wide as the list is, so that only its height follows from the words.
QSize LessonEntry::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const auto* list = qobject_cast<const QAbstractItemView*>(option.widget);
  const int width = list ? list->viewport()->width() : option.rect.width();
  const LessonWords words = wordsOf(option, index, width - 2 * kEntryPaddingPx);
  return {0, words.titleHeight + kBelowTitlePx + words.summaryHeight + 2 * kEntryPaddingPx};
}

}  // namespace ui
