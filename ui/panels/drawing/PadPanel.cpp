#include "ui/panels/drawing/PadPanel.h"

#include <cmath>

#include <QActionGroup>
#include <QMenu>
#include <QPointer>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <QUndoStack>

#include "ui/app/Workbench.h"
#include "ui/base/Action.h"
#include "ui/base/Widgets.h"
#include "ui/panels/drawing/DrawingPad.h"

namespace ui {

namespace {

// One stroke, picture or clearing. The pixels, mostly paper, are held packed.
class DrawingEdit : public QUndoCommand {
 public:
  DrawingEdit(DrawingPad& pad, const DrawingPad::Content& before, const QString& what)
      : QUndoCommand(what), m_pad(&pad), m_before(packed(before)), m_after(packed(pad.content())) {}
  void undo() override { show(m_before); }
  void redo() override { show(m_after); }

 private:
  struct Packed {
    QByteArray pixels;
    std::shared_ptr<const data::Picture> source;
    data::PenStrokes strokes;
  };
  static Packed packed(const DrawingPad::Content& content) {
    constexpr int kQuick = 1;
    return {qCompress(content.pixels.data(), qsizetype(content.pixels.size()), kQuick), content.source, content.strokes};
  }
  void show(const Packed& packed) {
    const QByteArray bytes = qUncompress(packed.pixels);
    const DrawingPad::Content content{{bytes.begin(), bytes.end()}, packed.source, packed.strokes};
    if (m_pad && content != m_pad->content()) m_pad->setContent(content);  // it is there when the edit is new
  }

