// Pictures side by side, as many as fit, with words below each; the others by scrolling. Asks for what is seen and nothing else, so that a
// million pictures cost no more than a hundred. Mouse and keys choose one. UI thread.
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
  // Where pictures come from, by their index.
  struct Source {
    std::function<QImage(std::size_t)> picture;  // null: it is not there yet
    std::function<QString(std::size_t)> words;
  };

  explicit PictureGrid(QWidget* parent = nullptr, int picturePx = 64);

  // Of these pictures of a source, in this order; the first of them is the current one.
  void setPictures(Source source, std::vector<std::uint32_t> indices);
  // The same of a set, with their classes.
  void setPictures(const std::shared_ptr<const data::Dataset>& set, std::vector<std::uint32_t> indices);
  std::vector<std::uint32_t> seen() const;  // those that are, from the first one on
  // In place of the source's words: so many lines for a picture, as wide as that, and all of them in one as its tip.
  using Caption = std::function<QStringList(std::size_t index)>;
  void setCaption(Caption caption, int lines, int widthPx);
  void setChoosesByOneClick(bool on) { m_oneClick = on; }
  const std::vector<std::uint32_t>& indices() const { return m_indices; }
  std::size_t count() const { return m_indices.size(); }
  int current() const { return m_current; }  // its place in that order; -1: there is none
  void setCurrent(int place);
  void chooseCurrent();
  QRect cellRect(int place) const;  // in the viewport

 signals:
  void seenChanged();                      // others are seen now
  void currentChanged(std::size_t index);  // in the set
  void chosen(std::size_t index);          // by Return, Space, and a double click or a single one

 protected:
  bool event(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void scrollContentsBy(int dx, int dy) override;
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
  QStringList captionOf(std::size_t index) const;

  Source m_source;
  const int m_picturePx;
  std::vector<std::uint32_t> m_indices;
  Caption m_caption;
  int m_lines = 1, m_wordsPx = 0;  // of what stands below each
  bool m_oneClick = false;
  int m_current = -1;
};

}  // namespace ui
