// All settings of a training run as a form, made from the rows of the recipe: one control for each, in groups with titles, each with the
// way back to its standard value. What counts from the next run on says so while a run exists. Owned by the window; UI thread.
#pragma once

#include <vector>

#include <QWidget>

#include "train/recipe/Recipe.h"
#include "ui/base/Theme.h"

class QGridLayout;
class QLabel;
class QPushButton;
class QScrollArea;
class QToolButton;

namespace ui {

class TrainingController;

class RecipePanel : public QWidget {
  Q_OBJECT
 public:
  explicit RecipePanel(TrainingController& training, QWidget* parent = nullptr);
  void setTheme(const Theme& theme);
  QSize sizeHint() const override { return {344, 560}; }
  QSize minimumSizeHint() const override { return {264, 120}; }

 protected:
  void showEvent(QShowEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  struct Row {
    const train::RecipeField* field;
    QLabel* label;
    QWidget* editor;
    QToolButton* back;
    QLabel* note;  // of what counts from the next run on; null for what is live
  };
  void makeForm();
  void addRow(QGridLayout& form, const train::RecipeField& field);
  void present();
  QString noteOf(const train::RecipeField& field) const;

  TrainingController& m_training;
  Theme m_theme;
  QLabel* m_intro;
  QPushButton* m_standard;
  QScrollArea* m_scroll;
  std::vector<QLabel*> m_titles;
  std::vector<Row> m_rows;
  bool m_runExists = false;
};

}  // namespace ui
