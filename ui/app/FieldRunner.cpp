#include "ui/app/FieldRunner.h"

#include <algorithm>
#include <functional>
#include <new>

#include <QtConcurrentRun>

#include "analysis/Answer.h"
#include "nn/Error.h"
#include "nn/FreeMemory.h"
#include "train/SampleGradients.h"
#include "train/WorkerPool.h"
#include "ui/app/Workbench.h"

namespace ui {
namespace {

constexpr double kBytesAUnit = 16, kBytesAParameter = 12;  // activation, gradient and what is shown of it; packed weights too
constexpr std::size_t kMostMultiplyAdds = 4000000000;      // about a second forward and backward on one core

std::vector<float> difference(std::span<const float> now, std::span<const float> before) {
  std::vector<float> change(now.size());
  std::transform(now.begin(), now.end(), before.begin(), change.begin(), std::minus<>());
  return change;
}

}  // namespace

struct FieldRunner::Request {
  scene::CellQuantity quantity;
  std::shared_ptr<const scene::Values> values;
  std::shared_ptr<const std::vector<float>> parameters, start;
  tasks::ObjectiveSettings loss;
  int label = -1;        // of a gradient: the class that is asked for
  bool assumed = false;  // that it is of this class
};

struct FieldRunner::Engine {
  std::shared_ptr<const scene::CellField> compute(const Request& request);
  void gradients(const Request& request, scene::CellField& field);
  void change(const Request& request, scene::CellField& field);

