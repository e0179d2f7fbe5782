// Pictures of a data set side by side, as many as fit, with words below each, its class as a rule; the others by scrolling. Paints what is
// seen and nothing else, so that a million pictures cost no more than a hundred. Mouse and keys choose one. UI thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <QAbstractScrollArea>
#include <QStringList>

#include "data/Dataset.h"

namespace ui {

class PictureGrid : public QAbstractScrollArea {
  Q_OBJECT
 public:
  explicit PictureGrid(QWidget* parent = nullptr);

  // Of these pictures of a set, in this order; the first of them is the current one.
  void setPictures(const std::shared_ptr<const data::Dataset>& set, std::vector<std::uint32_t> indices);
  // In place of the class: so many lines for a picture, as wide as that, and all of them in one as its tip.
  using Caption = std::function<QStringList(std::size_t index)>;  // in the set
  void setCaption(Caption caption, int lines, int widthPx);
  void setChoosesByOneClick(bool on) { m_oneClick = on; }
  const std::vector<std::uint32_t>& indices() const { return m_indices; }
  std::size_t count() const { return m_indices.size(); }
  int current() const { return m_current; }  // its place in that order; -1: there is none
  void setCurrent(int place);
  void chooseCurrent();
  QRect cellRect(int place) const;  // in the viewport

 signals:
  void currentChanged(std::size_t index);  // in the set
  void chosen(std::size_t index);          // by Return, Space, and a double click or a single one

 protected:
  bool event(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  int columns() const;
  int left() const;
  QSize cell() const;
  int placeAt(QPoint position) const;
  void fitRange();
  QImage imageOf(std::size_t index) const;
  QStringList captionOf(std::size_t index) const;

  std::shared_ptr<const data::Dataset> m_set;
  std::vector<std::uint32_t> m_indices;
  Caption m_caption;
  int m_lines = 1, m_wordsPx = 0;  // of what stands below each
  bool m_oneClick = false;
  int m_current = -1;
};

}  // namespace ui
