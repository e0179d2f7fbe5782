#include "ui/scene/FindBox.h"

#include <QCompleter>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QStringListModel>

#include "ui/base/Widgets.h"

namespace ui {

namespace {
constexpr int kWidthPx = 260, kAroundPx = 4;
}

FindBox::FindBox(QWidget* parent)
    : QFrame(parent),
      m_field(named("findField", new QLineEdit(this))),
      m_none(named("findNone", new QLabel(this))),
      m_model(new QStringListModel(this)) {
  setObjectName("findBox");
  columnOf(this, {}, 0, {m_field, m_none});
  m_none->setTextFormat(Qt::PlainText);
  m_none->setMargin(kAroundPx);
  m_none->setAutoFillBackground(true);  // over the scene
  m_none->hide();
  m_field->setPlaceholderText(tr("Find a layer"));
  m_field->setAccessibleName(tr("Find a layer"));
  m_field->setClearButtonEnabled(true);
  m_field->installEventFilter(this);
  auto* completer = new QCompleter(m_model, this);
  completer->setFilterMode(Qt::MatchContains);
  completer->setCaseSensitivity(Qt::CaseInsensitive);
  completer->setMaxVisibleItems(12);
  m_field->setCompleter(completer);
  connect(completer, qOverload<const QString&>(&QCompleter::activated), this, &FindBox::choose);
  connect(m_field, &QLineEdit::textChanged, this, &FindBox::sayIfNone);
  connect(m_field, &QLineEdit::returnPressed, this, [this] { choose(m_field->text()); });
  setFixedWidth(kWidthPx);
  hide();
}

void FindBox::setNames(const QStringList& names) {
  m_names = names;
  m_model->setStringList(names);
}

void FindBox::open() {
  m_field->clear();
  adjustSize();
  show();
  raise();
  m_field->setFocus(Qt::ShortcutFocusReason);
}

int FindBox::indexOf(const QString& text) const {
  const QString wanted = text.trimmed();
  if (wanted.isEmpty()) return -1;
  const auto first = [&](auto&& fits) {
    for (int i = 0; i < m_names.size(); ++i)
      if (fits(m_names[i])) return i;
    return -1;
  };
  int index = first([&](const QString& name) { return name.compare(wanted, Qt::CaseInsensitive) == 0; });
  if (index < 0) index = first([&](const QString& name) { return name.startsWith(wanted, Qt::CaseInsensitive); });
  if (index < 0) index = first([&](const QString& name) { return name.contains(wanted, Qt::CaseInsensitive); });
  return index;
}

void FindBox::sayIfNone(const QString& text) {
  const bool none = !text.trimmed().isEmpty() && indexOf(text) < 0;
  const QString words = tr("Nothing is called %1.").arg(text.trimmed());
  if (none) m_none->setText(m_none->fontMetrics().elidedText(words, Qt::ElideMiddle, kWidthPx - 2 * kAroundPx));
  m_none->setVisible(none);
  adjustSize();
}

void FindBox::choose(const QString& text) {
  if (isHidden()) return;  // the list and the line both tell of one Enter
  const int index = indexOf(text);
  if (index < 0) return m_field->selectAll();
  hide();
  emit chosen(index);
  emit closed();
}

bool FindBox::eventFilter(QObject* object, QEvent* event) {
  const bool asks = event->type() == QEvent::ShortcutOverride, typed = event->type() == QEvent::KeyPress;
  if (object == m_field && (asks || typed) && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
    if (asks) {
      event->accept();  // here it closes the box; elsewhere it lets go of the trace and the pinned unit
      return true;
    }
    hide();
    emit closed();
    return true;
  }
  return QFrame::eventFilter(object, event);
}

}  // namespace ui
