// A line over the scene that jumps to a layer by its name: type a part of it, choose, Enter. Owned by SceneHost; UI thread.
#pragma once

#include <QFrame>
#include <QStringList>

class QLabel;
class QLineEdit;
class QStringListModel;

namespace ui {

class FindBox : public QFrame {
  Q_OBJECT
 public:
  explicit FindBox(QWidget* parent);
  void setNames(const QStringList& names);  // of the layers, in order
  void open();                              // shows itself, ready to type into
  QLineEdit* field() const { return m_field; }

 signals:
  void chosen(int index);  // into the names
  void closed();

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void choose(const QString& text);
  void sayIfNone(const QString& text);
  int indexOf(const QString& text) const;  // exactly so, else beginning so, else containing it; -1: none

  QStringList m_names;
  QLineEdit* m_field;
  QLabel* m_none;  // where no layer has such a name
  QStringListModel* m_model;
};

}  // namespace ui
