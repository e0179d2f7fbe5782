#include "train/WorkerPool.h"

#include <algorithm>
#include <chrono>
#include <utility>

#ifdef __linux__
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif
#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace train {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kSpinTime = std::chrono::microseconds(50);
constexpr int kEnd = -1;

inline void relax() {
#ifdef __SSE2__
  _mm_pause();
#endif
}

// Waits until the atomic no longer holds `value`: spinning first, since the next piece of work is mostly microseconds away,
// then asleep. Returns the new value.
int waitWhile(std::atomic<int>& atomic, int value, bool spin) {
  const auto limit = Clock::now() + (spin ? kSpinTime : Clock::duration(0));
  do {
    for (int i = 0; i < 64; ++i) {
      const int now = atomic.load(std::memory_order_acquire);
      if (now != value) return now;
      relax();
    }
  } while (Clock::now() < limit);
  for (;;) {
    atomic.wait(value, std::memory_order_acquire);
    const int now = atomic.load(std::memory_order_acquire);
    if (now != value) return now;
  }
}

}  // namespace

int availableCores() {
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
#endif
  return std::max(1, int(std::thread::hardware_concurrency()));
}

int resolveThreads(int threads) {
  if (threads > 0) return threads;
  return std::max(1, availableCores() + threads);
}

void yieldToWindow() {
#ifdef __linux__
  constexpr int kNice = 5;
  // On Linux the priority belongs to the thread, not to the process. Failure costs nothing but the courtesy.
  (void)setpriority(PRIO_PROCESS, id_t(syscall(SYS_gettid)), kNice);
#endif
}

WorkerPool::WorkerPool(int threads, bool background) {
  const int count = resolveThreads(threads);
  m_spin = count <= availableCores();
  m_threads.reserve(std::size_t(count - 1));
  for (int worker = 1; worker < count; ++worker) {
    m_threads.emplace_back([this, worker, background] {
      if (background) yieldToWindow();
      serve(worker);
    });
  }
}

WorkerPool::~WorkerPool() {
  m_generation.store(kEnd, std::memory_order_release);
  m_generation.notify_all();
  for (std::thread& thread : m_threads) thread.join();
}

void WorkerPool::dispatch(Task task, void* context) {
  m_task = task;
  m_context = context;
  if (!m_threads.empty()) {
    m_pending.store(int(m_threads.size()), std::memory_order_relaxed);
    const int next = (m_generation.load(std::memory_order_relaxed) + 1) & 0x7fffffff;
    m_generation.store(next, std::memory_order_release);
    m_generation.notify_all();
  }
  perform(0);
  for (int pending = m_pending.load(std::memory_order_acquire); pending != 0;) pending = waitWhile(m_pending, pending, m_spin);
  if (m_failed.load(std::memory_order_relaxed)) {
    m_failed.store(false, std::memory_order_relaxed);
    std::rethrow_exception(std::exchange(m_error, nullptr));
  }
}

void WorkerPool::perform(int worker) noexcept {
  try {
    m_task(m_context, worker);
  } catch (...) {
    if (!m_failed.exchange(true, std::memory_order_relaxed)) m_error = std::current_exception();
  }
}

void WorkerPool::serve(int worker) {
  for (int seen = 0;;) {
    seen = waitWhile(m_generation, seen, m_spin);
    if (seen == kEnd) return;
    perform(worker);
    if (m_pending.fetch_sub(1, std::memory_order_acq_rel) == 1) m_pending.notify_one();
  }
}

}  // namespace train
