// Tests a network on a data set with the threads of a pool. The result has the same bits whatever the number of threads.
#pragma once

#include <functional>
#include <vector>

#include "train/BlockPass.h"
#include "train/Trainer.h"
#include "train/WorkerPool.h"

namespace train {

// passes: one per thread of the pool.
Evaluation evaluateWith(WorkerPool& pool, std::vector<BlockPass>& passes, const nn::Network& network, const nn::Weights& weights,
                        const data::Dataset& dataset, std::size_t limit, const std::function<bool()>& keepGoing);

}  // namespace train
