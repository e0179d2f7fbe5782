#include "ui/shell/MessageStrip.h"

#include <algorithm>

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include "ui/base/Action.h"
#include "ui/base/Icons.h"

namespace ui {

namespace {

constexpr int kInfoMs = 8000;
constexpr int kActionMs = 120000;  // long enough to notice what can be undone

QString htmlOf(const nn::Issue& issue) {
  const auto escaped = [](const std::string& text) { return QString::fromStdString(text).toHtmlEscaped(); };
  const QString where = issue.where.empty() ? QString() : escaped(issue.where) + QStringLiteral(": ");
  QString text = QStringLiteral("<b>%1%2</b>").arg(where, escaped(issue.what));
  // The line may break at the second blank only: no line begins with one.
  if (!issue.hint.empty()) text += QStringLiteral("&nbsp; %1").arg(escaped(issue.hint));
  return text;
}

bool isFleeting(const Message& message) {
  return message.kind == Message::Kind::Info && message.actionText.isEmpty();
}

bool isOffer(const Message& message) {
  return !message.refusalText.isEmpty();
}

QDeadlineTimer endOf(const Message& message) {
  if (message.kind != Message::Kind::Info || isOffer(message)) return QDeadlineTimer(QDeadlineTimer::Forever);
  return QDeadlineTimer(isFleeting(message) ? kInfoMs : kActionMs);
}

}  // namespace

MessageStrip::MessageStrip(QWidget* parent)
    : QFrame(parent),
      m_closing(
          makeAction(this, "view.close-message", tr("Close the &message"), tr("Close this message"), Qt::SHIFT | Qt::Key_Escape, false)),
      m_icon(new QLabel(this)),
      m_text(new QLabel(this)),
      m_action(new QPushButton(this)),
      m_refusal(new QPushButton(this)),
      m_back(addTool("messageBack", tr("The message before"))),
      m_forward(addTool("messageForward", tr("The next message"))),
      m_close(addTool("messageClose", m_closing->toolTip())),
      m_count(new QLabel(this)) {
  setObjectName("messageStrip");
  m_text->setWordWrap(true);
  m_text->setTextFormat(Qt::RichText);
  m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  m_text->setMinimumWidth(80);
  m_action->setObjectName("messageAction");
  m_refusal->setObjectName("messageRefusal");
  m_count->setObjectName("messageCount");
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 6, 8, 6);
  row->setSpacing(12);
  row->addWidget(m_icon);
  row->addWidget(m_text, 1);
  row->addWidget(m_action);
  row->addWidget(m_refusal);
  auto* several = new QHBoxLayout;
  several->setSpacing(4);
  for (QWidget* part : {static_cast<QWidget*>(m_back), static_cast<QWidget*>(m_count), static_cast<QWidget*>(m_forward)})
    several->addWidget(part);
  row->addLayout(several);
  row->addWidget(m_close);
  m_timer.setSingleShot(true);
  connect(&m_timer, &QTimer::timeout, this, &MessageStrip::removeOld);
  connect(m_back, &QToolButton::clicked, this, [this] { leaf(-1); });
  connect(m_forward, &QToolButton::clicked, this, [this] { leaf(1); });
  connect(m_close, &QToolButton::clicked, m_closing, &QAction::trigger);
  connect(m_closing, &QAction::triggered, this, qOverload<>(&MessageStrip::dismiss));
  m_closing->setEnabled(false);
  connect(m_action, &QPushButton::clicked, this, [this] { answer(&Message::action); });
  connect(m_refusal, &QPushButton::clicked, this, [this] { answer(&Message::refusal); });
  hide();
}

QToolButton* MessageStrip::addTool(const QString& name, const QString& tip) {
  auto* button = new QToolButton(this);
  button->setObjectName(name);
  button->setToolTip(tip);
  button->setAccessibleName(tip);
  button->setAutoRaise(true);
  return button;
}

void MessageStrip::setTheme(const Theme& theme) {
  m_theme = theme;
  m_back->setIcon(icon(Icon::Back, theme));
  m_forward->setIcon(icon(Icon::Forward, theme));
  m_close->setIcon(icon(Icon::Cross, theme));
  present();
}

