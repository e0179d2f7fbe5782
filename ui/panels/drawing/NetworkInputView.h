// What the network really receives, large, and the steps that lead there: ink, bounding box, fit, center of mass. With the
// switch that turns the preparation off, to show what other tools do. Shows only what it is given. UI thread.
#pragma once

#include <QImage>
#include <QRectF>
#include <QWidget>

#include "data/Preprocessing.h"
#include "ui/base/Theme.h"

class QCheckBox;
class QLabel;

namespace ui {

// The pictures of NetworkInputView: the received one and the four steps.
class PreprocessingSteps : public QWidget {
  Q_OBJECT

 public:
  explicit PreprocessingSteps(QWidget* parent = nullptr);
  void setTheme(const Theme& theme);
  // colors: of the received picture; with them it stands alone, since no step of a drawing led to it.
  void show(const data::GrayImage& pad, const data::PreparedDrawing& prepared, const data::GrayImage& received, const QImage& colors,
            bool preprocessingOn);
  // What every pixel of the received picture said for (up to 1) and against (down to -1) what is traced; empty: nothing is traced.
  void setSpoken(const data::GrayImage& spoken);
  QSize sizeHint() const override { return {280, 176}; }
  QSize minimumSizeHint() const override { return {240, 96}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void tint();
  QImage tinted(const data::GrayImage& image) const;
  QImage colored() const;  // the received picture by what its pixels said
  void paintReceived(QPainter& painter, const QRectF& area) const;
  void paintStep(QPainter& painter, int step, const QRectF& area) const;

  Theme m_theme;
  data::GrayImage m_padInk, m_fittedInk, m_resultInk, m_receivedInk, m_spoken;
  QRectF m_box;         // of the ink, in pad pixels
  int m_fittedPx = 20;  // the longer side that it is fitted to
  bool m_inked = false, m_on = true;
  QImage m_pad, m_fitted, m_result, m_received, m_colors;
};

class NetworkInputView : public QWidget {
  Q_OBJECT

 public:
  explicit NetworkInputView(QWidget* parent = nullptr);

  void setTheme(const Theme& theme);
  // `pad`: the drawing. `received`: the network's input as ink (one channel or the mean of several), e.g. 32x32; colors: of a photo that it
  // received in color, of the same size.
  void setPrepared(const data::GrayImage& pad, const data::PreparedDrawing& prepared, const data::GrayImage& received,
                   const data::ColorImage* colors = nullptr);
  // The received picture takes the color of what its pixels said for and against `what` ("class 3"); empty: no longer.
  void setSpoken(const data::GrayImage& spoken, const QString& what);
  bool preprocessingOn() const;
  QSize minimumSizeHint() const override { return {256, 142}; }  // the switch gives way first

 public slots:
  void setPreprocessingOn(bool on);  // tells nobody

 signals:
  void preprocessingToggled(bool on);  // by the person

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void refreshHint();
  void presentTitle();

  Theme m_theme;
  QLabel* m_title;
  QLabel* m_size;
  PreprocessingSteps* m_steps;
  QString m_what;  // whose trace it shows
  QCheckBox* m_switch;
  QLabel* m_hint;
};

}  // namespace ui
