#include "ui/app/AnalysisRunner.h"

#include <algorithm>
#include <functional>
#include <map>
#include <new>

#include <QtConcurrentRun>

#include "analysis/Answer.h"
#include "analysis/Method.h"
#include "nn/Error.h"
#include "nn/FreeMemory.h"
#include "tasks/Task.h"
#include "train/SampleGradients.h"
#include "ui/app/Workbench.h"
#include "ui/base/Timers.h"

namespace ui {
namespace {

constexpr double kBytesAUnit = 16, kBytesAParameter = 12;  // activation, gradient and what is shown of it; packed weights too
constexpr std::size_t kMostMultiplyAdds = 4000000000;      // about a second forward and backward on one core
constexpr int kSaidAfterMs = 400;                          // of the person
constexpr qint64 kLongPassMs = 1000;                       // one that takes longer gives way to what is newer
constexpr std::size_t kMostKeptUnits = 4000000;            // of a network whose fields are kept, one for each method

std::vector<float> difference(std::span<const float> now, std::span<const float> before) {
  std::vector<float> change(now.size());
  std::transform(now.begin(), now.end(), before.begin(), change.begin(), std::minus<>());
  return change;
}

}  // namespace

struct AnalysisRunner::Request {
  scene::CellQuantity quantity;
  std::shared_ptr<const scene::Values> values;
  std::shared_ptr<const std::vector<float>> parameters, start;
  tasks::ObjectiveSettings loss;
  int label = -1;                            // of a gradient: the class that is asked for
  bool assumed = false;                      // that it is of this class
  const analysis::Method* method = nullptr;  // of relevance ...
  std::optional<int> asked;                  // ... the class that it is about; none: the answer
  std::vector<float> blank;                  // ... and the first input where nothing is drawn
};

struct AnalysisRunner::Engine {
  Result compute(const Request& request, const analysis::Progress& progress);
  void use(const std::shared_ptr<const std::vector<float>>& parameters);
  void gradients(const Request& request, scene::CellField& field);
  void change(const Request& request, scene::CellField& field);
  Result relevance(const Request& request, const analysis::Progress& progress);

