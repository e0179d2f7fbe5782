// A window of its own with all weight pictures of a layer side by side: what each class looks for, or the kernels of a first layer in
// colors. Follows the weights while they are trained; can show what the drawing adds to each score instead. A click pins the unit.
// One for each main window, closed with it or when the network has no pictures. UI thread.
#pragma once

#include <QDialog>

#include "scene/WeightPictures.h"
#include "ui/base/Theme.h"

class QCheckBox;
class QComboBox;
class QLabel;

namespace ui {

class Appearance;
class Workbench;
class WeightCanvas;

class WeightWindow : public QDialog {
  Q_OBJECT
 public:
  // Opens it, or brings it to the front with this layer. node: see scene::pictureNode; nothing happens without pictures.
  static void show(Workbench& workbench, const Appearance& appearance, int node, QWidget& window);

  const scene::WeightPictures& pictures() const;  // what is shown: weights, or weights times the input
  void copy() const;                              // to the clipboard, as a picture

 private:
  WeightWindow(Workbench& workbench, const Appearance& appearance, QWidget& window);
  void setTheme(const Theme& theme);
  void listLayers(int node);
  void refresh();

  Workbench& m_workbench;
  Theme m_theme;
  QComboBox* m_layer;
  QCheckBox* m_times;
  QLabel *m_title, *m_words;
  WeightCanvas* m_canvas;
};

}  // namespace ui
