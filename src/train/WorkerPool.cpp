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
constexpr std::uint64_t kClosed = 1u << 31;  // in m_joining: generation << 32 | closed | joined threads

inline void relax() {
#ifdef __SSE2__
  _mm_pause();
#endif
}

// Takes numbers below 1e-38 for zero while it lives: what a network has nearly learned leaves gradients and moments of that
// size, and the processor computes with them many times slower than with any other number.
class FlushTinyNumbers {
 public:
#if defined(__SSE2__)
  FlushTinyNumbers() : m_before(_mm_getcsr()) {
    _mm_setcsr(m_before | 0x8040);
  }  // flush to zero, denormals are zero
  ~FlushTinyNumbers() {
    _mm_setcsr(m_before);
  }

 private:
  unsigned m_before;
#elif defined(__aarch64__)
  FlushTinyNumbers() : m_before(__builtin_aarch64_get_fpcr()) {
    __builtin_aarch64_set_fpcr(m_before | 1u << 24);
  }
  ~FlushTinyNumbers() {
    __builtin_aarch64_set_fpcr(m_before);
  }

 private:
  unsigned m_before;
#endif
};

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

nn::Error threadError(const std::system_error& error) {
  return {"a thread could not be started: " + error.code().message(), "threads",
          "Close other programs, or raise the limits on processes and memory (ulimit -u, ulimit -v)"};
}

void requireThread() {
  try {
    std::thread([] {}).join();
  } catch (const std::system_error& error) {
    throw threadError(error);
  }
}

void yieldToWindow() {
#ifdef __linux__
  constexpr int kNice = 5;
  // On Linux the priority belongs to the thread, not to the process. Failure costs nothing but the courtesy.
  const auto thread = id_t(syscall(SYS_gettid));
  (void)setpriority(PRIO_PROCESS, thread, getpriority(PRIO_PROCESS, thread) + kNice);
#endif
}

WorkerPool::WorkerPool(int threads, bool background) : m_shares(resolveThreads(threads)) {
  const int count = resolveThreads(threads);
  m_spin = count <= availableCores();
  m_threads.reserve(std::size_t(count - 1));
  try {
    for (int worker = 1; worker < count; ++worker) {
      m_threads.emplace_back([this, worker, background] {
        if (background) yieldToWindow();
        serve(worker);
      });
    }
  } catch (const std::system_error&) {
    // The system has no more of them: those that began and the caller do the work.
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
  if (m_threads.empty()) {
    perform(0);
  } else {
    const int next = (m_generation.load(std::memory_order_relaxed) + 1) & 0x7fffffff;
    m_finished.store(0, std::memory_order_relaxed);
    m_joining.store(std::uint64_t(next) << 32, std::memory_order_release);
    m_generation.store(next, std::memory_order_release);
    m_generation.notify_all();
    perform(0);
    const int joined = int(m_joining.fetch_or(kClosed, std::memory_order_acq_rel) & (kClosed - 1));
    for (int finished = m_finished.load(std::memory_order_acquire); finished != joined;) finished = waitWhile(m_finished, finished, m_spin);
  }
  if (m_failed.load(std::memory_order_relaxed)) {
    m_failed.store(false, std::memory_order_relaxed);
    std::rethrow_exception(std::exchange(m_error, nullptr));
  }
}

bool WorkerPool::join(int generation) {
  std::uint64_t now = m_joining.load(std::memory_order_acquire);
  do {
    if (now >> 32 != std::uint64_t(generation) || (now & kClosed) != 0) return false;
  } while (!m_joining.compare_exchange_weak(now, now + 1, std::memory_order_acq_rel, std::memory_order_acquire));
  return true;
}

void WorkerPool::perform(int worker) noexcept {
  [[maybe_unused]] const FlushTinyNumbers flush;
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
    if (!join(seen)) continue;
    perform(worker);
    m_finished.fetch_add(1, std::memory_order_acq_rel);
    m_finished.notify_one();
  }
}

}  // namespace train
