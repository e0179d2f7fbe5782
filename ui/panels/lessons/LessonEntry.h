// How a lesson stands in the list: its title and, below, what it is about. Item texts are both, in two lines. UI thread.
#pragma once

#include <QStyledItemDelegate>

namespace ui {

class LessonEntry : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace ui
