#include "cli/RunPage.h"

#include <algorithm>
#include <cmath>

#include <QBuffer>
#include <QFileInfo>
#include <QStringList>

#include "io/FileNames.h"
#include "scene/text/Text.h"
#include "train/history/RunAdvice.h"

namespace cli {
namespace {

constexpr const char* kStyle = R"(
body { font: 16px/1.5 sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #1b1f24; }
h1 { font-size: 1.7em; margin-bottom: 0.2em; } h2 { font-size: 1.2em; margin-top: 1.8em; }
table { border-collapse: collapse; } td, th { padding: 0.25em 0.7em; text-align: right; border-bottom: 1px solid #d8dbe0; }
th:first-child, td:first-child { text-align: left; } td.right { background: #e3f1eb; } td.wrong { background: #fbe3d6; }
code { background: #f0f1f4; padding: 0.5em 0.8em; display: block; overflow-wrap: anywhere; }
figure { display: inline-block; margin: 0 0.8em 0.8em 0; text-align: center; font-size: 0.85em; }
figure img { width: 84px; image-rendering: pixelated; border: 1px solid #d8dbe0; } svg { max-width: 100%; height: auto; }
p.note { color: #5a6270; }
)";

QString html(const QString& text) {
  return text.toHtmlEscaped();
}

QString html(const std::string& text) {
  return QString::fromStdString(text).toHtmlEscaped();
}

QString row(const QString& name, const QString& value) {
  return QStringLiteral("<tr><td>%1</td><td>%2</td></tr>\n").arg(html(name), value);
}

QString number(double value, int digits = 4) {
  return std::isfinite(value) ? QString::number(value, 'g', digits) : QStringLiteral("&ndash;");
}

// So that a shell takes it for one word.
QString quoted(const QString& word) {
  const auto isPlain = [](QChar c) { return c.isLetterOrNumber() || QStringLiteral("-_./,:=+").contains(c); };
  if (!word.isEmpty() && std::all_of(word.begin(), word.end(), isPlain)) return word;
  return u'\'' + QString(word).replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

QString settingsOf(const RunPage& page) {
  QString text = QStringLiteral("<h2>Settings</h2>\n<table>\n");
  for (const train::RecipeField& field : train::recipeFields()) {
    const nn::FieldValue value = field.get(page.log.start());
    const bool standard = value == train::standardValue(field, page.log.start());
    const bool always = field.info.name == "optimizer" || field.info.name == "learning-rate" || field.info.name == "batch-size" ||
                        field.info.name == "seed" || field.info.name == "loss";
    if (standard && !always) continue;
    text += row(QString::fromStdString(field.info.label), html(train::fieldText(value)));
  }
  text += QStringLiteral("</table>\n<p class=note>Whatever is not listed is as it is where nobody sets it.</p>\n");
  if (page.log.changes().empty()) return text;
  text += QStringLiteral("<p>Changed while it ran:</p>\n<ul>\n");
  for (const train::RecipeChange& change : page.log.changes()) {
    QStringList fields;
    for (const train::FieldChange& field : change.fields) fields << html(train::describe(field));
    text += QStringLiteral("<li>after step %1 (epoch %2): %3</li>\n").arg(change.step).arg(number(change.epoch, 3), fields.join(", "));
  }
  return text + QStringLiteral("</ul>\n");
}

QString nameOf(const RunPage& page, std::size_t number) {
  return number < page.classNames.size() ? html(page.classNames[number]) : QString::number(number);
}

QString confusionTable(const RunPage& page) {
  constexpr std::size_t kMostClasses = 30;
  if (!page.validation || page.validation->confusion.empty()) return {};
  const train::Evaluation& evaluation = *page.validation;
  const std::size_t classes = evaluation.classes();
  QString text = QStringLiteral("<h2>What was taken for what</h2>\n<p>%1 validation images after step %2: %3 right.</p>\n")
                     .arg(evaluation.count)
                     .arg(page.validationStep)
                     .arg(html(scene::percent(evaluation.accuracy())));
  if (classes > kMostClasses) return text + QStringLiteral("<p class=note>Of %1 classes there is no room for a table.</p>\n").arg(classes);
  text += QStringLiteral("<table>\n<tr><th>true</th>");
  for (std::size_t i = 0; i < classes; ++i) text += QStringLiteral("<th>%1</th>").arg(nameOf(page, i));
  text += QStringLiteral("<th>right</th></tr>\n");
  for (std::size_t label = 0; label < classes; ++label) {
    text += QStringLiteral("<tr><td>%1</td>").arg(nameOf(page, label));
    std::uint64_t all = 0;
    for (std::size_t answer = 0; answer < classes; ++answer) {
      const std::uint32_t count = evaluation.confusion[label * classes + answer];
      all += count;
      const char* kind = answer == label ? " class=right" : count > 0 ? " class=wrong" : "";
      text += QStringLiteral("<td%1>%2</td>").arg(QLatin1String(kind), count > 0 ? QString::number(count) : QString());
    }
    const double share = all > 0 ? double(evaluation.confusion[label * classes + label]) / double(all) : 0;
    text += QStringLiteral("<td>%1</td></tr>\n").arg(all > 0 ? html(scene::percent(share)) : QString());
  }
  return text + QStringLiteral("</table>\n<p class=note>Rows: what they are. Columns: what they were taken for.</p>\n");
}

QString mistakesOf(const RunPage& page) {
  if (page.mistakes.empty()) return {};
  QString text = QStringLiteral("<h2>Mistakes</h2>\n<div>\n");
  for (const RunPage::Mistake& mistake : page.mistakes) {
    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    mistake.picture.save(&buffer, "PNG");
    text += QStringLiteral("<figure><img src=\"data:image/png;base64,%1\" alt=\"%2\"><br>%2, taken for %3</figure>\n")
                .arg(QString::fromLatin1(png.toBase64()), html(mistake.label), html(mistake.answer));
  }
  return text + QStringLiteral("</div>\n");
}

QString headOf(const RunPage& page) {
  QString text = QStringLiteral("<h1>%1</h1>\n<table>\n").arg(html(page.title));
  text += row(QStringLiteral("Parameters"), QString::number(page.parameters));
  if (page.data) {
    text += row(QStringLiteral("Data"), html(io::shownPath(page.data->source)));
    text +=
        row(QStringLiteral("Images"), QStringLiteral("%1 trained on, %2 for validation").arg(page.data->train).arg(page.data->validation));
    text += row(QStringLiteral("SHA-256 of images and labels"), QString::fromLatin1(page.data->fingerprint.toHex()));
  }
  text += row(QStringLiteral("Started from"), page.startsTrained ? QStringLiteral("trained weights") : QStringLiteral("random weights"));
  text += row(QStringLiteral("Trained"),
              QStringLiteral("%1 epochs, %2 steps, %3 s").arg(number(page.epoch)).arg(page.step).arg(number(page.seconds, 3)));
  const auto last = [&](const QString& name, std::string_view series) {
    const auto samples = page.metrics.series(series);
    return samples.empty() ? QString() : row(name, number(samples.back().value));
  };
  text += last(QStringLiteral("Training loss"), train::MetricLog::kTrainingLoss);
  text += last(QStringLiteral("Validation loss"), train::MetricLog::kValidationLoss);
  return text + QStringLiteral("</table>\n");
}

}  // namespace

QString commandOf(const RunPage& page) {
  QStringList words{QStringLiteral("convscope train"), quoted(page.network)};
  if (page.data) words << QStringLiteral("--data") << quoted(page.data->source);
  const train::Recipe& recipe = page.log.start();
  for (const train::RecipeField& field : train::recipeFields()) {
    const nn::FieldValue value = field.get(recipe);
    const std::string& name = field.info.name;
    if (value == train::standardValue(field, recipe) || name == "epochs" || name == "stop-after" || !field.idle(recipe).empty()) continue;
    words << QStringLiteral("--%1").arg(QString::fromStdString(name)) << quoted(QString::fromStdString(train::fieldText(value)));
  }
  words << QStringLiteral("--epochs") << QString::number(std::max(1.0, std::ceil(page.epoch)));
  return words.join(u' ');
}

QByteArray htmlOf(const RunPage& page) {
  QString text = QStringLiteral(
                     "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>%1</title>\n<style>%2</style>\n"
                     "</head>\n<body>\n")
                     .arg(html(page.title), QLatin1String(kStyle));
  text += headOf(page);
  if (!page.curvesSvg.isEmpty()) {
    const qsizetype begin = page.curvesSvg.indexOf("<svg");  // without the declaration of a file of its own
    text += QStringLiteral("<h2>Curves</h2>\n") + QString::fromUtf8(page.curvesSvg.mid(std::max<qsizetype>(begin, 0)));
  }
  if (const tasks::Task* task = tasks::findTask(page.task))
    if (const auto advice = train::adviceOn(page.metrics, *task))
      text += QStringLiteral("<p><b>%1.</b> %2.</p>\n").arg(html(advice->what), html(advice->hint));
  text += confusionTable(page) + mistakesOf(page) + settingsOf(page);
  text += QStringLiteral("<h2>To repeat it</h2>\n<code>%1</code>\n").arg(html(commandOf(page)));
  QStringList notes;
  if (!page.shipped) notes << QStringLiteral("The network is a file of its own, which has to be there.");
  if (page.startsTrained)
    notes << QStringLiteral(
        "The run went on from trained weights: a model file with them repeats it, a name of a network begins as that is shipped.");
  if (!page.log.changes().empty())
    notes << QStringLiteral("What was changed while it ran is not in the command: the session file of the run has it.");
  if (page.epoch != std::floor(page.epoch)) notes << QStringLiteral("The run ended within an epoch, the command ends with it.");
  if (!notes.isEmpty()) text += QStringLiteral("<p class=note>%1</p>\n").arg(notes.join(u' '));
  return (text + QStringLiteral("</body>\n</html>\n")).toUtf8();
}

}  // namespace cli
