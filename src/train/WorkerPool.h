// A few threads that share one piece of work at a time; the calling thread is one of them. Between two pieces they spin for
// some microseconds, then sleep. Nobody waits for a thread that has not begun: where the window takes a core, the work goes
// on with those that are left. Within run(), on every thread, denormal numbers count as zero. run() neither allocates nor locks. One owner,
// which calls run() from one thread at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <system_error>
#include <thread>
#include <type_traits>
#include <vector>

#include "nn/Error.h"
#include "train/WorkShares.h"

namespace train {

// Cores that this process may use.
int availableCores();
// What a person's thread count means: n > 0 is n threads, 0 all cores, -n all cores but n; at least one.
int resolveThreads(int threads);
// Lowers the calling thread's scheduling priority, so that a window on the same cores answers first. Threads it starts
// afterwards inherit it. Does nothing where the system has no such thing.
void yieldToWindow();

// What a person is told where the system starts no more threads.
nn::Error threadError(const std::system_error& error);
// Throws it where not one more can be started, for those who start theirs through a library that does not tell.
void requireThread();

class WorkerPool {
 public:
  // threads: including the calling one, as resolveThreads() reads it; fewer where the system starts no more, which size() tells.
  // background: the pool's own threads yieldToWindow().
  explicit WorkerPool(int threads, bool background = false);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  int size() const { return int(m_threads.size()) + 1; }

  // Calls work(worker) on the caller (worker 0) and on every other thread that is free before the caller is done (1 .. size()-1),
  // and returns when all that began are done. So `work` takes its parts from a counter until there are none left.
  // The first exception of any of them is thrown again here.
  template <typename Work>
  void run(Work&& work) {
    dispatch([](void* context, int worker) { (*static_cast<std::remove_reference_t<Work>*>(context))(worker); },
             const_cast<void*>(static_cast<const void*>(std::addressof(work))));
  }

  // Calls work(piece) for the pieces 0 .. count-1. A thread begins with the same pieces in every round of as many (WorkShares).
  template <typename Work>
  void forEach(int count, Work&& work) {
    m_shares.deal(count);
    run([&](int worker) {
      for (int piece; (piece = m_shares.take(worker)) >= 0;) work(piece);
    });
  }
  WorkShares& shares() { return m_shares; }  // for work that must know which pieces its thread has had

 private:
  using Task = void (*)(void* context, int worker);
  void dispatch(Task task, void* context);
  void perform(int worker) noexcept;
  void serve(int worker);
  bool join(int generation);

  WorkShares m_shares;
  bool m_spin = true;  // not where threads would keep each other from a core
  std::vector<std::thread> m_threads;
  Task m_task = nullptr;
  void* m_context = nullptr;
  std::exception_ptr m_error;
  std::atomic<bool> m_failed = false;
  alignas(64) std::atomic<int> m_generation = 0;     // counts pieces of work; -1 ends the threads
  alignas(64) std::atomic<std::uint64_t> m_joining;  // generation, whether it is closed, and how many threads have joined it
  alignas(64) std::atomic<int> m_finished = 0;       // of those that joined
};

}  // namespace train
