// A line of layer names with commas between them, typed or chosen from those of the network. A name that no layer has stays there, marked,
// and is not taken until it is mended. UI thread.
#pragma once

#include <QStringList>
#include <QWidget>

class QLineEdit;
class QMenu;

namespace ui {

// In the color of what is wrong, with the reason at the field; empty: nothing is.
void markProblem(QLineEdit& line, const QString& problem);

class LayerNamesField : public QWidget {
  Q_OBJECT
 public:
  explicit LayerNamesField(QWidget* parent = nullptr);
  void setLayers(const QStringList& layers) { m_layers = layers; }  // those that can be chosen, and no others
  void setNames(const QStringList& names);                          // what was typed and not taken stays where these are as before
  const QStringList& names() const { return m_names; }
  QLineEdit& line() { return *m_line; }
  // As train/recipe/Recipe.h writes and reads them, without empty names.
  static QString textOf(const QStringList& names, const char* between);
  static QStringList namesOf(const QString& text);

 signals:
  void edited();  // names() is another list

 private:
  void take();
  void fillMenu();
  void mark(const QString& problem);

  QLineEdit* m_line;
  QMenu* m_menu;
  QStringList m_layers, m_names;
};

}  // namespace ui
