#include "ui/panels/training/RecipeEditor.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <QComboBox>
#include <QLineEdit>
#include <QSignalBlocker>

#include "nn/Error.h"
#include "ui/base/Numbers.h"
#include "ui/model/TrainingController.h"
#include "ui/panels/training/LayerNamesField.h"
#include "ui/panels/training/LogSpinBox.h"

namespace ui {

namespace {

using train::RecipeField;

constexpr int kNarrowestFieldPx = 64;
constexpr double kStepsOfRange = 20;

QString choiceText(const std::string& name) {
  static const std::pair<const char*, const char*> kNames[] = {{"sgd", "SGD"}, {"adamw", "AdamW"}, {"rmsprop", "RMSprop"}};
  for (const auto& [plain, written] : kNames)
    if (name == plain) return QString::fromLatin1(written);
  QString text = QString::fromStdString(name).replace(u'-', u' ');
  return text.replace(0, 1, text.left(1).toUpper());
}

// What stands behind the number: the row names what its kind of number is called, which is not always a unit.
QString suffixOf(const RecipeField& field, double value) {
  if (field.unit == "PX") return QStringLiteral(" px");
  if (field.unit == "DEG") return QString(QChar(0xb0));
  if (field.unit == "EPOCHS") return value == 1 ? QObject::tr(" epoch") : QObject::tr(" epochs");
  return {};
}

// Fine enough for the standard value, coarse enough for the range.
double stepOf(const nn::FieldInfo& info, double standard) {
  double decimal = 1;
  while (std::abs(standard / decimal - std::round(standard / decimal)) > 1e-6) decimal /= 10;
  const double share = (info.maximum - info.minimum) / kStepsOfRange;
  const double power = std::pow(10.0, std::floor(std::log10(share)));
  const double round = share / power < 1.5 ? 1 : share / power < 3.5 ? 2 : share / power < 7.5 ? 5 : 10;
  return std::min(decimal, round * power);
}

std::string whyIdle(const TrainingController& training, const RecipeField& field) {
  return training.network() ? train::whyIdle(field, training.recipe(), *training.network()) : field.idle(training.recipe());
}

QString tipOf(const TrainingController& training, const RecipeField& field) {
  QString tip = QString::fromStdString(field.info.tooltip);
  if (const std::string why = whyIdle(training, field); !why.empty())
    tip += u'\n' + QObject::tr("Without effect now: it %1.").arg(QString::fromStdString(why));
  tip += u'\n' +
         (field.live ? QObject::tr("May be changed while training runs.") : QObject::tr("Counts from the next run on; reset begins one."));
  if (!std::holds_alternative<std::string>(field.info.defaultValue))
    tip += u'\n' + QObject::tr("From %1 to %2.").arg(plainNumber(field.info.minimum), plainNumber(field.info.maximum));
  return tip + u'\n' + QObject::tr("Standard: %1").arg(recipeText(field, train::standardValue(field, training.recipe())));
}

// Shows the recipe's value with `show` now and whenever it may be another.
void follow(QWidget* editor, TrainingController& training, const RecipeField& field,
            const std::function<void(const nn::FieldValue&)>& show) {
  const auto present = [editor, &training, &field, show] {
    const QSignalBlocker quiet(editor);
    show(field.get(training.recipe()));
    editor->setEnabled(whyIdle(training, field).empty());
    editor->setToolTip(tipOf(training, field));
  };
  QObject::connect(&training, &TrainingController::recipeChanged, editor, present);
  QObject::connect(&training, &TrainingController::cleared, editor, present);  // perhaps another network
  present();
}

QWidget* makeChoice(TrainingController& training, const RecipeField& field, QWidget* parent) {
  auto* box = new QComboBox(parent);
  for (const std::string& choice : field.info.choices) box->addItem(choiceText(choice), QString::fromStdString(choice));
  box->setMinimumContentsLength(6);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  QObject::connect(box, &QComboBox::activated, &training,
                   [box, &training, &field] { training.setField(field, box->currentData().toString().toStdString()); });
  follow(box, training, field,
         [box](const nn::FieldValue& value) { box->setCurrentIndex(box->findData(QString::fromStdString(std::get<std::string>(value)))); });
  return box;
}

QWidget* makeNumber(TrainingController& training, const RecipeField& field, QWidget* parent) {
  const bool whole = std::holds_alternative<std::int64_t>(field.info.defaultValue);
  const auto numberOf = [](const nn::FieldValue& value) {
    const auto* number = std::get_if<std::int64_t>(&value);
    return number ? double(*number) : std::get<double>(value);
  };
  NumberField* box = field.scale == train::FieldScale::Logarithmic ? new LogSpinBox(parent) : new NumberField(parent);
  box->setDecimals(whole ? 0 : 15);
  box->setRange(field.info.minimum, field.info.maximum);
  box->setSingleStep(stepOf(field.info, numberOf(field.info.defaultValue)));
  box->setKeyboardTracking(false);
  box->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);  // its longest value is much longer than most
  box->setMinimumWidth(kNarrowestFieldPx);
  QObject::connect(box, &NumberField::valueChanged, &training, [&training, &field, whole](double value) {
    training.setField(field, whole ? nn::FieldValue(std::int64_t(std::llround(value))) : nn::FieldValue(value));
  });
  follow(box, training, field, [box, numberOf, &field](const nn::FieldValue& value) {
    box->setSuffix(suffixOf(field, numberOf(value)));
    box->setValue(numberOf(value));
  });
  return box;
}

// Those of the network that have something to learn.
QStringList layersOf(const TrainingController& training) {
  QStringList layers;
  if (!training.network()) return layers;
  for (const nn::Network::Node& node : training.network()->nodes()) {
    const auto blocks = node.layer->parameterBlocks();
    if (std::any_of(blocks.begin(), blocks.end(), [](const nn::ParameterBlock& block) { return block.learned; }))
      layers << QString::fromStdString(node.name);
  }
  return layers;
}

QWidget* makeLayers(TrainingController& training, const RecipeField& field, QWidget* parent) {
  auto* line = new LayerNamesField(parent);
  QObject::connect(line, &LayerNamesField::edited, &training,
                   [line, &training, &field] { training.setField(field, LayerNamesField::textOf(line->names(), ",").toStdString()); });
  follow(line, training, field, [line, &training](const nn::FieldValue& value) {
    line->setLayers(layersOf(training));
    line->setNames(LayerNamesField::namesOf(QString::fromStdString(std::get<std::string>(value))));
  });
  return line;
}

// What the network refuses stays there, marked, and is not taken until it is mended.
QWidget* makeText(TrainingController& training, const RecipeField& field, QWidget* parent) {
  auto* line = new QLineEdit(parent);
  QObject::connect(line, &QLineEdit::editingFinished, &training, [line, &training, &field] {
    try {
      train::Recipe changed = training.recipe();
      field.set(changed, line->text().trimmed().toStdString());
      if (training.network()) train::rateFactorsOf(*training.network(), changed);
      markProblem(*line, {});
      training.setField(field, line->text().trimmed().toStdString());
    } catch (const nn::Error& error) {
      markProblem(*line, QString::fromStdString(error.issue().what + ". " + error.issue().hint));
    }
  });
  follow(line, training, field, [line](const nn::FieldValue& value) {
    markProblem(*line, {});
    line->setText(QString::fromStdString(std::get<std::string>(value)));
  });
  return line;
}

}  // namespace

QWidget* makeRecipeEditor(TrainingController& training, const train::RecipeField& field, QWidget* parent) {
  const bool text = std::holds_alternative<std::string>(field.info.defaultValue);
  QWidget* editor = !field.info.choices.empty() ? makeChoice(training, field, parent)
                    : field.unit == "LAYERS"    ? makeLayers(training, field, parent)
                    : text                      ? makeText(training, field, parent)
                                                : makeNumber(training, field, parent);
  editor->setObjectName("recipe-" + QString::fromStdString(field.info.name));
  editor->setAccessibleName(QString::fromStdString(field.info.label));
  editor->setAccessibleDescription(QString::fromStdString(field.info.tooltip));
  return editor;
}

QString recipeText(const train::RecipeField& field, const nn::FieldValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return plainNumber(*number);
  const std::string text = train::fieldText(value);
  if (!field.info.choices.empty()) return choiceText(text);
  return text.empty() ? QObject::tr("none") : QString::fromStdString(text);
}

}  // namespace ui
