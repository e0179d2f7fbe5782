// One line above the scene that tells what happened, where, and what to do about it; it waits for nobody and blocks
// nothing. The newest is shown, and how many there are besides, to be leafed through. Information goes by itself after a
// while; failures and questions stay until they are answered or closed, or until what they tell is over. Owned by the window; UI thread.
#pragma once

#include <vector>

#include <QDeadlineTimer>
#include <QFrame>
#include <QTimer>

#include "ui/base/Message.h"
#include "ui/base/Theme.h"

class QAction;
class QBoxLayout;
class QGridLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace ui {

class MessageStrip : public QFrame {
  Q_OBJECT
 public:
  explicit MessageStrip(QWidget* parent = nullptr);
  void setTheme(const Theme& theme);
  void showMessage(const Message& message);
  void dismiss() { remove(m_shown); }  // the one that is shown; the newest of the others follows
  void dismiss(const nn::Issue& issue);
  void outdate(Jobs::Lane kind);  // a job of this kind succeeded
  void removeWhatIsOver();        // what does not hold any more
  const Message& message() const { return m_shown < m_entries.size() ? m_entries[m_shown].message : m_none; }
  std::size_t count() const { return m_entries.size(); }
  bool tells(const QString& words) const;             // one of them does, shown or not
  QAction* closeAction() const { return m_closing; }  // of the message that is shown; has a key
  QSize minimumSizeHint() const override;             // with the buttons below each other

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Entry {
    Message message;
    QDeadlineTimer until;
  };
  // The foot holds the buttons and the way to the other messages: beside the text, below it where the window is narrow.
  struct Places {
    QGridLayout* all;
    QWidget* foot;
    QBoxLayout *row, *answers;  // of the foot; of its buttons
  };
  void answer(const std::function<void()> Message::*choice);
  void leaf(int by);
  void remove(std::size_t index);
  void removeIf(const std::function<bool(const Entry&)>& goes);
  void removeOld();
  void present();
  void arrange();

  Theme m_theme;
  std::vector<Entry> m_entries;  // in the order in which they came
  std::size_t m_shown = 0;
  Message m_none;
  QAction* m_closing;
  QLabel* m_icon;
  QLabel* m_text;
  QPushButton *m_action, *m_refusal;
  QToolButton *m_back, *m_forward, *m_close;
  QLabel* m_count;
  Places m_places;
  QTimer m_timer;  // until the next one goes by itself
};

}  // namespace ui
