#include "ui/panels/lessons/LessonPanel.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTextDocument>
#include <QTimer>
#include <QToolButton>

#include "ui/app/LessonPlayer.h"
#include "ui/app/Workbench.h"
#include "ui/base/Timers.h"
#include "ui/base/Widgets.h"
#include "ui/panels/lessons/LessonEntry.h"

namespace ui {

namespace {

constexpr int kPageMarginPx = 14;
constexpr QMargins kPageMargins(kPageMarginPx, kPageMarginPx, kPageMarginPx, kPageMarginPx);
// The type of a sentence as a share of the window's height: large enough for the last row, smaller where the step would not be whole.
constexpr double kLargestSentence = 1.0 / 30, kSmallestSentence = 1.0 / 50;
constexpr int kLeastTypePx = 12;
constexpr int kShortestTitlePx = 64;
constexpr int kLessonIdRole = Qt::UserRole;

}  // namespace

LessonPanel::LessonPanel(Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_workbench(workbench), m_player(new LessonPlayer(this)), m_soon(new QTimer(this)), m_theme(lightTheme()) {
  setObjectName("lessonPanel");
  m_pages = {new QStackedWidget(this), makeList(), makeStep(), makeIssues()};
  for (QWidget* page : {m_pages.list, m_pages.step, m_pages.issues}) m_pages.stack->addWidget(page);
  columnOf(this, {}, -1, {m_pages.stack});
  connect(m_pages.stack, &QStackedWidget::currentChanged, this, &LessonPanel::followPage);
  followPage();
  runOnce(*m_soon, 0, this, &LessonPanel::show);
  const auto soon = [this] { m_soon->start(); };
  const auto soonIfOpen = [this, soon] {
    if (m_player->isOpen()) soon();
  };
  connect(&m_workbench.inference(), &LiveInference::valuesChanged, this, soonIfOpen);
  for (const auto signal : {&Workbench::parametersChanged, &Workbench::networkChanged}) connect(&m_workbench, signal, this, soonIfOpen);
  connect(m_player, &LessonPlayer::moved, this, [this] {
    m_scroll->verticalScrollBar()->setValue(0);
    show();
  });
  for (const auto signal : {&LessonPlayer::closed, &LessonPlayer::awayChanged}) connect(m_player, signal, this, soon);
  setTheme(m_theme);
}

QWidget* LessonPanel::makeList() {
  auto* page = new QWidget(this);
  auto* invitation = new QLabel(
      tr("Choose a lesson. It goes step by step, with the network at work beside it; afterwards everything is as it was."), page);
  invitation->setWordWrap(true);
  m_list = named("lessonList", new QListWidget(page));
  m_list->setAccessibleName(tr("Lessons"));
  m_list->setItemDelegate(new LessonEntry(m_list));
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setResizeMode(QListView::Adjust);                                       // words wrap anew
  setFocusProxy(m_list);                                                          // Return begins the lesson
  auto* file = named("lessonFile", new QPushButton(tr("Open a file..."), page));  // it decides how narrow the list can be
  file->setToolTip(tr("Open a lesson of your own"));
  columnOf(page, kPageMargins, -1, {invitation, {m_list, 1}, file});
  const auto choose = [this](const QListWidgetItem* item) { emit lessonChosen(item->data(kLessonIdRole).toString()); };
  connect(m_list, &QListWidget::itemClicked, this, choose);
  connect(m_list, &QListWidget::itemActivated, this, choose);
  connect(file, &QPushButton::clicked, this, &LessonPanel::fileRequested);
  return page;
}

QWidget* LessonPanel::makeIssues() {
  auto* page = new QWidget(this);
  m_issues = named("lessonIssues", new QLabel);
  m_issues->setTextFormat(Qt::RichText);
  m_issues->setWordWrap(true);
  m_issues->setAlignment(Qt::AlignTop);
  m_issues->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  auto* scroll = new QScrollArea(page);
  scroll->setWidgetResizable(true);
  scroll->setWidget(m_issues);
  auto* back = new QPushButton(tr("To the list of lessons"), page);
  columnOf(page, kPageMargins, -1, {{scroll, 1}, back});
  connect(back, &QPushButton::clicked, this, [this] { m_pages.stack->setCurrentWidget(m_pages.list); });
  return page;
}

QWidget* LessonPanel::makeStep() {
  auto* page = new QWidget(this);
  m_title = named("lessonTitle", new QLabel(page));
  m_leave = named("lessonLeave", new QToolButton(page));
  m_leave->setAutoRaise(true);
  m_leave->setText(tr("Leave"));
  m_leave->setToolTip(tr("Ends the lesson; everything is as it was before it"));
  m_text = named("lessonText", new QLabel);
  m_text->setTextFormat(Qt::RichText);
  m_text->setWordWrap(true);
  m_text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  m_text->setTextInteractionFlags(Qt::TextBrowserInteraction);
  m_scroll = named("lessonScroll", new QScrollArea(page));
  m_scroll->setWidgetResizable(true);
  m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroll->setFocusPolicy(Qt::NoFocus);
  m_scroll->setWidget(m_text);
  m_scroll->viewport()->installEventFilter(this);
  m_resume = named("lessonResume", new QPushButton(tr("Back to the lesson's view"), page));
  m_back = named("lessonBack", new QPushButton(tr("Back"), page));
  m_next = named("lessonNext", new QPushButton(page));
  m_next->setDefault(true);
  m_place = named("lessonPlace", new QLabel(page));
  m_progress = new QProgressBar(page);
  m_progress->setTextVisible(false);
  m_progress->setFocusPolicy(Qt::NoFocus);
  for (QPushButton* button : {m_resume, m_back, m_next}) button->setFocusPolicy(Qt::TabFocus);
  QHBoxLayout* foot = rowOf({m_back, LayoutPart::rest(), m_place, LayoutPart::rest(), m_next});
  columnOf(page, {kPageMarginPx, 4, kPageMarginPx, kPageMarginPx / 2}, 6,
           {rowOf({{m_title, 1}, m_leave}), m_progress, {m_scroll, 1}, m_resume, foot});
  connectStep();
  return page;
}

void LessonPanel::connectStep() {
  connect(m_text, &QLabel::linkActivated, m_player, [this](const QString& link) { m_player->pick(link.section(':', 1).toInt()); });
  connect(m_back, &QPushButton::clicked, m_player, &LessonPlayer::back);
  connect(m_next, &QPushButton::clicked, this,
          [this] { m_player->index() + 1 == m_player->count() && !m_player->asks() ? emit leaveRequested() : m_player->next(); });
  connect(m_resume, &QPushButton::clicked, m_player, &LessonPlayer::resume);
  connect(m_leave, &QToolButton::clicked, this, &LessonPanel::leaveRequested);
}

void LessonPanel::setLessons(const std::vector<Entry>& lessons) {
  m_list->clear();
  for (const Entry& entry : lessons) {
    const QString minutes = entry.minutes > 0 ? tr(" (%1 minutes)").arg(entry.minutes) : QString();
    auto* item = new QListWidgetItem(entry.title + minutes + u'\n' + entry.summary, m_list);
    item->setData(kLessonIdRole, entry.id);
  }
  if (m_list->count() > 0) m_list->setCurrentRow(0);
}

void LessonPanel::showIssues(const QString& lesson, const std::vector<nn::Issue>& issues) {
  QString html = tr("<p><b>%1 cannot be shown yet.</b> Mend these places in the file, then open it again.</p>").arg(lesson.toHtmlEscaped());
  for (const nn::Issue& issue : issues)
    html += QStringLiteral("<p><b>%1</b><br>%2<br><span style='color:%3'>%4</span></p>")
                .arg(QString::fromStdString(issue.where).toHtmlEscaped(), QString::fromStdString(issue.what).toHtmlEscaped(),
                     m_theme.muted.name(), QString::fromStdString(issue.hint).toHtmlEscaped());
  m_issues->setText(html);
  m_pages.stack->setCurrentWidget(m_pages.issues);
}

void LessonPanel::setTheme(const Theme& theme) {
  m_theme = theme;
  m_list->setFont(theme.body);
  for (QLabel* label : {m_title, m_place}) colorWords(*label, theme.muted);
  show();
}

std::optional<lessons::Value> LessonPanel::value(const lessons::Expression& expression) const {
  const auto network = m_workbench.network();
  if (!network || !m_workbench.parameters()) return std::nullopt;
  const auto values = m_workbench.inference().values();
  const bool fresh = values && values->network == network;
  return lessons::evaluate(
      expression, {*network, *m_workbench.parameters(), [&](int node) { return fresh ? values->of(node) : std::span<const float>(); }});
}

// As much of it as is seen: what was too wide for a narrow dock before must not keep it too wide.
int LessonPanel::pageWidth() const {
  const int seen = parentWidget() ? std::min(width(), parentWidget()->width()) : width();
  return std::max(120, seen - 2 * kPageMarginPx - 4);
}

// Why the numbers are missing, where the person has opened another network meanwhile.
QString LessonPanel::otherNetworkHtml(int typePx) const {
  const QString wanted = QString::fromStdString(m_player->lesson().network);
  if (wanted.isEmpty() || !m_workbench.network() || m_workbench.model().name == wanted) return {};
  const auto& shipped = m_workbench.models().shipped();
  const auto found = std::find_if(shipped.begin(), shipped.end(), [&](const ShippedNetwork& network) { return network.name == wanted; });
  const QString words = tr("This lesson is about %1, and %2 is open: numbers that this network does not have are missing.")
                            .arg(found != shipped.end() ? found->title : wanted, m_workbench.model().title);
  return QStringLiteral("<p style='color:%1; margin-top:0; margin-bottom:%2px;'>%3</p>")
      .arg(m_theme.warning.name())
      .arg(typePx / 2)
      .arg(words.toHtmlEscaped());
}

QString LessonPanel::pageAt(int typePx) const {
  return otherNetworkHtml(typePx) +
         lessonHtml(*m_player, [this](const lessons::Expression& expression) { return value(expression); }, {m_theme, typePx, pageWidth()});
}

void LessonPanel::show() {
  if (!m_player->isOpen()) {
    if (m_pages.stack->currentWidget() == m_pages.step) m_pages.stack->setCurrentWidget(m_pages.list);
    return;
  }
  m_pages.stack->setCurrentWidget(m_pages.step);
  const int place = m_player->index() + 1, count = m_player->count();
  m_title->setText(m_title->fontMetrics().elidedText(QString::fromStdString(m_player->lesson().title), Qt::ElideRight,
                                                     std::max(40, pageWidth() - m_leave->sizeHint().width() - 8)));
  m_place->setText(tr("%1 of %2").arg(place).arg(count));
  m_progress->setRange(0, count);
  m_progress->setValue(place);
  m_back->setEnabled(place > 1);
  m_resume->setVisible(m_player->away());
  fitType();
  fitFoot();
}

// In a narrow panel first the number of the step goes, which the bar shows too, then words become shorter.
void LessonPanel::fitFoot() {
  const bool last = m_player->index() + 1 == m_player->count(), asks = m_player->asks();
  m_next->setText(asks ? tr("Show the answer") : last ? tr("End") : tr("Next"));
  m_back->setText(tr("Back"));
  m_resume->setText(tr("Back to the lesson's view"));
  const int room = pageWidth(), gap = m_pages.step->layout()->spacing();
  const auto buttons = [&] { return m_back->sizeHint().width() + m_next->sizeHint().width() + gap; };
  m_place->setVisible(buttons() + m_place->sizeHint().width() + gap <= room);
  if (buttons() > room && asks) m_next->setText(tr("Answer"));
  if (buttons() > room) m_back->setText(QStringLiteral("\u2039"));
  if (m_resume->sizeHint().width() > room) m_resume->setText(tr("To the lesson"));
  m_back->setToolTip(tr("The step before"));
  for (QPushButton* button : {m_back, m_next, m_resume})
    button->setMinimumWidth(std::min(room, button->fontMetrics().horizontalAdvance(button->text()) + 16));
  m_title->setVisible(room >= m_leave->sizeHint().width() + kShortestTitlePx);
}

// The largest type with which all of the step is seen.
void LessonPanel::fitType() {
  if (!m_player->isOpen()) return;
  layout()->activate();
  m_pages.step->layout()->activate();
  const int height = window()->height(), room = m_scroll->viewport()->height() - 2;
  const int least = std::max(kLeastTypePx, int(height * kSmallestSentence));
  QFont font = m_theme.body;
  QTextDocument document;
  document.setDocumentMargin(0);
  QString html;
  for (int type = std::max(least, int(height * kLargestSentence)); type >= least; --type) {
    html = pageAt(type);
    font.setPixelSize(type);
    document.setDefaultFont(font);
    document.setHtml(html);
    document.setTextWidth(pageWidth());
    if (document.size().height() <= room && document.size().width() <= pageWidth()) break;
  }
  m_text->setFont(font);
  if (m_text->text() != html) m_text->setText(html);
  QFont foot = m_theme.body;
  foot.setPixelSize(std::max(m_theme.body.pixelSize(), least));
  for (QWidget* part : std::initializer_list<QWidget*>{m_back, m_next, m_place, m_resume}) part->setFont(foot);
}

bool LessonPanel::event(QEvent* event) {
  if (event->type() == QEvent::ParentChange && parentWidget()) parentWidget()->installEventFilter(this);
  return QWidget::event(event);
}

// The pages that are not shown ask for no room.
void LessonPanel::followPage() {
  for (QWidget* page : {m_pages.list, m_pages.step, m_pages.issues}) {
    const bool shown = page == m_pages.stack->currentWidget();
    page->setSizePolicy(shown ? QSizePolicy::Preferred : QSizePolicy::Ignored, QSizePolicy::Preferred);
  }
}

// Another size has room for another type.
bool LessonPanel::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::Resize && m_player->isOpen()) m_soon->start();
  return QWidget::eventFilter(object, event);
}

}  // namespace ui
