// What stands in the window can be read whole: in every mode, on a screen of the size that most is laid out for.
#include <gtest/gtest.h>
#include <type_traits>

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QStyleOptionButton>
#include <QStyleOptionComboBox>
#include <QToolButton>

#include "ui/WindowTest.h"
#include "ui/app/Commands.h"

namespace {

class CutOffTextTest : public uitest::WindowTest {
 protected:
  // Pixels that the widget's text has too few; negative where there is room for it.
  static int lacking(const QLabel& label) {
    if (label.text().isEmpty()) return -1;
    if (label.wordWrap()) return label.heightForWidth(label.width()) - label.height();
    return std::max(label.sizeHint().width() - label.width(), label.sizeHint().height() - label.height());
  }
  static int lacking(const QAbstractButton& button) {
    const auto* tool = qobject_cast<const QToolButton*>(&button);
    if (button.text().isEmpty() || (tool && tool->toolButtonStyle() == Qt::ToolButtonIconOnly && !button.icon().isNull())) return -1;
    return button.sizeHint().width() - button.width();
  }
  static int lacking(const QComboBox& box) {
    QStyleOptionComboBox option;
    option.initFrom(&box);
    const QRect room = box.style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, &box);
    return box.fontMetrics().horizontalAdvance(box.currentText()) - room.width();
  }
  template <typename Widget>
  void look(const char* when) {
    for (const Widget* widget : window().findChildren<Widget*>()) {
      if (!widget->isVisible() || widget->visibleRegion().isEmpty()) continue;
      QString words;
      if constexpr (std::is_same_v<Widget, QComboBox>)
        words = widget->currentText();
      else
        words = widget->text();
      ++m_looked;
      EXPECT_LE(lacking(*widget), 0) << when << ": " << widget->metaObject()->className() << " " << widget->objectName().toStdString()
                                     << " in " << widget->parentWidget()->metaObject()->className() << ": " << words.toStdString();
    }
  }
  void lookAtAll(const char* when) {
    settle(50);
    look<QLabel>(when);
    look<QAbstractButton>(when);
    look<QComboBox>(when);
  }
  int m_looked = 0;
};

TEST_F(CutOffTextTest, NothingIsCutOffInAnyMode) {
  ASSERT_TRUE(window().commands().run("data.source.few-digits"));  // the name of a folder may be long, and ends in an ellipsis then
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().library().current().key == "few-digits"; }, 20000));
  for (const ui::ModeRow& row : ui::modeRows()) {
    ASSERT_TRUE(window().commands().run(row.id));
    SCOPED_TRACE(row.id.toStdString());
    workbench().undo();
    lookAtAll("empty");
    drawThree();
    lookAtAll("drawn");
    workbench().selection().pin(unit("conv1", {2, 12, 12}));
    lookAtAll("pinned");
    workbench().selection().unpinAll();
    window().commands().run("training.settings");
    lookAtAll("settings");
    dock("recipeDock")->hide();
  }
  ASSERT_TRUE(window().commands().run("mode.train"));
  workbench().singleStep();
  ASSERT_TRUE(QTest::qWaitFor([&] { return step() == 1 && workbench().training().atRest(); }, 20000));
  lookAtAll("trained");
  ASSERT_TRUE(window().commands().run("lesson.01-convolution"));
  lookAtAll("lesson");
  EXPECT_GT(m_looked, 300);
}

}  // namespace
