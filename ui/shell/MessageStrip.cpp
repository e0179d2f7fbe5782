#include "ui/shell/MessageStrip.h"

#include <algorithm>
#include <climits>
#include <functional>

#include <QBoxLayout>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QTextDocument>
#include <QToolButton>

#include "ui/base/Action.h"
#include "ui/base/Icons.h"
#include "ui/base/Timers.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {

constexpr int kInfoMs = 8000;
constexpr int kActionMs = 120000;  // long enough to notice what can be undone
constexpr int kTextPx = 240;       // beside buttons; narrower, the text would become a column of single words
constexpr int kLeastTextPx = 80;
constexpr double kMostOfWindow = 0.35;  // of its height, for the text

// The name of a file may be wider than the strip; such a word may break anywhere. Others stay as they are: they can be copied.
QString breakable(const QString& text, const QFontMetrics& metrics, int width) {
  QStringList words = text.split(u' ');
  for (QString& word : words) {
    if (metrics.horizontalAdvance(word) <= width) continue;
    for (qsizetype i = word.size() - 1; i > 0; --i)
      if (!word[i].isLowSurrogate() && !word[i].isMark()) word.insert(i, QChar(0x200b));
  }
  return words.join(u' ');
}

QString htmlOf(const nn::Issue& issue, const QFontMetrics& metrics, int width) {
  const auto escaped = [&](const std::string& text) { return breakable(QString::fromStdString(text), metrics, width).toHtmlEscaped(); };
  const QString where = issue.where.empty() ? QString() : escaped(issue.where) + QStringLiteral(": ");
  QString text = QStringLiteral("<b>%1%2</b>").arg(where, escaped(issue.what));
  // The line may break at the second blank only: no line begins with one.
  if (!issue.hint.empty()) text += QStringLiteral("&nbsp; %1").arg(escaped(issue.hint));
  return text;
}

int heightOf(const nn::Issue& issue, const QFont& font, const QFontMetrics& metrics, int width) {
  QTextDocument text;
  text.setDefaultFont(font);
  text.setDocumentMargin(0);
  text.setTextWidth(width);
  text.setHtml(htmlOf(issue, metrics, width));
  return int(text.size().height());
}

// The largest number below `count` that fits; 1 where none does.
qsizetype mostThatFits(qsizetype count, const std::function<bool(qsizetype)>& fits) {
  qsizetype least = 1, most = std::max<qsizetype>(1, count - 1);
  while (least < most) {
    const qsizetype middle = (least + most + 1) / 2;
    fits(middle) ? least = middle : most = middle - 1;
  }
  return least;
}

// What has no room, as a list of all that a model lacks, is left out from its end: entire items, and where not even one has room, words.
nn::Issue fitted(nn::Issue issue, const std::function<bool(const nn::Issue&)>& fits) {
  if (fits(issue)) return issue;
  const QStringList items = QString::fromStdString(issue.what).split(QStringLiteral("; "));
  const auto fitsWith = [&](const QString& text, qsizetype left) {
    issue.what = (left > 0 ? QObject::tr("%1; and %2 more").arg(text, QString::number(left)) : text).toStdString();
    return fits(issue);
  };
  const auto fitsItems = [&](qsizetype count) { return fitsWith(items.mid(0, count).join(QStringLiteral("; ")), items.size() - count); };
  if (items.size() > 1 && fitsItems(mostThatFits(items.size(), fitsItems))) return issue;
  const QStringList words = items.front().split(u' ');
  const auto fitsWords = [&](qsizetype count) { return fitsWith(words.mid(0, count).join(u' ') + QStringLiteral(" …"), items.size() - 1); };
  fitsWords(mostThatFits(words.size(), fitsWords));
  return issue;
}

bool isFleeting(const Message& message) {
  return message.kind == Message::Kind::Info && message.actionText.isEmpty();
}

bool isOffer(const Message& message) {
  return !message.refusalText.isEmpty();
}

