// Numbered pieces of work for the threads of a WorkerPool. Each thread begins with its own share of them, the same in every
// round, so that what it touches is still in its core's cache; who is done helps the others. Which thread does a piece
// must not change its result. Owned by the pool; neither allocates nor locks after construction.
#pragma once

#include <atomic>
#include <memory>

namespace train {

class WorkShares {
 public:
  explicit WorkShares(int workers) : m_shares(std::make_unique<Share[]>(std::size_t(workers))), m_workers(workers) {}

  // Pieces 0 .. count-1, before the round begins.
  void deal(int count) {
    for (int worker = 0; worker < m_workers; ++worker) {
      m_shares[std::size_t(worker)].next.store(first(worker, count), std::memory_order_relaxed);
      m_shares[std::size_t(worker)].end = first(worker + 1, count);
    }
  }
  // The next piece for this worker, or -1 when all are taken.
  int take(int worker) {
    for (int i = 0; i < m_workers; ++i) {
      Share& share = m_shares[std::size_t((worker + i) % m_workers)];
      if (share.next.load(std::memory_order_relaxed) >= share.end) continue;
      const int piece = share.next.fetch_add(1, std::memory_order_relaxed);
      if (piece < share.end) return piece;
    }
    return -1;
  }

 private:
  struct alignas(64) Share {
    std::atomic<int> next = 0;
    int end = 0;
  };
  int first(int worker, int count) const { return int(long(count) * worker / m_workers); }

  std::unique_ptr<Share[]> m_shares;
  int m_workers;
};

}  // namespace train