  std::shared_ptr<const nn::Network> network;
  std::unique_ptr<nn::Weights> weights;
  std::unique_ptr<train::SampleGradients> passes;
  tasks::ObjectiveSettings loss;  // of the passes
  std::unique_ptr<nn::Workspace> workspace;
};

std::shared_ptr<const scene::CellField> FieldRunner::Engine::compute(const Request& request) {
  if (network != request.values->network) {
    passes = nullptr;
    workspace = nullptr;
    network = nullptr;
    const double bytes = kBytesAUnit * double(request.values->values.size()) + kBytesAParameter * double(request.parameters->size());
    nn::requireMemory(bytes, "Showing this", request.values->network->spec().title, "Close other programs, or choose a smaller network");
    network = request.values->network;
    weights = std::make_unique<nn::Weights>(network);
  }
  auto field = std::make_shared<scene::CellField>();
  field->quantity = request.quantity;
  field->network = network;
  request.quantity == scene::CellQuantity::Gradient ? gradients(request, *field) : change(request, *field);
  return field;
}

void FieldRunner::Engine::gradients(const Request& request, scene::CellField& field) {
  if (!passes || !(loss == request.loss)) passes = std::make_unique<train::SampleGradients>(network, request.loss);
  loss = request.loss;
  const bool asksClass = passes->classes() > 0;
  if (asksClass && request.label >= passes->classes())
    throw nn::Error("the network has no such class", analysis::className(*network, request.label));
  weights->assign(*request.parameters);
  passes->compute(*weights, request.values->of(network->inputs().front()), std::max(0, request.label));
  field.units = passes->units();
  field.weights = passes->parameters();
  field.subject = asksClass ? "loss for class " + analysis::className(*network, request.label) + (request.assumed ? " (the answer)" : "")
                            : "loss of the reconstruction";
}

void FieldRunner::Engine::change(const Request& request, scene::CellField& field) {
  field.weights = difference(*request.parameters, *request.start);
  if (!workspace) workspace = std::make_unique<nn::Workspace>(network, 1, false);
  weights->assign(*request.start);
  for (std::size_t i = 0; i < network->inputs().size(); ++i) workspace->setInput(0, request.values->of(network->inputs()[i]), int(i));
  workspace->forward(*weights);
  const auto before = scene::collectValues(*workspace, 0);
  // The input is the same before and after: it goes on showing what is drawn.
  for (int i = 0; i < int(network->nodes().size()); ++i)
    field.units.push_back(network->node(i).inputs.empty() ? std::vector<float>() : difference(request.values->of(i), before->of(i)));
}

FieldRunner::FieldRunner(Workbench& workbench, QObject* parent) : QObject(parent), m_workbench(workbench) {
  connect(&m_watcher, &QFutureWatcher<Result>::finished, this, &FieldRunner::finish);
  connect(&workbench, &Workbench::valuesChanged, this, &FieldRunner::changed);
  connect(&workbench, &Workbench::startChanged, this, &FieldRunner::changed);
  connect(&workbench, &Workbench::networkChanged, this, [this] { m_told.clear(); });
}

FieldRunner::~FieldRunner() {
  m_watcher.disconnect(this);
  m_watcher.waitForFinished();
}

void FieldRunner::setQuantity(scene::CellQuantity quantity) {
  if (quantity == m_quantity) return;
  m_quantity = quantity;
  m_told.clear();
  changed();
}

void FieldRunner::setLabel(std::optional<int> label) {
  if (label == m_label) return;
  m_label = label;
  if (m_quantity == scene::CellQuantity::Gradient) changed();
}

void FieldRunner::refuse(const QString& why) {
  emit found(nullptr);
  if (why == m_told) return;
  m_told = why;
  if (!why.isEmpty()) emit nothingToShow(why);
}

std::optional<FieldRunner::Request> FieldRunner::request(QString& why) const {
  const std::shared_ptr<const nn::Network> network = m_workbench.network();
  Request request{m_quantity, m_workbench.values(), m_workbench.parameters(), m_workbench.model().start(),
                  m_workbench.training().recipe().objective()};
  if (!network || !request.parameters || !request.values || request.values->network != network) return std::nullopt;
  if (m_quantity == scene::CellQuantity::WeightChange) {
    if (!request.start || request.start->size() != request.parameters->size())
      why = tr("There are no weights from before training to compare with");
    else if (request.start == request.parameters)
      why = tr("Nothing has changed yet: train the network");
    return why.isEmpty() ? std::optional(request) : std::nullopt;
  }
  const QString noAnswer = m_workbench.whyNoAnswer();
  if (!noAnswer.isEmpty()) {
    why = tr("No loss, no gradient: %1").arg(noAnswer);
  } else if (m_workbench.blank()) {
    why = tr("Draw something: the gradient is that of the loss of a picture");
  } else if (tasks::taskOf(*network).firstClass < 0) {
    return request;  // a picture is compared with itself
  } else if (m_label) {
    request.label = *m_label;
  } else {
    const std::vector<float> shares = m_workbench.probabilities();
    if (shares.empty()) return std::nullopt;  // they are on their way
    request.label = int(std::max_element(shares.begin(), shares.end()) - shares.begin());
    request.assumed = true;
  }
  return why.isEmpty() ? std::optional(request) : std::nullopt;
}

void FieldRunner::changed() {
  if (m_watcher.isRunning()) {
    m_due = true;
    return;
  }
  m_due = false;
  if (m_quantity == scene::CellQuantity::Activation) {
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
  try {
    train::requireThread();
  } catch (const nn::Error& error) {
    return refuse(QString::fromStdString(error.issue().what));
  }
  if (!m_engine) m_engine = std::make_shared<Engine>();
  m_watcher.setFuture(QtConcurrent::run([request = *asked, engine = m_engine]() -> Result {
    try {
      return {engine->compute(request), {}};
    } catch (const nn::Error& error) {
      return {nullptr, QString::fromStdString(error.message())};
    } catch (const std::bad_alloc&) {
      return {nullptr, tr("There is too little memory for this")};
    }
  }));
}

void FieldRunner::finish() {
  const Result result = m_watcher.result();
  const bool wanted = result.field ? result.field->quantity == m_quantity && result.field->network == m_workbench.network() : !m_due;
  if (wanted && result.field) emit found(result.field);
  if (wanted && !result.field) refuse(result.why);
  if (m_due) changed();
}

}  // namespace ui
