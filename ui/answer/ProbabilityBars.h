// The network's answer: the winner as large as fits, how certain it is, and the probability of every class as a bar (the ten
// largest when there are more). Shows only what it is given. UI thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <QStringList>
#include <QWidget>

#include "ui/Theme.h"

namespace ui {

class ProbabilityBars : public QWidget {
  Q_OBJECT

 public:
  explicit ProbabilityBars(QWidget* parent = nullptr);

  void setTheme(const Theme& theme);
  void setClassNames(const QStringList& names);  // absent names are counted from 0
  void setProbabilities(std::span<const float> probabilities);
  void setTrueClass(std::optional<int> index);  // of a sample of the data set; nullopt for a drawing
  // The classes of "why 3 and not 8": the one takes the colour of what speaks for it, the other of what speaks against. -1: none.
  void setCompared(int one, int other);
  void setInvitation(const QString& text);
  void clear();  // nothing drawn: the invitation

  bool isEmpty() const { return m_probabilities.empty(); }
  int winner() const { return m_order.empty() ? -1 : m_winner; }
  QString className(int index) const;
  static QString percent(float probability);  // "97.3 %"
  // The classes shown, from top to bottom, and where.
  const std::vector<int>& shownClasses() const { return m_order; }
  QRectF rowRect(int row) const;

  QSize sizeHint() const override { return {296, 248}; }
  QSize minimumSizeHint() const override { return {240, 176}; }

 signals:
  void classHovered(int index);  // -1: none
  void classClicked(int index);
  void classCompared(int index);  // clicked with Ctrl or Shift: why not this one?

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  QRectF winnerArea() const;
  QRectF rowRect(int row, int rows) const;
  void paintEmpty(QPainter& painter) const;
  void paintWinner(QPainter& painter) const;
  void paintRow(QPainter& painter, int row, double nameWidth) const;
  void paintCompared(QPainter& painter, const QRectF& track, bool one, bool filled) const;
  int rowAt(QPointF position) const;
  void setHovered(int row);

  Theme m_theme;
  QStringList m_names;
  std::vector<float> m_probabilities;
  std::vector<int> m_order;
  int m_winner = -1;
  int m_hovered = -1;
  std::optional<int> m_true;
  int m_one = -1, m_other = -1;  // compared
  QString m_invitation;
};

}  // namespace ui