// Its refusal does something, too. What is offered after a deed of the person is no question: to refuse it is to leave all as it is.
bool isQuestion(const Message& message) {
  return bool(message.refusal);
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
      m_text(named("messageText", new QLabel(this))),
      m_action(named("messageAction", new QPushButton(this))),
      m_refusal(named("messageRefusal", new QPushButton(this))),
      m_back(named("messageBack", flatButton(this, tr("The message before")))),
      m_forward(named("messageForward", flatButton(this, tr("The next message")))),
      m_close(named("messageClose", flatButton(this, m_closing->toolTip()))),
      m_count(named("messageCount", new QLabel(this))),
      m_places{new QGridLayout(this), new QWidget(this), new QBoxLayout(QBoxLayout::LeftToRight), new QBoxLayout(QBoxLayout::LeftToRight)} {
  setObjectName("messageStrip");
  m_text->setWordWrap(true);
  m_text->setTextFormat(Qt::RichText);
  m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  m_text->setMinimumWidth(kLeastTextPx);
  m_places.all->setContentsMargins(12, 6, 8, 6);
  m_places.all->setHorizontalSpacing(12);
  m_places.all->setVerticalSpacing(6);
  m_places.all->setColumnStretch(1, 1);
  m_places.all->addWidget(m_icon, 0, 0);
  m_places.all->addWidget(m_text, 0, 1);
  m_places.all->addWidget(m_places.foot, 0, 2);
  m_places.all->addWidget(m_close, 0, 3);
  addTo(*m_places.answers, {m_action, m_refusal});
  m_places.foot->setLayout(m_places.row);
  m_places.row->setContentsMargins(0, 0, 0, 0);
  addTo(*m_places.row, {m_places.answers, rowOf({LayoutPart::rest(), m_back, m_count, m_forward}, 4)});
  for (QBoxLayout* part : {m_places.row, m_places.answers}) part->setSpacing(12);
  runOnce(m_timer, 0, this, &MessageStrip::removeOld);
  connect(m_back, &QToolButton::clicked, this, [this] { leaf(-1); });
  connect(m_forward, &QToolButton::clicked, this, [this] { leaf(1); });
  connect(m_close, &QToolButton::clicked, m_closing, &QAction::trigger);
  connect(m_closing, &QAction::triggered, this, qOverload<>(&MessageStrip::dismiss));
  m_closing->setEnabled(false);
  connect(m_action, &QPushButton::clicked, this, [this] { answer(&Message::action); });
  connect(m_refusal, &QPushButton::clicked, this, [this] { answer(&Message::refusal); });
  hide();
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
  // A question that nobody asked for, of work from before, waits behind what answers the person: a file that could not be opened, for one.
  const bool waits =
      isQuestion(message) && m_shown < m_entries.size() && !isQuestion(m_entries[m_shown].message) && !givesWay(m_entries[m_shown]);
  if (waits) m_shown -= std::size_t(std::count_if(m_entries.begin(), m_entries.begin() + std::ptrdiff_t(m_shown), givesWay));
  std::erase_if(m_entries, givesWay);
  m_entries.push_back({message, endOf(message)});
  if (!waits) m_shown = m_entries.size() - 1;
  present();
}

bool MessageStrip::tells(const QString& words) const {
  return std::any_of(m_entries.begin(), m_entries.end(),
                     [&](const Entry& entry) { return QString::fromStdString(entry.message.issue.what).contains(words); });
}

void MessageStrip::removeIf(const std::function<bool(const Entry&)>& goes) {
  for (std::size_t i = m_entries.size(); i-- > 0;)
    if (goes(m_entries[i])) remove(i);
}

void MessageStrip::dismiss(const nn::Issue& issue) {
  removeIf([&](const Entry& entry) { return entry.message.issue == issue; });
}

void MessageStrip::outdate(Jobs::Lane kind) {
  removeIf([kind](const Entry& entry) { return entry.message.until == kind; });
}

void MessageStrip::removeWhatIsOver() {
  removeIf([](const Entry& entry) { return entry.message.holds && !entry.message.holds(); });
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
  removeIf([](const Entry& entry) { return entry.until.hasExpired(); });
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
  const Message& shown = message();
  m_closing->setEnabled(!m_entries.empty() && !shown.mustBeAnswered);
  m_close->setVisible(m_closing->isEnabled());
  qint64 next = -1;
  for (const Entry& entry : m_entries)
    if (!entry.until.isForever() && (next < 0 || entry.until.remainingTime() < next)) next = entry.until.remainingTime();
  next < 0 ? m_timer.stop() : m_timer.start(int(next) + 1);
  const QIcon sign = icon(shown.kind == Message::Kind::Info ? Icon::Info : Icon::Warning, m_theme);
  m_icon->setPixmap(sign.pixmap(20, 20));
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
  arrange();
  update();
}

// Everything in one row where the text keeps room enough in it; else the foot goes below, broken as often as its buttons need.
void MessageStrip::arrange() {
  const QMargins margins = m_places.all->contentsMargins();
  const int room = width() - margins.left() - margins.right();
  const auto footWidth = [this](QBoxLayout::Direction row, QBoxLayout::Direction answers) {
    m_places.row->setDirection(row);
    m_places.answers->setDirection(answers);
    for (int i = 0; i < m_places.row->count(); ++i) m_places.row->itemAt(i)->invalidate();  // what was shown and hidden meanwhile
    m_places.row->invalidate();
    return m_places.row->sizeHint().width();
  };
  const int gap = m_places.all->horizontalSpacing(), sign = m_icon->sizeHint().width() + gap;
  const int foot = footWidth(QBoxLayout::LeftToRight, QBoxLayout::LeftToRight), beside = foot > 0 ? foot + gap : 0;
  const int whole = room - (m_close->isHidden() ? 0 : m_close->sizeHint().width() + gap);  // of the text, without anything else beside
  const bool narrow = whole - sign - beside < kTextPx;
  m_icon->setVisible(!narrow);  // the mark at the edge says the same
  m_places.foot->setVisible(foot > 0);
  m_places.all->removeWidget(m_places.foot);
  if (narrow) {
    m_places.all->addWidget(m_places.foot, 1, 0, 1, 4, Qt::AlignRight);
    if (foot > room && footWidth(QBoxLayout::TopToBottom, QBoxLayout::LeftToRight) > room)
      footWidth(QBoxLayout::TopToBottom, QBoxLayout::TopToBottom);
  } else {
    m_places.all->addWidget(m_places.foot, 0, 2);
  }
  const int text = narrow ? whole - gap : whole - sign - beside;
  const int textPx = std::max(text, kLeastTextPx);
  const QFontMetrics metrics(m_theme.bold(m_text->font()));
  const int most = window() == this ? INT_MAX : std::max(4 * metrics.lineSpacing(), int(kMostOfWindow * window()->height()));
  const nn::Issue shown =
      fitted(message().issue, [&](const nn::Issue& one) { return heightOf(one, m_text->font(), metrics, textPx) <= most; });
  m_text->setToolTip(shown == message().issue ? QString() : QString::fromStdString(message().issue.what));
  const QString html = htmlOf(shown, metrics, textPx);
  if (html != m_text->text()) m_text->setText(html);  // a selection in it stays
  m_places.foot->updateGeometry();                    // the height that the strip was given belongs to the former arrangement
  updateGeometry();
}

QSize MessageStrip::minimumSizeHint() const {
  const int widest =
      std::max(m_action->isHidden() ? 0 : m_action->sizeHint().width(), m_refusal->isHidden() ? 0 : m_refusal->sizeHint().width());
  const int row = kLeastTextPx + m_places.all->horizontalSpacing() + m_close->sizeHint().width();
  const QMargins margins = m_places.all->contentsMargins();
  return {margins.left() + margins.right() + std::max(row, widest), m_places.all->totalHeightForWidth(width())};
}

void MessageStrip::resizeEvent(QResizeEvent* event) {
  QFrame::resizeEvent(event);
  arrange();
}

void MessageStrip::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QColor mark = message().kind == Message::Kind::Info ? m_theme.accent : m_theme.warning;
  painter.fillRect(rect(), mix(m_theme.raised, mark, m_theme.dark ? 0.12 : 0.08));
  painter.fillRect(QRect(0, 0, 4, height()), mark);
  painter.fillRect(QRect(0, height() - 1, width(), 1), m_theme.line);
}

}  // namespace ui
