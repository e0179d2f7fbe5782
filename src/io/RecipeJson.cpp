#include "io/RecipeJson.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonObject>

#include "io/FileNames.h"
#include "io/Files.h"
#include "io/Json.h"
#include "io/Model.h"
#include "io/datasets/DataWord.h"
#include "nn/LayerCatalogue.h"

namespace io {

namespace {

constexpr qint64 kLargestRecipe = 1 << 20;

void readName(const QJsonValue& value, const std::string& where, QString& name, std::vector<nn::Issue>& issues) {
  if (value.isString() && !value.toString().isEmpty())
    name = value.toString();
  else
    issues.push_back({where, std::string("it must be a text, but it is ") + (value.isString() ? "an empty one" : jsonKind(value)),
                      "Give a name or a path, in quotation marks"});
}

bool readRecipeField(const QJsonValue& value, const train::RecipeField& row, const std::string& where, train::Recipe& recipe,
                     std::vector<nn::Issue>& issues) {
  const auto scalar = jsonScalar(value);
  const auto read = nn::readField(row.info, scalar.value_or(std::vector<std::int64_t>()), where, issues);  // a list is none of them
  if (!read) {
    if (!scalar) issues.back().what += std::string(", but it is ") + jsonKind(value);
    return false;
  }
  row.set(recipe, *read);
  // Most settings are of single precision.
  const auto* number = std::get_if<double>(&*read);
  if (!number || *number == 0 || row.get(recipe) != nn::FieldValue(0.0)) return true;
  issues.push_back({where + ", " + row.info.name, "it is too small a number", "Give 0 or a larger one"});
  return false;
}

bool isPathOfNetwork(const QString& word) {
  return word.contains('/') || word.endsWith(".json", Qt::CaseInsensitive) || word.endsWith(".onnx", Qt::CaseInsensitive);
}

// Keeps a slash: without one a path might be told as the name of something else.
QString readPath(const QString& path, const QDir& folder) {
  if (QDir::isAbsolutePath(path)) return path;
  const QString clean = QDir::cleanPath(folder.filePath(path));
  return clean.contains('/') ? clean : "./" + clean;
}

// Told from a name by its slash.
QString writtenPath(const QString& path, const QDir& folder) {
  if (hasOddBytes(path)) throw nn::Error("a name that is not UTF-8 cannot stand in a recipe", shownName(path), "Rename it first");
  if (QDir::isAbsolutePath(path)) return path;
  const QString relative = folder.relativeFilePath(QFileInfo(path).absoluteFilePath());
  return relative.startsWith("../") || QDir::isAbsolutePath(relative) ? relative : "./" + relative;
}

}  // namespace

RunRecipe readRecipeJson(const QByteArray& json, const QString& where, std::vector<nn::Issue>& issues) {
  const std::string place = where.toStdString();
  const QJsonObject object = parseJsonObject(json, place, "a recipe");
  RunRecipe run;
  for (auto entry = object.begin(); entry != object.end(); ++entry) {
    const std::string key = entry.key().toStdString(), here = place + ", " + key;
    if (key == "network" || key == "data") {
      readName(entry.value(), here, key == "data" ? run.data : run.network, issues);
    } else if (key == "new-head") {
      run.newHead = entry.value().toBool();
      if (!entry.value().isBool())
        issues.push_back({here, std::string("it must be true or false, but it is ") + jsonKind(entry.value()), ""});
    } else if (const train::RecipeField* row = train::findRecipeField(key)) {
      if (readRecipeField(entry.value(), *row, place, run.recipe, issues)) run.given << entry.key();
    } else {
      std::string known = "network, data, new-head";
      for (const train::RecipeField& field : train::recipeFields()) known += ", " + field.info.name;
      issues.push_back({place + ", " + key.substr(0, 40), "a recipe has no such key", "Its keys are " + known});
    }
  }
  if (!run.given.contains("learning-rate")) train::takeStandardRate(run.recipe);
  return run;
}

QByteArray writeRecipeJson(const RunRecipe& run) {
  QStringList lines;
  if (!run.network.isEmpty()) lines << "  \"network\": " + jsonText(run.network.toStdString());
  if (!run.data.isEmpty()) lines << "  \"data\": " + jsonText(run.data.toStdString());
  if (run.newHead) lines << "  \"new-head\": true";
  for (const train::RecipeField& row : train::recipeFields())
    lines << "  " + jsonText(row.info.name) + ": " + jsonText(row.get(run.recipe));
  return ("{\n" + lines.join(",\n") + "\n}\n").toUtf8();
}

RunRecipe loadRecipe(const QString& path, std::vector<nn::Issue>& issues) {
  RunRecipe run = readRecipeJson(readFile(path, kLargestRecipe), shownPath(QFileInfo(path).fileName()), issues);
  const QDir folder(QFileInfo(path).path());
  if (isPathOfNetwork(run.network)) run.network = readPath(run.network, folder);
  const auto read = [&folder](const QString& word) { return readPath(word, folder); };
  if (!run.data.isEmpty()) run.data = withPaths(run.data, read, QFileInfo(path).path());
  return run;
}

void saveRecipe(const QString& path, const RunRecipe& run) {
  const QDir folder(QFileInfo(path).absolutePath());
  RunRecipe written = run;
  if (!isNetworkName(run.network)) written.network = writtenPath(run.network, folder);
  written.data = withPaths(run.data, [&folder](const QString& word) { return writtenPath(word, folder); });
  writeFile(path, writeRecipeJson(written));
}

}  // namespace io
