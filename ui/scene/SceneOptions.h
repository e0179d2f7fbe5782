// How the person wants to see the scene: what numbers the colors stand for, which colors, how large the labels and how strong
// the lines are. Remembered in the settings; the same actions serve the View menu and the button in the scene. Owned by
// SceneHost; UI thread.
#pragma once

#include <vector>

#include <QList>
#include <QObject>

#include "render/SceneStyle.h"
#include "scene/CellField.h"

class QAction;
class QActionGroup;
class QMenu;

namespace ui {

class SceneOptions : public QObject {
  Q_OBJECT
 public:
  explicit SceneOptions(QObject* parent = nullptr);

  // What the colors stand for. Not remembered: a window begins with what the network computes.
  scene::CellQuantity quantity() const;
  QString method() const;  // of analysis::methods(), by its id, whose relevance is shown; empty: of none
  QList<QAction*> explainActions() const { return m_explain; }  // activations, and each method
  scene::ScaleScope scope() const { return scene::ScaleScope(m_scope.chosen); }
  scene::Palette palette() const { return scene::Palette(m_palette.chosen); }
  float labelScale() const;  // 1: as designed
  float lineScale() const;
  // "Scale: each layer", "Gradient: each layer"; where what was chosen is not shown, "Gradient: not shown".
  QString colorsText(bool shown) const;

  void addColors(QMenu* menu) const;  // quantity, scope and color map
  void addSizes(QMenu* menu) const;   // labels and lines

  QAction* nextScopeAction() const { return m_nextScope; }

 public slots:
  void nextScope();
  void endMethod();                                                                     // activations instead of a method's relevance
  void showActivations() { choose(m_quantity, int(scene::CellQuantity::Activation)); }  // whatever is shown in their place

 signals:
  void changed();

 private:
  struct Choice {
    QString key, title;
    QActionGroup* group = nullptr;
    int chosen = 0;
    bool remembered = true;
  };
  struct Item {
    QString text, tip;
    QString method = {};  // its id
  };
  void buildQuantities();
  void build(Choice& choice, const QString& key, const QString& title, int standard, const std::vector<Item>& items);
  void choose(Choice& choice, int index);
  static void addGroup(QMenu* menu, const Choice& choice);

  Choice m_quantity, m_scope, m_palette, m_labels, m_lines;
  QAction* m_nextScope = nullptr;
  QList<QAction*> m_explain;
};

}  // namespace ui
