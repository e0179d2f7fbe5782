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
#include "train/SampleOrder.h"
#include "train/ValidationSchedule.h"
#include "train/WorkerPool.h"
#include "train/history/RunProgress.h"

namespace train {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kPartImages = 512;                        // of the small validation between epochs
constexpr auto kPointInterval = std::chrono::milliseconds(50);  // between two points of the curves
constexpr int kPublishShare = 20;                               // publishing takes at most 1/20 of the time

// A fixed small choice of the validation images, so that figures between epochs can be compared with each other.
std::shared_ptr<const data::Dataset> probeOf(const std::shared_ptr<const data::Dataset>& all, std::uint64_t seed) {
  if (all == nullptr || all->count() <= kPartImages) return all;
  return data::partOf(all, chooseSamples(all->count(), kPartImages, keyOf(seed, Purpose::Probe, 0)));
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
  void validate(const std::stop_token& stop, MetricPoint& point);
  void addPoint(MetricPoint point, Clock::time_point now);
  void publish(Clock::time_point now);
  void show(std::shared_ptr<const Snapshot> snapshot);
  void enter(RunState entered, std::string why = {});
  void fail(std::string why);
  void restart();
  SavedRun saved() const;
  bool interrupted(const std::stop_token& stop);

  const data::DataSplit data;
  const std::shared_ptr<const data::Dataset> validationPart;
  const std::vector<float> start;
  std::atomic<std::int64_t> publishIntervalMs = 33;

  struct {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::vector<Command> waiting;
    std::atomic<bool> any = false;
  } commands;

  struct {
    std::mutex mutex;
    std::shared_ptr<const Snapshot> latest;
    std::vector<MetricPoint> metrics;
  } published;

  // The training thread's own.
  Trainer trainer;
  struct {
    RunState state = RunState::Ready;
    bool single = false;  // one step, then Paused
    std::string why;      // the state is that
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
    Clock::time_point point{}, publish{};
  } next;

  std::jthread thread;  // last: it ends before anything it uses
};

TrainingSession::Impl::Impl(std::shared_ptr<const nn::Network> network, data::DataSplit split, TrainingOptions options,
                            std::vector<float> startParameters, const SavedRun* resumed, const std::function<bool()>& goesOn)
    : data(std::move(split)),
      validationPart(probeOf(data.validation, options.seed)),
      start(std::move(startParameters)),
      trainer(std::move(network), data.train, options, start, goesOn),
      schedule(countOf(data.validation), countOf(validationPart)) {
  if (resumed) {
    trainer.restore(resumed->checkpoint);
    figures.run = resumed->progress;
    clock.reset(resumed->progress.seconds, resumed->progress.images);
    doing.state = resumed->checkpoint.step > 0 ? RunState::Paused : RunState::Ready;
  }
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
      if (!stop.stop_requested() && (doing.state == RunState::Running || doing.single)) stepOnce(stop);
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
    if (doing.state != RunState::Running && !doing.single) commands.wake.wait(lock, stop, [&] { return !commands.waiting.empty(); });
    taken.swap(commands.waiting);
    commands.any.store(false, std::memory_order_relaxed);
  }
  for (const Command& command : taken) command(*this);
}

bool TrainingSession::Impl::interrupted(const std::stop_token& stop) {
  return stop.stop_requested() || commands.any.load(std::memory_order_acquire);
}

void TrainingSession::Impl::stepOnce(const std::stop_token& stop) {
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
  figures.run.epoch.add(result);
  figures.run.trainLoss = figures.run.epoch.loss / double(figures.run.epoch.seen);
  if (std::uint64_t(epochBefore) != std::uint64_t(trainer.epoch())) {
    schedule.epochEnded();
    figures.run.epoch = {};
    figures.run.validation.reset();  // it is of an epoch before
  }

  MetricPoint point;
  validate(stop, point);
  now = Clock::now();
  if (point.validationLoss || now >= next.point || doing.single) addPoint(point, now);
  if (doing.single) {
    enter(RunState::Paused);
  } else if (now >= next.publish) {
    publish(now);
  }
}

