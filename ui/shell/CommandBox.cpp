#include "ui/shell/CommandBox.h"

#include <algorithm>

#include <QAction>
#include <QCoreApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTimer>
#include <QTreeWidget>

#include "ui/app/Commands.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {

constexpr int kBoxWidthPx = 560, kHeightPx = 420, kGapPx = 24;
constexpr int kGroupsFromPx = 480;
constexpr int kIdRole = Qt::UserRole;

// All words must occur; those that begin the title or one of its words come first. Negative: it does not fit.
int rankOf(const Commands::Row& row, const QStringList& words) {
  const QString title = row.title(), all = row.group + u' ' + title + u' ' + row.action->toolTip();
  int rank = 0;
  for (const QString& word : words) {
    if (title.startsWith(word, Qt::CaseInsensitive))
      rank += 3;
    else if (title.contains(u' ' + word, Qt::CaseInsensitive))
      rank += 2;
    else if (title.contains(word, Qt::CaseInsensitive) || row.group.contains(word, Qt::CaseInsensitive))
      rank += 1;
    else if (!all.contains(word, Qt::CaseInsensitive))
      return -1;
  }
  return rank;
}

}  // namespace

CommandBox::CommandBox(const Commands& commands, QWidget* window)
    : QFrame(window),
      m_commands(commands),
      m_field(named("commandField", new QLineEdit(this))),
      m_list(named("commandList", new QTreeWidget(this))) {
  setObjectName("commandBox");
  setFrameShape(QFrame::StyledPanel);
  setAutoFillBackground(true);
  m_field->setPlaceholderText(tr("What do you want to do?"));
  m_field->setAccessibleName(tr("Find a command"));
  m_field->installEventFilter(this);
  m_list->setColumnCount(3);
  m_list->setHeaderHidden(true);
  m_list->setRootIsDecorated(false);
  m_list->setUniformRowHeights(true);
  m_list->setFocusPolicy(Qt::NoFocus);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_list->header()->setStretchLastSection(false);
  m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  m_list->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
  columnOf(this, {8, 8, 8, 8}, 8, {m_field, {m_list, 1}});
  connect(m_field, &QLineEdit::textChanged, this, &CommandBox::list);
  connect(m_list, &QTreeWidget::itemClicked, this, &CommandBox::choose);
  hide();
}

void CommandBox::open() {
  const QSize room = parentWidget()->size() - QSize(2 * kGapPx, 2 * kGapPx);
  resize(std::min(kBoxWidthPx, room.width()), std::min(kHeightPx, room.height()));
  m_list->setColumnHidden(1, width() < kGroupsFromPx);  // the names need the room of their groups
  move((parentWidget()->width() - width()) / 2, std::max(kGapPx, (parentWidget()->height() - height()) / 4));
  m_field->clear();
  list({});
  show();
  raise();
  m_field->setFocus();
}

void CommandBox::list(const QString& text) {
  const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
  std::vector<std::pair<int, Commands::Row>> fitting;
  for (const Commands::Row& row : m_commands.rows())
    if (const int rank = rankOf(row, words); rank >= 0) fitting.emplace_back(rank, row);
  std::stable_sort(fitting.begin(), fitting.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  m_list->clear();
  for (const auto& [rank, row] : fitting) {
    const QString checked = row.action->isCheckable() && row.action->isChecked() ? QStringLiteral("  ✓") : QString();
    auto* item = new QTreeWidgetItem(m_list, {row.title() + checked, row.group, row.keys()});
    item->setForeground(1, palette().brush(QPalette::Disabled, QPalette::Text));
    item->setSizeHint(0, {0, fontMetrics().height() + 8});
    item->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
    item->setToolTip(0, row.action->toolTip());
    item->setData(0, kIdRole, row.id());
    item->setDisabled(!row.action->isEnabled());
  }
  if (fitting.empty()) {
    auto* none = new QTreeWidgetItem(m_list, {tr("No command has these words.")});
    none->setDisabled(true);
  }
  // The first that can be used.
  for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
    if (m_list->topLevelItem(i)->isDisabled()) continue;
    m_list->setCurrentItem(m_list->topLevelItem(i));
    break;
  }
}

void CommandBox::choose(QTreeWidgetItem* item) {
  if (!item || item->isDisabled()) return;
  const QString id = item->data(0, kIdRole).toString();
  hide();
  parentWidget()->setFocus();
  // Once the key that chose it is dealt with: a command may open a dialog that waits.
  QTimer::singleShot(0, this, [this, id] { m_commands.run(id); });
}

bool CommandBox::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::FocusOut && isVisible()) hide();
  if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride) return QFrame::eventFilter(object, event);
  auto* key = static_cast<QKeyEvent*>(event);
  const bool press = event->type() == QEvent::KeyPress;
  switch (key->key()) {
    case Qt::Key_Escape:
      if (!press) break;
      hide();
      parentWidget()->setFocus();
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (press) choose(m_list->currentItem());
      break;
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
      if (press) QCoreApplication::sendEvent(m_list, event);
      break;
    default:
      return QFrame::eventFilter(object, event);
  }
  event->accept();
  return true;
}

}  // namespace ui
