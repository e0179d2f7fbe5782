#include "train/TrainingSession.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

#include "nn/Error.h"
#include "train/Keys.h"
#include "train/RunClock.h"
#include "train/RunMailbox.h"
#include "train/SampleOrder.h"
#include "train/StopRule.h"
#include "train/ValidationSchedule.h"
#include "train/WorkerPool.h"
#include "train/history/RunProgress.h"
#include "train/history/RunRecorder.h"

namespace train {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kPointInterval = std::chrono::milliseconds(50);  // between two points of the curves
constexpr int kPublishShare = 20;                               // publishing takes at most 1/20 of the time

Clock::time_point after(Clock::time_point now, double timesPerSecond) {
  if (timesPerSecond <= 0) return {};
  return now + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / timesPerSecond));
}

std::size_t countOf(const std::shared_ptr<const data::Dataset>& dataset) {
  return dataset == nullptr ? 0 : dataset->count();
}

}  // namespace

struct TrainingSession::Impl {
  using Command = std::function<void(Impl&)>;

  Impl(std::shared_ptr<const nn::Network> network, data::DataSplit split, TrainingOptions options, std::vector<float> startParameters,
       const SavedRun* resumed, const std::function<bool()>& goesOn);

  // Any thread.
  void post(Command command);

  // The training thread.
  void serve(const std::stop_token& stop);
  void takeCommands(const std::stop_token& stop);
  void stepOnce(const std::stop_token& stop);
  void validate(const std::stop_token& stop, MetricPoint& point, bool all);
  void addPoint(MetricPoint point, Clock::time_point now);
  void publish(Clock::time_point now);
  void enter(RunState entered, std::string why = {});
  void fail(std::string why);
  void restart();
  RunProgress progress() const;
  void endEpoch(const std::optional<Evaluation>& validation);
  bool interrupted(const std::stop_token& stop);

  const data::DataSplit data;
  const std::shared_ptr<const data::Dataset> validationPart;
  const std::vector<float> start;
  std::atomic<std::int64_t> publishIntervalMs = 33;
  std::atomic<double> pace = 0;  // steps a second; 0: all that there can be

  struct {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::vector<Command> waiting;
    std::atomic<bool> any = false;
  } commands;

  RunMailbox published;

  // The training thread's own.
  Trainer trainer;
  struct {
    RunState state = RunState::Ready;
    bool single = false;  // one step, then Paused
    std::string why;      // the state is that
    std::string ended;    // why it stops by itself after this step; empty: it does not
  } doing;
  std::uint32_t run = 0;
  RunClock clock;
  ValidationSchedule schedule;
  struct {
    EpochFigures sincePoint;  // of the curves
    RunProgress run;          // without what only a run that chooses its best epoch has
  } figures;
  struct {
    std::optional<MetricPoint> point;
    std::shared_ptr<const Evaluation> evaluation;  // of all validation images
    std::uint64_t evaluationStep = 0;
  } last;
  struct {
    Clock::time_point point{}, publish{}, step{};  // step: not before
  } next;
  RunRecorder recorder;
  StopRule stopRule;

  std::jthread thread;  // last: it ends before anything it uses
};

TrainingSession::Impl::Impl(std::shared_ptr<const nn::Network> network, data::DataSplit split, TrainingOptions options,
                            std::vector<float> startParameters, const SavedRun* resumed, const std::function<bool()>& goesOn)
    : data(std::move(split)),
      validationPart(partForValidation(data.validation, options.seed)),
      start(std::move(startParameters)),
      trainer(std::move(network), data.train, options, start, goesOn),
      schedule(countOf(data.validation), countOf(validationPart)) {
  if (resumed) {
    trainer.restore(resumed->checkpoint);
    figures.run = resumed->progress;
    clock.reset(resumed->progress.seconds, resumed->progress.images);
    doing.state = resumed->checkpoint.step > 0 ? RunState::Paused : RunState::Ready;
    recorder.goOn(resumed->moments);
  }
  if (recorder.isDue(trainer, false)) recorder.record(trainer, progress());
  publish(Clock::now());
  try {
    thread = std::jthread([this, background = options.background](const std::stop_token& stop) {
      if (background) yieldToWindow();
      serve(stop);
    });
  } catch (const std::system_error& error) {
    throw threadError(error);
  }
}

void TrainingSession::Impl::post(Command command) {
  {
    const std::lock_guard lock(commands.mutex);
    commands.waiting.push_back(std::move(command));
    commands.any.store(true, std::memory_order_release);
  }
  commands.wake.notify_one();
}

void TrainingSession::Impl::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      takeCommands(stop);
      if (!stop.stop_requested() && (doing.single || (doing.state == RunState::Running && next.step <= Clock::now()))) stepOnce(stop);
    } catch (const nn::Error& error) {
      fail(error.message());
    } catch (const std::bad_alloc&) {
      fail("There is not enough memory to go on; use a smaller batch or network");
    } catch (const std::exception& error) {
      fail(error.what());
    }
  }
}

