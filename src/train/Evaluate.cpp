// Tests a network on a data set with the threads of a pool. The result has the same bits whatever the number of threads.

#include <algorithm>
#include <array>
#include <atomic>
#include <numeric>

#include "train/Keys.h"
#include "train/Trainer.h"

namespace train {

namespace {

// What the threads share: which block is next, whether to go on, and the results by block.
struct Progress {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stopped = false;
  std::vector<BlockResult> results;
  std::vector<char> done;
};

Block blockAt(const data::Dataset& dataset, std::size_t block, std::size_t count, std::array<std::uint32_t, nn::kLanes>& indices) {
  const std::size_t begin = block * nn::kLanes;
  const std::size_t samples = std::min(std::size_t(nn::kLanes), count - begin);
  std::iota(indices.begin(), indices.end(), std::uint32_t(begin));
  Block result;
  result.dataset = &dataset;
  result.indices = std::span(indices).first(samples);
  result.pass.samples = int(samples);
  result.pass.randomKey = keyOf(0, Purpose::Probe, block);  // the same noise at each test
  return result;
}

// passes: one per thread of the pool.
Evaluation evaluateWith(WorkerPool& pool, std::vector<BlockPass>& passes, const nn::Network& network, const nn::Weights& weights,
                        const data::Dataset& dataset, std::size_t limit, const std::function<bool()>& keepGoing) {
  requireFit(network, dataset);
  const std::size_t count = limit == 0 ? dataset.count() : std::min(limit, dataset.count());
  Progress progress;
  progress.results.resize((count + nn::kLanes - 1) / nn::kLanes);
  progress.done.resize(progress.results.size());
  const std::size_t classes = passes.front().objective().classes();
  // Whole numbers add up to the same in any order.
  std::vector<std::vector<std::uint32_t>> confusions(std::size_t(pool.size()), std::vector<std::uint32_t>(classes * classes));

  Evaluation evaluation;
  if (classes > 0 && !tasks::taskOf(network).perPixel) evaluation.answers.resize(count);

  pool.run([&](int worker) {
    std::array<std::uint32_t, nn::kLanes> indices;
    for (;;) {
      if (worker == 0 && keepGoing && !keepGoing()) progress.stopped = true;
      if (progress.stopped) return;
      const std::size_t block = progress.next.fetch_add(1, std::memory_order_relaxed);
      if (block >= progress.results.size()) return;
      const Block samples = blockAt(dataset, block, count, indices);
      const std::span answers = evaluation.answers;
      progress.results[block] =
          passes[std::size_t(worker)].infer(weights, samples, confusions[std::size_t(worker)],
                                            answers.empty() ? answers : answers.subspan(block * nn::kLanes, samples.indices.size()));
      progress.done[block] = 1;
    }
  });

  evaluation.confusion.resize(classes * classes);
  for (const auto& part : confusions)
    for (std::size_t i = 0; i < part.size(); ++i) evaluation.confusion[i] += part[i];
  for (std::size_t block = 0; block < progress.results.size(); ++block) {
    if (!progress.done[block]) continue;
    const BlockResult& result = progress.results[block];
    evaluation.count += std::min(std::size_t(nn::kLanes), count - block * nn::kLanes);
    evaluation.answerCount += std::size_t(result.answers);
    for (std::size_t i = 0; i < tasks::kMostFigures; ++i) evaluation.figures[i] += result.figures[i];
    evaluation.ties += std::size_t(result.ties);
    evaluation.loss += result.loss;
  }
  if (evaluation.count > 0) evaluation.loss /= double(evaluation.count);
  if (evaluation.count < count) evaluation.answers.clear();
  return evaluation;
}

}  // namespace

Evaluation Trainer::evaluate(const data::Dataset& dataset, std::size_t limit, const std::function<bool()>& keepGoing) {
  return evaluateWith(m_pool, m_passes, *m_network, m_weights, dataset, limit, keepGoing);
}

Evaluation evaluate(std::shared_ptr<const nn::Network> network, std::span<const float> parameters, const data::Dataset& dataset,
                    int threads, std::size_t limit, const tasks::ObjectiveSettings& settings, const std::function<bool()>& keepGoing) {
  requireFit(*network, dataset);  // before memory is taken for it
  WorkerPool pool(threads);
  nn::Weights weights(network);
  weights.assign(parameters);
  std::vector<BlockPass> passes;
  for (int worker = 0; worker < pool.size(); ++worker) passes.emplace_back(network, settings, false);
  return evaluateWith(pool, passes, *network, weights, dataset, limit, keepGoing);
}

}  // namespace train
