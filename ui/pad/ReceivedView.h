// What the network really receives, large, and the steps that lead there: ink, bounding box, fit, centre of mass. With the
// switch that turns the preparation off, to show what other tools do. Shows only what it is given. UI thread.
#pragma once

#include <QImage>
#include <QWidget>

#include "data/Preparation.h"
#include "ui/Theme.h"

class QCheckBox;
class QLabel;

namespace ui {

// The pictures of ReceivedView: the received one and the four steps.
class PreparationSteps : public QWidget {
  Q_OBJECT

 public:
  explicit PreparationSteps(QWidget* parent = nullptr);
  void setTheme(const Theme& theme);
  void show(const data::GreyImage& pad, const data::PreparedDrawing& prepared, const data::GreyImage& received, bool preparationOn);
  // What every pixel of the received picture said for (up to 1) and against (down to -1) what is traced; empty: nothing is traced.
  void setSpoken(const data::GreyImage& spoken);
  QSize sizeHint() const override { return {280, 176}; }
  QSize minimumSizeHint() const override { return {240, 96}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QImage tinted(const data::GreyImage& image) const;
  QImage coloured() const;  // the received picture by what its pixels said
  void paintReceived(QPainter& painter, const QRectF& area) const;
  void paintStep(QPainter& painter, int step, const QRectF& area) const;

  Theme m_theme;
  data::GreyImage m_padInk, m_receivedInk, m_spoken;
  data::PreparedDrawing m_prepared;
  bool m_on = true;
  QImage m_pad, m_fitted, m_result, m_received;
};

class ReceivedView : public QWidget {
  Q_OBJECT

 public:
  explicit ReceivedView(QWidget* parent = nullptr);

  void setTheme(const Theme& theme);
  // `pad`: the drawing. `received`: the values of the network's input, grey (one channel or the mean of several), e.g. 32x32.
  void setPrepared(const data::GreyImage& pad, const data::PreparedDrawing& prepared, const data::GreyImage& received);
  // The received picture takes the colour of what its pixels said for and against `what` ("class 3"); empty: no longer.
  void setSpoken(const data::GreyImage& spoken, const QString& what);
  bool preparationOn() const;
  QSize minimumSizeHint() const override { return {256, 142}; }  // the switch gives way first

 public slots:
  void setPreparationOn(bool on);  // tells nobody

 signals:
  void preparationToggled(bool on);  // by the person

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void refreshHint();
  void presentTitle();

  Theme m_theme;
  QLabel* m_title;
  QLabel* m_size;
  PreparationSteps* m_steps;
  QString m_what;  // whose trace it shows
  QCheckBox* m_switch;
  QLabel* m_hint;
};

}  // namespace ui
