#include "ui/MessageStrip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include "ui/Icons.h"

namespace ui {

namespace {

constexpr int kInfoMs = 8000;
constexpr int kActionMs = 20000;  // long enough to notice what can be undone

QString htmlOf(const nn::Issue& issue) {
  const auto escaped = [](const std::string& text) { return QString::fromStdString(text).toHtmlEscaped(); };
  const QString where = issue.where.empty() ? QString() : escaped(issue.where) + QStringLiteral(": ");
  QString text = QStringLiteral("<b>%1%2</b>").arg(where, escaped(issue.what));
  if (!issue.hint.empty()) text += QStringLiteral(" &nbsp;%1").arg(escaped(issue.hint));
  return text;
}

}  // namespace

MessageStrip::MessageStrip(QWidget* parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this)), m_action(new QPushButton(this)), m_close(new QToolButton(this)) {
  setObjectName("messageStrip");
  m_text->setWordWrap(true);
  m_text->setTextFormat(Qt::RichText);
  m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  m_text->setMinimumWidth(80);
  m_close->setToolTip(tr("Close this message"));
  m_close->setAccessibleName(tr("Close this message"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 6, 8, 6);
  row->setSpacing(12);
  row->addWidget(m_icon);
  row->addWidget(m_text, 1);
  row->addWidget(m_action);
  row->addWidget(m_close);
  m_timer.setSingleShot(true);
  connect(&m_timer, &QTimer::timeout, this, &MessageStrip::dismiss);
  connect(m_close, &QToolButton::clicked, this, &MessageStrip::dismiss);
  connect(m_action, &QPushButton::clicked, this, [this] {
    const auto action = m_message.action;
    dismiss();
    if (action) action();
  });
  hide();
}

void MessageStrip::setTheme(const Theme& theme) {
  m_theme = theme;
  m_close->setIcon(icon(Icon::Close, theme));
  present();
}

void MessageStrip::showMessage(const Message& message) {
  // A second problem waits until the first was read; information gives way.
  if (!isHidden() && m_message.kind != Message::Kind::Info && message.kind != Message::Kind::Info) {
    if (message.issue != m_message.issue) m_waiting.push_back(message);
    return;
  }
  if (!isHidden() && m_message.kind == Message::Kind::Failure) m_waiting.push_front(m_message);
  m_message = message;
  present();
  show();
}

void MessageStrip::dismiss() {
  m_timer.stop();
  if (m_waiting.empty()) return hide();
  m_message = m_waiting.front();
  m_waiting.pop_front();
  present();
}

void MessageStrip::present() {
  const bool information = m_message.kind == Message::Kind::Info;
  const QIcon sign = icon(information ? Icon::Info : Icon::Warning, m_theme);
  m_icon->setPixmap(sign.pixmap(20, 20));
  m_text->setText(htmlOf(m_message.issue));
  m_action->setVisible(!m_message.actionText.isEmpty());
  m_action->setText(m_message.actionText);
  if (information)
    m_timer.start(m_message.actionText.isEmpty() ? kInfoMs : kActionMs);
  else
    m_timer.stop();
  update();
}

void MessageStrip::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QColor mark = m_message.kind == Message::Kind::Info ? m_theme.accent : m_theme.warning;
  painter.fillRect(rect(), mix(m_theme.raised, mark, m_theme.dark ? 0.12 : 0.08));
  painter.fillRect(QRect(0, 0, 4, height()), mark);
  painter.fillRect(QRect(0, height() - 1, width(), 1), m_theme.line);
}

}  // namespace ui
