#include "cli/Measures.h"

#include <algorithm>

#include <QJsonArray>
#include <QStringList>

#include "nn/Counted.h"
#include "scene/text/Text.h"
#include "train/history/RunAdvice.h"

namespace cli {

QString counted(std::size_t count, const char* one, const char* many) {
  return QString::fromStdString(nn::counted(count, one, many));
}

QString metricText(const tasks::Metric& metric, double value) {
  switch (metric.format) {
    case tasks::MetricFormat::Percent:
      return QString::fromStdString(scene::percent(value, 2));
    case tasks::MetricFormat::Number:
      return QString::number(value, 'f', 4);
    case tasks::MetricFormat::Decibel:
      return QString("%1 dB").arg(value, 0, 'f', 2);
  }
  return {};
}

QString toldText(const tasks::Task& task, const tasks::Figures& sums, std::size_t answers, bool named) {
  QStringList texts;
  for (std::size_t i = 0; i < task.toldMetrics; ++i) {
    const QString name = named || task.toldMetrics > 1 ? QString::fromStdString(task.metrics[i].title) + ' ' : QString();
    texts << name + metricText(task.metrics[i], answers == 0 ? 0 : sums[i] / double(answers));
  }
  return texts.join(", ");
}

bool isTold(const tasks::Task& task, const tasks::Metric& metric) {
  const auto end = task.metrics.begin() + std::ptrdiff_t(task.toldMetrics);
  return std::any_of(task.metrics.begin(), end, [&](const tasks::Metric& told) { return told.id == metric.id; });
}

QString describeMeasures(const QString& of, const std::optional<train::Evaluation>& measured, const tasks::Task& task, const QString& when,
                         QJsonObject& object) {
  for (std::size_t i = 0; i < task.toldMetrics; ++i)
    object[of + '_' + QString::fromStdString(task.metrics[i].id)] = measured ? QJsonValue(measured->mean(i)) : QJsonValue();
  QString text;
  for (const tasks::Measure& measure : measured ? measured->measures(task) : std::vector<tasks::Measure>()) {
    if (of == "validation" && !isTold(task, measure.metric)) continue;
    object[of + '_' + QString::fromStdString(measure.metric.id)] = measure.value;
    const QString name = of + ' ' + QString::fromStdString(measure.metric.brief);
    text += name.leftJustified(20) + ' ' + metricText(measure.metric, measure.value) + when + '\n';
  }
  return text;
}

QString describeCurves(const train::MetricLog& metrics, const tasks::Task& task, QJsonObject& object) {
  using train::MetricLog;
  const QString metric = QString::fromStdString(task.metrics.front().id);
  QJsonArray history;
  for (const train::MetricSample& loss : metrics.series(MetricLog::kTrainingLoss)) {
    QJsonObject point{{"epoch", loss.epoch}, {"step", qint64(loss.step)}, {"train_loss", loss.value}};
    const auto add = [&](const QString& key, std::string_view name) {
      const train::MetricSample* at = train::sampleAt(metrics.series(name), loss.step);
      if (at && at->step == loss.step) point[key] = at->value;
    };
    add("train_" + metric, MetricLog::kTrainingMetric);
    add("validation_loss", MetricLog::kValidationLoss);
    add("validation_" + metric, MetricLog::kValidationMetric);
    history.append(point);
  }
  object["history"] = history;
  const std::optional<train::RunAdvice> advice = train::adviceOn(metrics, task);
  if (!advice) return {};
  const QString text = QString::fromStdString(advice->what + ". " + advice->hint + ".");
  object["advice"] = text;
  return text + '\n';
}

}  // namespace cli
