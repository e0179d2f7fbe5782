// The network's answer: the winner as large as fits, how certain it is, and the probability of every class as a bar (the ten
// largest when there are more), or the picture that it made, or why there is no answer; below, what was taken for granted. Shows only what
// it is given. UI thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <QStringList>
#include <QWidget>

#include "ui/app/PictureAnswer.h"
#include "ui/base/Theme.h"

namespace ui {

class ProbabilityBars : public QWidget {
  Q_OBJECT

 public:
  explicit ProbabilityBars(QWidget* parent = nullptr);

  void setTheme(const Theme& theme);
  void setClassNames(const QStringList& names);  // absent names are counted from 0
  // familiarity: how many of the pictures that the network was validated on are less familiar to it, 0 to 1; nothing where that is not
  // known.
  void setProbabilities(std::span<const float> probabilities, std::optional<double> familiarity = {});
  bool isUnusual() const;  // perhaps none of the classes
  // Of a sample of the data set: its class, counted as the network counts, or its name alone where the network has other classes.
  struct Truth {
    int index = -1;
    QString name;
    bool operator==(const Truth&) const = default;
  };
  void setTruth(const std::optional<Truth>& truth);  // nullopt for a drawing
  QString verdict() const;                           // "right", "it is 5", "a sample of 5", or nothing
  // Of a network whose output is a picture: it beside the one that was given, and how far they are apart. Lasts as long.
  void setPictures(PictureAnswer pictures);
  const std::optional<PictureAnswer>& pictures() const { return m_pictures; }
  // Instead of an answer: in a sentence or two, why there is none. Lasts until probabilities come or clear().
  void setNoAnswer(const QString& why);
  const QString& whyNoAnswer() const { return m_why; }
  void setNote(const QString& note);  // beside every answer; empty: nothing is to be said
  const QString& note() const { return m_note; }
  bool showsWholeNote() const { return m_fitted.shown == m_note; }
  // The classes of "why 3 and not 8": the one takes the color of what speaks for it, the other of what speaks against. -1: none.
  void setCompared(int one, int other);
  void setInvitation(const QString& text);
  void clear();  // nothing drawn: the invitation

  QString restingText() const;  // instead of bars, where nothing is drawn and there are more classes than bars

  bool isEmpty() const { return m_probabilities.empty(); }
  int winner() const { return m_order.empty() ? -1 : m_winner; }
  QString className(int index) const;
  QString percent(float probability) const;  // "97.3 %", of one of the classes
  // The classes shown, from top to bottom, and where.
  const std::vector<int>& shownClasses() const { return m_order; }
  QRectF rowRect(int row) const;

  QSize sizeHint() const override { return {296, 248}; }
  QSize minimumSizeHint() const override;  // with the whole note

 signals:
  void classHovered(int index);  // -1: none
  void classClicked(int index);
  void truthChanged(std::optional<int> index);  // the class that the picture is known to be of
  void classCompared(int index);                // clicked with Ctrl or Shift: why not this one?

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  QRectF content() const;  // all but the margins and the note
  void fitNote();
  void showTip();
  int noteHeight(const QString& text) const;
  QRectF winnerArea() const;
  QRectF rowRect(int row, int rows) const;
  void paintEmpty(QPainter& painter) const;
  void paintVerdict(QPainter& painter, const QRectF& line) const;
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
  std::optional<double> m_familiarity;
  int m_hovered = -1;
  std::optional<Truth> m_truth;
  std::optional<PictureAnswer> m_pictures;
  struct {
    int one = -1, other = -1;
  } m_compared;
  QString m_invitation, m_why, m_note;
  struct {
    QString shown;  // as much of the note as there is room for
    int height = 0, leastOfAll = 0;
  } m_fitted;
};

}  // namespace ui