  QPointer<DrawingPad> m_pad;
  Packed m_before, m_after;
};

}  // namespace

PadPanel::PadPanel(Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_workbench(workbench), m_pad(new DrawingPad(this)), m_width(new QSlider(Qt::Horizontal, this)) {
  m_pen = addTool("drawing.pen", Icon::Pen, tr("Pen"), Qt::Key_B, tr("Draw with the left button, a finger or a stylus"));
  m_eraser = addTool("drawing.eraser", Icon::Eraser, tr("Eraser"), Qt::Key_E,
                     tr("Also by dragging with the right button, or the other end of the stylus"));
  m_thinner = addTool("drawing.thinner", Icon::ZoomOut, tr("Thinner pen"), Qt::Key_BracketLeft, {});
  m_thicker = addTool("drawing.thicker", Icon::ZoomIn, tr("Thicker pen"), Qt::Key_BracketRight, {});
  m_undo = addTool("edit.undo", Icon::Undo, tr("Undo"), QKeySequence(Qt::CTRL | Qt::Key_Z), {});
  m_redo = addTool("edit.redo", Icon::Redo, tr("Redo"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), {});
  m_clear = addTool("drawing.clear", Icon::Clear, tr("Clear"), Qt::Key_Delete, tr("Empty the pad"));
  m_random = addTool("drawing.random", Icon::Random, tr("Random sample"), Qt::Key_R, tr("Put a sample of the data set on the pad"));
  auto* tools = new QActionGroup(this);
  for (QAction* action : {m_pen, m_eraser}) {
    action->setCheckable(true);
    tools->addAction(action);
  }
  m_pen->setChecked(true);

  m_width->setRange(int(DrawingPad::kMinimumWidth), int(DrawingPad::kMaximumWidth));
  m_width->setValue(int(DrawingPad::kDefaultWidth));
  m_width->setToolTip(tr("Width of the pen and the eraser ([ and ])"));
  m_width->setAccessibleName(tr("Pen width"));
  m_width->setMinimumWidth(56);
  m_width->setFocusPolicy(Qt::TabFocus);

  m_tools = new QWidget(this);
  const auto button = [this](QAction* action) {
    QToolButton* made = flatButton(this, action, Qt::TabFocus);
    made->setIconSize({20, 20});
    return made;
  };
  rowOf(m_tools, {}, 2,
        {button(m_pen),
         button(m_eraser),
         LayoutPart::gap(6),
         {m_width, 1},
         LayoutPart::gap(6),
         button(m_undo),
         button(m_redo),
         button(m_clear),
         button(m_random)});
  columnOf(this, {8, 8, 8, 8}, 8, {{m_pad, 1}, m_tools});
  connectPad();
  m_menu = makeMenu();
  setTheme(lightTheme());
  refreshEnabled();
  nameUndo();
}

QMenu* PadPanel::makeMenu() {
  auto* menu = named("padMenu", new QMenu(this));
  menu->setToolTipsVisible(true);
  menu->addActions({m_undo, m_redo, m_clear});
  menu->addSeparator();
  menu->addAction(m_random);
  connect(m_pad, &DrawingPad::menuRequested, menu, [menu](QPoint at) { menu->popup(at); });
  return menu;
}

void PadPanel::setPictureActions(const QList<QAction*>& actions) {
  m_menu->insertActions(m_menu->actions().front(), actions);
  m_menu->insertSeparator(m_undo);
}

void PadPanel::setToolsVisible(bool visible) {
  m_tools->setVisible(visible);
}

void PadPanel::connectPad() {
  connect(m_pen, &QAction::triggered, m_pad, [this] { m_pad->setTool(DrawingPad::Tool::Pen); });
  connect(m_eraser, &QAction::triggered, m_pad, [this] { m_pad->setTool(DrawingPad::Tool::Eraser); });
  connect(m_pad, &DrawingPad::toolChanged, this,
          [this](DrawingPad::Tool tool) { (tool == DrawingPad::Tool::Pen ? m_pen : m_eraser)->setChecked(true); });
  connect(m_thinner, &QAction::triggered, m_pad, [this] { m_pad->setPenWidth(m_pad->penWidth() - 3); });
  connect(m_thicker, &QAction::triggered, m_pad, [this] { m_pad->setPenWidth(m_pad->penWidth() + 3); });
  connect(m_width, &QSlider::valueChanged, m_pad, [this](int value) { m_pad->setPenWidth(value); });
  connect(m_pad, &DrawingPad::penWidthChanged, m_width, [this](double width) {
    const QSignalBlocker quiet(m_width);
    m_width->setValue(int(std::lround(width)));
  });
  connect(m_undo, &QAction::triggered, this, [this] {
    m_pad->finishStroke();
    m_workbench.undo();
  });
  connect(m_redo, &QAction::triggered, &m_workbench, &Workbench::redo);
  connect(m_pad, &DrawingPad::edited, this, [this](const DrawingPad::Content& before, const QString& what) {
    m_workbench.undoStack().push(new DrawingEdit(*m_pad, before, what));
  });
  connect(&m_workbench.undoStack(), &QUndoStack::indexChanged, this, &PadPanel::nameUndo);
  connect(m_clear, &QAction::triggered, m_pad, &DrawingPad::clear);
  connect(m_random, &QAction::triggered, this, &PadPanel::randomRequested);
  connect(m_pad, &DrawingPad::inkChanged, this, &PadPanel::refreshEnabled);
}

QAction* PadPanel::addTool(const char* id, Icon which, const QString& text, const QKeySequence& key, const QString& hint) {
  QAction* action = makeAction(this, id, text, text, key, false);
  if (!hint.isEmpty()) action->setToolTip(action->toolTip() + u'\n' + hint);
  addAction(action);
  m_icons.emplace_back(action, which);
  return action;
}

void PadPanel::setTheme(const Theme& theme) {
  m_pad->setTheme(theme);
  for (const auto& [action, which] : m_icons) action->setIcon(icon(which, theme));
}

void PadPanel::refreshEnabled() {
  m_clear->setEnabled(!m_pad->isEmpty());
}

void PadPanel::nameUndo() {
  const QUndoStack& stack = m_workbench.undoStack();
  const auto name = [](QAction* action, const QString& word, const QString& what, bool can) {
    action->setEnabled(can);
    action->setText(what.isEmpty() ? word : QStringLiteral("%1 %2").arg(word, what));
    action->setToolTip(QStringLiteral("%1 (%2)").arg(action->text(), action->shortcut().toString(QKeySequence::NativeText)));
  };
  name(m_undo, tr("Undo"), stack.undoText(), stack.canUndo());
  name(m_redo, tr("Redo"), stack.redoText(), stack.canRedo());
}

}  // namespace ui