void TrainingSession::Impl::validate(const std::stop_token& stop, MetricPoint& point) {
  const Clock::time_point begin = Clock::now();
  const Check check = schedule.next(clock.seconds(begin), clock.imagesPerSecond());
  if (check == Check::None) return;
  const data::Dataset& images = check == Check::Full ? *data.validation : *validationPart;
  Evaluation evaluation = trainer.evaluate(images, 0, [&] { return !interrupted(stop); });
  if (evaluation.count != images.count()) return;  // a command came first; the schedule asks again
  const Clock::time_point end = Clock::now();
  schedule.done(check, clock.seconds(end), std::chrono::duration<double>(end - begin).count());
  setValidation(point, tasks::taskOf(*trainer.network()), evaluation);
  point.allValidationImages = std::uint32_t(data.validation->count());
  if (check == Check::Part) return;
  last.evaluation = std::make_shared<const Evaluation>(std::move(evaluation));
  last.evaluationStep = trainer.stepCount();
}

void TrainingSession::Impl::addPoint(MetricPoint point, Clock::time_point now) {
  point.run = run;
  point.step = trainer.stepCount();
  point.epoch = trainer.epoch();
  setTraining(point, tasks::taskOf(*trainer.network()), std::exchange(figures.sincePoint, {}));
  last.point = point;
  next.point = now + kPointInterval;
  const std::lock_guard lock(published.mutex);
  published.metrics.push_back(point);
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
  if (const auto& latest = published.latest;
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
  show(std::move(snapshot));
  const Clock::time_point end = Clock::now();
  next.publish = end + std::max<Clock::duration>(std::chrono::milliseconds(publishIntervalMs.load(std::memory_order_relaxed)),
                                                 (end - now) * kPublishShare);
}

void TrainingSession::Impl::show(std::shared_ptr<const Snapshot> snapshot) {
  const std::lock_guard lock(published.mutex);
  published.latest.swap(snapshot);  // the one before goes when the lock is free again
}

void TrainingSession::Impl::enter(RunState entered, std::string why) {
  const Clock::time_point now = Clock::now();
  if (entered != RunState::Running && figures.sincePoint.seen > 0) addPoint({}, now);
  if (entered == RunState::Running) {
    clock.start(now);
  } else {
    clock.stop(now);
  }
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
  auto snapshot = std::make_shared<Snapshot>(*published.latest);
  snapshot->state = doing.state;
  snapshot->message = doing.why;
  snapshot->elapsedSeconds = clock.seconds(Clock::now());
  show(std::move(snapshot));
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
  {
    const std::lock_guard lock(published.mutex);
    published.metrics.clear();
  }
  enter(RunState::Ready);
}

SavedRun TrainingSession::Impl::saved() const {
  SavedRun result;
  result.checkpoint = trainer.checkpoint();
  result.progress = figures.run;
  result.progress.seconds = clock.seconds(Clock::now());
  result.progress.images = clock.images();
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
  m_impl->post([recipe](Impl& s) { s.trainer.setRecipe(recipe); });
}

void TrainingSession::setPublishInterval(std::chrono::milliseconds interval) {
  m_impl->publishIntervalMs.store(interval.count(), std::memory_order_relaxed);
}

std::shared_ptr<const Snapshot> TrainingSession::latest() const {
  const std::lock_guard lock(m_impl->published.mutex);
  return m_impl->published.latest;
}

std::vector<MetricPoint> TrainingSession::takeMetrics() {
  const std::lock_guard lock(m_impl->published.mutex);
  return std::exchange(m_impl->published.metrics, {});
}

std::future<SavedRun> TrainingSession::save() {
  auto promise = std::make_shared<std::promise<SavedRun>>();
  std::future<SavedRun> future = promise->get_future();
  m_impl->post([promise](Impl& s) {
    try {
      promise->set_value(s.saved());
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
