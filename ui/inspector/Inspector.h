// The pinned unit worked out with the real numbers: patch, kernel and products, sums, bias, activation and value, for every
// layer type. Shows the explanation it is given; knows neither network nor session. Cheap to update while the pen moves. UI thread.
#pragma once

#include <memory>
#include <optional>

#include <QWidget>

#include "scene/Explanation.h"
#include "ui/Theme.h"

class QLabel;
class QScrollArea;
class QToolButton;

namespace ui {

class InspectorSheet;

class Inspector : public QWidget {
  Q_OBJECT

 public:
  explicit Inspector(QWidget* parent = nullptr);
  ~Inspector() override;

  void setTheme(const Theme& theme);
  void setExplanation(const scene::Explanation& explanation);
  void clear();  // no unit is pinned: the invitation
  bool isEmpty() const { return !m_explanation; }
  void setTracing(bool on);
  QString text() const;  // the whole calculation as plain text
  InspectorSheet* sheet() const { return m_sheet; }

  QSize sizeHint() const override { return {360, 560}; }
  QSize minimumSizeHint() const override { return {320, 200}; }

 public slots:
  void copyText();  // to the clipboard

 signals:
  // The units are those that made the terms' values (see scene::Term); the scene shows them in their block.
  void termHovered(const std::optional<scene::UnitId>& unit);  // nullopt: none any more
  void unitRequested(const scene::UnitId& unit);               // clicked: walk down the network
  void traceToggled(bool on);                                  // down to the pixels
  void closeRequested();                                       // the person unpins the unit

 private:
  void present(std::shared_ptr<const scene::Explanation> explanation);

  Theme m_theme;
  std::shared_ptr<const scene::Explanation> m_explanation;
  QLabel *m_title, *m_place, *m_value;
  QToolButton *m_trace, *m_copy, *m_close;
  QScrollArea* m_scroll;
  InspectorSheet* m_sheet;
};

}  // namespace ui
