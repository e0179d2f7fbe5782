// Something to tell the person without stopping them, with what they can do about it. Plain value; whoever has something to tell makes
// one and emits it, the workbench passes all of them on, the window shows them (ui/shell/MessageStrip.h). UI thread.
#pragma once

#include <functional>
#include <optional>

#include <QString>

#include "nn/Error.h"
#include "ui/base/Jobs.h"

namespace ui {

// `action` is offered as a button where it has a text, `refusal` beside it.
struct Message {
  enum class Kind { Info, Warning, Failure };
  Kind kind = Kind::Info;
  nn::Issue issue;
  QString actionText = {};
  std::function<void()> action = {};
  QString refusalText = {};
  std::function<void()> refusal = {};
  bool mustBeAnswered = false;           // closed, it would take something along: only its buttons end it
  std::optional<Jobs::Lane> until = {};  // what it tells is over once the next job of this kind succeeds
  std::function<bool()> holds = {};      // asked after each change of network, data or training: whether what it tells is still so

  static Message of(Kind kind, const QString& where, const QString& what, const QString& hint = {}) {
    return {kind, {where.toStdString(), what.toStdString(), hint.toStdString()}};
  }
};

inline Message untilNext(Jobs::Lane kind, Message message) {
  message.until = kind;
  return message;
}

}  // namespace ui
