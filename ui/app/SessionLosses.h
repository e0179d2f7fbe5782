// What of a damaged session cannot be read, in words for the person: the parts of a file by what they mean. Free functions; any thread.
#pragma once

#include <vector>

#include <QStringList>

#include "io/session/Container.h"

namespace ui {

QString shownSections(const QStringList& names);  // joined to one phrase
QString shownLosses(const std::vector<io::LostSection>& lost);
QString allElse(const std::vector<io::LostSection>& lost);  // beside what could not be brought back of a session that lacks these
// That these cannot be read, and why; the hint is the first one's.
nn::Issue issueOf(const std::vector<io::LostSection>& lost);

}  // namespace ui