void MessageStrip::showMessage(const Message& message) {
  // What is told again takes its own place, and news the place of news.
  const auto givesWay = [&](const Entry& entry) {
    return entry.message.issue == message.issue || (isFleeting(entry.message) && isFleeting(message));
  };
  // An offer that nobody asked for waits behind what answers the person: a file that could not be opened, for one.
  const bool waits =
      isOffer(message) && m_shown < m_entries.size() && !isOffer(m_entries[m_shown].message) && !givesWay(m_entries[m_shown]);
  if (waits) m_shown -= std::size_t(std::count_if(m_entries.begin(), m_entries.begin() + std::ptrdiff_t(m_shown), givesWay));
  std::erase_if(m_entries, givesWay);
  m_entries.push_back({message, endOf(message)});
  if (!waits) m_shown = m_entries.size() - 1;
  present();
}

void MessageStrip::dismiss() {
  remove(m_shown);
}

void MessageStrip::dismiss(const nn::Issue& issue) {
  for (std::size_t i = m_entries.size(); i-- > 0;)
    if (m_entries[i].message.issue == issue) remove(i);
}

void MessageStrip::outdate(Jobs::Lane kind) {
  for (std::size_t i = m_entries.size(); i-- > 0;)
    if (m_entries[i].message.until == kind) remove(i);
}

void MessageStrip::remove(std::size_t index) {
  if (index >= m_entries.size()) return;
  m_entries.erase(m_entries.begin() + std::ptrdiff_t(index));
  if (index == m_shown)
    m_shown = m_entries.empty() ? 0 : m_entries.size() - 1;
  else if (index < m_shown)
    --m_shown;
  present();
}

void MessageStrip::removeOld() {
  for (std::size_t i = m_entries.size(); i-- > 0;)
    if (m_entries[i].until.hasExpired()) remove(i);
  present();
}

void MessageStrip::answer(const std::function<void()> Message::*choice) {
  const auto chosen = message().*choice;
  dismiss();
  if (chosen) chosen();
}

void MessageStrip::leaf(int by) {
  if (m_entries.empty()) return;
  m_shown = std::size_t(std::clamp(int(m_shown) + by, 0, int(m_entries.size()) - 1));
  present();
}

void MessageStrip::present() {
  setVisible(!m_entries.empty());
  m_closing->setEnabled(!m_entries.empty());
  qint64 next = -1;
  for (const Entry& entry : m_entries)
    if (!entry.until.isForever() && (next < 0 || entry.until.remainingTime() < next)) next = entry.until.remainingTime();
  next < 0 ? m_timer.stop() : m_timer.start(int(next) + 1);
  const Message& shown = message();
  const QIcon sign = icon(shown.kind == Message::Kind::Info ? Icon::Info : Icon::Warning, m_theme);
  m_icon->setPixmap(sign.pixmap(20, 20));
  m_text->setText(htmlOf(shown.issue));
  m_action->setVisible(!shown.actionText.isEmpty());
  m_action->setText(shown.actionText);
  m_refusal->setVisible(!shown.refusalText.isEmpty());
  m_refusal->setText(shown.refusalText);
  const bool several = m_entries.size() > 1;
  for (QWidget* part : {static_cast<QWidget*>(m_back), static_cast<QWidget*>(m_count), static_cast<QWidget*>(m_forward)})
    part->setVisible(several);
  m_count->setText(tr("%1 of %2").arg(m_shown + 1).arg(m_entries.size()));
  m_back->setEnabled(m_shown > 0);
  m_forward->setEnabled(m_shown + 1 < m_entries.size());
  update();
}

void MessageStrip::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QColor mark = message().kind == Message::Kind::Info ? m_theme.accent : m_theme.warning;
  painter.fillRect(rect(), mix(m_theme.raised, mark, m_theme.dark ? 0.12 : 0.08));
  painter.fillRect(QRect(0, 0, 4, height()), mark);
  painter.fillRect(QRect(0, height() - 1, width(), 1), m_theme.line);
}

}  // namespace ui
