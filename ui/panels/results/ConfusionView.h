// The confusion matrix as cells: a row for each class, a column for what it was taken for, and beside each row how much of it is right. The
// colors leave the right answers out, so that few mistakes are seen among many right ones. Mouse and keys go from cell to cell and choose
// one. It shows only what it is given. UI thread.
#pragma once

#include <optional>

#include <QWidget>

#include "ui/base/Theme.h"
#include "ui/panels/results/ConfusionTable.h"

namespace ui {

class ConfusionView : public QWidget {
  Q_OBJECT
 public:
  static constexpr std::size_t kMostClasses = 26;  // more are no cells that can be seen

  explicit ConfusionView(QWidget* parent = nullptr);
  void setTheme(const Theme& theme);
  void setTable(const ConfusionTable& table);
  void setShares(bool shares);                           // of the row, in place of counts
  void setChosen(const std::optional<ClassPair>& cell);  // whose pictures are shown
  const std::optional<ClassPair>& chosenCell() const { return m_chosen; }
  ClassPair current() const { return m_current; }
  QString text(ClassPair cell) const;  // as it stands there; empty where there is none
  QColor color(ClassPair cell) const;
  QRectF cellRect(ClassPair cell) const;
  int paints() const { return m_paints; }
  QSize minimumSizeHint() const override { return {180, 150}; }
  QSize sizeHint() const override { return {320, 320}; }

 signals:
  void pointed(ui::ClassPair cell);  // at, by the mouse or the keys
  void left();                       // the mouse points at none any more
  void chosen(ui::ClassPair cell);   // by a click or Return
  void allWanted();                  // by Escape

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  std::optional<ClassPair> cellAt(QPointF position) const;
  void layOut();
  void setHovered(const std::optional<ClassPair>& cell);
  void setCurrent(ClassPair cell);
  QFont fitting(const QFont& font, double height) const;
  QFont figureFont() const;
  void paintHeads(QPainter& painter) const;
  void paintRow(QPainter& painter, std::size_t label) const;
  void paintFrames(QPainter& painter) const;
  void paintKey(QPainter& painter) const;

  Theme m_theme;
  ConfusionTable m_table;
  std::optional<ClassPair> m_chosen, m_hovered;
  ClassPair m_current;
  QRectF m_cells, m_key;    // where they stand
  double m_rightWidth = 0;  // of how much of each row is right
  bool m_shares = false;
  bool m_turned = false;  // the names of the columns are
  int m_paints = 0;
};

}  // namespace ui
