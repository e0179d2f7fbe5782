#include "ui/app/UnlabeledAnswers.h"

#include <algorithm>
#include <new>
#include <utility>

#include <QElapsedTimer>
#include <QtConcurrentRun>

#include "analysis/Answer.h"
#include "io/FileNames.h"
#include "io/PictureFile.h"
#include "nn/Error.h"
#include "scene/text/Text.h"
#include "tasks/EnergyScore.h"
#include "tasks/Task.h"
#include "ui/app/Workbench.h"
#include "ui/base/ColorPicture.h"
#include "ui/base/Timers.h"

namespace ui {

namespace {

constexpr int kWhileTrainingMs = 2000;
constexpr int kRoundMs = 100;               // after which what is found is shown
constexpr int kMostSmallBytes = 256 << 20;  // far more than a screen shows

// What an answer is computed with.
struct AnswerWork {
  std::shared_ptr<const nn::Network> network;  // null: none that answers
  ModelSlot::Parameters parameters;
  tasks::EnergyCalibration calibration;
  bool likeMnist = true;
};

UnlabeledAnswers::Answer answerOf(const scene::Values& values, const tasks::EnergyCalibration& calibration) {
  const nn::Network& network = *values.network;
  const std::vector<float> probabilities = analysis::classProbabilities(network, values.of(network.outputs().front()));
  const int winner = analysis::winnerOf(probabilities);
  if (winner < 0) {
    const QString why = QString::fromStdString(analysis::whyNoWinner(probabilities));
    return {UnlabeledAnswers::tr("no answer"), UnlabeledAnswers::tr("no answer: %1").arg(why)};
  }
  const QString name = QString::fromStdString(analysis::className(network, winner));
  const QString share = QString::fromStdString(scene::probabilityPercent(probabilities[std::size_t(winner)], int(probabilities.size())));
  const int scored = tasks::energyNode(network);
  const std::string unusual =
      scored < 0 ? std::string() : tasks::unusualText(calibration.shareBelow(tasks::energyScore(network, values.of(scored))));
  const QString whole = QStringLiteral("%1 (%2).").arg(name, share);
  return unusual.empty() ? UnlabeledAnswers::Answer{QStringLiteral("%1  %2").arg(name, share), whole}
                         : UnlabeledAnswers::Answer{name + QStringLiteral(" ?"), whole + u' ' + QString::fromStdString(unusual)};
}

}  // namespace

// Lives as long as a round that is under way.
struct UnlabeledAnswers::Worker {
  std::atomic<bool> canceled = false;
  std::unique_ptr<InferenceRunner> runner;  // of the round before

