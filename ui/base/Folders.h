// Whether folders answer. A dead network mount never does, so they are asked on threads of their own, and the window waits a
// moment at most. Free functions; UI thread.
#pragma once

#include <functional>

#include <QString>

class QObject;

namespace ui {

// The folder where it is there and answers in a moment, else the person's home.
QString answeringFolder(const QString& folder);
// Runs `then` once the folder has answered that it is there; never where it is not, does not answer, or `context` has gone.
void whenFolderAnswers(const QString& folder, QObject* context, const std::function<void()>& then);

}  // namespace ui
