// The figures that a task is judged by (tasks/Task.h), as the commands write them. Pure functions.
#pragma once

#include <cstddef>
#include <optional>

#include <QJsonObject>
#include <QString>

#include "tasks/Task.h"
#include "train/Evaluation.h"
#include "train/history/MetricLog.h"

namespace cli {

QString counted(std::size_t count, const char* one, const char* many);  // as nn::counted()
QString metricText(const tasks::Metric& metric, double value);          // "97.31 %", "0.0123", "19.1 dB"
// Of the metrics that are told of each epoch, means of so many answers: "accuracy 98.12 %"; of several each has its name, of a single one
// where it is `named`.
QString toldText(const tasks::Task& task, const tasks::Figures& sums, std::size_t answers, bool named);
bool isTold(const tasks::Task& task, const tasks::Metric& metric);
// The figures of the "validation" as far as the task is judged by them, with `when` they were measured, or all of those of the "test".
QString describeMeasures(const QString& of, const std::optional<train::Evaluation>& measured, const tasks::Task& task, const QString& when,
                         QJsonObject& object);

// What the curves of a run show: the figures of each epoch ("history"), and in a sentence ("advice") whether it learns by heart or gets no
// further; the sentence is what is returned.
QString describeCurves(const train::MetricLog& metrics, const tasks::Task& task, QJsonObject& object);

}  // namespace cli
