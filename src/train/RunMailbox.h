// What the training thread hands to whoever shows it: the last snapshot counts, and every point of the curves. Any thread.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "train/Snapshot.h"

namespace train {

class RunMailbox {
 public:
  void put(std::shared_ptr<const Snapshot> snapshot) {
    const std::lock_guard lock(m_mutex);
    m_latest.swap(snapshot);  // the one before goes when the lock is free again
  }
  void put(const MetricPoint& point) {
    const std::lock_guard lock(m_mutex);
    m_points.push_back(point);
  }
  std::shared_ptr<const Snapshot> latest() const {
    const std::lock_guard lock(m_mutex);
    return m_latest;
  }
  std::vector<MetricPoint> takePoints() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_points, {});
  }

 private:
  mutable std::mutex m_mutex;
  std::shared_ptr<const Snapshot> m_latest;
  std::vector<MetricPoint> m_points;
};

}  // namespace train