void TrainingSession::Impl::takeCommands(const std::stop_token& stop) {
  std::vector<Command> taken;
  {
    std::unique_lock lock(commands.mutex);
    const auto isAsked = [&] { return !commands.waiting.empty(); };
    if (doing.state != RunState::Running && !doing.single)
      commands.wake.wait(lock, stop, isAsked);
    else if (next.step > Clock::now())
      commands.wake.wait_until(lock, stop, next.step, isAsked);
    taken.swap(commands.waiting);
    commands.any.store(false, std::memory_order_relaxed);
  }
  for (const Command& command : taken) command(*this);
}

bool TrainingSession::Impl::interrupted(const std::stop_token& stop) {
  return stop.stop_requested() || commands.any.load(std::memory_order_acquire);
}

void TrainingSession::Impl::stepOnce(const std::stop_token& stop) {
  const double stepsPerSecond = pace.load(std::memory_order_relaxed);
  next.step = after(Clock::now(), stepsPerSecond);
  clock.start(Clock::now());
  const double epochBefore = trainer.epoch();
  const StepResult result = trainer.step();
  Clock::time_point now = Clock::now();
  if (!result.diverged.empty()) {
    enter(RunState::Diverged, "The numbers grew out of range at \"" + result.diverged + "\" in step " +
                                  std::to_string(trainer.stepCount() + 1) + (result.reason.empty() ? "" : ": " + result.reason));
    return;
  }
  clock.addImages(std::uint64_t(result.count), now);
  figures.sincePoint.add(result);
  const bool epochEnded = std::uint64_t(epochBefore) != std::uint64_t(trainer.epoch());
  addStep(figures.run, result, epochEnded);
  if (epochEnded) schedule.epochEnded();

  MetricPoint point;
  if (recorder.isDue(trainer, epochEnded)) recorder.record(trainer, progress());
  const std::string isLast = epochEnded ? StopRule::afterEpoch(trainer.options(), std::uint64_t(trainer.epoch())) : std::string();
  validate(stop, point, !isLast.empty());
  if (epochEnded && countOf(data.validation) == 0) endEpoch({});
  if (!isLast.empty()) doing.ended = isLast;
  now = Clock::now();
  if (point.validationLoss || now >= next.point || doing.single) addPoint(point, now);
  if (stepsPerSecond > 0) next.publish = next.point = {};  // each of them is to be seen
  if (doing.single || !doing.ended.empty())
    enter(RunState::Paused, std::exchange(doing.ended, {}));
  else if (now >= next.publish)
    publish(now);
}

void TrainingSession::Impl::validate(const std::stop_token& stop, MetricPoint& point, bool all) {
  const Clock::time_point begin = Clock::now();
  const Check check = all && countOf(data.validation) > 0 ? Check::Full : schedule.next(clock.seconds(begin), clock.imagesPerSecond());
  if (check == Check::None) return;
  const data::Dataset& images = check == Check::Full ? *data.validation : *validationPart;
  Evaluation evaluation = trainer.evaluate(images, 0, [&] { return !interrupted(stop); });
  if (evaluation.count != images.count()) return;  // a command came first; the schedule asks again
  const Clock::time_point end = Clock::now();
  schedule.done(check, clock.seconds(end), std::chrono::duration<double>(end - begin).count());
  setValidation(point, tasks::taskOf(*trainer.network()), evaluation);
  point.allValidationImages = std::uint32_t(data.validation->count());
  if (check == Check::Part) return;
  endEpoch(evaluation);
  last.evaluation = std::make_shared<const Evaluation>(std::move(evaluation));
  last.evaluationStep = trainer.stepCount();
}

void TrainingSession::Impl::endEpoch(const std::optional<Evaluation>& validation) {
  const EpochResult ended{std::int64_t(trainer.epoch()), figures.run.trainLoss, validation};
  doing.ended = stopRule.reached(trainer.options(), ended, tasks::taskOf(*trainer.network()));
}

void TrainingSession::Impl::addPoint(MetricPoint point, Clock::time_point now) {
  point.run = run;
  point.step = trainer.stepCount();
  point.epoch = trainer.epoch();
  point.seconds = clock.seconds(now);
  setTraining(point, tasks::taskOf(*trainer.network()), std::exchange(figures.sincePoint, {}));
  last.point = point;
  next.point = now + kPointInterval;
  published.put(point);
}