  Answer answerTo(const data::Picture& picture, const AnswerWork& work) {
    if (!work.network || !analysis::whyNoClass(*work.network).empty()) return {};
    if (!runner || runner->network() != work.network) runner = std::make_unique<InferenceRunner>(work.network, work.parameters);
    if (runner->parameters() != work.parameters) runner->setParameters(work.parameters);
    const data::InputPipeline& pipeline = runner->pipeline();
    const bool inColors = picture.colors && pipeline.takesColors();
    if (!inColors && !data::hasInk(picture.ink)) return {tr("no ink"), tr("it shows no ink")};
    const data::PreparedDrawing prepared = pipeline.prepare(picture.ink, work.likeMnist, picture.strokes);
    const auto values = runner->run(prepared.result, picture.colors.get());
    Answer answer = answerOf(*values, work.calibration);
    for (const std::string& note : inColors ? std::vector<std::string>() : prepared.notes)
      answer.whole += u' ' + QString::fromStdString(note);
    return answer;
  }
  Found find(std::uint32_t index, const QString& path, int smallPx, const AnswerWork& work) {
    Found found;
    found.index = index;
    try {
      const data::Picture picture = io::readPicture(path);
      if (picture.colors) found.picture = imageOf(*picture.colors).scaled(smallPx, smallPx, Qt::KeepAspectRatio, Qt::SmoothTransformation);
      found.answer = answerTo(picture, work);
    } catch (const nn::Error& error) {
      found.answer = {tr("not read"), QString::fromStdString(error.issue().what)};
    } catch (const std::bad_alloc&) {
      found.answer = {tr("not read"), tr("there is not enough memory for it")};
    }
    return found;
  }
};

UnlabeledAnswers::UnlabeledAnswers(Workbench& workbench, QStringList pictures, int smallPx, QObject* parent)
    : QObject(parent),
      m_workbench(workbench),
      m_pictures(std::move(pictures)),
      m_smallPx(smallPx),
      m_answers(std::size_t(m_pictures.size())),
      m_small(kMostSmallBytes),
      m_worker(std::make_shared<Worker>()) {
  runOnce(m_soon, 0, this, &UnlabeledAnswers::begin);
  connect(&m_watcher, &QFutureWatcherBase::finished, this, &UnlabeledAnswers::finish);
  connect(&workbench, &Workbench::networkChanged, this, &UnlabeledAnswers::networkChanged);
  connect(&workbench, &Workbench::parametersChanged, this, &UnlabeledAnswers::networkChanged);
  m_likeMnist = workbench.inference().likeMnist();
  connect(&workbench.inference(), &LiveInference::drawingChanged, this, [this] {
    const bool now = m_workbench.inference().likeMnist();
    if (std::exchange(m_likeMnist, now) != now) networkChanged();
  });
}

UnlabeledAnswers::~UnlabeledAnswers() {
  m_worker->canceled = true;
}

QImage UnlabeledAnswers::picture(std::size_t index) const {
  const QImage* small = m_small.object(std::uint32_t(index));
  return small ? *small : QImage();
}

void UnlabeledAnswers::want(std::vector<std::uint32_t> indices) {
  m_wanted = std::move(indices);
  if (!m_watcher.isRunning()) m_soon.start(0);
}

void UnlabeledAnswers::networkChanged() {
  ++m_version;
  if (!m_soon.isActive() && !m_watcher.isRunning()) m_soon.start(m_workbench.training().running() ? kWhileTrainingMs : 0);
}

void UnlabeledAnswers::begin() {
  if (m_watcher.isRunning() || Jobs::whyNoThread()) return;
  std::vector<std::pair<std::uint32_t, QString>> due;
  for (const std::uint32_t index : m_wanted) {
    const Held& held = m_answers[index];
    if (held.version != m_version || (held.readable && !m_small.contains(index))) due.emplace_back(index, m_pictures[qsizetype(index)]);
  }
  if (due.empty()) return;
  const ModelSlot& model = m_workbench.model();
  const bool whole = model.runner && model.unread.isEmpty();
  const AnswerWork work{whole ? model.network() : nullptr, model.parameters, m_workbench.inference().calibration(), m_likeMnist};
  m_versionAtWork = m_version;
  m_watcher.setFuture(QtConcurrent::run(&Jobs::threads(), [worker = m_worker, due, work, smallPx = m_smallPx] {
    std::vector<Found> found;
    QElapsedTimer spent;
    spent.start();
    for (const auto& one : due) {
      if (worker->canceled || (!found.empty() && spent.elapsed() > kRoundMs)) break;
      found.push_back(worker->find(one.first, one.second, smallPx, work));
    }
    return found;
  }));
}

void UnlabeledAnswers::finish() {
  for (const Found& one : m_watcher.result()) {
    m_answers[one.index] = {one.answer, m_versionAtWork, !one.picture.isNull()};
    if (!one.picture.isNull()) m_small.insert(one.index, new QImage(one.picture), one.picture.sizeInBytes());
  }
  emit changed();
  const bool stale = m_version != m_versionAtWork && m_workbench.training().running();
  m_soon.start(stale ? kWhileTrainingMs : 0);
}

}  // namespace ui