  std::shared_ptr<const nn::Network> network;
  std::shared_ptr<nn::Weights> weights;
  std::shared_ptr<const std::vector<float>> inWeights;
  std::unique_ptr<train::SampleGradients> passes;
  tasks::ObjectiveSettings loss;  // of the passes
  std::unique_ptr<nn::Workspace> workspace;
  // What the methods have found, as long as drawing and weights stay.
  struct Kept {
    std::optional<int> asked;
    Result result;
  };
  std::map<const analysis::Method*, Kept> kept;
  std::shared_ptr<const scene::Values> keptOf;
};

void AnalysisRunner::Engine::use(const std::shared_ptr<const std::vector<float>>& parameters) {
  if (parameters == inWeights) return;
  weights->assign(*parameters);
  inWeights = parameters;
}

AnalysisRunner::Result AnalysisRunner::Engine::compute(const Request& request, const analysis::Progress& progress) {
  if (network != request.values->network) {
    passes = nullptr;
    workspace = nullptr;
    network = nullptr;
    const double bytes = kBytesAUnit * double(request.values->values.size()) + kBytesAParameter * double(request.parameters->size());
    nn::requireMemory(bytes, "Showing this", request.values->network->spec().title, "Close other programs, or choose a smaller network");
    network = request.values->network;
    weights = std::make_shared<nn::Weights>(network);
    inWeights = nullptr;
    kept.clear();
  }
  if (request.method) return relevance(request, progress);
  auto field = std::make_shared<scene::CellField>();
  field->quantity = request.quantity;
  field->network = network;
  request.quantity == scene::CellQuantity::Gradient ? gradients(request, *field) : change(request, *field);
  return {field, {}, {}};
}

AnalysisRunner::Result AnalysisRunner::Engine::relevance(const Request& request, const analysis::Progress& progress) {
  if (keptOf != request.values || inWeights != request.parameters) kept.clear();
  keptOf = request.values;
  use(request.parameters);
  const auto found = kept.find(request.method);
  if (found != kept.end() && found->second.asked == request.asked) return found->second.result;
  analysis::Request asked{network, weights, {}, request.blank, request.asked, {}};
  for (const int input : network->inputs()) {
    const std::span<const float> values = request.values->of(input);
    asked.inputs.emplace_back(values.begin(), values.end());
  }
  const std::optional<analysis::Result> result = analysis::explain(*request.method, asked, progress);
  if (!result) return {};
  auto field = std::make_shared<scene::CellField>();
  field->quantity = request.quantity;
  field->network = network;
  field->units = result->units;
  field->isSigned = result->isSigned;
  field->words = {result->words.name, result->words.low, result->words.high};
  field->subject = request.method->title + '\n' + result->target.name + (result->target.assumed ? " (the answer)" : "");
  std::string words = request.method->title + " (" + request.method->source + "): what counts for " + result->target.name +
                      (result->target.assumed ? ", which is the answer." : ".");
  for (const std::string& note : result->notes) words += ' ' + note;
  std::string told;
  std::size_t silent = 0;  // layers that go on showing their activations
  for (int node = 0; node <= result->target.node; ++node) {
    const bool tells = !result->units[std::size_t(node)].empty();
    if (tells) told += (told.empty() ? "" : ", ") + network->node(node).name;
    silent += !tells;
  }
  if (silent > 0) words += " It is shown in " + told + "; elsewhere are activations.";
  const Result shown{field, {}, QString::fromStdString(words)};
  if (request.values->values.size() <= kMostKeptUnits) kept[request.method] = {request.asked, shown};
  return shown;
}

void AnalysisRunner::Engine::gradients(const Request& request, scene::CellField& field) {
  if (!passes || !(loss == request.loss)) passes = std::make_unique<train::SampleGradients>(network, request.loss);
  loss = request.loss;
  const bool asksClass = passes->classes() > 0;
  if (asksClass && request.label >= passes->classes())
    throw nn::Error("the network has no such class", analysis::className(*network, request.label));
  use(request.parameters);
  passes->compute(*weights, request.values->of(network->inputs().front()), std::max(0, request.label));
  field.units = passes->units();
  field.weights = passes->parameters();
  field.subject = asksClass ? "loss for class " + analysis::className(*network, request.label) + (request.assumed ? " (the answer)" : "")
                            : "loss of the reconstruction";
}

void AnalysisRunner::Engine::change(const Request& request, scene::CellField& field) {
  field.weights = difference(*request.parameters, *request.start);
  if (!workspace) workspace = std::make_unique<nn::Workspace>(network, 1, false);
  use(request.start);
  for (std::size_t i = 0; i < network->inputs().size(); ++i) workspace->setInput(0, request.values->of(network->inputs()[i]), int(i));
  workspace->forward(*weights);
  const auto before = scene::collectValues(*workspace, 0);
  // The input is the same before and after: it goes on showing what is drawn.
  for (int i = 0; i < int(network->nodes().size()); ++i)
    field.units.push_back(network->node(i).inputs.empty() ? std::vector<float>() : difference(request.values->of(i), before->of(i)));
}

AnalysisRunner::AnalysisRunner(Workbench& workbench, QObject* parent) : QObject(parent), m_workbench(workbench) {
  connect(&m_watcher, &QFutureWatcher<Result>::finished, this, &AnalysisRunner::finish);
  connect(&workbench.inference(), &LiveInference::valuesChanged, this, &AnalysisRunner::changed);
  connect(&workbench, &Workbench::startChanged, this, &AnalysisRunner::changed);
  connect(&workbench, &Workbench::networkChanged, this, [this] { m_told.clear(); });
  connect(&workbench.selection(), &Selection::pinsChanged, this, [this] {
    if (m_shown.quantity == scene::CellQuantity::Relevance) changed();
  });
  runOnce(m_patience, kSaidAfterMs, this, [this] {
    const analysis::Method* method = analysis::findMethod(m_running.method.toStdString());
    if (method) emit slowlyComputing(tr("Computing %1 ...").arg(QString::fromStdString(method->title)));
  });
}

AnalysisRunner::~AnalysisRunner() {
  if (m_canceled) *m_canceled = true;
  m_watcher.disconnect(this);
  m_watcher.waitForFinished();
}

void AnalysisRunner::setShown(scene::CellQuantity quantity, const QString& method) {
  const Shown shown{quantity, method};
  if (shown == m_shown) return;
  m_shown = shown;
  m_told.clear();
  changed();
}

void AnalysisRunner::setLabel(std::optional<int> label) {
  if (label == m_label) return;
  m_label = label;
  if (m_shown.quantity == scene::CellQuantity::Gradient) changed();
}

void AnalysisRunner::refuse(const QString& why) {
  emit found(nullptr);
  m_told.clear();
  setWhy(why);
}

void AnalysisRunner::setWhy(const QString& why) {
  if (why != m_why) emit nothingToShow(m_why = why);
}

std::optional<AnalysisRunner::Request> AnalysisRunner::request(QString& why) const {
  const std::shared_ptr<const nn::Network> network = m_workbench.network();
  const std::shared_ptr<const scene::Values> values = m_workbench.inference().values();
  if (!network || !values || values->network != network) return std::nullopt;
  Request request{m_shown.quantity, values, values->parameters, m_workbench.model().start(), m_workbench.training().recipe().objective()};
  if (m_shown.quantity == scene::CellQuantity::Relevance) {
    why = whyNoMethod(request);
    return why.isEmpty() ? std::optional(request) : std::nullopt;
  }
  if (m_shown.quantity == scene::CellQuantity::WeightChange) {
    if (!request.start || request.start->size() != request.parameters->size())
      why = tr("There are no weights from before training to compare with");
    else if (request.start == request.parameters)
      why = tr("Nothing has changed yet: train the network");
    return why.isEmpty() ? std::optional(request) : std::nullopt;
  }
  const LiveInference& inference = m_workbench.inference();
  const QString noAnswer = inference.whyNoAnswer();
  if (!noAnswer.isEmpty()) {
    why = tr("No loss, no gradient: %1").arg(noAnswer);
  } else if (inference.blank()) {
    why = tr("Draw something: the gradient is that of the loss of a picture");
  } else if (tasks::taskOf(*network).firstClass < 0) {
    return request;  // a picture is compared with itself
  } else if (m_label) {
    request.label = *m_label;
  } else {
    const std::vector<float> shares = inference.probabilities();
    if (shares.empty()) return std::nullopt;  // they are on their way
    request.label = int(std::max_element(shares.begin(), shares.end()) - shares.begin());
    request.assumed = true;
  }
  return why.isEmpty() ? std::optional(request) : std::nullopt;
}

// The class of the unit that is pinned, where that is one of the scores or of the answer.
std::optional<int> AnalysisRunner::pinnedClass() const {
  const nn::Network& network = *m_workbench.network();
  const std::optional<scene::UnitId>& pinned = m_workbench.selection().pinned();
  if (!pinned || (pinned->node != network.logitsNode() && pinned->node != network.outputs().front())) return std::nullopt;
  const int label = pinned->cell.channel + analysis::classCount(network) - network.node(pinned->node).shape.channels;
  return label < 0 ? std::nullopt : std::optional(label);
}

// What the method is asked goes into the request, where there is nothing against it.
QString AnalysisRunner::whyNoMethod(Request& request) const {
  const nn::Network& network = *m_workbench.network();
  request.method = analysis::findMethod(m_shown.method.toStdString());
  if (const std::string why = analysis::whyNot(*request.method, network); !why.empty())
    return tr("Nothing to explain by %1: %2").arg(QString::fromStdString(request.method->title), QString::fromStdString(why));
  const LiveInference& inference = m_workbench.inference();
  if (!m_workbench.model().unread.isEmpty()) return tr("Nothing to explain: %1").arg(inference.whyNoAnswer());
  if (inference.blank()) return tr("Draw something: what counts for the answer is then shown");
  request.asked = pinnedClass();
  if (const QString why = inference.whyNoAnswer(); !request.asked && !why.isEmpty()) return tr("Nothing to explain: %1").arg(why);
  request.blank.assign(network.inputShape().size(), 0.0f);
  m_workbench.model().runner->pipeline().inkToInput(request.blank);
  return {};
}

// A pass is under way, and what has changed comes after it; one that is no longer wanted, or takes long, gives way.
bool AnalysisRunner::busy() {
  m_due = m_watcher.isRunning();
  if (m_due && (!(m_running == m_shown) || m_since.elapsed() > kLongPassMs)) *m_canceled = true;
  return m_due;
}

void AnalysisRunner::changed() {
  if (busy()) return;
  if (m_shown.quantity == scene::CellQuantity::Activation) {
    m_engine = nullptr;
    return refuse({});
  }
  QString why;
  const std::optional<Request> asked = request(why);
  if (!asked) return refuse(why);
  const std::shared_ptr<const nn::Network>& network = asked->values->network;
  std::size_t work = 0;
  for (const nn::Network::Node& node : network->nodes()) work += std::size_t(node.layer->multiplyAdds());
  if (work > kMostMultiplyAdds) return refuse(tr("The network is too large to follow this with every change: choose a smaller one"));
  if (const std::optional<nn::Issue> none = Jobs::whyNoThread()) return refuse(QString::fromStdString(none->what));
  if (!m_engine) m_engine = std::make_shared<Engine>();
  m_running = m_shown;
  m_canceled = std::make_shared<std::atomic<bool>>(false);
  m_since.start();
  m_patience.start();
  m_watcher.setFuture(QtConcurrent::run([request = *asked, engine = m_engine, canceled = m_canceled]() -> Result {
    try {
      return engine->compute(request, [&](double) { return !canceled->load(); });
    } catch (const nn::Error& error) {
      return {nullptr, QString::fromStdString(error.message()), {}};
    } catch (const std::bad_alloc&) {
      return {nullptr, tr("There is too little memory for this"), {}};
    }
  }));
}

void AnalysisRunner::finish() {
  m_patience.stop();
  const Result result = m_watcher.result();
  const bool wanted = m_running == m_shown && (result.field ? result.field->network == m_workbench.network() : !m_due);
  if (wanted && result.field) {
    emit found(result.field);
    setWhy({});
  }
  if (wanted && result.field && !result.words.isEmpty() && result.words != m_told) emit explained(m_told = result.words);
  if (wanted && !result.field && !result.why.isEmpty()) refuse(result.why);
  if (m_due) changed();
}

}  // namespace ui
