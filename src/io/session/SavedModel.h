// The model of a session as a section of its file, and back. Free functions; throw nn::Error{what, where, hint}. Thread: any.
#pragma once

#include <vector>

#include <QCborMap>
#include <QString>

#include "io/session/Container.h"
#include "io/session/SavedWork.h"

namespace io {

bool isFinite(const std::vector<float>& parameters);
// parameters: those of the model, or of the run in hand.
QCborMap modelSection(const SavedModel& model, const std::vector<float>& parameters);
SavedModel readSavedModel(const Section& section, const QString& where);

}  // namespace io