void TrainingSession::Impl::publish(Clock::time_point now) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->run = run;
  snapshot->step = trainer.stepCount();
  snapshot->imagesSeen = clock.images();
  snapshot->epoch = trainer.epoch();
  snapshot->state = doing.state;
  snapshot->network = trainer.network();
  snapshot->imagesPerSecond = clock.imagesPerSecond();
  snapshot->elapsedSeconds = clock.seconds(now);
  snapshot->latest = last.point;
  snapshot->evaluation = last.evaluation;
  snapshot->evaluationStep = last.evaluationStep;
  snapshot->message = doing.why;
  snapshot->bestEpoch = stopRule.best() ? stopRule.best()->number : 0;
  if (const auto latest = published.latest();
      latest != nullptr && latest->run == run && latest->step == snapshot->step) {  // only the state changed
    snapshot->parameters = latest->parameters;
    snapshot->gradients = latest->gradients;
  } else {
    const auto copyOf = [](std::span<const float> values) {
      return std::make_shared<const std::vector<float>>(values.begin(), values.end());
    };
    snapshot->parameters = copyOf(trainer.parameters());
    if (snapshot->step > 0) snapshot->gradients = copyOf(trainer.gradients());
  }
  published.put(std::move(snapshot));
  const Clock::time_point end = Clock::now();
  next.publish = end + std::max<Clock::duration>(std::chrono::milliseconds(publishIntervalMs.load(std::memory_order_relaxed)),
                                                 (end - now) * kPublishShare);
}

void TrainingSession::Impl::enter(RunState entered, std::string why) {
  const Clock::time_point now = Clock::now();
  if (entered != RunState::Running && figures.sincePoint.seen > 0) addPoint({}, now);
  entered == RunState::Running ? clock.start(now) : clock.stop(now);
  doing.state = entered;
  doing.single = false;
  doing.why = std::move(why);
  publish(now);
}

void TrainingSession::Impl::fail(std::string why) {
  clock.stop(Clock::now());
  doing.state = RunState::Failed;
  doing.single = false;
  doing.why = std::move(why);
  // The parameters last seen: there may be no memory for others.
  auto snapshot = std::make_shared<Snapshot>(*published.latest());
  snapshot->state = doing.state;
  snapshot->message = doing.why;
  snapshot->elapsedSeconds = clock.seconds(Clock::now());
  published.put(std::move(snapshot));
}

void TrainingSession::Impl::restart() {
  trainer.reset();
  if (!start.empty()) trainer.setParameters(start);
  ++run;
  clock.reset();
  schedule.reset();
  figures = {};
  last = {};
  next.point = {};
  recorder.clear();
  stopRule = StopRule();
  if (recorder.isDue(trainer, false)) recorder.record(trainer, progress());
  published.takePoints();  // those of the run before
  enter(RunState::Ready);
}

RunProgress TrainingSession::Impl::progress() const {
  RunProgress result = figures.run;
  result.seconds = clock.seconds(Clock::now());
  result.images = clock.images();
  return result;
}

TrainingSession::TrainingSession(std::shared_ptr<const nn::Network> network, data::DataSplit data, TrainingOptions options,
                                 std::vector<float> startParameters, const SavedRun* resumed, const std::function<bool()>& goesOn)
    : m_impl(std::make_unique<Impl>(std::move(network), std::move(data), options, std::move(startParameters), resumed, goesOn)) {}

TrainingSession::~TrainingSession() = default;

void TrainingSession::play() {
  m_impl->post([](Impl& s) {
    if (s.doing.state != RunState::Running) s.enter(RunState::Running);
  });
}

void TrainingSession::pause() {
  m_impl->post([](Impl& s) {
    if (s.doing.state == RunState::Running) s.enter(RunState::Paused);
  });
}

void TrainingSession::singleStep() {
  m_impl->post([](Impl& s) { s.doing.single = true; });
}

void TrainingSession::reset() {
  m_impl->post([](Impl& s) { s.restart(); });
}

void TrainingSession::setRecipe(const Recipe& recipe) {
  m_impl->post([recipe](Impl& s) {
    const Recipe before = s.trainer.options();
    s.trainer.setRecipe(recipe);
    if (s.trainer.options() != before) s.recorder.recordChange(s.trainer, s.progress());
  });
}

void TrainingSession::setPace(double stepsPerSecond) {
  m_impl->pace.store(stepsPerSecond, std::memory_order_relaxed);
  m_impl->post([](Impl& s) { s.next.step = {}; });
}

void TrainingSession::setPublishInterval(std::chrono::milliseconds interval) {
  m_impl->publishIntervalMs.store(interval.count(), std::memory_order_relaxed);
}

std::shared_ptr<const Snapshot> TrainingSession::latest() const {
  return m_impl->published.latest();
}

std::vector<MetricPoint> TrainingSession::takeMetrics() {
  return m_impl->published.takePoints();
}

std::shared_ptr<const std::vector<Moment>> TrainingSession::moments() const {
  return m_impl->recorder.moments();
}

std::future<SavedRun> TrainingSession::save() {
  auto promise = std::make_shared<std::promise<SavedRun>>();
  std::future<SavedRun> future = promise->get_future();
  m_impl->post([promise](Impl& s) {
    try {
      SavedRun run;
      run.checkpoint = s.trainer.checkpoint();
      run.progress = s.progress();
      run.moments = thinned(*s.recorder.moments(), History::kKeptBudget);
      promise->set_value(std::move(run));
    } catch (...) {  // there may be no memory for it: the training goes on
      promise->set_exception(std::current_exception());
    }
  });
  return future;
}

const data::DataSplit& TrainingSession::data() const {
  return m_impl->data;
}

}  // namespace train
